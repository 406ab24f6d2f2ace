//! ICE54: a key file has its own version.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE54",
    what: "No component's key file takes its version from another file.",
    why: "The engine compares the component by the key file's version, which is not the file's.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice54",
    severity: Severity::Warning,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for component in package.rows("Component") {
        if component.flags("Attributes") & (4 | 32) != 0 {
            continue;
        }
        let Some(file) = package.find("File", component.text("KeyPath")) else { continue };
        if package.find("File", file.text("Version")).is_some() {
            let companion = file.text("Version");
            report.at(&component, "KeyPath", format!("the key file's version is that of file `{companion}`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_companion_as_key_file_is_told() {
        let place = planted_one(&RULE, |fixture| fixture.set("File", "Readme", "Version", "Program"));
        assert_eq!(place, "warning Component.KeyPath Readme");
    }
}
