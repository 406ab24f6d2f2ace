//! ICE79: conditions speak of features and components that exist.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use msi_db::Category;
use msi_db::condition::{self, Reference};

pub const RULE: Rule = Rule {
    id: "ICE79",
    what: "Features and components in conditions are rows of the package.",
    why: "The state of what does not exist is never what the condition compares it with.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice79",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for (table, def) in package.tables() {
        let has_conditions = def.columns.iter().any(|column| column.category == Some(Category::Condition));
        if table.starts_with('_') || !has_conditions {
            continue;
        }
        for row in package.rows(table) {
            for (column, value) in
                row.columns().filter(|(column, _)| column.category == Some(Category::Condition))
            {
                // ICE03 speaks of conditions that cannot be read.
                for reference in condition::parse(value.as_str().unwrap_or_default()).unwrap_or_default() {
                    let (kind, table, name) = match reference {
                        Reference::Component(name) => ("component", "Component", name),
                        Reference::Feature(name) => ("feature", "Feature", name),
                        Reference::Property(_) | Reference::Environment(_) => continue,
                    };
                    if package.find(table, name).is_none() {
                        report.at(&row, &column.name, format!("there is no {kind} `{name}`"));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, planted_one};

    #[test]
    fn what_does_not_exist_is_told() {
        for condition in ["$Gone>2", "Installed AND &Gone=3"] {
            let place = planted_one(&RULE, |fixture| {
                fixture.set("InstallExecuteSequence", "Apply", "Condition", condition);
            });
            assert_eq!(place, "error InstallExecuteSequence.Condition Apply");
        }
        let known = |condition| {
            planted(&RULE, |fixture| fixture.set("InstallExecuteSequence", "Apply", "Condition", condition))
        };
        assert_eq!(known("?Readme=2 OR !Main=3"), []);
    }
}
