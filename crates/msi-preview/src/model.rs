//! What the tables say about dialogs: rows turned into dialogs with their controls.

pub mod control;
pub mod list;
pub(crate) mod tables;

pub use control::{Control, Kind};
pub use list::Item;

use msi_db::Database;
use std::collections::BTreeMap;

/// A rectangle in installer units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

/// A row of the Dialog table with its controls.
#[derive(Debug, Clone)]
pub struct Dialog {
    pub id: String,
    pub width: i32,
    pub height: i32,
    pub attributes: i32,
    pub title: String,
    pub first: String,
    pub default: Option<String>,
    pub cancel: Option<String>,
    /// In the order in which they are drawn: background first.
    pub controls: Vec<Control>,
}

/// A font, a size and a colour.
#[derive(Debug, Clone)]
pub struct Style {
    pub face: String,
    /// Points.
    pub size: i32,
    /// Red, green, blue; `None` is the system's colour of window texts.
    pub colour: Option<[u8; 3]>,
    pub bold: bool,
    pub italic: bool,
    pub underline: bool,
    pub strike: bool,
}

/// What a package says about its user interface.
#[derive(Debug, Clone, Default)]
pub struct Package {
    pub dialogs: BTreeMap<String, Dialog>,
    pub styles: BTreeMap<String, Style>,
    /// Pictures of the Binary and Icon tables that controls name.
    pub pictures: BTreeMap<String, Vec<u8>>,
    /// Items of combo boxes, list boxes, list views and groups of radio buttons, by property.
    pub items: BTreeMap<(list::Family, String), Vec<Item>>,
    /// What a check box sets, by property.
    pub check_values: BTreeMap<String, String>,
    pub ui_texts: BTreeMap<String, String>,
    pub features: Vec<Feature>,
    pub events: Vec<Event>,
    /// Dialogs and actions of InstallUISequence, in order.
    pub sequence: Vec<Scheduled>,
}

/// A feature, for selection trees.
#[derive(Debug, Clone)]
pub struct Feature {
    pub id: String,
    pub parent: Option<String>,
    pub title: String,
    pub description: String,
    /// Odd: shown expanded. Even: shown collapsed. Zero: not shown.
    pub display: i32,
    pub level: i32,
}

/// A row of the ControlEvent table.
#[derive(Debug, Clone)]
pub struct Event {
    pub dialog: String,
    pub control: String,
    pub event: String,
    pub argument: String,
    pub condition: String,
    pub ordering: i32,
}

/// A row of InstallUISequence.
#[derive(Debug, Clone)]
pub struct Scheduled {
    pub action: String,
    pub condition: String,
    pub sequence: i32,
}

/// The bit of the Dialog table that makes a dialog the one for errors.
const ERROR_DIALOG: i32 = 0x1_0000;

impl Dialog {
    /// Whether the engine shows it for messages. It has a button for each possible answer in one place, and shows those that a
    /// message has.
    pub fn is_for_errors(&self) -> bool {
        self.attributes & ERROR_DIALOG != 0
    }
}

impl Package {
    /// Reads what a database says about dialogs. What is missing or of the wrong kind is left out: a preview shows what is
    /// there, and whether a package is right is the validator's matter.
    pub fn read(database: &Database) -> Package {
        tables::read(database)
    }
}
