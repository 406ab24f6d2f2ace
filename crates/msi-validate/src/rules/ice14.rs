//! ICE14: features hang on one another in a tree.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE14",
    what: "No feature is its own parent, and no root feature follows its parent.",
    why: "The engine walks the feature tree and never ends, or refuses the package.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice14",
    severity: Severity::Error,
    check,
};

/// `msidbFeatureAttributesFollowParent`.
const FOLLOW_PARENT: i32 = 2;

fn check(package: &Package, report: &mut Report) {
    for feature in package.rows("Feature") {
        if feature.text("Feature") == feature.text("Feature_Parent") {
            report.at(&feature, "Feature_Parent", "the feature is its own parent");
        }
        if feature.is_null("Feature_Parent") && feature.flags("Attributes") & FOLLOW_PARENT != 0 {
            report.at(&feature, "Attributes", "a root feature cannot follow its parent");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn both_faults_are_told() {
        let own = planted_one(&RULE, |fixture| fixture.set("Feature", "Main", "Feature_Parent", "Main"));
        assert_eq!(own, "error Feature.Feature_Parent Main");
        let follow = planted_one(&RULE, |fixture| fixture.set("Feature", "Main", "Attributes", 2));
        assert_eq!(follow, "error Feature.Attributes Main");
    }
}
