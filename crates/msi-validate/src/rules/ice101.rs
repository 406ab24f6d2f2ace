//! ICE101: names of features are short enough.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE101",
    what: "A feature's name has at most 38 characters.",
    why: "The engine's functions that take a feature refuse longer names.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice-101",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for feature in package.rows("Feature") {
        if feature.text("Feature").encode_utf16().count() > 38 {
            report.at(&feature, "Feature", "the name is longer than 38 characters");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, row};

    #[test]
    fn the_39th_character_is_one_too_many() {
        let feature = |length: usize| {
            let name = "f".repeat(length);
            planted(&RULE, |fixture| {
                fixture.add("Feature", row!["Feature" => name, "Level" => 1, "Attributes" => 0]);
            })
            .len()
        };
        assert_eq!((feature(38), feature(39)), (0, 1));
    }
}
