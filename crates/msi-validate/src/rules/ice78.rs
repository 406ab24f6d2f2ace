//! ICE78: advertising shows nothing.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE78",
    what: "AdvtUISequence is missing or empty.",
    why: "Advertising has no user interface.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice78",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for row in package.rows("AdvtUISequence") {
        report.at(&row, "Action", "advertising has no user interface");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_row_is_told() {
        let place =
            planted_one(&RULE, |fixture| fixture.schedule("AdvtUISequence", "CostInitialize", 800, None));
        assert_eq!(place, "error AdvtUISequence.Action CostInitialize");
    }
}
