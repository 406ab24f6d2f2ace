//! SEC03: no secret is stored.

use crate::formatted;
use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::secrets::{hidden, is_secret};

pub const RULE: Rule = Rule {
    id: "SEC03",
    what: "No secret has a value in the package, and none is written to the registry, an INI file, the environment, a shortcut or a service's command line.",
    why: "Everybody who has the package, or an account on the machine, can read it there.",
    source: "https://learn.microsoft.com/windows/win32/msi/preventing-confidential-information-from-being-written-into-the-log-file",
    severity: Severity::Error,
    check,
};

const STORES: [(&str, &str); 5] = [
    ("Registry", "Value"),
    ("IniFile", "Value"),
    ("Environment", "Value"),
    ("Shortcut", "Arguments"),
    ("ServiceInstall", "Arguments"),
];

fn check(package: &Package, report: &mut Report) {
    let hidden = hidden(package);
    for row in package.rows("Property") {
        let name = row.text("Property");
        if is_secret(name, &hidden) && !row.text("Value").is_empty() && name != "MsiHiddenProperties" {
            report.at(&row, "Value", format!("the secret `{name}` has a value in the package"));
        }
    }
    for (table, column) in STORES {
        for row in package.rows(table) {
            if let Some(secret) =
                formatted::properties(row.text(column)).find(|name| is_secret(name, &hidden))
            {
                report.at(&row, column, format!("the secret `{secret}` is written in clear"));
            }
        }
    }
    for row in package.rows("ServiceInstall") {
        let password = row.text("Password");
        if !password.is_empty() && formatted::references(password).is_empty() {
            report.at(&row, "Password", "the service's password is in the package");
        } else if let Some(name) = formatted::properties(password).find(|name| !hidden.contains(name)) {
            report.at(
                &row,
                "Password",
                format!("the password's property `{name}` is not in MsiHiddenProperties"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted_one, row};

    fn service(fixture: &mut Fixture, password: &str) {
        fixture.add(
            "ServiceInstall",
            row![
                "ServiceInstall" => "S", "Name" => "S", "ServiceType" => 16, "StartType" => 2, "ErrorControl" => 1, "Password" => password,
                "Component_" => "Program",
            ],
        );
    }

    #[test]
    fn each_store_is_looked_into() {
        assert_eq!(
            planted_one(&RULE, |fixture| fixture.property("SECRET", "x")),
            "error Property.Value SECRET"
        );
        let registry = planted_one(&RULE, |fixture| {
            fixture.add("Registry", row!["Registry" => "R", "Root" => 2, "Key" => "Software\\X", "Value" => "[SECRET]", "Component_" => "Readme"]);
        });
        assert_eq!(registry, "error Registry.Value R");
        assert_eq!(
            planted_one(&RULE, |fixture| service(fixture, "hunter2")),
            "error ServiceInstall.Password S"
        );
        assert_eq!(
            planted_one(&RULE, |fixture| service(fixture, "[OPEN]")),
            "error ServiceInstall.Password S"
        );
    }
}
