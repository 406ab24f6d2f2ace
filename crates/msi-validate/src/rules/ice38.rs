//! ICE38: components in the user's profile have a key path of that user.

use crate::directories::{self, Directories};
use crate::package::{Entry, Package};
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE38",
    what: "A component that puts files into the user's profile has a registry value below HKEY_CURRENT_USER as its key path.",
    why: "With a file as key path a second user's repair finds the file missing in his profile, or the first user's, and errs.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice38",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let directories = Directories::new(package);
    for component in package.rows("Component") {
        let in_profile =
            directories.anchor(component.text("Directory_")).is_some_and(directories::is_profile);
        if in_profile && let Err(fault) = has_user_key_path(package, &component) {
            report.at(
                &component,
                "KeyPath",
                format!("the component goes to the user's profile, and {fault}"),
            );
        }
    }
}

/// Whether a component's key path is a registry value of the user's, its own. Roots 1 and -1 are the user's.
pub fn has_user_key_path(package: &Package, component: &Entry) -> Result<(), String> {
    if component.flags("Attributes") & 4 == 0 {
        return Err("its key path is no registry value".into());
    }
    let Some(registry) = package.find("Registry", component.text("KeyPath")) else {
        return Err("its key path is no row of the Registry table".into());
    };
    if registry.text("Component_") != component.text("Component") {
        return Err("its key path belongs to another component".into());
    }
    match registry.number("Root") {
        Some(1 | -1) => Ok(()),
        _ => Err("its key path is not below HKEY_CURRENT_USER".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one, row};

    fn into_profile(fixture: &mut Fixture) {
        fixture.directory("AppDataFolder", "TARGETDIR", ".");
        fixture.set("Component", "Readme", "Directory_", "AppDataFolder");
    }

    #[test]
    fn a_file_is_no_key_path_in_a_profile() {
        assert_eq!(planted_one(&RULE, into_profile), "error Component.KeyPath Readme");
    }

    #[test]
    fn a_value_of_the_user_is_one_and_of_the_machine_is_none() {
        for (root, faults) in [(1, 0), (2, 1)] {
            let findings = planted(&RULE, |fixture| {
                into_profile(fixture);
                fixture.add(
                    "Registry",
                    row!["Registry" => "R", "Root" => root, "Key" => "Software\\X", "Component_" => "Readme"],
                );
                fixture.set("Component", "Readme", "KeyPath", "R");
                fixture.set("Component", "Readme", "Attributes", 256 + 4);
            });
            assert_eq!(findings.len(), faults, "{findings:?}");
        }
    }
}
