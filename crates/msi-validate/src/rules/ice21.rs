//! ICE21: every component belongs to a feature.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use std::collections::HashSet;

pub const RULE: Rule = Rule {
    id: "ICE21",
    what: "Every component is in a feature.",
    why: "A component of no feature is never installed.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice21",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let in_features: HashSet<&str> =
        package.rows("FeatureComponents").map(|row| row.text("Component_")).collect();
    for component in package.rows("Component") {
        if !in_features.contains(component.text("Component")) {
            report.at(&component, "Component", "the component belongs to no feature");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn an_orphan_is_told() {
        let place = planted_one(&RULE, |fixture| {
            fixture.component("Orphan", "{1E2D3C4B-0001-4000-8000-00000000000C}", "o.txt");
        });
        assert_eq!(place, "error Component.Component Orphan");
    }
}
