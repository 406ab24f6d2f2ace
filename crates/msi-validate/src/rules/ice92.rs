//! ICE92: components without a GUID are not permanent.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE92",
    what: "A component without a GUID is not permanent, and a permanent one is not removed on supersedence.",
    why: "What is not registered cannot be kept; what is permanent cannot be removed.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice92",
    severity: Severity::Error,
    check,
};

const PERMANENT: i32 = 16;
const UNINSTALL_ON_SUPERSEDENCE: i32 = 1024;

fn check(package: &Package, report: &mut Report) {
    for component in package.rows("Component") {
        let attributes = component.flags("Attributes");
        if attributes & PERMANENT == 0 {
            continue;
        }
        if component.is_null("ComponentId") {
            report.at(&component, "ComponentId", "the component has no GUID and is permanent");
        }
        if attributes & UNINSTALL_ON_SUPERSEDENCE != 0 {
            report.as_severity(
                Severity::Warning,
                &component,
                "Attributes",
                "a permanent component is not removed on supersedence",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn both_are_told() {
        let no_guid = planted_one(&RULE, |fixture| {
            fixture.set("Component", "Readme", "ComponentId", msi_db::Value::Null);
            fixture.set("Component", "Readme", "Attributes", 256 + 16);
        });
        assert_eq!(no_guid, "error Component.ComponentId Readme");
        let kept =
            planted_one(&RULE, |fixture| fixture.set("Component", "Readme", "Attributes", 256 + 16 + 1024));
        assert_eq!(kept, "warning Component.Attributes Readme");
    }
}
