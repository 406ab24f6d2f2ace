//! SEC10: what a dialog asks reaches the elevated part.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use std::collections::HashSet;

pub const RULE: Rule = Rule {
    id: "SEC10",
    what: "Public properties that controls of dialogs set are secure properties.",
    why: "In a managed installation the engine passes only secure properties on to the part that runs as SYSTEM: the user's answer is lost, and a default takes its place in silence.",
    source: "https://learn.microsoft.com/windows/win32/msi/securecustomproperties",
    severity: Severity::Warning,
    check,
};

/// Kinds of controls that set their property.
const ASKING: [&str; 8] = [
    "CheckBox",
    "ComboBox",
    "DirectoryCombo",
    "Edit",
    "ListBox",
    "MaskedEdit",
    "PathEdit",
    "RadioButtonGroup",
];

fn check(package: &Package, report: &mut Report) {
    let secure: HashSet<&str> = package.property_list("SecureCustomProperties").into_iter().collect();
    let mut told = HashSet::new();
    for control in package.rows("Control") {
        let name = control.text("Property");
        let public = !name.is_empty() && !name.chars().any(|character| character.is_ascii_lowercase());
        // The engine passes the folders that it resolved by itself.
        let folder = package.find("Directory", name).is_some();
        if public
            && !folder
            && ASKING.contains(&control.text("Type"))
            && !secure.contains(name)
            && told.insert(name)
        {
            report.at(&control, "Property", format!("`{name}` is not in SecureCustomProperties"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, planted_one, row};

    #[test]
    fn an_answer_that_gets_lost_is_told() {
        let edit = |property: &str| {
            row![
                "Dialog_" => "D", "Control" => "C", "Type" => "Edit", "X" => 1, "Y" => 1, "Width" => 1, "Height" => 1, "Attributes" => 3,
                "Property" => property,
            ]
            .to_vec()
        };
        assert_eq!(
            planted_one(&RULE, |fixture| fixture.add("Control", &edit("PROXY"))),
            "warning Control.Property D/C"
        );
        assert_eq!(planted(&RULE, |fixture| fixture.add("Control", &edit("SECRET"))), []);
        assert_eq!(planted(&RULE, |fixture| fixture.add("Control", &edit("Private"))), []);
    }
}
