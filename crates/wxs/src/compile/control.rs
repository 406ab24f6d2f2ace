//! `Control` in all its kinds, `Publish` and `Subscribe`.

use super::dialog::{CONTROL_NEXT, Tabs};
use super::{Compiler, Handled, Node, binary, cells, condition, names, property, ui};
use crate::codes;
use crate::schema::is_standard_action;
use msi_db::Value;

/// Where a control's row goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Control,
    BBControl,
}

const MAX: i32 = i16::MAX as i32;
/// Bits 0 and 1 of the attributes, visible and enabled, are stored turned over: absent words mean yes.
const INVERTED: i32 = 3;
const ENABLED: i32 = 2;
const FORMAT_SIZE: i32 = 0x0008_0000;
const BITMAP: i32 = 0x0004_0000;
const ICON: i32 = 0x0008_0000;

/// Attributes of every control, from bit 0.
const COMMON: [&str; 8] =
    ["Hidden", "Disabled", "Sunken", "Indirect", "Integer", "RightToLeft", "RightAligned", "LeftScroll"];

/// A kind of control.
struct Kind {
    name: &'static str,
    /// Attributes of its own, from bit 16; empty names are bits without one.
    special: &'static [&'static str],
    /// The tabulator key passes it over.
    no_tab: bool,
    disabled: bool,
}

const fn kind(name: &'static str, special: &'static [&'static str], no_tab: bool, disabled: bool) -> Kind {
    Kind { name, special, no_tab, disabled }
}

const EDIT: &[&str] = &["Multiline", "", "", "", "", "Password"];
const VOLUME: &[&str] = &["Removable", "Fixed", "Remote", "CDROM", "RAMDisk", "Floppy", "ShowRollbackCost"];

const KINDS: &[Kind] = &[
    kind("Billboard", &[], true, true),
    kind("Bitmap", &["Image", "", "", "", "FixedSize"], true, true),
    kind("CheckBox", &["", "PushLike", "Bitmap", "Icon", "FixedSize", "Icon16", "Icon32"], false, false),
    kind("ComboBox", &["Sorted", "ComboList", "", "", "UserLanguage"], false, false),
    kind("DirectoryCombo", VOLUME, false, false),
    kind("DirectoryList", &[], false, false),
    kind("Edit", EDIT, false, false),
    kind("GroupBox", &[], true, false),
    kind("Hyperlink", &["Transparent"], false, false),
    kind("Icon", &["Image", "", "", "", "FixedSize", "Icon16", "Icon32"], true, true),
    kind("Line", &[], true, true),
    kind("ListBox", &["Sorted", "", "", "", "UserLanguage"], false, false),
    kind("ListView", &["Sorted", "", "", "", "FixedSize", "Icon16", "Icon32"], false, false),
    kind("MaskedEdit", EDIT, false, false),
    kind("PathEdit", EDIT, false, false),
    kind("ProgressBar", &["ProgressBlocks"], true, true),
    kind(
        "PushButton",
        &["Image", "", "Bitmap", "Icon", "FixedSize", "Icon16", "Icon32", "ElevationShield"],
        false,
        false,
    ),
    kind(
        "RadioButtonGroup",
        &["Image", "PushLike", "Bitmap", "Icon", "FixedSize", "Icon16", "Icon32", "", "HasBorder"],
        false,
        false,
    ),
    kind("ScrollableText", &[], false, false),
    kind("SelectionTree", &[], false, false),
    kind("Text", &["Transparent", "NoPrefix", "NoWrap", "FormatSize", "UserLanguage"], true, false),
    kind("VolumeCostList", VOLUME, true, false),
    kind("VolumeSelectCombo", VOLUME, false, false),
];

/// A kind that only its extension's DLL knows.
const UNKNOWN: Kind = kind("", &[], true, false);

/// Compiles a control of a dialog or billboard.
pub(super) fn control(c: &mut Compiler, node: &Node, dialog: &str, table: Table, tabs: &mut Tabs) {
    let ty = node.need_text(c, "Type");
    let kind = KINDS.iter().find(|kind| kind.name == ty).unwrap_or(&UNKNOWN);
    if ty == "Billboard" {
        c.ensure_table(node, "Billboard");
    }
    let id = node.need_id(c, "Id");
    let mut attributes = bits(c, node, kind);
    let [x, y, width, height] = placement(c, node);
    let help = help(c, node);
    let property = node.text(c, "Property");
    let check_box_reference = node.text(c, "CheckBoxPropertyRef");
    let check_box_value = node.text(c, "CheckBoxValue");
    let no_tab = node.yes_no(c, "TabSkip").unwrap_or(kind.no_tab);
    if node.flag(c, "Cancel") {
        tabs.cancel = Some(id.to_owned());
    }
    if node.flag(c, "Default") {
        tabs.default = Some(id.to_owned());
    }
    let mut inside = Inside { text: node.text(c, "Text").map(str::to_owned), ..Inside::default() };
    children(c, node, dialog, id, property, &mut inside);
    attributes |= match inside.buttons {
        Some(ui::RadioButtons::Bitmap) => BITMAP,
        Some(ui::RadioButtons::Icon) => ICON,
        _ => 0,
    };
    let mut text = inside.text;
    if tabs.track_disk_space
        && ty == "Text"
        && attributes & FORMAT_SIZE == 0
        && let Some(text) = &mut text
        && text.starts_with('[')
        && text.ends_with(']')
    {
        // Windows Installer would not update a text that is one property and nothing else.
        text.push(' ');
    }
    if ty == "CheckBox" {
        check_box(c, node, property, check_box_reference, check_box_value);
    }
    if matches!(ty, "Bitmap" | "Icon")
        && let Some(picture) = text.as_deref().filter(|text| names::is_identifier(text))
    {
        c.refer(node, "Binary", picture);
    }

    let attributes = attributes ^ INVERTED;
    let mut cells = cells![dialog, id, ty, x, y, width, height, attributes];
    if table == Table::BBControl {
        cells.push(Value::from(text));
        c.row(node, "BBControl", cells);
        if let Some(source) = inside.source {
            c.row(node, "WixBBControl", cells![dialog, id, source]);
        }
        if !no_tab {
            let message = format!("a {ty} can't stand in a billboard, where no key reaches it");
            c.error(node, codes::CONFLICT, message);
        }
        return;
    }
    cells.extend(cells![property.or(check_box_reference), text, None::<&str>, help]);
    c.row(node, "Control", cells);
    let row = c.section.rows.len() - 1;
    if let Some(source) = inside.source {
        c.row(node, "WixControl", cells![dialog, id, source]);
    }
    if !no_tab {
        tabs.first.get_or_insert_with(|| id.to_owned());
        if let Some((_, last)) = tabs.last.replace((id.to_owned(), row)) {
            c.section.rows[last].values[CONTROL_NEXT] = Value::from(id);
        }
    }
}

/// `X`, `Y`, `Width` and `Height`.
pub(super) fn placement(c: &mut Compiler, node: &Node) -> [Value; 4] {
    ["X", "Y", "Width", "Height"].map(|attribute| {
        let value = node.loc_int(c, attribute, 0, MAX);
        if value.is_none() {
            node.need::<i32>(c, attribute, None);
        }
        value.unwrap_or(Value::Null)
    })
}

/// Tool tip and help in one cell.
pub(super) fn help(c: &mut Compiler, node: &Node) -> Option<String> {
    let (tip, help) = (node.text(c, "ToolTip"), node.text(c, "Help"));
    (tip.is_some() || help.is_some())
        .then(|| format!("{}|{}", tip.unwrap_or_default(), help.unwrap_or_default()))
}

/// An event, or a property that is set. `parent`: dialog and control, unless the element names them itself.
pub(super) fn publish(c: &mut Compiler, node: &Node, parent: Option<(&str, &str)>, order: &mut i32) {
    *order += 1;
    let (dialog, control) = match parent {
        Some((dialog, control)) => {
            for attribute in ["Dialog", "Control"] {
                if node.has(attribute) {
                    node.text_or_empty(attribute);
                    let message = format!("'{attribute}' is given by the control around it");
                    node.combination(c, attribute, message);
                }
            }
            (dialog.to_owned(), control.to_owned())
        }
        None => {
            let control = node.need_id(c, "Control").to_owned();
            let dialog = c.reference(node, "Dialog", "Dialog");
            (node.need(c, "Dialog", dialog).to_owned(), control)
        }
    };
    let event = node.text(c, "Event").map(upper_first);
    let property = node.text(c, "Property").map(|property| format!("[{property}]"));
    if let Some(number) = node.int(c, "Order", 0, i32::MAX) {
        *order = number;
    }
    let argument = node.text(c, "Value");
    node.excludes(c, "Property", "Event");
    if !node.has("Event") && !node.has("Property") {
        let message = "<Publish> needs the attribute 'Event' or 'Property'".to_owned();
        c.error(node, codes::MISSING, message);
    }
    if argument.is_none() && event.is_some() && !node.has("Value") {
        node.combination(c, "Event", "'Event' needs the attribute 'Value'".to_owned());
    }
    // Without a value a property is cleared.
    let argument = argument.or(property.is_some().then_some("{}"));
    let name = event.as_deref().or(property.as_deref());
    c.row(node, "ControlEvent", cells![dialog, control, name, argument, node.condition(), *order]);
    match (event.as_deref(), argument) {
        (Some("DoAction"), Some(action)) if !is_standard_action(action) && !contains_property(action) => {
            c.refer(node, "CustomAction", action);
        }
        (Some("NewDialog" | "SpawnDialog" | "SpawnWaitDialog" | "SelectionBrowse"), Some(dialog))
            if names::is_identifier(dialog) =>
        {
            c.refer(node, "Dialog", dialog);
        }
        _ => {}
    }
    c.no_children(node);
}

/// What stands inside a control.
#[derive(Default)]
struct Inside {
    text: Option<String>,
    /// File that the text is read from.
    source: Option<String>,
    buttons: Option<ui::RadioButtons>,
}

fn children(
    c: &mut Compiler,
    node: &Node,
    dialog: &str,
    id: &str,
    property: Option<&str>,
    inside: &mut Inside,
) {
    let mut order = 0;
    c.each_child(node, |c, child| {
        match child.name() {
            "Binary" => binary::binary(c, child),
            "ComboBox" | "ListBox" | "ListView" => ui::list(c, child),
            "Condition" => condition::of_control(c, child, dialog, id),
            "Property" => property::property(c, child),
            "Publish" => publish(c, child, Some((dialog, id)), &mut order),
            "RadioButtonGroup" => inside.buttons = ui::radio_button_group(c, child, property),
            "Subscribe" => subscribe(c, child, dialog, id),
            "Text" => text(c, child, inside),
            _ => return Handled::No,
        }
        Handled::Yes
    });
}

fn text(c: &mut Compiler, node: &Node, inside: &mut Inside) {
    inside.source = node.renamed(c, "SourceFile", "src").map(str::to_owned);
    if let Some(text) = node.raw_text() {
        if inside.source.is_some() {
            let message = "the text is given in the element and as a file".to_owned();
            node.combination(c, "SourceFile", message);
        }
        inside.text = Some(text.to_owned());
    }
    c.no_children(node);
}

fn subscribe(c: &mut Compiler, node: &Node, dialog: &str, control: &str) {
    let attribute = node.id(c, "Attribute").map(upper_first);
    let event = node.id(c, "Event").map(upper_first);
    c.row(node, "EventMapping", cells![dialog, control, event, attribute]);
    c.no_children(node);
}

fn check_box(
    c: &mut Compiler,
    node: &Node,
    property: Option<&str>,
    reference: Option<&str>,
    value: Option<&str>,
) {
    match (property, reference) {
        (Some(_), Some(_)) => node.excludes(c, "CheckBoxPropertyRef", "Property"),
        (Some(property), None) => drop(c.row(node, "CheckBox", cells![property, value])),
        (None, Some(reference)) => c.refer(node, "CheckBox", reference),
        (None, None) => {
            let message = "a CheckBox needs the attribute 'Property' or 'CheckBoxPropertyRef'".to_owned();
            c.error(node, codes::MISSING, message);
        }
    }
}

fn bits(c: &mut Compiler, node: &Node, kind: &Kind) -> i32 {
    let mut bits = if kind.disabled { ENABLED } else { 0 };
    for (index, attribute) in COMMON.iter().enumerate() {
        bits |= node.bit(c, attribute, 1 << index);
    }
    // `Icon`, `Bitmap` and others are words of several kinds, each at its own bit.
    for (index, attribute) in kind.special.iter().enumerate() {
        if !attribute.is_empty() {
            bits |= node.bit(c, attribute, 1 << (16 + index));
        }
    }
    let strangers = KINDS.iter().flat_map(|other| other.special);
    let mut told: Vec<&str> = Vec::new();
    for attribute in strangers.filter(|attribute| !kind.special.contains(attribute)) {
        if node.has(attribute) && !told.contains(attribute) {
            told.push(attribute);
            node.text_or_empty(attribute);
            node.combination(c, attribute, format!("a control of this type has no attribute '{attribute}'"));
        }
    }
    if let Some(size) = node.choice(c, "IconSize", &[("16", 1), ("32", 2), ("48", 3)]) {
        let index = kind.special.iter().position(|attribute| *attribute == "Icon16");
        match index {
            Some(index) => bits |= size << (16 + index),
            None => node.combination(c, "IconSize", "a control of this type shows no icon".to_owned()),
        }
    }
    bits
}

/// Whether a text holds a property, file or component in brackets.
fn contains_property(text: &str) -> bool {
    text.match_indices('[').any(|(at, _)| {
        let inner = text[at + 1..].trim_start_matches(['#', '$', '!']);
        inner.split_once(']').is_some_and(|(name, _)| names::is_identifier(name))
    })
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
