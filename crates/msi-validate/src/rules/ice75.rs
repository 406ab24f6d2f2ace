//! ICE75: actions of installed files come after costing.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sequence::{self, Kind};

pub const RULE: Rule = Rule {
    id: "ICE75",
    what: "Custom actions whose source is an installed file (types 17, 18, 21, 22) come after CostFinalize.",
    why: "Before costing the engine does not know where the file is.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice75",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    for table in sequence::TABLES {
        let actions = sequence::actions(package, table);
        let costed = actions
            .iter()
            .find(|scheduled| scheduled.action == "CostFinalize")
            .map(|scheduled| scheduled.sequence);
        for scheduled in &actions {
            let Some(custom) = package.find("CustomAction", scheduled.action) else { continue };
            let installed = matches!(Kind::of(&custom).base(), 17 | 18 | 21 | 22);
            if installed && costed.is_none_or(|costed| scheduled.sequence < costed) {
                report.at(
                    &scheduled.entry,
                    "Sequence",
                    "the action runs an installed file and must come after CostFinalize",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted_one, row};

    #[test]
    fn too_early_is_told() {
        let place = planted_one(&RULE, |fixture| {
            fixture.add("CustomAction", row!["Action" => "Run", "Type" => 18, "Source" => "Program"]);
            fixture.schedule("InstallExecuteSequence", "Run", 750, None);
        });
        assert_eq!(place, "error InstallExecuteSequence.Sequence Run");
    }
}
