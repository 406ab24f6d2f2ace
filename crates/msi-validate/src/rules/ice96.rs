//! ICE96: what can be advertised publishes itself.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sequence::{self, ADVERTISE};

pub const RULE: Rule = Rule {
    id: "ICE96",
    what: "AdvtExecuteSequence has PublishFeatures and PublishProduct.",
    why: "Without them advertising publishes nothing.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice96",
    severity: Severity::Warning,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let numbers = sequence::numbers(package, ADVERTISE);
    for action in ["PublishFeatures", "PublishProduct"] {
        if !numbers.contains_key(action) {
            report.table(ADVERTISE, format!("{ADVERTISE} needs the action {action}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_missing_action_is_told() {
        assert_eq!(
            planted_one(&RULE, |fixture| fixture.remove(ADVERTISE, "PublishProduct")),
            "warning AdvtExecuteSequence. "
        );
    }
}
