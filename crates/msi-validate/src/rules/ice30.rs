//! ICE30: no file is installed twice to one place.

use crate::category::{is_short_name, short_and_long};
use crate::directories::{Directories, Place};
use crate::package::{Entry, Package};
use crate::rule::{Report, Rule, Severity};
use std::collections::HashMap;

pub const RULE: Rule = Rule {
    id: "ICE30",
    what: "No two files go to the same folder under the same long or short name.",
    why: "The second overwrites the first, and removing either component takes the file from the other.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice30",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let directories = Directories::new(package);
    let mut long_names: HashMap<(Place, String), Entry> = HashMap::new();
    let mut short_names: HashMap<(Place, String), Entry> = HashMap::new();
    for file in package.rows("File") {
        let Some(component) = package.find("Component", file.text("Component_")) else { continue };
        let folder = component.text("Directory_");
        let (Some(long_place), Some(short_place)) = (directories.long(folder), directories.short(folder))
        else {
            continue;
        };
        let (short, long) = short_and_long(file.text("FileName"));
        let twin = long_names.insert((long_place, long.to_lowercase()), file);
        // A long name without a short one gets a generated short name, which cannot be compared here.
        let short_twin = is_short_name(short, false)
            .then(|| short_names.insert((short_place, short.to_lowercase()), file))
            .flatten();
        if let Some(twin) = twin {
            tell(package, report, &file, &twin, long, &directories.show(long_place));
        } else if let Some(twin) = short_twin {
            tell(
                package,
                report,
                &file,
                &twin,
                short,
                &format!("{} (short names)", directories.show(short_place)),
            );
        }
    }
}

fn tell(package: &Package, report: &mut Report, file: &Entry, twin: &Entry, name: &str, folder: &str) {
    let conditional = |file: &Entry| {
        let component = package.find("Component", file.text("Component_"));
        component.is_some_and(|component| !component.is_null("Condition"))
    };
    // Two conditions may exclude one another; one alone cannot.
    let maybe = conditional(file) && conditional(twin) && file.text("Component_") != twin.text("Component_");
    let severity = if maybe { Severity::Warning } else { Severity::Error };
    let other = twin.text("File");
    report.as_severity(
        severity,
        file,
        "FileName",
        format!("`{name}` goes to {folder} as file `{other}` does"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, planted_one};

    #[test]
    fn names_are_compared_without_case_and_through_equal_folders() {
        let found = planted_one(&RULE, |fixture| {
            fixture.directory("Same", "INSTALLDIR", ".");
            fixture.set("Component", "Readme", "Directory_", "Same");
            fixture.set("File", "Readme", "FileName", "PROGRAM.EXE");
        });
        assert_eq!(found, "error File.FileName Readme");
    }

    #[test]
    fn short_names_collide_alone() {
        let found = planted_one(&RULE, |fixture| {
            fixture.set("File", "Program", "FileName", "LONGNA~1.TXT|long name one.txt");
            fixture.set("File", "Readme", "FileName", "LONGNA~1.TXT|long name two.txt");
        });
        assert_eq!(found, "error File.FileName Readme");
    }

    #[test]
    fn two_conditions_make_it_a_warning() {
        let found = planted_one(&RULE, |fixture| {
            fixture.set("File", "Readme", "FileName", "program.exe");
            fixture.set("Component", "Readme", "Condition", "VersionNT64");
            fixture.set("Component", "Program", "Condition", "NOT VersionNT64");
        });
        assert_eq!(found, "warning File.FileName Readme");
    }

    #[test]
    fn other_folders_are_other_places() {
        let findings = planted(&RULE, |fixture| {
            fixture.directory("Sub", "INSTALLDIR", "sub");
            fixture.set("Component", "Readme", "Directory_", "Sub");
            fixture.set("File", "Readme", "FileName", "program.exe");
        });
        assert_eq!(findings, []);
    }
}
