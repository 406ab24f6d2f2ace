//! ICE04: every file is on a disk.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE04",
    what: "No file's sequence number is greater than the last one of the Media table.",
    why: "The engine finds a file's cabinet by its number; a file past the last disk is in none.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice04",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let last = package.rows("Media").filter_map(|row| row.number("LastSequence")).max().unwrap_or(0);
    for file in package.rows("File") {
        if file.number("Sequence").is_some_and(|sequence| sequence > last) {
            report.at(&file, "Sequence", format!("no disk reaches this file; the last ends at {last}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_file_past_the_last_disk_is_told() {
        let place = planted_one(&RULE, |fixture| fixture.set("File", "Readme", "Sequence", 3));
        assert_eq!(place, "error File.Sequence Readme");
    }
}
