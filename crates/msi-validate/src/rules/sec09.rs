//! SEC09: rollback stays on.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sequence;

pub const RULE: Rule = Rule {
    id: "SEC09",
    what: "The package does not turn rollback off by DISABLEROLLBACK or the DisableRollback action.",
    why: "A failed installation stays on the machine in part.",
    source: "https://learn.microsoft.com/windows/win32/msi/disablerollback",
    severity: Severity::Warning,
    check,
};

fn check(package: &Package, report: &mut Report) {
    if let Some(row) = package.find("Property", "DISABLEROLLBACK") {
        report.at(&row, "Property", "rollback is turned off");
    }
    for table in sequence::TABLES {
        for scheduled in sequence::actions(package, table) {
            if scheduled.action == "DisableRollback" {
                report.at(&scheduled.entry, "Action", "rollback is turned off from here on");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn property_and_action_are_told() {
        assert_eq!(
            planted_one(&RULE, |fixture| fixture.property("DISABLEROLLBACK", "1")),
            "warning Property.Property DISABLEROLLBACK"
        );
        let action = planted_one(&RULE, |fixture| {
            fixture.schedule("InstallExecuteSequence", "DisableRollback", 1450, None);
        });
        assert_eq!(action, "warning InstallExecuteSequence.Action DisableRollback");
    }
}
