//! ICE61: the Upgrade table finds what it shall find.

use crate::package::{Entry, Package};
use crate::rule::{Report, Rule, Severity};
use crate::rules::ice24::is_product_version;
use std::collections::HashSet;

pub const RULE: Rule = Rule {
    id: "ICE61",
    what: "Properties of the Upgrade table are public, secure, without a value and each used once; version ranges are not empty and remove no newer version of this product.",
    why: "An upgrade that does not see the old product installs beside it; one that sees too much removes a newer one.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice61",
    severity: Severity::Error,
    check,
};

const ONLY_DETECT: i32 = 2;
const MIN_INCLUSIVE: i32 = 0x100;
const MAX_INCLUSIVE: i32 = 0x200;

fn check(package: &Package, report: &mut Report) {
    let secure: HashSet<&str> = package.property_list("SecureCustomProperties").into_iter().collect();
    let mut seen = HashSet::new();
    for row in package.rows("Upgrade") {
        let property = row.text("ActionProperty");
        if property.chars().any(|character| character.is_ascii_lowercase()) {
            report.at(&row, "ActionProperty", format!("`{property}` must not contain lower case letters"));
        }
        if !secure.contains(property) {
            report.at(&row, "ActionProperty", format!("`{property}` must be in SecureCustomProperties"));
        }
        if package.property(property).is_some() {
            report.as_severity(
                Severity::Warning,
                &row,
                "ActionProperty",
                format!("`{property}` must not be in the Property table"),
            );
        }
        if !seen.insert(property) {
            report.at(&row, "ActionProperty", format!("another row uses `{property}`"));
        }
        versions(package, &row, report);
    }
}

fn versions(package: &Package, row: &Entry, report: &mut Report) {
    let (min, max) = (row.text("VersionMin"), row.text("VersionMax"));
    for (column, version) in [("VersionMin", min), ("VersionMax", max)] {
        if !version.is_empty() && !is_product_version(version) {
            report.at(row, column, format!("`{version}` is no product version"));
            return;
        }
    }
    if !min.is_empty() && !max.is_empty() && numbers(max) < numbers(min) {
        report.at(row, "VersionMax", "VersionMax is less than VersionMin");
    }
    let attributes = row.flags("Attributes");
    let own = package
        .property("UpgradeCode")
        .is_some_and(|code| code.eq_ignore_ascii_case(row.text("UpgradeCode")));
    let current = package.property("ProductVersion").filter(|version| is_product_version(version));
    let (true, Some(current)) = (own && attributes & ONLY_DETECT == 0, current) else { return };
    let current = numbers(current);
    // Equal versions may replace each other when the author says so: the variants of one release do.
    let newer_too = max.is_empty() || numbers(max) > current;
    let equal_too = !newer_too && numbers(max) == current && attributes & MAX_INCLUSIVE != 0;
    let from_newer = !min.is_empty()
        && (numbers(min) > current || (numbers(min) == current && attributes & MIN_INCLUSIVE == 0));
    if newer_too && !from_newer {
        report.as_severity(
            Severity::Warning,
            row,
            "VersionMax",
            "the row removes newer versions of this product",
        );
    } else if equal_too {
        report.as_severity(Severity::Warning, row, "VersionMax", "the row removes products of this version");
    }
}

/// The three numbers that the engine compares.
fn numbers(version: &str) -> [u32; 3] {
    let mut numbers = [0; 3];
    for (number, part) in numbers.iter_mut().zip(version.split('.')) {
        *number = part.parse().unwrap_or(0);
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{place, planted, planted_one};

    #[test]
    fn the_property_must_be_public_secure_unset_and_used_once() {
        let key = "{5B1C8D43-74DB-4F9A-90A6-5C4F1A2B3C44}";
        let lower = planted(&RULE, |fixture| fixture.upgrade("Found", None, Some("1.0.0"), 2));
        assert_eq!(lower.len(), 2, "{lower:?}");
        assert!(place(&lower[0]).starts_with(&format!("error Upgrade.ActionProperty {key}")));
        let set = planted_one(&RULE, |fixture| fixture.property("OLDER_FOUND", "x"));
        assert!(set.starts_with("warning Upgrade.ActionProperty"));
        let twice = planted_one(&RULE, |fixture| fixture.upgrade("OLDER_FOUND", None, Some("1.0.0"), 2));
        assert!(twice.starts_with("error Upgrade.ActionProperty"));
    }

    #[test]
    fn ranges_are_compared_as_numbers() {
        let empty = planted_one(&RULE, |fixture| {
            fixture.set("Property", "SecureCustomProperties", "Value", "NEWER_FOUND;OLDER_FOUND;X");
            fixture.upgrade("X", Some("1.10.0"), Some("1.9.0"), 2);
        });
        assert!(empty.starts_with("error Upgrade.VersionMax"));
        for (max, attributes) in [("1.2.4", 0), ("1.2.3", 0x200)] {
            let newer = planted_one(&RULE, |fixture| {
                fixture.set("Property", "SecureCustomProperties", "Value", "NEWER_FOUND;OLDER_FOUND;X");
                fixture.upgrade("X", None, Some(max), attributes);
            });
            assert!(newer.starts_with("warning Upgrade.VersionMax"), "{newer}");
        }
    }
}
