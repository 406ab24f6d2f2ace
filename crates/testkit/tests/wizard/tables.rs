//! What holds for every page by the package's tables: keys, texts, and where a password may pass.

use crate::agent::*;
use msi_db::database::RowRef;
use std::collections::{BTreeMap, BTreeSet};
use testkit::Variant;

fn package() -> msi_db::Database {
    Variant::of(&release(OLD, "commercial").msi).database
}

fn rows<'a>(package: &'a msi_db::Database, table: &str) -> impl Iterator<Item = RowRef<'a>> {
    package.table(table).unwrap_or_else(|| panic!("the package has {table}")).iter()
}

/// The letter after `&` in a text; `&&` is a plain one.
fn accelerator(text: &str) -> Option<char> {
    let text = text.replace("&&", "");
    text.split_once('&').and_then(|(_, rest)| rest.chars().next()).map(|c| c.to_ascii_lowercase())
}

/// The errors' buttons do not count: the engine shows those that fit, and some of them never together.
#[test]
fn no_page_has_an_accelerator_twice() {
    let package = package();
    let mut letters: BTreeMap<(String, char), Vec<String>> = BTreeMap::new();
    let buttons: Vec<(String, String)> = rows(&package, "RadioButton")
        .map(|row| (row.str("Property").unwrap().to_owned(), row.str("Text").unwrap_or_default().to_owned()))
        .collect();
    for control in rows(&package, "Control").filter(|control| control.str("Dialog_") != Some("ErrorDlg")) {
        const NO_PREFIX: i32 = 0x20000;
        let (dialog, kind) = (control.str("Dialog_").unwrap(), control.str("Type").unwrap());
        let text = control.str("Text").unwrap_or_default();
        let mut texts = vec![text.to_owned()];
        if kind == "RadioButtonGroup" {
            let group = control.str("Property");
            let own = buttons.iter().filter(|(property, _)| Some(property.as_str()) == group);
            texts = own.map(|(_, text)| text.clone()).collect();
        } else if !matches!(kind, "PushButton" | "CheckBox" | "Text")
            || kind == "Text" && control.int("Attributes").unwrap_or(0) & NO_PREFIX != 0
        {
            continue;
        }
        for text in texts {
            if let Some(letter) = accelerator(&text) {
                letters.entry((dialog.to_owned(), letter)).or_default().push(text);
            }
        }
    }
    assert!(letters.len() > 50, "the pages have accelerators");
    letters.retain(|_, texts| texts.len() > 1);
    assert_eq!(letters, BTreeMap::new());
}

/// Return and Escape do something on every page, and everything that can be operated has a letter of its own or is reached by the
/// tabulator key; the validator's ICE23 holds the ring.
#[test]
fn every_page_has_a_default_and_a_cancel() {
    let package = package();
    for dialog in rows(&package, "Dialog").filter(|dialog| dialog.str("Dialog") != Some("ErrorDlg")) {
        let name = dialog.str("Dialog").unwrap();
        for column in ["Control_Default", "Control_Cancel"] {
            let control = dialog.str(column).unwrap_or_else(|| panic!("{name} has no {column}"));
            let pressed = rows(&package, "ControlEvent")
                .any(|event| event.str("Dialog_") == Some(name) && event.str("Control_") == Some(control));
            assert!(pressed, "{control} of {name} does nothing");
        }
    }
}

/// A colour that is named would be unreadable on some high-contrast scheme's background.
#[test]
fn no_text_has_a_colour_of_its_own_and_none_stands_on_a_picture() {
    let package = package();
    for style in rows(&package, "TextStyle") {
        assert!(style.int("Color").is_none(), "{}", style.key());
    }
    let place =
        |row: &RowRef<'_>| ["X", "Y", "Width", "Height"].map(|column| row.int(column).unwrap_or_default());
    let controls: Vec<_> = rows(&package, "Control").collect();
    let pictures: Vec<_> =
        controls.iter().filter(|row| matches!(row.str("Type"), Some("Bitmap" | "Icon"))).collect();
    assert!(!pictures.is_empty());
    for picture in pictures {
        let [x, y, width, height] = place(picture);
        for other in controls.iter().filter(|row| {
            row.str("Dialog_") == picture.str("Dialog_")
                && !matches!(row.str("Type"), Some("Bitmap" | "Icon" | "Line"))
        }) {
            let [ox, oy, owidth, oheight] = place(other);
            let apart = ox >= x + width || ox + owidth <= x || oy >= y + height || oy + oheight <= y;
            assert!(apart, "{} stands on {}", other.key(), picture.key());
        }
    }
}

/// Windows masks these in its log; what passes to the elevated part is what SecureCustomProperties names.
#[test]
fn the_passwords_are_hidden_wherever_they_stand() {
    let package = package();
    let property = |name: &str| {
        let row = rows(&package, "Property").find(|row| row.str("Property") == Some(name));
        let value = row.and_then(|row| row.str("Value").map(str::to_owned)).unwrap_or_default();
        value.split(';').map(str::to_owned).collect::<BTreeSet<String>>()
    };
    let (hidden, secure) = (property("MsiHiddenProperties"), property("SecureCustomProperties"));
    const PASSWORD: i32 = 0x0020_0000;
    let fields: Vec<String> = rows(&package, "Control")
        .filter(|row| row.str("Type") == Some("Edit") && row.int("Attributes").unwrap_or(0) & PASSWORD != 0)
        .map(|row| row.str("Property").unwrap().to_owned())
        .collect();
    assert_eq!(fields.len(), 2);
    for field in &fields {
        assert!(hidden.contains(field), "{field} would stand in the log");
    }
    assert!(secure.contains("SERVICEPASSWORD") && !secure.contains("WizardPasswordAgain"));
    for (table, column) in
        [("Control", "Text"), ("ControlEvent", "Argument"), ("RadioButton", "Text"), ("Dialog", "Title")]
    {
        for row in rows(&package, table) {
            let text = row.str(column).unwrap_or_default();
            assert!(!fields.iter().any(|field| text.contains(&format!("[{field}]"))), "{}", row.key());
        }
    }
}

/// Wine's engine forgets what these buttons choose, in part; Windows needs the event, and the last page the property.
#[test]
fn the_maintenance_pages_choose_what_becomes_of_the_product() {
    let package = package();
    let events = |dialog: &str, control: &str| {
        let mut events: Vec<(i32, String, String)> = rows(&package, "ControlEvent")
            .filter(|row| row.str("Dialog_") == Some(dialog) && row.str("Control_") == Some(control))
            .map(|row| {
                let text = |column: &str| row.str(column).unwrap_or_default().to_owned();
                (row.int("Ordering").unwrap_or(0), text("Event"), text("Argument"))
            })
            .collect();
        events.sort();
        events.into_iter().map(|(_, event, argument)| format!("{event} {argument}")).collect::<Vec<_>>()
    };
    assert_eq!(events("RemoveDlg", "Remove"), ["Remove ALL", "[REMOVE] ALL", "EndDialog Return"]);
    assert_eq!(events("RepairDlg", "Repair"), ["ReinstallMode omus", "Reinstall ALL", "EndDialog Return"]);
}
