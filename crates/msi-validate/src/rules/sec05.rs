//! SEC05: what is done can be undone.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sequence::{self, EXECUTE, Kind};

pub const RULE: Rule = Rule {
    id: "SEC05",
    what: "Every deferred action has a rollback action of its own right before it in the script, under the same condition.",
    why: "A failure after it leaves the machine half changed, with a product that is said not to be installed.",
    source: "https://learn.microsoft.com/windows/win32/msi/rollback-custom-actions",
    severity: Severity::Warning,
    check,
};

fn check(package: &Package, report: &mut Report) {
    // The rollback action that stands before the next deferred one, if any.
    let mut twin = None;
    for scheduled in sequence::actions(package, EXECUTE) {
        let Some(custom) = package.find("CustomAction", scheduled.action) else { continue };
        let kind = Kind::of(&custom);
        if kind.is_rollback() {
            twin = Some(scheduled);
        } else if kind.is_deferred() {
            match twin.take() {
                None => report.at(
                    &scheduled.entry,
                    "Action",
                    format!("no rollback action stands before {}", scheduled.action),
                ),
                Some(twin) if twin.entry.text("Condition") != scheduled.entry.text("Condition") => {
                    let message = format!(
                        "{} and its rollback action {} have different conditions",
                        scheduled.action, twin.action
                    );
                    report.at(&scheduled.entry, "Condition", message);
                }
                Some(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_missing_late_or_otherwise_conditioned_twin_is_told() {
        let missing = planted_one(&RULE, |fixture| fixture.remove(EXECUTE, "UndoApply"));
        assert_eq!(missing, "warning InstallExecuteSequence.Action Apply");
        let late = planted_one(&RULE, |fixture| fixture.set(EXECUTE, "UndoApply", "Sequence", 5202));
        assert_eq!(late, "warning InstallExecuteSequence.Action Apply");
        let other =
            planted_one(&RULE, |fixture| fixture.set(EXECUTE, "UndoApply", "Condition", "NOT Installed"));
        assert_eq!(other, "warning InstallExecuteSequence.Condition Apply");
    }
}
