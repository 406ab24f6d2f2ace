//! ICE71: the package lies on the first disk.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE71",
    what: "The Media table has a disk number 1.",
    why: "The engine takes disk 1 for the one that the package lies on.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice71",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    if !package.has("Media") {
        return;
    }
    let first = package.rows("Media").any(|row| row.number("DiskId") == Some(1));
    if !first {
        report.table("Media", "no disk has the number 1");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted_one, row};

    #[test]
    fn another_first_disk_is_told() {
        let place = planted_one(&RULE, |fixture| {
            fixture.database.tables.remove("Media");
            fixture.add("Media", row!["DiskId" => 2, "LastSequence" => 2]);
        });
        assert_eq!(place, "error Media. ");
    }
}
