//! ICE82: the product is registered and published as a whole, and no two actions share a number.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sequence::{self, EXECUTE};

pub const RULE: Rule = Rule {
    id: "ICE82",
    what: "RegisterProduct, RegisterUser, PublishProduct and PublishFeatures are all in InstallExecuteSequence; sequence numbers are unique.",
    why: "A product that is registered in part cannot be repaired or removed; actions of one number run in any order.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice82",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    if package.has(EXECUTE) {
        let numbers = sequence::numbers(package, EXECUTE);
        let required = ["PublishFeatures", "PublishProduct", "RegisterProduct", "RegisterUser"];
        let missing: Vec<&str> =
            required.into_iter().filter(|action| !numbers.contains_key(action)).collect();
        // A package without any of them registers nothing and leaves nothing registered in part.
        let severity = if missing.len() == required.len() { Severity::Warning } else { Severity::Error };
        if !missing.is_empty() {
            report.table_as(severity, EXECUTE, format!("{EXECUTE} lacks {}", missing.join(", ")));
        }
    }
    for table in sequence::TABLES {
        for pair in sequence::actions(package, table).windows(2) {
            if pair[0].sequence == pair[1].sequence {
                let message = format!("{} has the same number {}", pair[0].action, pair[0].sequence);
                report.as_severity(Severity::Warning, &pair[1].entry, "Sequence", message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_missing_action_and_a_shared_number_are_told() {
        assert_eq!(
            planted_one(&RULE, |fixture| fixture.remove(EXECUTE, "RegisterUser")),
            "error InstallExecuteSequence. "
        );
        let none = planted_one(&RULE, |fixture| {
            for action in ["PublishFeatures", "PublishProduct", "RegisterProduct", "RegisterUser"] {
                fixture.remove(EXECUTE, action);
            }
        });
        assert_eq!(none, "warning InstallExecuteSequence. ");
        let shared = planted_one(&RULE, |fixture| fixture.set(EXECUTE, "RegisterUser", "Sequence", 6100));
        assert!(shared.starts_with("warning InstallExecuteSequence.Sequence Register"), "{shared}");
    }
}
