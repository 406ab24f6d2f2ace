//! ICE16: the product's name is short enough.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE16",
    what: "ProductName has at most 63 characters.",
    why: "The engine cuts longer names where it registers the product.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice16",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    if let Some(name) = package.find("Property", "ProductName")
        && name.text("Value").encode_utf16().count() > 63
    {
        report.at(&name, "Value", "ProductName is longer than 63 characters");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, planted_one};

    #[test]
    fn the_64th_character_is_one_too_many() {
        assert_eq!(
            planted(&RULE, |fixture| fixture.set("Property", "ProductName", "Value", "n".repeat(63))),
            []
        );
        let place =
            planted_one(&RULE, |fixture| fixture.set("Property", "ProductName", "Value", "n".repeat(64)));
        assert_eq!(place, "error Property.Value ProductName");
    }
}
