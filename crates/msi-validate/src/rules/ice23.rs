//! ICE23: the tabulator key goes round.

use crate::package::{Entry, Package};
use crate::rule::{Report, Rule, Severity};
use std::collections::{HashMap, HashSet};

pub const RULE: Rule = Rule {
    id: "ICE23",
    what: "The controls of a dialog that name a next one form one ring, and the first control is in it.",
    why: "The engine fails to open the dialog, or some controls cannot be reached without a mouse.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice23",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let mut controls: HashMap<&str, HashMap<&str, Entry>> = HashMap::new();
    for control in package.rows("Control") {
        controls.entry(control.text("Dialog_")).or_default().insert(control.text("Control"), control);
    }
    for dialog in package.rows("Dialog") {
        let controls = controls.remove(dialog.text("Dialog")).unwrap_or_default();
        for column in ["Control_First", "Control_Default", "Control_Cancel"] {
            let name = dialog.text(column);
            if !name.is_empty() && !controls.contains_key(name) {
                report.at(&dialog, column, format!("the dialog has no control `{name}`"));
            }
        }
        ring(&dialog, &controls, report);
    }
}

fn ring(dialog: &Entry, controls: &HashMap<&str, Entry>, report: &mut Report) {
    let first = dialog.text("Control_First");
    let Some(mut control) = controls.get(first) else { return };
    let mut visited = HashSet::new();
    while visited.insert(control.text("Control")) {
        let next = control.text("Control_Next");
        if next.is_empty() {
            // A dialog of one control needs no ring.
            if visited.len() > 1 {
                report.at(control, "Control_Next", "the tabulator key comes here and goes nowhere");
            }
            break;
        }
        let Some(found) = controls.get(next) else {
            report.at(control, "Control_Next", format!("the dialog has no control `{next}`"));
            break;
        };
        control = found;
    }
    if visited.len() > 1 && !control.text("Control_Next").is_empty() && control.text("Control") != first {
        report.at(control, "Control", "the tabulator key comes back here and not to the first control");
    }
    // In the order of the table would be arbitrary: by name.
    let mut rest: Vec<&Entry> =
        controls.values().filter(|control| !control.is_null("Control_Next")).collect();
    rest.retain(|control| !visited.contains(control.text("Control")));
    rest.sort_by_key(|control| control.text("Control"));
    for control in rest {
        report.at(control, "Control_Next", "the ring that begins at the first control does not come here");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one, row};

    #[test]
    fn the_tabulator_key_reaches_every_control_and_comes_back() {
        assert_eq!(planted(&RULE, Fixture::ui), []);
        let found = planted_one(&RULE, |fixture| {
            fixture.ui();
            fixture.set("Dialog", "Welcome", "Control_Default", "Gone");
        });
        assert_eq!(found, "error Dialog.Control_Default Welcome");
        let found = planted_one(&RULE, |fixture| {
            fixture.ui();
            fixture.control(
                "Welcome",
                "Lost",
                "Edit",
                row!["Attributes" => 3, "Property" => "X", "Control_Next" => "Next"],
            );
        });
        assert_eq!(found, "error Control.Control_Next Welcome/Lost");
        let found = planted_one(&RULE, |fixture| {
            fixture.ui();
            fixture.set("Dialog", "Welcome", "Control_First", "Away");
            fixture.control(
                "Welcome",
                "Away",
                "Edit",
                row!["Attributes" => 3, "Property" => "X", "Control_Next" => "Pick"],
            );
        });
        assert_eq!(found, "error Control.Control Welcome/Pick");
        let found = planted_one(&RULE, |fixture| {
            fixture.ui();
            fixture.set("Dialog", "Welcome", "Control_First", "Away");
            fixture.control(
                "Welcome",
                "Away",
                "Edit",
                row!["Attributes" => 3, "Property" => "X", "Control_Next" => "Nowhere"],
            );
            fixture.remove("Control", "Welcome");
            fixture.control(
                "Welcome",
                "Away",
                "Edit",
                row!["Attributes" => 3, "Property" => "X", "Control_Next" => "Nowhere"],
            );
            fixture.set("Dialog", "Welcome", "Control_Default", msi_db::Value::Null);
        });
        assert_eq!(found, "error Control.Control_Next Welcome/Away");
    }
}
