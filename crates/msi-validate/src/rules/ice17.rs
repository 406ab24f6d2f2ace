//! ICE17: controls have the rows that their kind needs.

use crate::package::{Entry, Package};
use crate::rule::{Report, Rule, Severity};
use std::collections::HashSet;

pub const RULE: Rule = Rule {
    id: "ICE17",
    what: "Choices, pictures and buttons of a dialog have their rows: items in the table of the control's kind, a picture in Binary, an event for a button that can be pressed.",
    why: "The engine shows an empty control, cannot open the dialog, or has a button that does nothing.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice17",
    severity: Severity::Error,
    check,
};

const ENABLED: i32 = 0x2;
const INDIRECT: i32 = 0x8;
/// A push button, check box or option button that shows a bitmap or an icon from Binary.
const PICTURE: i32 = 0x40000 | 0x80000;

fn check(package: &Package, report: &mut Report) {
    let properties =
        |table: &str| -> HashSet<&str> { package.rows(table).map(|row| row.text("Property")).collect() };
    let choices = ["CheckBox", "ComboBox", "ListBox", "ListView", "RadioButton"].map(|table| {
        (if table == "RadioButton" { "RadioButtonGroup" } else { table }, table, properties(table))
    });
    let pressed: HashSet<(&str, &str)> =
        package.rows("ControlEvent").map(|row| (row.text("Dialog_"), row.text("Control_"))).collect();
    for control in package.rows("Control") {
        let kind = control.text("Type");
        let attributes = control.flags("Attributes");
        if let Some((_, table, known)) = choices.iter().find(|(name, ..)| *name == kind)
            && attributes & INDIRECT == 0
        {
            rows(&control, table, known, report);
        }
        let shows = matches!(kind, "Bitmap" | "Icon")
            || matches!(kind, "PushButton" | "CheckBox") && attributes & PICTURE != 0;
        let picture = control.text("Text");
        if shows && !picture.is_empty() && !picture.contains('[') && package.find("Binary", picture).is_none()
        {
            report.at(&control, "Text", format!("the picture `{picture}` is no row of Binary"));
        }
        let place = (control.text("Dialog_"), control.text("Control"));
        if kind == "PushButton" && attributes & ENABLED != 0 && !pressed.contains(&place) {
            report.at(&control, "Control", "the button can be pressed and has no row in ControlEvent");
        }
    }
}

/// A list may be filled by the engine or by an action while it runs; what a person ticks or picks from must be there.
fn rows(control: &Entry, table: &str, known: &HashSet<&str>, report: &mut Report) {
    let property = control.text("Property");
    if property.is_empty() {
        report.at(control, "Property", format!("a {} needs a property", control.text("Type")));
    } else if matches!(table, "CheckBox" | "RadioButton") && !known.contains(property) {
        report.at(control, "Property", format!("`{property}` has no row in {table}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one, row};

    #[test]
    fn what_a_control_shows_and_does_is_there() {
        assert_eq!(planted(&RULE, Fixture::ui), []);
        let spoilt = planted_one(&RULE, |fixture| {
            fixture.ui();
            fixture.remove("RadioButton", "Picked");
        });
        assert_eq!(spoilt, "error Control.Property Welcome/Pick");
        let spoilt = planted_one(&RULE, |fixture| {
            fixture.ui();
            fixture.remove("ControlEvent", "Finish");
        });
        assert_eq!(spoilt, "error Control.Control Finish/OK");
        let spoilt = planted_one(&RULE, |fixture| {
            fixture.ui();
            fixture.control("Finish", "Picture", "Icon", row!["Text" => "NoSuchIcon", "Attributes" => 1]);
        });
        assert_eq!(spoilt, "error Control.Text Finish/Picture");
    }
}
