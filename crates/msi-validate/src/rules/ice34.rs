//! ICE34: one option of a group is chosen from the start.

use crate::package::Package;
use crate::rule::{Report, Rule, Severity};

pub const RULE: Rule = Rule {
    id: "ICE34",
    what: "The property of a group of option buttons has a value, and it is that of one of the buttons.",
    why: "Without one the tabulator key cannot reach the group, and going on leaves the property empty.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice34",
    severity: Severity::Error,
    check,
};

const INDIRECT: i32 = 0x8;

fn check(package: &Package, report: &mut Report) {
    for control in package.rows("Control").filter(|control| control.text("Type") == "RadioButtonGroup") {
        let mut name = control.text("Property");
        if control.flags("Attributes") & INDIRECT != 0 {
            match package.property(name) {
                Some(named) => name = named,
                None => {
                    report.at(&control, "Property", format!("`{name}`, which names the group, has no value"));
                    continue;
                }
            }
        }
        // ICE17 speaks of a group without buttons.
        let mut values = package
            .rows("RadioButton")
            .filter(|row| row.text("Property") == name)
            .map(|row| row.text("Value"))
            .peekable();
        if values.peek().is_none() {
            continue;
        }
        match package.property(name) {
            None => report.at(&control, "Property", format!("`{name}` has no value, so no option is chosen")),
            Some(chosen) if !values.any(|value| value == chosen) => {
                report.at(
                    &control,
                    "Property",
                    format!("`{name}` has the value `{chosen}`, which is no option's"),
                );
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, planted, planted_one};

    #[test]
    fn an_option_is_chosen() {
        assert_eq!(planted(&RULE, Fixture::ui), []);
        let found = planted_one(&RULE, |fixture| {
            fixture.ui();
            fixture.remove("Property", "Picked");
        });
        assert_eq!(found, "error Control.Property Welcome/Pick");
        let found = planted_one(&RULE, |fixture| {
            fixture.ui();
            fixture.set("Property", "Picked", "Value", "other");
        });
        assert_eq!(found, "error Control.Property Welcome/Pick");
    }
}
