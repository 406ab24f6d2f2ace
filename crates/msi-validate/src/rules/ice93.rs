//! ICE93: custom actions have names of their own.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sequence;

pub const RULE: Rule = Rule {
    id: "ICE93",
    what: "No custom action has the name of a standard action.",
    why: "The engine runs the standard action and never the custom one.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice93",
    severity: Severity::Warning,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for action in package.rows("CustomAction") {
        if sequence::standard(action.text("Action")).is_some() {
            report.at(&action, "Action", "this is a standard action's name");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted_one, row};

    #[test]
    fn a_standard_name_is_told() {
        let place = planted_one(&RULE, |fixture| {
            fixture.add(
                "CustomAction",
                row!["Action" => "InstallFiles", "Type" => 1, "Source" => "Actions", "Target" => "x"],
            );
        });
        assert_eq!(place, "warning CustomAction.Action InstallFiles");
    }
}
