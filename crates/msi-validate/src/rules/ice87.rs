//! ICE87: what to install is left to the one who installs.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE87",
    what: "Properties that select features or files on the command line are not in the Property table.",
    why: "They apply to every run: a package that authors REMOVE or ADDLOCAL cannot be removed or repaired as asked.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice87",
    severity: Severity::Warning,
    check,
};

const COMMAND_LINE: [&str; 11] = [
    "ADDDEFAULT",
    "ADDLOCAL",
    "ADDSOURCE",
    "ADVERTISE",
    "COMPADDLOCAL",
    "COMPADDSOURCE",
    "FILEADDDEFAULT",
    "FILEADDLOCAL",
    "FILEADDSOURCE",
    "REINSTALL",
    "REMOVE",
];

fn check(package: &Package, report: &mut Report) {
    for row in COMMAND_LINE.iter().filter_map(|name| package.find("Property", name)) {
        report.at(&row, "Property", "the property belongs on the command line");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn addlocal_is_told() {
        assert_eq!(
            planted_one(&RULE, |fixture| fixture.property("ADDLOCAL", "ALL")),
            "warning Property.Property ADDLOCAL"
        );
    }
}
