//! ICE12: actions that set directories stand on the right side of costing.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sequence::{self, Kind};

pub const RULE: Rule = Rule {
    id: "ICE12",
    what: "Actions of type 35 come after CostFinalize and name a directory; actions of type 51 that set a directory come before it.",
    why: "CostFinalize makes directories of properties: what sets one on the wrong side of it fails or is lost.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice12",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for action in package.rows("CustomAction") {
        if Kind::of(&action).base() == 35 && package.find("Directory", action.text("Source")).is_none() {
            report.at(&action, "Source", format!("`{}` is no directory", action.text("Source")));
        }
    }
    for table in sequence::TABLES {
        let actions = sequence::actions(package, table);
        let costed = actions.iter().find(|scheduled| scheduled.action == "CostFinalize");
        for scheduled in &actions {
            let Some(custom) = package.find("CustomAction", scheduled.action) else { continue };
            let after = match Kind::of(&custom).base() {
                35 => true,
                51 if package.find("Directory", custom.text("Source")).is_some() => false,
                _ => continue,
            };
            let Some(costed) = costed else {
                report.at(
                    &scheduled.entry,
                    "Action",
                    format!("it sets a directory, and {table} has no CostFinalize"),
                );
                continue;
            };
            if after && scheduled.sequence < costed.sequence {
                report.at(&scheduled.entry, "Sequence", "an action of type 35 must come after CostFinalize");
            } else if !after && scheduled.sequence > costed.sequence {
                report.at(
                    &scheduled.entry,
                    "Sequence",
                    "an action of type 51 that sets a directory must come before CostFinalize",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, planted_one, row};

    #[test]
    fn each_type_has_its_side() {
        for (kind, sequence) in [(35, 500), (51, 1100)] {
            let place = planted_one(&RULE, |fixture| {
                fixture.add(
                    "CustomAction",
                    row!["Action" => "SetDir", "Type" => kind, "Source" => "INSTALLDIR", "Target" => "[X]"],
                );
                fixture.schedule("InstallExecuteSequence", "SetDir", sequence, None);
            });
            assert_eq!(place, "error InstallExecuteSequence.Sequence SetDir");
        }
    }

    #[test]
    fn a_property_that_is_no_directory_may_be_set_anywhere() {
        let findings = planted(&RULE, |fixture| {
            fixture.add(
                "CustomAction",
                row!["Action" => "SetX", "Type" => 51, "Source" => "X", "Target" => "1"],
            );
            fixture.schedule("InstallExecuteSequence", "SetX", 1100, None);
        });
        assert_eq!(findings, []);
    }

    #[test]
    fn type_35_needs_a_directory() {
        let place = planted_one(&RULE, |fixture| {
            fixture.add(
                "CustomAction",
                row!["Action" => "SetDir", "Type" => 35, "Source" => "NOWHERE", "Target" => "[X]"],
            );
        });
        assert_eq!(place, "error CustomAction.Source SetDir");
    }
}
