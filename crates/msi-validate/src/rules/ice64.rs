//! ICE64: folders in the user's profile are removed.

use crate::directories::{self, Directories};
use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use std::collections::HashSet;

pub const RULE: Rule = Rule {
    id: "ICE64",
    what: "Every folder of its own that a package makes in the user's profile is in the RemoveFile table.",
    why: "A roaming profile brings the folder to machines that have not installed the product and cannot remove it.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice64",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let directories = Directories::new(package);
    let removed: HashSet<&str> = package
        .rows("RemoveFile")
        .filter(|row| row.is_null("FileName") && row.flags("InstallMode") & 2 != 0)
        .map(|row| row.text("DirProperty"))
        .collect();
    for directory in package.rows("Directory") {
        let id = directory.text("Directory");
        let in_profile = directories.anchor(id).is_some_and(directories::is_profile);
        // An entry named `.` is the folder above it.
        let own = !directories::is_standard(id) && !directory.text("DefaultDir").starts_with('.');
        if in_profile && own && !removed.contains(id) {
            report.at(
                &directory,
                "Directory",
                format!("the folder `{id}` is in the user's profile and no RemoveFile row removes it"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one, row};

    fn folder(fixture: &mut Fixture) {
        fixture.directory("AppDataFolder", "TARGETDIR", ".");
        fixture.directory("Mine", "AppDataFolder", "Mine");
    }

    #[test]
    fn a_folder_that_stays_is_told() {
        assert_eq!(planted_one(&RULE, folder), "error Directory.Directory Mine");
        let removed = planted(&RULE, |fixture| {
            folder(fixture);
            fixture.add(
                "RemoveFile",
                row!["FileKey" => "K", "Component_" => "Readme", "DirProperty" => "Mine", "InstallMode" => 2],
            );
        });
        assert_eq!(removed, []);
    }
}
