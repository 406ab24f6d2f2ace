//! ICE57: a component is the machine's or a user's, not both.

use crate::directories::{self, Directories};
use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use std::collections::HashMap;

pub const RULE: Rule = Rule {
    id: "ICE57",
    what: "No component mixes registry values, files and shortcuts of a user with those of the machine.",
    why: "A second user gets a part of the component only, and no repair brings him the rest.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice57",
    severity: Severity::Error,
    check,
};

#[derive(Default, Clone, Copy)]
struct Holds {
    user: bool,
    machine: bool,
}

fn check(package: &Package, report: &mut Report) {
    let directories = Directories::new(package);
    let in_profile = |id: &str| directories.anchor(id).is_some_and(directories::is_profile);
    let mut holds: HashMap<&str, Holds> = HashMap::new();
    let mut note = |component, user: bool| {
        let holds: &mut Holds = holds.entry(component).or_default();
        holds.user |= user;
        holds.machine |= !user;
    };
    for row in package.rows("Registry") {
        match row.number("Root") {
            // HKCR and "user or machine" are either.
            Some(1) => note(row.text("Component_"), true),
            Some(2) => note(row.text("Component_"), false),
            _ => {}
        }
    }
    for row in package.rows("File") {
        if let Some(component) = package.find("Component", row.text("Component_")) {
            note(row.text("Component_"), in_profile(component.text("Directory_")));
        }
    }
    for row in package.rows("Shortcut") {
        if package.find("Feature", row.text("Target")).is_none() && in_profile(row.text("Directory_")) {
            note(row.text("Component_"), true);
        }
    }
    for component in package.rows("Component") {
        let holds = holds.get(component.text("Component")).copied().unwrap_or_default();
        if !(holds.user && holds.machine) {
            continue;
        }
        // With a user's registry value as key path every user's repair brings his part.
        let user_key = component.flags("Attributes") & 4 != 0
            && package
                .find("Registry", component.text("KeyPath"))
                .is_some_and(|row| row.number("Root") == Some(1));
        let severity = if user_key { Severity::Warning } else { Severity::Error };
        report.as_severity(
            severity,
            &component,
            "Component",
            "the component holds a user's data and the machine's",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted_one, row};

    #[test]
    fn a_users_value_beside_a_machines_file_is_told() {
        let place = planted_one(&RULE, |fixture| {
            fixture.add(
                "Registry",
                row!["Registry" => "R", "Root" => 1, "Key" => "Software\\X", "Component_" => "Readme"],
            );
        });
        assert_eq!(place, "error Component.Component Readme");
    }

    #[test]
    fn with_a_users_key_path_it_is_a_warning() {
        let place = planted_one(&RULE, |fixture| {
            fixture.add(
                "Registry",
                row!["Registry" => "R", "Root" => 1, "Key" => "Software\\X", "Component_" => "Readme"],
            );
            fixture.set("Component", "Readme", "KeyPath", "R");
            fixture.set("Component", "Readme", "Attributes", 256 + 4);
        });
        assert_eq!(place, "warning Component.Component Readme");
    }
}
