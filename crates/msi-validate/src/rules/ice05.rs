//! ICE05: the properties that every product must have.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE05",
    what: "ProductName, ProductLanguage, ProductVersion, ProductCode and Manufacturer are in the Property table.",
    why: "The engine cannot install or register a product without them.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice05",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for name in ["Manufacturer", "ProductCode", "ProductLanguage", "ProductName", "ProductVersion"] {
        if package.property(name).is_none_or(str::is_empty) {
            report.table("Property", format!("the property {name} is missing"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_missing_manufacturer_is_told() {
        assert_eq!(
            planted_one(&RULE, |fixture| fixture.remove("Property", "Manufacturer")),
            "error Property. "
        );
    }
}
