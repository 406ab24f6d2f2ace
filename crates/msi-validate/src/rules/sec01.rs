//! SEC01: secrets are hidden from the log.

use crate::formatted;
use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::secrets::{hidden, is_telling};
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    id: "SEC01",
    what: "Every property whose name says that it holds a secret is in MsiHiddenProperties.",
    why: "A verbose log writes the value of every other property, and the command line with it.",
    source: "https://learn.microsoft.com/windows/win32/msi/msihiddenproperties",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let hidden = hidden(package);
    let mut told = BTreeSet::new();
    let exposed = |name: &str| is_telling(name) && !hidden.contains(name);
    for (table, column) in [("Property", "Property"), ("Control", "Property"), ("AppSearch", "Property")] {
        for row in package.rows(table) {
            let name = row.text(column);
            if exposed(name) && told.insert(name) {
                report.at(&row, column, format!("`{name}` is not in MsiHiddenProperties"));
            }
        }
    }
    for name in package.property_list("SecureCustomProperties") {
        if exposed(name) && told.insert(name) {
            report.table("Property", format!("`{name}` is secure and not in MsiHiddenProperties"));
        }
    }
    for action in package.rows("CustomAction") {
        for name in formatted::properties(action.text("Target")) {
            if exposed(name) && told.insert(name) {
                report.at(&action, "Target", format!("`{name}` is not in MsiHiddenProperties"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_password_anybody_can_read_is_told() {
        let secure = planted_one(&RULE, |fixture| {
            fixture.set(
                "Property",
                "SecureCustomProperties",
                "Value",
                "NEWER_FOUND;OLDER_FOUND;SERVICEPASSWORD",
            );
        });
        assert_eq!(secure, "error Property. ");
        let target = planted_one(&RULE, |fixture| {
            fixture.set("CustomAction", "SetApplySecret", "Target", "x=[DB_PASSWORD]");
        });
        assert_eq!(target, "error CustomAction.Target SetApplySecret");
        let unhidden = planted_one(&RULE, |fixture| fixture.remove("Property", "MsiHiddenProperties"));
        assert_eq!(unhidden, "error Property. ");
    }
}
