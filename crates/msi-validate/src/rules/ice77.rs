//! ICE77: actions of the script stand where the script is written.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sequence::{self, ADMIN_EXECUTE, EXECUTE, Kind};

pub const RULE: Rule = Rule {
    id: "ICE77",
    what: "Deferred, rollback and commit actions stand between InstallInitialize and InstallFinalize.",
    why: "Outside of them there is no script, and the engine refuses the action.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice77",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for table in [EXECUTE, ADMIN_EXECUTE] {
        let actions = sequence::actions(package, table);
        let number = |name: &str| {
            actions.iter().find(|scheduled| scheduled.action == name).map(|scheduled| scheduled.sequence)
        };
        let (begin, end) = (number("InstallInitialize"), number("InstallFinalize"));
        for scheduled in &actions {
            let Some(custom) = package.find("CustomAction", scheduled.action) else { continue };
            if !Kind::of(&custom).is_in_script() {
                continue;
            }
            if begin.is_none_or(|begin| scheduled.sequence < begin) {
                report.at(
                    &scheduled.entry,
                    "Sequence",
                    "the action runs from the script and must come after InstallInitialize",
                );
            }
            if end.is_none_or(|end| scheduled.sequence > end) {
                report.at(
                    &scheduled.entry,
                    "Sequence",
                    "the action runs from the script and must come before InstallFinalize",
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
    fn both_sides_are_told() {
        for sequence in [1450, 6700] {
            let place = planted_one(&RULE, |fixture| fixture.set(EXECUTE, "Apply", "Sequence", sequence));
            assert_eq!(place, "error InstallExecuteSequence.Sequence Apply");
        }
    }
}
