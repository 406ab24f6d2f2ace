//! ICE43: shortcuts that are not advertised belong to a user.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::rules::ice38::has_user_key_path;
use std::collections::HashSet;

pub const RULE: Rule = Rule {
    id: "ICE43",
    what: "A component with a shortcut that is not advertised has a registry value below HKEY_CURRENT_USER as its key path.",
    why: "Shortcuts lie in profiles: with a machine's key path only the first user gets them.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice43",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let directories = crate::directories::Directories::new(package);
    let mut told = HashSet::new();
    for shortcut in package.rows("Shortcut") {
        // An advertised shortcut's target is a feature.
        let advertised = package.find("Feature", shortcut.text("Target")).is_some();
        let in_profile =
            directories.anchor(shortcut.text("Directory_")).is_some_and(crate::directories::is_profile);
        let Some(component) = package.find("Component", shortcut.text("Component_")) else { continue };
        if advertised || !in_profile || !told.insert(component.text("Component")) {
            continue;
        }
        if let Err(fault) = has_user_key_path(package, &component) {
            report.at(
                &component,
                "KeyPath",
                format!("shortcut `{}` is not advertised, and {fault}", shortcut.text("Shortcut")),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one, row};

    fn shortcut(fixture: &mut Fixture, target: &str) {
        fixture.directory("ProgramMenuFolder", "TARGETDIR", ".");
        fixture.add(
            "Shortcut",
            row!["Shortcut" => "S", "Directory_" => "ProgramMenuFolder", "Name" => "S", "Component_" => "Program", "Target" => target],
        );
    }

    #[test]
    fn only_shortcuts_that_are_not_advertised_count() {
        let place = planted_one(&RULE, |fixture| shortcut(fixture, "[#Program]"));
        assert_eq!(place, "error Component.KeyPath Program");
        assert_eq!(planted(&RULE, |fixture| shortcut(fixture, "Main")), []);
    }
}
