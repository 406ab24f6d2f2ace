//! ICE46: no property is mistaken for another by the case of its letters.

use crate::formatted;
use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use msi_db::Category;
use msi_db::condition::{self, Reference};
use std::collections::{HashMap, HashSet};

pub const RULE: Rule = Rule {
    id: "ICE46",
    what: "Properties in conditions and formatted texts are written as where they are defined.",
    why: "Property names know case: another spelling is another property, which is empty.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice46",
    severity: Severity::Warning,
    check,
};

/// Properties of the engine that authors write in conditions.
const ENGINE: [&str; 38] = [
    "ACTION",
    "ADDLOCAL",
    "ADMINUSER",
    "ALLUSERS",
    "ARPPRODUCTICON",
    "AdminUser",
    "AFTERREBOOT",
    "Date",
    "Installed",
    "Intel",
    "Intel64",
    "LogonUser",
    "MSIFASTINSTALL",
    "Msix64",
    "MsiNTProductType",
    "NOTIFY",
    "PATCH",
    "Preselected",
    "Privileged",
    "ProductCode",
    "ProductID",
    "ProductState",
    "ProductVersion",
    "REBOOT",
    "REINSTALL",
    "REINSTALLMODE",
    "REMOVE",
    "RESUME",
    "RollbackDisabled",
    "ServicePackLevel",
    "SourceDir",
    "TARGETDIR",
    "UILevel",
    "UPGRADINGPRODUCTCODE",
    "VersionMsi",
    "VersionNT",
    "VersionNT64",
    "WindowsBuild",
];

fn check(package: &Package, report: &mut Report) {
    let mut defined: HashSet<&str> = ENGINE.into_iter().filter(|name| *name != "ADMINUSER").collect();
    for (table, column) in [
        ("Property", "Property"),
        ("Directory", "Directory"),
        ("AppSearch", "Property"),
        ("Upgrade", "ActionProperty"),
    ] {
        defined.extend(package.rows(table).map(|row| row.text(column)));
    }
    for action in package.rows("CustomAction") {
        if crate::sequence::Kind::of(&action).base() == 51 {
            defined.insert(action.text("Source"));
        }
    }
    let mut by_upper: HashMap<String, &str> = HashMap::new();
    for name in ENGINE.into_iter().filter(|name| *name != "ADMINUSER") {
        by_upper.insert(name.to_ascii_uppercase(), name);
    }
    for row in package.rows("Property") {
        let name = row.text("Property");
        match by_upper.get(&name.to_ascii_uppercase()) {
            Some(engine) if *engine != name => {
                report.at(
                    &row,
                    "Property",
                    format!("`{name}` differs from the engine's `{engine}` by case only"),
                );
            }
            _ => drop(by_upper.insert(name.to_ascii_uppercase(), name)),
        }
    }
    for name in &defined {
        by_upper.entry(name.to_ascii_uppercase()).or_insert(name);
    }
    for (table, _) in package.tables().filter(|(table, _)| !table.starts_with('_')) {
        for row in package.rows(table) {
            for (column, value) in row.columns() {
                let Some(text) = value.as_str() else { continue };
                let names: Vec<&str> = match column.category {
                    Some(Category::Condition) => condition_properties(text),
                    Some(Category::Formatted | Category::Template | Category::RegPath) => {
                        formatted::properties(text).collect()
                    }
                    _ => continue,
                };
                for name in names.into_iter().filter(|name| !defined.contains(name)) {
                    if let Some(known) = by_upper.get(&name.to_ascii_uppercase()) {
                        report.at(
                            &row,
                            &column.name,
                            format!("`{name}` differs from the property `{known}` by case only"),
                        );
                    }
                }
            }
        }
    }
}

fn condition_properties(text: &str) -> Vec<&str> {
    let references = condition::parse(text).unwrap_or_default();
    let properties = references.into_iter().filter_map(|reference| match reference {
        Reference::Property(name) => Some(name),
        _ => None,
    });
    properties.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, planted_one, row};

    #[test]
    fn another_spelling_is_told_where_it_stands() {
        let condition = planted_one(&RULE, |fixture| {
            fixture.set("InstallExecuteSequence", "Apply", "Condition", "NOT installed");
        });
        assert_eq!(condition, "warning InstallExecuteSequence.Condition Apply");
        let formatted = planted_one(&RULE, |fixture| {
            fixture.set("CustomAction", "SetApplySecret", "Target", "[Secret_][installdir]");
        });
        assert_eq!(formatted, "warning CustomAction.Target SetApplySecret");
        let property = planted_one(&RULE, |fixture| fixture.property("ReinstallMode", "omus"));
        assert_eq!(property, "warning Property.Property ReinstallMode");
    }

    #[test]
    fn two_properties_that_exist_may_differ_by_case() {
        let findings = planted(&RULE, |fixture| {
            fixture.add("AppSearch", row!["Property" => "Found", "Signature_" => "S"]);
            fixture.add("AppSearch", row!["Property" => "FOUND", "Signature_" => "S"]);
            fixture.set("InstallExecuteSequence", "Apply", "Condition", "Found AND FOUND AND Unknown");
        });
        assert_eq!(findings, []);
    }
}
