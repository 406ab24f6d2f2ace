//! ICE27: sequence tables are in order.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};
use crate::sequence::{self, Scheduled, section};
use std::collections::HashMap;

pub const RULE: Rule = Rule {
    id: "ICE27",
    what: "Every action of a sequence is known, stands in its section (search, costing, selection, execution) and after those it depends on.",
    why: "The engine runs actions by their numbers alone: one that comes too early works on what is not there yet.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice27",
    severity: Severity::Error,
    check,
};

/// Actions that end a section, and the section that begins with them.
const BORDERS: [(&str, u8); 4] = [
    ("CostInitialize", section::COSTING),
    ("CostFinalize", section::SELECTION),
    ("InstallValidate", section::EXECUTION),
    ("InstallFinalize", section::AFTER),
];

fn check(package: &Package, report: &mut Report) {
    for table in sequence::TABLES {
        for entry in package.rows(table) {
            let action = entry.text("Action");
            let known = sequence::standard(action).is_some()
                || package.find("CustomAction", action).is_some()
                || package.find("Dialog", action).is_some();
            if !known {
                report.at(
                    &entry,
                    "Action",
                    format!("`{action}` is no standard action, custom action or dialog"),
                );
            }
        }
        let actions = sequence::actions(package, table);
        sections(&actions, report);
        order(table, &actions, report);
        finalize(table, &actions, report);
    }
}

fn sections(actions: &[Scheduled], report: &mut Report) {
    let mut current = section::SEARCH;
    for scheduled in actions {
        if let Some((_, begun)) = BORDERS.iter().find(|(border, _)| *border == scheduled.action) {
            current = *begun;
        }
        if let Some(standard) = sequence::standard(scheduled.action)
            && standard.sections & current == 0
        {
            let (is, should) = (names(current), names(standard.sections));
            report.at(
                &scheduled.entry,
                "Sequence",
                format!("{} stands in the {is} section and belongs into {should}", scheduled.action),
            );
        }
    }
}

fn order(table: &str, actions: &[Scheduled], report: &mut Report) {
    let places: HashMap<&str, &Scheduled> =
        actions.iter().map(|scheduled| (scheduled.action, scheduled)).collect();
    for (first, second) in sequence::ORDER {
        if let (Some(first), Some(second)) = (places.get(first), places.get(second))
            && first.sequence >= second.sequence
        {
            let (before, after) = (first.action, second.action);
            report.at(&second.entry, "Sequence", format!("in {table} {after} must come after {before}"));
        }
    }
}

/// InstallFinalize runs the script, so it is there if and only if something is written into the script.
fn finalize(table: &str, actions: &[Scheduled], report: &mut Report) {
    let has = |name: &str| actions.iter().any(|scheduled| scheduled.action == name);
    let writes = actions.iter().any(|scheduled| {
        let standard = sequence::standard(scheduled.action);
        standard.is_some_and(|standard| standard.sections == section::EXECUTION)
    });
    if writes && !has("InstallFinalize") {
        report.table(table, format!("{table} has actions that change the machine and no InstallFinalize"));
    } else if !writes && has("InstallFinalize") {
        report.table(table, format!("{table} has InstallFinalize and no action that changes the machine"));
    }
}

fn names(sections: u8) -> String {
    let all = ["search", "costing", "selection", "execution", "after"];
    let names = all.iter().enumerate().filter(|(at, _)| sections & (1 << at) != 0);
    names.map(|(_, name)| *name).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{place, planted, planted_one};
    use crate::sequence::EXECUTE;

    #[test]
    fn an_unknown_action_is_told() {
        let found = planted_one(&RULE, |fixture| fixture.schedule(EXECUTE, "InstalFiles", 4001, None));
        assert_eq!(found, "error InstallExecuteSequence.Action InstalFiles");
    }

    #[test]
    fn an_action_in_the_wrong_section_is_told() {
        let found = planted_one(&RULE, |fixture| fixture.set(EXECUTE, "AppSearch", "Sequence", 1100));
        assert_eq!(found, "error InstallExecuteSequence.Sequence AppSearch");
    }

    #[test]
    fn an_action_before_what_it_depends_on_is_told() {
        let found =
            planted_one(&RULE, |fixture| fixture.set(EXECUTE, "RemoveRegistryValues", "Sequence", 5050));
        assert_eq!(found, "error InstallExecuteSequence.Sequence WriteRegistryValues");
    }

    #[test]
    fn a_script_needs_somebody_who_runs_it() {
        let findings = planted(&RULE, |fixture| fixture.remove(EXECUTE, "InstallFinalize"));
        assert!(
            findings.iter().any(|finding| place(finding) == "error InstallExecuteSequence. "),
            "{findings:?}"
        );
    }
}
