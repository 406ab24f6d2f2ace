//! ICE68: custom actions are of a kind that exists, and their source is there.

use crate::package::{Entry, Package};
use crate::rule::{Report, Rule, Severity};
use crate::sequence::Kind;

pub const RULE: Rule = Rule {
    id: "ICE68",
    what: "A custom action's type is a documented one, its source is in the table that the type names, and only actions of the script run without impersonation.",
    why: "The installation fails when it comes to the action, in the middle.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice68",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for action in package.rows("CustomAction") {
        let kind = Kind::of(&action);
        let Some(source) = source(kind) else {
            report.at(&action, "Type", format!("{} is no type of custom action", kind.0));
            continue;
        };
        check_source(package, &action, source, report);
        if kind.is_unimpersonated() && !kind.is_in_script() {
            let message =
                "the action is to run without impersonation and is not deferred, so that it runs as the user";
            report.as_severity(Severity::Warning, &action, "Type", message);
        }
        if kind.is_rollback() && kind.is_commit() {
            report.at(&action, "Type", "the action is for rollback and for commit at once");
        }
    }
}

#[derive(PartialEq, Eq)]
enum Source {
    Table(&'static str),
    Property,
    Any,
}

/// Where a type's source lies; `None` for numbers that are no type.
fn source(kind: Kind) -> Option<Source> {
    Some(match kind.base() {
        1 | 2 | 5 | 6 => Source::Table("Binary"),
        17 | 18 | 21 | 22 => Source::Table("File"),
        34 | 35 => Source::Table("Directory"),
        50 | 51 | 53 | 54 => Source::Property,
        // An error message; a nested installation; a script in the Target column.
        7 | 19 | 23 | 37 | 38 | 39 => Source::Any,
        _ => return None,
    })
}

fn check_source(package: &Package, action: &Entry, source: Source, report: &mut Report) {
    let name = action.text("Source");
    match source {
        // ICE12 speaks of directories.
        Source::Table("Directory") if Kind::of(action).base() == 35 => {}
        Source::Table(table)
            if package.find(table, name).is_none() && !(table == "Directory" && name.is_empty()) =>
        {
            report.at(action, "Source", format!("`{name}` is no row of {table}"));
        }
        Source::Property if name.is_empty() => report.at(action, "Source", "the action names no property"),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted_one, row};

    #[test]
    fn types_and_sources_are_checked() {
        let cases = [
            (1027, "Actions", "error CustomAction.Type New"),
            (1, "Nowhere", "error CustomAction.Source New"),
            (50, "", "error CustomAction.Source New"),
            (1 + 0x800, "Actions", "warning CustomAction.Type New"),
            (1 + 0x700, "Actions", "error CustomAction.Type New"),
        ];
        for (kind, source, expected) in cases {
            let place = planted_one(&RULE, |fixture| {
                fixture.add(
                    "CustomAction",
                    row!["Action" => "New", "Type" => kind, "Source" => source, "Target" => "x"],
                );
            });
            assert_eq!(place, expected, "{kind}");
        }
    }
}
