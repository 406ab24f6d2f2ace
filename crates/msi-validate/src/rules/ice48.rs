//! ICE48: directories are not fixed to a drive.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE48",
    what: "No directory has a local path as its value in the Property table.",
    why: "Drives differ from machine to machine.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice48",
    severity: Severity::Warning,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for directory in package.rows("Directory") {
        let Some(property) = package.find("Property", directory.text("Directory")) else { continue };
        let value = property.text("Value").as_bytes();
        if let [drive, b':', b'\\' | b'/', ..] = value
            && drive.is_ascii_alphabetic()
        {
            report.at(&property, "Value", "the directory is fixed to a local drive");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_drive_is_told() {
        assert_eq!(
            planted_one(&RULE, |fixture| fixture.property("INSTALLDIR", "D:\\x")),
            "warning Property.Value INSTALLDIR"
        );
    }
}
