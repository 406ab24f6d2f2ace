//! ICE91: nothing of a machine goes to one user's profile.

use crate::directories::{Directories, PER_USER};
use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE91",
    what: "Files, INI files and shortcuts do not go to folders that are always one user's own.",
    why: "A per-machine installation puts them into the installing user's profile, where nobody else has them.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice91",
    severity: Severity::Warning,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let directories = Directories::new(package);
    let one_users = |id: &str| directories.anchor(id).is_some_and(|anchor| PER_USER.contains(&anchor));
    for file in package.rows("File") {
        let folder =
            package.find("Component", file.text("Component_")).map(|component| component.text("Directory_"));
        if let Some(folder) = folder.filter(|folder| one_users(folder)) {
            report.at(&file, "Component_", format!("the file goes to `{folder}` in one user's profile"));
        }
    }
    for (table, column) in [("IniFile", "DirProperty"), ("Shortcut", "Directory_")] {
        for row in package.rows(table).filter(|row| one_users(row.text(column))) {
            report.at(&row, column, format!("it goes to `{}` in one user's profile", row.text(column)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_file_in_a_profile_is_told() {
        let place = planted_one(&RULE, |fixture| {
            fixture.directory("AppDataFolder", "TARGETDIR", ".");
            fixture.set("Component", "Readme", "Directory_", "AppDataFolder");
        });
        assert_eq!(place, "warning File.Component_ Readme");
    }
}
