//! ICE45: reserved bits are zero.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE45",
    what: "Columns of flags set no bit that Windows Installer reserves.",
    why: "A later engine may give the bit a meaning that nobody asked for.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice45",
    severity: Severity::Error,
    check,
};

/// The bits with a meaning, from the tables' pages. The last number is the schema since which they all have one.
const MEANINGS: [(&str, &str, i32); 12] = [
    ("Component", "Attributes", 0x0fff),
    ("Dialog", "Attributes", 0x103ff),
    ("Feature", "Attributes", 0x3f),
    ("File", "Attributes", 0x6607),
    ("MoveFile", "Options", 1),
    ("MsiFileHash", "Options", 0),
    ("ODBCDataSource", "Registration", 1),
    ("RemoveFile", "InstallMode", 3),
    ("ServiceControl", "Event", 0xbb),
    ("ServiceInstall", "ErrorControl", 0x8003),
    ("ServiceInstall", "ServiceType", 0x133),
    ("Upgrade", "Attributes", 0x707),
];

fn check(package: &Package, report: &mut Report) {
    for (table, column, meaning) in MEANINGS {
        for row in package.rows(table) {
            let reserved = row.flags(column) & !meaning;
            if reserved != 0 {
                report.at(&row, column, format!("the bits {reserved:#x} are reserved"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_reserved_bit_is_told() {
        let place = planted_one(&RULE, |fixture| fixture.set("File", "Readme", "Attributes", 512 + 128));
        assert_eq!(place, "error File.Attributes Readme");
    }
}
