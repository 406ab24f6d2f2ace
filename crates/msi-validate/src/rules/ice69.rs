//! ICE69: formatted texts refer to their own component.

use crate::formatted::{self, Reference};
use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use msi_db::Category;
use std::collections::{HashMap, HashSet};

pub const RULE: Rule = Rule {
    id: "ICE69",
    what: "`[$component]` and `[#file]` in a component's row refer to that component.",
    why: "When the other component is not changed in this run, the reference is empty and a broken value is written.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice69",
    severity: Severity::Error,
    check,
};

const TABLES: [&str; 9] = [
    "Class",
    "Environment",
    "IniFile",
    "Registry",
    "RemoveIniFile",
    "RemoveRegistry",
    "ServiceControl",
    "ServiceInstall",
    "Shortcut",
];

fn check(package: &Package, report: &mut Report) {
    let mut features: HashMap<&str, HashSet<&str>> = HashMap::new();
    for row in package.rows("FeatureComponents") {
        features.entry(row.text("Component_")).or_default().insert(row.text("Feature_"));
    }
    for table in TABLES {
        for row in package.rows(table) {
            let own = row.text("Component_");
            for (column, value) in row.columns() {
                let formatted = matches!(
                    column.category,
                    Some(Category::Formatted | Category::RegPath | Category::Shortcut)
                );
                let Some(text) = value.as_str().filter(|_| formatted) else { continue };
                for reference in formatted::references(text) {
                    let (kind, name, component) = match reference {
                        Reference::Component(name) => (
                            "component",
                            name,
                            package.find("Component", name).map(|row| row.text("Component")),
                        ),
                        Reference::File(name) => {
                            ("file", name, package.find("File", name).map(|row| row.text("Component_")))
                        }
                        Reference::Property(_) | Reference::Environment(_) => continue,
                    };
                    let Some(component) = component else {
                        report.at(&row, &column.name, format!("`{name}` is no {kind} of this package"));
                        continue;
                    };
                    if component == own {
                        continue;
                    }
                    let together = match (features.get(own), features.get(component)) {
                        (Some(own), Some(other)) => own.intersection(other).next().is_some(),
                        _ => false,
                    };
                    let severity = if together { Severity::Warning } else { Severity::Error };
                    let message = format!(
                        "the row belongs to component `{own}` and refers to {kind} `{name}` of `{component}`"
                    );
                    report.as_severity(severity, &row, &column.name, message);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one, row};

    fn registry(fixture: &mut Fixture, value: &str) {
        fixture.add("Registry", row!["Registry" => "R", "Root" => 2, "Key" => "Software\\X", "Value" => value, "Component_" => "Readme"]);
    }

    #[test]
    fn another_component_is_told_by_how_far_it_is() {
        assert_eq!(planted_one(&RULE, |fixture| registry(fixture, "[#Program]")), "warning Registry.Value R");
        let apart = planted_one(&RULE, |fixture| {
            registry(fixture, "[$Program]");
            fixture.add("Feature", row!["Feature" => "Other", "Level" => 1, "Attributes" => 0]);
            fixture.remove("FeatureComponents", "Main");
            fixture.add("FeatureComponents", row!["Feature_" => "Main", "Component_" => "Readme"]);
            fixture.add("FeatureComponents", row!["Feature_" => "Other", "Component_" => "Program"]);
        });
        assert_eq!(apart, "error Registry.Value R");
        assert_eq!(planted_one(&RULE, |fixture| registry(fixture, "[#Gone]")), "error Registry.Value R");
        assert_eq!(planted(&RULE, |fixture| registry(fixture, "[#Readme][INSTALLDIR]")), []);
    }
}
