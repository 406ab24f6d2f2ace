//! ICE74: the product can be upgraded.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE74",
    what: "UpgradeCode is in the Property table and is not the null GUID; FASTOEM is not there.",
    why: "Without an UpgradeCode no later version finds this one; FASTOEM spoils every later repair.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice74",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    match package.find("Property", "UpgradeCode") {
        None => report.table_as(Severity::Warning, "Property", "the property UpgradeCode is missing"),
        Some(row)
            if !crate::category::is_guid(row.text("Value"))
                || row.text("Value").bytes().all(|byte| b"{}-0".contains(&byte)) =>
        {
            report.at(&row, "Value", format!("`{}` is no UpgradeCode", row.text("Value")));
        }
        Some(_) => {}
    }
    if let Some(row) = package.find("Property", "FASTOEM") {
        report.at(&row, "Property", "FASTOEM must not be in the Property table");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn missing_null_and_fastoem_are_told() {
        assert_eq!(
            planted_one(&RULE, |fixture| fixture.remove("Property", "UpgradeCode")),
            "warning Property. "
        );
        let null = planted_one(&RULE, |fixture| {
            fixture.set("Property", "UpgradeCode", "Value", "{00000000-0000-0000-0000-000000000000}");
        });
        assert_eq!(null, "error Property.Value UpgradeCode");
        assert_eq!(
            planted_one(&RULE, |fixture| fixture.property("FASTOEM", "1")),
            "error Property.Property FASTOEM"
        );
    }
}
