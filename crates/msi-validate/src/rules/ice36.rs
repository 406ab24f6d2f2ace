//! ICE36: every icon is used.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use std::collections::HashSet;

pub const RULE: Rule = Rule {
    id: "ICE36",
    what: "Every icon is used by ARPPRODUCTICON, a shortcut, a class or a ProgId.",
    why: "The engine puts every icon on the machine when the product is advertised.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice36",
    severity: Severity::Warning,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let mut used: HashSet<&str> = HashSet::from_iter(package.property("ARPPRODUCTICON"));
    for table in ["Class", "ProgId", "Shortcut"] {
        used.extend(package.rows(table).map(|row| row.text("Icon_")));
    }
    for icon in package.rows("Icon") {
        if !used.contains(icon.text("Name")) {
            report.at(&icon, "Name", "nothing uses this icon");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one, row};

    fn icon(fixture: &mut Fixture) {
        let data = msi_db::Value::Stream(msi_db::Data::Bytes((*b"x").into()));
        fixture.add("Icon", row!["Name" => "a.ico", "Data" => data]);
    }

    #[test]
    fn an_unused_icon_is_told() {
        assert_eq!(planted_one(&RULE, icon), "warning Icon.Name a.ico");
        let used = |fixture: &mut Fixture| {
            icon(fixture);
            fixture.property("ARPPRODUCTICON", "a.ico");
        };
        assert_eq!(planted(&RULE, used), []);
    }
}
