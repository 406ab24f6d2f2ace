//! Whether a person without a mouse gets through the dialogs of a package, by its tables.
//!
//! ICE23 asks for a ring of controls; this asks that everything that can be operated lies on it, that Return and Escape do
//! something, and that letters are unambiguous. Controls in one place are alternatives, of which one is visible at a time.

use msi_db::Database;
use msi_db::database::RowRef;
use std::collections::{BTreeMap, BTreeSet};

/// Kinds of control that somebody operates or reads with the keyboard. A list that only tells something is not among them.
const OPERATED: [&str; 14] = [
    "CheckBox",
    "ComboBox",
    "DirectoryCombo",
    "DirectoryList",
    "Edit",
    "Hyperlink",
    "ListView",
    "MaskedEdit",
    "PathEdit",
    "PushButton",
    "RadioButtonGroup",
    "ScrollableText",
    "SelectionTree",
    "VolumeSelectCombo",
];

const ENABLED: i32 = 2;
const NO_PREFIX: i32 = 0x2_0000;

/// What of the dialogs cannot be done with the keyboard, as sentences. Dialogs that the engine fills itself by what went wrong are
/// left out: it shows those buttons that fit.
pub fn faults(database: &Database) -> Vec<String> {
    let mut faults = Vec::new();
    for dialog in rows(database, "Dialog") {
        let name = dialog.str("Dialog").unwrap_or_default();
        if name == "ErrorDlg" {
            continue;
        }
        let controls: BTreeMap<&str, RowRef<'_>> = rows(database, "Control")
            .filter(|control| control.str("Dialog_") == Some(name))
            .map(|control| (control.str("Control").unwrap_or_default(), control))
            .collect();
        let page = Page { database, name, controls };
        page.keys(&dialog, &mut faults);
        page.ring(&dialog, &mut faults);
        page.letters(&mut faults);
    }
    faults
}

fn rows<'a>(database: &'a Database, table: &str) -> impl Iterator<Item = RowRef<'a>> {
    database.table(table).into_iter().flat_map(msi_db::Table::iter)
}

struct Page<'a> {
    database: &'a Database,
    name: &'a str,
    controls: BTreeMap<&'a str, RowRef<'a>>,
}

impl Page<'_> {
    /// Return presses the default control and Escape the cancelling one.
    fn keys(&self, dialog: &RowRef<'_>, faults: &mut Vec<String>) {
        for column in ["Control_Default", "Control_Cancel"] {
            let control = dialog.str(column).unwrap_or_default();
            let does = |event: RowRef<'_>| {
                event.str("Dialog_") == Some(self.name) && event.str("Control_") == Some(control)
            };
            // A condition may make another control the default one than the dialog names, or one where it names none.
            if column == "Control_Default" && control.is_empty() && self.default_by_condition() {
                continue;
            }
            if !self.controls.contains_key(control) {
                faults.push(format!("{} has no {column}", self.name));
            } else if !rows(self.database, "ControlEvent").any(does) {
                faults.push(format!("{}, the {column} of {}, does nothing", control, self.name));
            }
        }
    }

    fn default_by_condition(&self) -> bool {
        rows(self.database, "ControlCondition")
            .any(|row| row.str("Dialog_") == Some(self.name) && row.str("Action") == Some("Default"))
    }

    /// The tabulator key leads from the first control past everything that can be operated, and back.
    fn ring(&self, dialog: &RowRef<'_>, faults: &mut Vec<String>) {
        let first = dialog.str("Control_First").unwrap_or_default();
        let (mut at, mut seen) = (first, BTreeSet::new());
        while let Some(control) = self.controls.get(at) {
            if !seen.insert(at) {
                break;
            }
            at = control.str("Control_Next").unwrap_or_default();
        }
        // One control alone needs no next one.
        if at != first && !(at.is_empty() && seen.len() == 1) {
            faults.push(format!("the tabulator key does not come back to {first} of {}", self.name));
        }
        for (name, control) in &self.controls {
            let kind = control.str("Type").unwrap_or_default();
            if OPERATED.contains(&kind) && self.can_be_enabled(name, control) && !seen.contains(name) {
                faults.push(format!("the tabulator key does not come to {name} of {}", self.name));
            }
        }
    }

    fn can_be_enabled(&self, name: &str, control: &RowRef<'_>) -> bool {
        let own =
            |row: &RowRef<'_>| row.str("Dialog_") == Some(self.name) && row.str("Control_") == Some(name);
        control.int("Attributes").unwrap_or(0) & ENABLED != 0
            || rows(self.database, "ControlCondition")
                .any(|row| own(&row) && row.str("Action") == Some("Enable"))
            || rows(self.database, "EventMapping")
                .any(|row| own(&row) && row.str("Attribute") == Some("Enabled"))
    }

    /// A letter with Alt leads to one control.
    fn letters(&self, faults: &mut Vec<String>) {
        let mut taken: BTreeMap<char, (&str, [i32; 2])> = BTreeMap::new();
        for (name, control) in &self.controls {
            let place = ["X", "Y"].map(|column| control.int(column).unwrap_or(0));
            let mut texts = vec![control.str("Text").unwrap_or_default()];
            match control.str("Type").unwrap_or_default() {
                "RadioButtonGroup" => {
                    let property = control.str("Property");
                    texts = rows(self.database, "RadioButton")
                        .filter(|row| row.str("Property") == property)
                        .map(|row| row.str("Text").unwrap_or_default())
                        .collect();
                }
                "PushButton" | "CheckBox" | "GroupBox" => {}
                "Text" if control.int("Attributes").unwrap_or(0) & NO_PREFIX == 0 => {}
                _ => continue,
            }
            for letter in texts.into_iter().filter_map(letter) {
                let own = (*name, place);
                let other = *taken.entry(letter).or_insert(own);
                // The buttons of one group are in one place, and each needs its own.
                if other != own && other.1 != place {
                    faults.push(format!("{letter} is {} and {name} of {}", other.0, self.name));
                }
            }
        }
    }
}

/// The letter after `&` in a text; `&&` is a plain one.
fn letter(text: &str) -> Option<char> {
    let text = text.replace("&&", "");
    let letter = text.split_once('&')?.1.chars().next()?;
    letter.to_lowercase().next()
}
