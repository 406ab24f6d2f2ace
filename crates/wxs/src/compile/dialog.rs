//! `Dialog` and billboards, and the order in which the tabulator key goes through their controls.

use super::control::{self, Table};
use super::{Compiler, Handled, Node, cells};
use crate::codes;
use msi_db::Value;

/// Attributes of a dialog and the bit that each turns over.
const BITS: [(&str, i32); 10] = [
    ("Hidden", 0x01),
    ("Modeless", 0x02),
    ("NoMinimize", 0x04),
    ("SystemModal", 0x08),
    ("KeepModeless", 0x10),
    ("CustomPalette", 0x40),
    ("RightToLeft", 0x80),
    ("RightAligned", 0x100),
    ("LeftScroll", 0x200),
    ("ErrorDialog", 0x10000),
];
const TRACK_DISK_SPACE: i32 = 0x20;
/// Visible, modal, can be minimised.
const DEFAULT: i32 = 0x07;

/// What controls tell the dialog that they stand in.
#[derive(Default)]
pub(super) struct Tabs {
    pub(super) first: Option<String>,
    /// The last control that the tabulator key stops at, and where its row is.
    pub(super) last: Option<(String, usize)>,
    pub(super) default: Option<String>,
    pub(super) cancel: Option<String>,
    pub(super) track_disk_space: bool,
}

/// Column of the Control table that names the next control.
pub(super) const CONTROL_NEXT: usize = 10;

pub(super) fn dialog(c: &mut Compiler, node: &Node) {
    const MAX: i32 = i16::MAX as i32;
    let id = node.need_id(c, "Id");
    let height = node.int(c, "Height", 0, MAX);
    let height = node.need(c, "Height", height);
    let width = node.int(c, "Width", 0, MAX);
    let width = node.need(c, "Width", width);
    let title = node.text(c, "Title");
    let x = node.int(c, "X", 0, 100).unwrap_or(50);
    let y = node.int(c, "Y", 0, 100).unwrap_or(50);
    let mut bits = DEFAULT;
    for (attribute, bit) in BITS {
        bits ^= node.bit(c, attribute, bit);
    }
    let track_disk_space = node.flag(c, "TrackDiskSpace");
    bits |= if track_disk_space { TRACK_DISK_SPACE } else { 0 };

    let mut tabs = Tabs { track_disk_space, ..Tabs::default() };
    c.each_child(node, |c, child| {
        if child.name() != "Control" {
            return Handled::No;
        }
        control::control(c, child, id, Table::Control, &mut tabs);
        Handled::Yes
    });
    // From the last control back to the first, unless they are one.
    if let (Some(first), Some((last, row))) = (&tabs.first, &tabs.last)
        && first != last
    {
        c.section.rows[*row].values[CONTROL_NEXT] = Value::from(first.as_str());
    }
    if tabs.first.is_none() {
        let message = format!("the dialog '{id}' has no control that the tabulator key could stop at");
        c.error(node, codes::MISSING, message);
    }
    let Tabs { first, default, cancel, .. } = tabs;
    c.row(node, "Dialog", cells![id, x, y, width, height, bits, title, first, default, cancel]);
}

pub(super) fn billboard_action(c: &mut Compiler, node: &Node) {
    let action = node.id(c, "Id");
    let action = node.need(c, "Id", action);
    let place = format!("InstallExecuteSequence/{action}");
    c.refer(node, super::sequence::ACTION_REFERENCES, &place);
    let mut order = 0;
    c.each_child(node, |c, child| {
        if child.name() != "Billboard" {
            return Handled::No;
        }
        order += 1;
        billboard(c, child, action, order);
        Handled::Yes
    });
}

fn billboard(c: &mut Compiler, node: &Node, action: &str, order: i32) {
    let id = node.need_id(c, "Id");
    let feature = c.reference(node, "Feature", "Feature");
    let mut tabs = Tabs::default();
    c.each_child(node, |c, child| {
        if child.name() != "Control" {
            return Handled::No;
        }
        control::control(c, child, id, Table::BBControl, &mut tabs);
        Handled::Yes
    });
    c.row(node, "Billboard", cells![id, feature, action, order]);
}
