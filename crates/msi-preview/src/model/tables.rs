//! Reads the tables of a database that dialogs are made of.

use super::list::Family;
use super::{Area, Control, Dialog, Event, Feature, Item, Kind, Package, Scheduled, Style};
use msi_db::database::RowRef;
use msi_db::value::Data;
use msi_db::{Database, Table, Value};
use std::collections::BTreeMap;

pub(super) fn read(database: &Database) -> Package {
    let mut package = Package {
        dialogs: dialogs(database),
        styles: styles(database),
        pictures: pictures(database),
        features: features(database),
        events: events(database),
        sequence: sequence(database),
        ..Package::default()
    };
    for (table, family) in [
        ("ComboBox", Family::Combo),
        ("ListBox", Family::List),
        ("ListView", Family::View),
        ("RadioButton", Family::Radio),
    ] {
        for row in rows(database, table) {
            let item = Item {
                order: row.int("Order").unwrap_or(0),
                value: text(&row, "Value"),
                text: row.str("Text").map_or_else(|| text(&row, "Value"), str::to_owned),
                area: (family == Family::Radio).then(|| area(&row)),
                picture: row.str("Binary_").map(str::to_owned),
            };
            package.items.entry((family, text(&row, "Property"))).or_default().push(item);
        }
    }
    for items in package.items.values_mut() {
        items.sort_by_key(|item| item.order);
    }
    package.check_values =
        rows(database, "CheckBox").map(|row| (text(&row, "Property"), text(&row, "Value"))).collect();
    package.ui_texts = rows(database, "UIText").map(|row| (text(&row, "Key"), text(&row, "Text"))).collect();
    package
}

pub(crate) fn rows<'a>(database: &'a Database, table: &str) -> impl Iterator<Item = RowRef<'a>> {
    database.table(table).into_iter().flat_map(Table::iter)
}

fn text(row: &RowRef<'_>, column: &str) -> String {
    row.str(column).unwrap_or_default().to_owned()
}

fn area(row: &RowRef<'_>) -> Area {
    let number = |column| row.int(column).unwrap_or(0);
    Area { x: number("X"), y: number("Y"), width: number("Width"), height: number("Height") }
}

fn dialogs(database: &Database) -> BTreeMap<String, Dialog> {
    let mut dialogs: BTreeMap<String, Dialog> = rows(database, "Dialog")
        .map(|row| {
            let id = text(&row, "Dialog");
            let dialog = Dialog {
                id: id.clone(),
                width: row.int("Width").unwrap_or(0),
                height: row.int("Height").unwrap_or(0),
                attributes: row.int("Attributes").unwrap_or(0),
                title: text(&row, "Title"),
                first: text(&row, "Control_First"),
                default: row.str("Control_Default").map(str::to_owned),
                cancel: row.str("Control_Cancel").map(str::to_owned),
                controls: Vec::new(),
            };
            (id, dialog)
        })
        .collect();
    for row in rows(database, "Control") {
        let Some(dialog) = row.str("Dialog_").and_then(|id| dialogs.get_mut(id)) else { continue };
        let type_name = text(&row, "Type");
        dialog.controls.push(Control {
            id: text(&row, "Control"),
            kind: Kind::of(&type_name),
            type_name,
            area: area(&row),
            attributes: row.int("Attributes").unwrap_or(0),
            property: row.str("Property").map(str::to_owned),
            text: text(&row, "Text"),
            next: row.str("Control_Next").map(str::to_owned),
            conditions: Vec::new(),
            subscriptions: Vec::new(),
        });
    }
    let mut places: BTreeMap<(String, String), usize> = BTreeMap::new();
    for dialog in dialogs.values_mut() {
        // Pictures and frames lie behind everything that stands on them, whatever their names sort to.
        dialog.controls.sort_by_key(|control| match control.kind {
            Kind::Bitmap => 0,
            Kind::GroupBox | Kind::Line => 1,
            Kind::Icon | Kind::Billboard => 2,
            _ => 3,
        });
        for (place, control) in dialog.controls.iter().enumerate() {
            places.insert((dialog.id.clone(), control.id.clone()), place);
        }
    }
    let mut with_control = |table: &str, add: &mut dyn FnMut(&mut Control, &RowRef<'_>)| {
        for row in rows(database, table) {
            let key = (text(&row, "Dialog_"), text(&row, "Control_"));
            if let (Some(place), Some(dialog)) = (places.get(&key), dialogs.get_mut(&key.0)) {
                add(&mut dialog.controls[*place], &row);
            }
        }
    };
    with_control("ControlCondition", &mut |control, row| {
        control.conditions.push((text(row, "Action"), text(row, "Condition")));
    });
    with_control("EventMapping", &mut |control, row| {
        control.subscriptions.push((text(row, "Event"), text(row, "Attribute")));
    });
    dialogs
}

fn styles(database: &Database) -> BTreeMap<String, Style> {
    rows(database, "TextStyle")
        .map(|row| {
            let bits = row.int("StyleBits").unwrap_or(0);
            let colour = row.int("Color").map(|rgb| [rgb as u8, (rgb >> 8) as u8, (rgb >> 16) as u8]);
            let style = Style {
                face: text(&row, "FaceName"),
                size: row.int("Size").unwrap_or(8).clamp(1, 200),
                colour,
                bold: bits & 1 != 0,
                italic: bits & 2 != 0,
                underline: bits & 4 != 0,
                strike: bits & 8 != 0,
            };
            (text(&row, "TextStyle"), style)
        })
        .collect()
}

fn pictures(database: &Database) -> BTreeMap<String, Vec<u8>> {
    let mut pictures = BTreeMap::new();
    for (table, limit) in [("Icon", 4 << 20), ("Binary", 32 << 20)] {
        for row in rows(database, table) {
            let Some(Value::Stream(Data::Bytes(bytes))) = row.get("Data") else { continue };
            // Programs stand in these tables too; nobody draws them.
            if bytes.len() <= limit && !bytes.starts_with(b"MZ") {
                pictures.insert(text(&row, "Name"), bytes.to_vec());
            }
        }
    }
    pictures
}

fn features(database: &Database) -> Vec<Feature> {
    let mut features: Vec<Feature> = rows(database, "Feature")
        .map(|row| Feature {
            id: text(&row, "Feature"),
            parent: row.str("Feature_Parent").map(str::to_owned),
            title: text(&row, "Title"),
            description: text(&row, "Description"),
            display: row.int("Display").unwrap_or(0),
            level: row.int("Level").unwrap_or(1),
        })
        .collect();
    features.sort_by_key(|feature| feature.display);
    features
}

fn events(database: &Database) -> Vec<Event> {
    let mut events: Vec<Event> = rows(database, "ControlEvent")
        .map(|row| Event {
            dialog: text(&row, "Dialog_"),
            control: text(&row, "Control_"),
            event: text(&row, "Event"),
            argument: text(&row, "Argument"),
            condition: text(&row, "Condition"),
            ordering: row.int("Ordering").unwrap_or(0),
        })
        .collect();
    events.sort_by(|a, b| (&a.dialog, &a.control, a.ordering).cmp(&(&b.dialog, &b.control, b.ordering)));
    events
}

fn sequence(database: &Database) -> Vec<Scheduled> {
    let mut sequence: Vec<Scheduled> = rows(database, "InstallUISequence")
        .map(|row| Scheduled {
            action: text(&row, "Action"),
            condition: text(&row, "Condition"),
            sequence: row.int("Sequence").unwrap_or(0),
        })
        .collect();
    sequence.sort_by_key(|row| row.sequence);
    sequence
}
