//! ICE99: directories have names of their own.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE99",
    what: "No directory has the name of a property that the engine uses.",
    why: "Costing sets the property to a path.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice99",
    severity: Severity::Error,
    check,
};

/// Properties with a meaning of their own that are no folders.
#[rustfmt::skip]
const RESERVED: [&str; 58] = [
    "ACTION", "ADDDEFAULT", "ADDLOCAL", "ADDSOURCE", "ADVERTISE", "AFTERREBOOT", "ALLUSERS", "ARPAUTHORIZEDCDFPREFIX", "ARPCOMMENTS",
    "ARPCONTACT", "ARPHELPLINK", "ARPHELPTELEPHONE", "ARPINSTALLLOCATION", "ARPNOMODIFY", "ARPNOREMOVE", "ARPNOREPAIR",
    "ARPPRODUCTICON", "ARPREADME", "ARPSIZE", "ARPSYSTEMCOMPONENT", "ARPURLINFOABOUT", "ARPURLUPDATEINFO", "AVAILABLEFREEREG",
    "AdminUser", "COMPADDLOCAL", "COMPADDSOURCE", "COMPANYNAME", "CustomActionData", "FASTOEM", "FILEADDDEFAULT", "FILEADDLOCAL",
    "FILEADDSOURCE", "INSTALLLEVEL", "Installed", "LIMITUI", "MSINEWINSTANCE", "MsiHiddenProperties", "NOTIFY", "PATCH",
    "Preselected", "Privileged", "ProductCode", "ProductLanguage", "ProductName", "ProductVersion", "REBOOT", "REINSTALL",
    "REINSTALLMODE", "REMOVE", "RESUME", "SEQUENCE", "SHORTFILENAMES", "SecureCustomProperties", "TRANSFORMS", "UILevel",
    "UPGRADINGPRODUCTCODE", "USERNAME", "UpgradeCode",
];

fn check(package: &Package, report: &mut Report) {
    for directory in package.rows("Directory") {
        if RESERVED.contains(&directory.text("Directory")) {
            report.at(&directory, "Directory", "this is the name of a property that the engine uses");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::planted_one;

    #[test]
    fn a_reserved_name_is_told() {
        let place = planted_one(&RULE, |fixture| fixture.directory("CustomActionData", "INSTALLDIR", "x"));
        assert_eq!(place, "error Directory.Directory CustomActionData");
    }
}
