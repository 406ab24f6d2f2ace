//! ICE40: REINSTALLMODE is left to the one who repairs.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE40",
    what: "REINSTALLMODE is not in the Property table, and RemoveIniFile rows that delete a tag name it.",
    why: "A fixed mode changes every repair and patch, also of files that other products share.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice40",
    severity: Severity::Warning,
    check,
};

fn check(package: &Package, report: &mut Report) {
    if let Some(property) = package.find("Property", "REINSTALLMODE") {
        report.at(&property, "Property", "REINSTALLMODE in the Property table changes every repair");
    }
    for row in package.rows("RemoveIniFile") {
        if row.number("Action") == Some(4) && row.is_null("Value") {
            report.at(&row, "Value", "the tag to delete is not named");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_fixed_mode_is_told() {
        let place = planted_one(&RULE, |fixture| fixture.property("REINSTALLMODE", "amus"));
        assert_eq!(place, "warning Property.Property REINSTALLMODE");
    }
}
