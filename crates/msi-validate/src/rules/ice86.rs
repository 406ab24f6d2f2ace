//! ICE86: conditions ask for Privileged.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use msi_db::Category;
use msi_db::condition::{self, Reference};

pub const RULE: Rule = Rule {
    id: "ICE86",
    what: "Conditions use Privileged and not AdminUser.",
    why: "AdminUser is false for users whom a policy lets install, and says no more than Privileged unless MSIUSEREALADMINDETECTION is set.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice86",
    severity: Severity::Warning,
    check,
};

fn check(package: &Package, report: &mut Report) {
    // With this property AdminUser says what its name says, and Privileged cannot stand for it.
    if package.property("MSIUSEREALADMINDETECTION") == Some("1") {
        return;
    }
    for (table, _) in package.tables().filter(|(table, _)| !table.starts_with('_')) {
        for row in package.rows(table) {
            for (column, value) in
                row.columns().filter(|(column, _)| column.category == Some(Category::Condition))
            {
                let references = condition::parse(value.as_str().unwrap_or_default()).unwrap_or_default();
                if references.contains(&Reference::Property("AdminUser")) {
                    report.at(&row, &column.name, "Privileged is often more appropriate than AdminUser");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one};

    fn admin(fixture: &mut Fixture) {
        fixture.set("InstallExecuteSequence", "Apply", "Condition", "AdminUser");
    }

    #[test]
    fn admin_user_is_told_unless_it_is_real() {
        assert_eq!(planted_one(&RULE, admin), "warning InstallExecuteSequence.Condition Apply");
        let real = planted(&RULE, |fixture| {
            admin(fixture);
            fixture.property("MSIUSEREALADMINDETECTION", "1");
        });
        assert_eq!(real, []);
    }
}
