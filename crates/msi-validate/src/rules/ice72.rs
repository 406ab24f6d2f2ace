//! ICE72: advertising runs no programs.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sequence::{ADVERTISE, Kind};

pub const RULE: Rule = Rule {
    id: "ICE72",
    what: "Of custom actions only types 19, 35 and 51 stand in AdvtExecuteSequence.",
    why: "Advertising changes the registry only; nothing else may run.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice72",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for row in package.rows(ADVERTISE) {
        if let Some(custom) = package.find("CustomAction", row.text("Action"))
            && !matches!(Kind::of(&custom).base(), 19 | 35 | 51)
        {
            report.at(&row, "Action", "only actions of type 19, 35 and 51 may run while advertising");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_dll_action_is_told() {
        let place = planted_one(&RULE, |fixture| fixture.schedule(ADVERTISE, "Apply", 1600, None));
        assert_eq!(place, "error AdvtExecuteSequence.Action Apply");
    }
}
