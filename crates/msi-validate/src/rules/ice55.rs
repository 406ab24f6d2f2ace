//! ICE55: permissions are given on things that exist.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use std::collections::HashSet;

pub const RULE: Rule = Rule {
    id: "ICE55",
    what: "Rows of LockPermissions name a file, folder or registry value of the package and a permission.",
    why: "The engine sets no permission on what it does not install, and the thing that was meant stays open.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice55",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let folders = created_folders(package);
    for row in package.rows("LockPermissions") {
        if !exists(package, &folders, row.text("Table"), row.text("LockObject")) {
            report.at(
                &row,
                "LockObject",
                format!("`{}` is no row of {}", row.text("LockObject"), row.text("Table")),
            );
        }
        if row.is_null("Permission") {
            report.at(&row, "Permission", "no permission is given");
        }
    }
}

/// Folders of the CreateFolder table, whose key is folder and component while a lock names the folder alone.
pub fn created_folders<'a>(package: &Package<'a>) -> HashSet<&'a str> {
    package.rows("CreateFolder").map(|row| row.text("Directory_")).collect()
}

/// Whether the package has what a lock names.
pub fn exists(package: &Package, folders: &HashSet<&str>, table: &str, object: &str) -> bool {
    match table {
        "CreateFolder" => folders.contains(object),
        table => package.find(table, object).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, planted_one, row};

    #[test]
    fn a_lock_on_nothing_is_told() {
        let lock = |object: &str| {
            row!["LockObject" => object, "Table" => "File", "User" => "Users", "Permission" => 1].to_vec()
        };
        let place = planted_one(&RULE, |fixture| fixture.add("LockPermissions", &lock("Gone")));
        assert_eq!(place, "error LockPermissions.LockObject Gone/File//Users");
        assert_eq!(planted(&RULE, |fixture| fixture.add("LockPermissions", &lock("Readme"))), []);
    }
}
