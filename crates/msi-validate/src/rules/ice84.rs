//! ICE84: required actions have no condition.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sequence::{ADMIN_EXECUTE, ADVERTISE, EXECUTE};

pub const RULE: Rule = Rule {
    id: "ICE84",
    what: "Costing, validation, registration and the script's begin and end have no condition.",
    why: "A run in which the condition is false does half an installation.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice84",
    severity: Severity::Warning,
    check,
};

const REQUIRED: [&str; 11] = [
    "CostFinalize",
    "CostInitialize",
    "FileCost",
    "InstallFinalize",
    "InstallInitialize",
    "InstallValidate",
    "ProcessComponents",
    "PublishFeatures",
    "PublishProduct",
    "RegisterProduct",
    "UnpublishFeatures",
];

fn check(package: &Package, report: &mut Report) {
    for table in [ADMIN_EXECUTE, ADVERTISE, EXECUTE] {
        for row in package.rows(table) {
            if REQUIRED.contains(&row.text("Action")) && !row.is_null("Condition") {
                report.at(
                    &row,
                    "Condition",
                    format!("{} is required and has a condition", row.text("Action")),
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
    fn a_condition_is_told() {
        let place = planted_one(&RULE, |fixture| {
            fixture.set(EXECUTE, "PublishProduct", "Condition", "NOT Installed");
        });
        assert_eq!(place, "warning InstallExecuteSequence.Condition PublishProduct");
    }
}
