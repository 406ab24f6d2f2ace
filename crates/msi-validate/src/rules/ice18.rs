//! ICE18: folders that are key paths are created.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use std::collections::HashSet;

pub const RULE: Rule = Rule {
    id: "ICE18",
    what: "A component whose key path is its folder, and that puts nothing into it, creates the folder.",
    why: "The engine deletes empty folders, finds the component gone and repairs it again and again.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice18",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let pairs = |table: &str, folder: &str| -> HashSet<(&str, &str)> {
        package.rows(table).map(|row| (row.text("Component_"), row.text(folder))).collect()
    };
    let with_files: HashSet<&str> = package.rows("File").map(|row| row.text("Component_")).collect();
    let filled = [
        pairs("RemoveFile", "DirProperty"),
        pairs("DuplicateFile", "DestFolder"),
        pairs("MoveFile", "DestFolder"),
        pairs("CreateFolder", "Directory_"),
    ];
    for component in package.rows("Component") {
        let name = component.text("Component");
        let folder = component.text("Directory_");
        let in_no_table = filled.iter().all(|pairs| !pairs.contains(&(name, folder)));
        if component.is_null("KeyPath") && !with_files.contains(name) && in_no_table {
            report.at(
                &component,
                "KeyPath",
                format!("the key path is the folder `{folder}`, which no CreateFolder row creates"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one, row};

    fn empty_component(fixture: &mut Fixture) {
        fixture.add(
            "Component",
            row!["Component" => "Empty", "Directory_" => "INSTALLDIR", "Attributes" => 256],
        );
    }

    #[test]
    fn an_empty_key_folder_needs_a_row() {
        assert_eq!(planted_one(&RULE, empty_component), "error Component.KeyPath Empty");
        let findings = planted(&RULE, |fixture| {
            empty_component(fixture);
            fixture.add("CreateFolder", row!["Directory_" => "INSTALLDIR", "Component_" => "Empty"]);
        });
        assert_eq!(findings, []);
    }
}
