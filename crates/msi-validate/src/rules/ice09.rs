//! ICE09: components in the system folder are permanent.

use crate::directories::Directories;
use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE09",
    what: "A component that is installed into the system folder is marked permanent.",
    why: "Other programs may use what lies there: removing it with this product breaks them.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice09",
    severity: Severity::Warning,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let directories = Directories::new(package);
    let system = ["SystemFolder", "System64Folder"].map(|id| directories.long(id));
    for component in package.rows("Component") {
        let place = directories.long(component.text("Directory_"));
        if place.is_some() && system.contains(&place) && component.flags("Attributes") & 16 == 0 {
            report.at(
                &component,
                "Attributes",
                "the component goes to the system folder and is not permanent",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_removable_system_component_is_told() {
        let place = planted_one(&RULE, |fixture| {
            fixture.directory("System64Folder", "TARGETDIR", ".");
            fixture.set("Component", "Readme", "Directory_", "System64Folder");
        });
        assert_eq!(place, "warning Component.Attributes Readme");
    }
}
