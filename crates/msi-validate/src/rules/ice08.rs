//! ICE08: no two components have one GUID.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use std::collections::HashMap;

pub const RULE: Rule = Rule {
    id: "ICE08",
    what: "Every component's GUID is its own.",
    why: "Components of one GUID are one component to the engine: the second is never installed, or removed with the first.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice08",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let mut owners: HashMap<&str, &str> = HashMap::new();
    for component in package.rows("Component") {
        let guid = component.text("ComponentId");
        if guid.is_empty() {
            continue;
        }
        if let Some(first) = owners.insert(guid, component.text("Component")) {
            report.at(&component, "ComponentId", format!("component `{first}` has the same GUID {guid}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn the_second_of_a_pair_is_told() {
        let place = planted_one(&RULE, |fixture| {
            fixture.set("Component", "Readme", "ComponentId", "{1E2D3C4B-0001-4000-8000-00000000000A}");
        });
        assert_eq!(place, "error Component.ComponentId Readme");
    }
}
