//! What holds for every page by the package's tables: keys, texts, and where a password may pass.

use crate::agent::*;
use msi_db::database::RowRef;
use std::collections::BTreeSet;
use testkit::Variant;

fn package() -> msi_db::Database {
    Variant::of(&release(OLD, "commercial").msi).database
}

fn rows<'a>(package: &'a msi_db::Database, table: &str) -> impl Iterator<Item = RowRef<'a>> {
    package.table(table).unwrap_or_else(|| panic!("the package has {table}")).iter()
}

/// Return and Escape do something on every page, the tabulator key comes to everything that can be operated, and no letter leads to
/// two controls, in each language that the package has.
#[test]
fn the_keyboard_suffices_on_every_page_in_every_language() {
    let package = package();
    assert!(rows(&package, "Dialog").count() > 15);
    assert_eq!(testkit::keyboard::faults(&package), [""; 0]);
    for (language, storage) in &package.storages {
        let translated = msi_db::transform::apply(&package, storage).expect("a language transform");
        assert_eq!(testkit::keyboard::faults(&translated), [""; 0], "{language}");
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
