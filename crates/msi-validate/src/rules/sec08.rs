//! SEC08: access lists keep ordinary users from writing.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sddl;

pub const RULE: Rule = Rule {
    id: "SEC08",
    what: "No access list of the package lets ordinary users write, create or delete.",
    why: "What a privileged program reads or runs there is theirs to change.",
    source: "https://learn.microsoft.com/windows/win32/msi/guidelines-for-authoring-secure-installations",
    severity: Severity::Error,
    check,
};

/// Names of groups that ordinary users are in.
const ORDINARY: [&str; 6] =
    ["everyone", "users", "authenticated users", "interactive", "guests", "anonymous logon"];

/// Bits of LockPermissions.Permission that write: generic all and write, write DAC and owner, delete, and the objects' own.
const WRITE: u32 = 0x1000_0000 | 0x4000_0000 | 0x000d_0000 | 0x0002 | 0x0004 | 0x0010 | 0x0040;

fn check(package: &Package, report: &mut Report) {
    for row in package.rows("MsiLockPermissionsEx") {
        if let Some(who) = sddl::lets_ordinary_users_write(row.text("SDDLText")) {
            report.at(
                &row,
                "SDDLText",
                format!("the access list of `{}` lets {who} write", row.text("LockObject")),
            );
        }
    }
    for row in package.rows("LockPermissions") {
        let user = row.text("User");
        let rights = row.flags("Permission").cast_unsigned();
        if ORDINARY.contains(&user.to_lowercase().as_str()) && rights & WRITE != 0 {
            report.at(&row, "Permission", format!("`{user}` may write to `{}`", row.text("LockObject")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, planted_one, row};

    #[test]
    fn both_tables_are_read() {
        let list = planted_one(&RULE, |fixture| {
            fixture.add(
                "MsiLockPermissionsEx",
                row!["MsiLockPermissionsEx" => "L", "LockObject" => "INSTALLDIR", "Table" => "CreateFolder", "SDDLText" => "D:(A;;FA;;;BU)"],
            );
        });
        assert_eq!(list, "error MsiLockPermissionsEx.SDDLText L");
        let lock = |rights: i32| {
            let cells = row!["LockObject" => "Readme", "Table" => "File", "User" => "Everyone", "Permission" => rights].to_vec();
            planted(&RULE, |fixture| fixture.add("LockPermissions", &cells)).len()
        };
        assert_eq!((lock(0x1000_0000), lock(1)), (1, 0));
    }
}
