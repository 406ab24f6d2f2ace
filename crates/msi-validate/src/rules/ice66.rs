//! ICE66: the package asks for an engine that knows its tables.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE66",
    what: "The least engine version in the summary information (Page Count) covers every table that has rows.",
    why: "An older engine installs the package and ignores the tables that it does not know.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice66",
    severity: Severity::Warning,
    check,
};

/// Tables with the engine that brought them.
const SINCE: [(&str, i32); 13] = [
    ("IsolatedComponent", 110),
    ("MsiAssembly", 200),
    ("MsiAssemblyName", 200),
    ("MsiDigitalCertificate", 200),
    ("MsiDigitalSignature", 200),
    ("MsiFileHash", 200),
    ("MsiEmbeddedChainer", 450),
    ("MsiEmbeddedUI", 450),
    ("MsiLockPermissionsEx", 500),
    ("MsiPackageCertificate", 300),
    ("MsiServiceConfig", 500),
    ("MsiServiceConfigFailureActions", 500),
    ("MsiShortcutProperty", 500),
];

fn check(package: &Package, report: &mut Report) {
    let Some(schema) = package.summary().page_count else { return };
    for (table, since) in SINCE {
        if package.has(table) && schema < since {
            report.table(
                table,
                format!("{table} needs version {since} of the engine, and the package asks for {schema}"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted_one, row};

    #[test]
    fn a_table_of_a_newer_engine_is_told() {
        let place = planted_one(&RULE, |fixture| {
            fixture.database.summary.page_count = Some(200);
            fixture.add("MsiLockPermissionsEx", row!["MsiLockPermissionsEx" => "L", "LockObject" => "INSTALLDIR", "Table" => "CreateFolder", "SDDLText" => "D:"]);
        });
        assert_eq!(place, "warning MsiLockPermissionsEx. ");
    }
}
