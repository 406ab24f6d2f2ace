//! ICE80: the package's platform and language fit what it holds.

use crate::directories::Directories;
use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sequence::Kind;

pub const RULE: Rule = Rule {
    id: "ICE80",
    what: "64-bit components, folders, searches and scripts are in 64-bit packages only and go together, the engine version covers the platform, and ProductLanguage is in the Template.",
    why: "A 64-bit component in a 32-bit folder, or the other way round, lands where nobody looks for it.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice80",
    severity: Severity::Error,
    check,
};

const COMPONENT_64: i32 = 0x100;
const SCRIPT_64: i32 = 0x1000;
const LOCATOR_64: i32 = 16;

fn check(package: &Package, report: &mut Report) {
    let template = package.summary().template.as_deref().unwrap_or_default();
    let (platforms, languages) = template.split_once(';').unwrap_or((template, ""));
    let least = match platforms {
        "x64" => 200,
        "Intel64" => 150,
        "Arm64" => 500,
        _ => 0,
    };
    let wide = least > 0;
    if template.is_empty() {
        report.table("", "the summary information has no Template");
    }
    match package.summary().page_count {
        None => report.table("", "the summary information has no Page Count"),
        Some(schema) if schema < least => report.table(
            "",
            format!("{platforms} needs version {least} of the engine, and the package asks for {schema}"),
        ),
        Some(_) => {}
    }
    let language = package.property("ProductLanguage").unwrap_or_default();
    if !languages.split(',').any(|listed| listed.trim() == language) {
        report.table("Property", format!("ProductLanguage {language} is not in the Template `{template}`"));
    }
    components(package, wide, report);
    for action in package.rows("CustomAction") {
        let kind = Kind::of(&action);
        if !wide && kind.0 & SCRIPT_64 != 0 && matches!(kind.base() & 7, 5 | 6) {
            report.at(&action, "Type", format!("a 64-bit script in a package for {platforms}"));
        }
    }
    for locator in package.rows("RegLocator") {
        if !wide && locator.flags("Type") & LOCATOR_64 != 0 {
            report.at(
                &locator,
                "Type",
                format!("a search of the 64-bit registry in a package for {platforms}"),
            );
        }
    }
}

fn components(package: &Package, wide: bool, report: &mut Report) {
    let directories = Directories::new(package);
    for component in package.rows("Component") {
        let is_wide = component.flags("Attributes") & COMPONENT_64 != 0;
        if is_wide && !wide {
            report.at(
                &component,
                "Attributes",
                "a 64-bit component in a package that is not for a 64-bit platform",
            );
        }
        match directories.anchor(component.text("Directory_")) {
            Some("ProgramFiles64Folder" | "CommonFiles64Folder" | "System64Folder") if !is_wide => {
                report.at(&component, "Directory_", "a 32-bit component in a 64-bit folder");
            }
            Some(folder @ ("ProgramFilesFolder" | "CommonFilesFolder" | "SystemFolder")) if is_wide => {
                report.at(
                    &component,
                    "Directory_",
                    format!("a 64-bit component in the 32-bit folder {folder}"),
                );
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, planted_one, row};

    #[test]
    fn widths_must_go_together() {
        let narrow = planted_one(&RULE, |fixture| fixture.set("Component", "Readme", "Attributes", 0));
        assert_eq!(narrow, "error Component.Directory_ Readme");
        let wide = planted_one(&RULE, |fixture| {
            fixture.directory("ProgramFilesFolder", "TARGETDIR", ".");
            fixture.set("Component", "Readme", "Directory_", "ProgramFilesFolder");
        });
        assert_eq!(wide, "error Component.Directory_ Readme");
    }

    #[test]
    fn the_summary_must_fit() {
        let platform =
            planted(&RULE, |fixture| fixture.database.summary.template = Some("Intel;1033".into()));
        assert_eq!(platform.len(), 2, "{platform:?}");
        let language =
            planted_one(&RULE, |fixture| fixture.database.summary.template = Some("x64;1031".into()));
        assert_eq!(language, "error Property. ");
        let schema = planted_one(&RULE, |fixture| fixture.database.summary.page_count = Some(150));
        assert_eq!(schema, "error . ");
        let search = planted(&RULE, |fixture| {
            fixture.database.summary.template = Some("Intel;1033".into());
            fixture.add(
                "RegLocator",
                row!["Signature_" => "S", "Root" => 2, "Key" => "Software\\X", "Type" => 18],
            );
        });
        assert_eq!(search.len(), 3, "{search:?}");
    }
}
