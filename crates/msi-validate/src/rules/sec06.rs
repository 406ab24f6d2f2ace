//! SEC06: programs of the machine lie where users cannot write.

use crate::category::short_and_long;
use crate::directories::Directories;
use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::rules::sec07::protected_folders;

pub const RULE: Rule = Rule {
    id: "SEC06",
    what: "A per-machine package puts nothing into folders that ordinary users may write to, unless it gives the folder an access list.",
    why: "Any user can plant a file before the installation, or change what others run after it.",
    source: "https://learn.microsoft.com/windows/win32/msi/guidelines-for-authoring-secure-installations",
    severity: Severity::Warning,
    check,
};

/// Extensions of what Windows runs or loads.
const PROGRAMS: [&str; 14] =
    ["bat", "cmd", "com", "cpl", "dll", "exe", "jar", "js", "msi", "ocx", "ps1", "scr", "sys", "vbs"];

fn check(package: &Package, report: &mut Report) {
    if !package.is_per_machine() {
        return;
    }
    let directories = Directories::new(package);
    let protected = protected_folders(package);
    for file in package.rows("File") {
        let Some(component) = package.find("Component", file.text("Component_")) else { continue };
        let folder = component.text("Directory_");
        if !directories.is_user_writable(folder) || protected.contains(folder) {
            continue;
        }
        let (_, name) = short_and_long(file.text("FileName"));
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
        let severity =
            if PROGRAMS.contains(&extension.as_str()) { Severity::Error } else { Severity::Warning };
        report.as_severity(
            severity,
            &file,
            "Component_",
            format!("`{name}` goes to `{folder}`, where users may write"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one, row};

    fn into_shared(fixture: &mut Fixture, component: &str) {
        fixture.directory("CommonAppDataFolder", "TARGETDIR", ".");
        fixture.directory("Data", "CommonAppDataFolder", "Example");
        fixture.set("Component", component, "Directory_", "Data");
    }

    #[test]
    fn programs_are_errors_other_files_warnings() {
        assert_eq!(
            planted_one(&RULE, |fixture| into_shared(fixture, "Program")),
            "error File.Component_ Program"
        );
        assert_eq!(
            planted_one(&RULE, |fixture| into_shared(fixture, "Readme")),
            "warning File.Component_ Readme"
        );
    }

    #[test]
    fn an_access_list_makes_it_right() {
        let findings = planted(&RULE, |fixture| {
            into_shared(fixture, "Program");
            fixture.add("CreateFolder", row!["Directory_" => "Data", "Component_" => "Program"]);
            fixture.add(
                "MsiLockPermissionsEx",
                row!["MsiLockPermissionsEx" => "L", "LockObject" => "Data", "Table" => "CreateFolder", "SDDLText" => "D:P(A;;FA;;;SY)"],
            );
        });
        assert_eq!(findings, []);
    }
}
