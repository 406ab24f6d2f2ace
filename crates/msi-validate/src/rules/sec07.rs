//! SEC07: nobody but administrators can change what a service runs.

use crate::directories::Directories;
use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sddl;
use std::collections::HashSet;

pub const RULE: Rule = Rule {
    id: "SEC07",
    what: "A service's program lies below Program Files or Windows, or in a folder that the package gives a closed access list.",
    why: "Who can replace the program runs as the service's account, which is SYSTEM more often than not.",
    source: "https://learn.microsoft.com/windows/win32/services/service-security-and-access-rights",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let directories = Directories::new(package);
    let protected = protected_folders(package);
    for service in package.rows("ServiceInstall") {
        let Some(component) = package.find("Component", service.text("Component_")) else { continue };
        let folder = component.text("Directory_");
        if !directories.is_protected(folder) && !protected.contains(folder) {
            report.at(
                &service,
                "Component_",
                format!("the service's program lies in `{folder}`, which users may write to"),
            );
        }
    }
}

/// Folders that the package always gives an access list that lets no ordinary user write.
pub fn protected_folders<'a>(package: &Package<'a>) -> HashSet<&'a str> {
    package
        .rows("MsiLockPermissionsEx")
        .filter(|row| row.text("Table") == "CreateFolder" && row.is_null("Condition"))
        .filter(|row| {
            row.text("SDDLText").starts_with("D:P")
                && sddl::lets_ordinary_users_write(row.text("SDDLText")).is_none()
        })
        .map(|row| row.text("LockObject"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one, row};

    fn service(fixture: &mut Fixture) {
        fixture.add(
            "ServiceInstall",
            row!["ServiceInstall" => "S", "Name" => "S", "ServiceType" => 16, "StartType" => 2, "ErrorControl" => 1, "Component_" => "Program"],
        );
    }

    #[test]
    fn a_service_among_shared_data_is_told() {
        let place = planted_one(&RULE, |fixture| {
            service(fixture);
            fixture.directory("CommonAppDataFolder", "TARGETDIR", ".");
            fixture.set("Component", "Program", "Directory_", "CommonAppDataFolder");
        });
        assert_eq!(place, "error ServiceInstall.Component_ S");
        assert_eq!(planted(&RULE, service), []);
    }
}
