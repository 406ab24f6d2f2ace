//! ICE63: RemoveExistingProducts stands where a script is not cut in two.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sequence::{self, EXECUTE, Kind, Scheduled};

pub const RULE: Rule = Rule {
    id: "ICE63",
    what: "RemoveExistingProducts comes before InstallInitialize, right after it, right after InstallExecute, or after InstallFinalize.",
    why: "What the script holds when the old product is removed runs at the wrong time, and the upgrade fails.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice63",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let actions = sequence::actions(package, EXECUTE);
    let find = |name: &str| actions.iter().position(|scheduled| scheduled.action == name);
    let Some(remove) = find("RemoveExistingProducts") else { return };
    let at = &actions[remove].entry;
    let Some(validate) = find("InstallValidate") else { return };
    if remove < validate {
        report.at(at, "Sequence", "RemoveExistingProducts must come after InstallValidate");
        return;
    }
    let (Some(initialize), Some(finalize)) = (find("InstallInitialize"), find("InstallFinalize")) else {
        return;
    };
    if remove < initialize || remove > finalize {
        return;
    }
    // The script is empty after InstallInitialize and after each InstallExecute.
    let executes = ["InstallExecute", "InstallExecuteAgain"].map(find);
    let start =
        executes.into_iter().flatten().filter(|execute| *execute < remove).max().unwrap_or(initialize);
    let between = &actions[start + 1..remove];
    if let Some(writer) = between.iter().find(|scheduled| writes_script(package, scheduled)) {
        report.at(
            at,
            "Sequence",
            format!(
                "{} writes into the script between {} and RemoveExistingProducts",
                writer.action, actions[start].action
            ),
        );
    } else if let Some(other) = between.first() {
        let message = format!(
            "{} stands between {} and RemoveExistingProducts; it must not write into the script",
            other.action, actions[start].action
        );
        report.as_severity(Severity::Warning, at, "Sequence", message);
    }
}

/// Standard actions of the execution section write into the script, and so do custom actions that run from it.
fn writes_script(package: &Package, scheduled: &Scheduled) -> bool {
    match package.find("CustomAction", scheduled.action) {
        Some(custom) => Kind::of(&custom).is_in_script(),
        None => sequence::standard(scheduled.action)
            .is_some_and(|standard| standard.sections & sequence::section::EXECUTION != 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, planted_one};

    #[test]
    fn script_before_the_removal_is_told() {
        let place =
            planted_one(&RULE, |fixture| fixture.set(EXECUTE, "RemoveExistingProducts", "Sequence", 1700));
        assert_eq!(place, "error InstallExecuteSequence.Sequence RemoveExistingProducts");
    }

    #[test]
    fn an_immediate_action_before_it_is_a_warning() {
        let place = planted_one(&RULE, |fixture| {
            fixture.set(EXECUTE, "RemoveExistingProducts", "Sequence", 1510);
            fixture.set(EXECUTE, "SetApplySecret", "Sequence", 1505);
        });
        assert_eq!(place, "warning InstallExecuteSequence.Sequence RemoveExistingProducts");
    }

    #[test]
    fn after_an_executed_script_and_outside_of_it_are_right() {
        let executed = planted(&RULE, |fixture| {
            fixture.set(EXECUTE, "RemoveExistingProducts", "Sequence", 1702);
            fixture.schedule(EXECUTE, "InstallExecute", 1701, None);
        });
        assert_eq!(executed, []);
        for sequence in [1450, 6700] {
            assert_eq!(
                planted(&RULE, |fixture| fixture.set(
                    EXECUTE,
                    "RemoveExistingProducts",
                    "Sequence",
                    sequence
                )),
                []
            );
        }
    }
}
