//! ICE26: sequence tables have the actions they need and none they cannot have.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sequence::{self, ADMIN_EXECUTE, ADMIN_UI, EXECUTE, UI};

pub const RULE: Rule = Rule {
    id: "ICE26",
    what: "Each sequence table holds the actions it requires and no standard action that it forbids.",
    why: "Without costing nothing can be selected; a script action outside an execute sequence fails the installation.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice26",
    severity: Severity::Error,
    check,
};

const REQUIRED: [(&str, &[&str]); 4] = [
    (EXECUTE, &["CostInitialize", "FileCost", "CostFinalize", "InstallValidate"]),
    (UI, &["CostInitialize", "FileCost", "CostFinalize", "ExecuteAction"]),
    (
        ADMIN_EXECUTE,
        &[
            "CostInitialize",
            "FileCost",
            "CostFinalize",
            "InstallValidate",
            "InstallInitialize",
            "InstallAdminPackage",
            "InstallFiles",
            "InstallFinalize",
        ],
    ),
    (ADMIN_UI, &["CostInitialize", "FileCost", "CostFinalize", "ExecuteAction"]),
];

fn check(package: &Package, report: &mut Report) {
    for (table, required) in REQUIRED {
        if !package.has(table) {
            continue;
        }
        let numbers = sequence::numbers(package, table);
        for action in required.iter().filter(|action| !numbers.contains_key(**action)) {
            report.table(table, format!("{table} needs the action {action}"));
        }
        for scheduled in sequence::actions(package, table) {
            let standard = sequence::standard(scheduled.action);
            if standard.is_some_and(|standard| !standard.tables.contains(&table)) {
                report.at(
                    &scheduled.entry,
                    "Action",
                    format!("{} cannot stand in {table}", scheduled.action),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_missing_and_a_forbidden_action_are_told() {
        let missing = planted_one(&RULE, |fixture| fixture.remove("InstallUISequence", "ExecuteAction"));
        assert_eq!(missing, "error InstallUISequence. ");
        let forbidden = planted_one(&RULE, |fixture| fixture.schedule(UI, "InstallFiles", 1250, None));
        assert_eq!(forbidden, "error InstallUISequence.Action InstallFiles");
    }
}
