//! ICE104: access lists are given in one way, on things that exist, in a form that Windows reads.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::rules::ice55;
use crate::sddl;

pub const RULE: Rule = Rule {
    id: "ICE104",
    what: "A package has LockPermissions or MsiLockPermissionsEx, not both; each row of the latter names a thing of the package and a descriptor, and two rows for one thing have conditions.",
    why: "The engine refuses such a package, or fails in the middle with 1942 or 1943.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice-104",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    if package.has("LockPermissions") && package.has("MsiLockPermissionsEx") {
        report.table("LockPermissions", "LockPermissions and MsiLockPermissionsEx cannot be used together");
    }
    let folders = ice55::created_folders(package);
    let mut unconditional = std::collections::HashSet::new();
    for row in package.rows("MsiLockPermissionsEx") {
        let (table, object) = (row.text("Table"), row.text("LockObject"));
        if !["CreateFolder", "File", "Registry", "ServiceInstall"].contains(&table) {
            report.at(&row, "Table", format!("a row of {table} cannot have an access list"));
        } else if !ice55::exists(package, &folders, table, object) {
            report.at(&row, "LockObject", format!("`{object}` is no row of {table}"));
        }
        let text = row.text("SDDLText");
        // Accounts in brackets are put in at run time.
        if !text.contains('[') && !sddl::is_descriptor(text) {
            report.at(&row, "SDDLText", format!("`{text}` is no security descriptor"));
        }
        if row.is_null("Condition") && !unconditional.insert((table, object)) {
            report.at(
                &row,
                "LockObject",
                format!("another row without a condition gives `{object}` its access list"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one, row};

    fn lock(fixture: &mut Fixture, key: &str, sddl: &str) {
        fixture.add(
            "MsiLockPermissionsEx",
            row!["MsiLockPermissionsEx" => key, "LockObject" => "INSTALLDIR", "Table" => "CreateFolder", "SDDLText" => sddl],
        );
    }

    fn folder(fixture: &mut Fixture) {
        fixture.add("CreateFolder", row!["Directory_" => "INSTALLDIR", "Component_" => "Readme"]);
    }

    #[test]
    fn each_fault_is_told() {
        let good = "D:PAI(A;;FA;;;SY)";
        let gone = planted_one(&RULE, |fixture| lock(fixture, "A", good));
        assert_eq!(gone, "error MsiLockPermissionsEx.LockObject A");
        let both = planted_one(&RULE, |fixture| {
            folder(fixture);
            lock(fixture, "A", good);
            fixture.add(
                "LockPermissions",
                row!["LockObject" => "Readme", "Table" => "File", "User" => "Users", "Permission" => 1],
            );
        });
        assert_eq!(both, "error LockPermissions. ");
        let twice = planted_one(&RULE, |fixture| {
            folder(fixture);
            lock(fixture, "A", good);
            lock(fixture, "B", good);
        });
        assert_eq!(twice, "error MsiLockPermissionsEx.LockObject B");
        let text = planted_one(&RULE, |fixture| {
            folder(fixture);
            lock(fixture, "A", "SY:full");
        });
        assert_eq!(text, "error MsiLockPermissionsEx.SDDLText A");
        let right = planted(&RULE, |fixture| {
            folder(fixture);
            lock(fixture, "A", good);
        });
        assert_eq!(right, []);
    }
}
