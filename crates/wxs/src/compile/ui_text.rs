//! Texts of the user interface: errors, progress, words, and the styles they are shown in.

use super::{Compiler, Node, cells, names};
use msi_db::Value;

pub(super) fn error(c: &mut Compiler, node: &Node) {
    let id = node.int(c, "Id", 0, i32::from(i16::MAX));
    let id = node.need(c, "Id", id);
    c.row(node, "Error", cells![id, node.raw_text()]);
    c.no_children(node);
}

pub(super) fn progress_text(c: &mut Compiler, node: &Node) {
    let action = node.need_text(c, "Action");
    let template = node.text(c, "Template");
    c.row(node, "ActionText", cells![action, node.raw_text(), template]);
    c.no_children(node);
}

pub(super) fn ui_text(c: &mut Compiler, node: &Node) {
    let id = node.need_id(c, "Id");
    c.row(node, "UIText", cells![id, node.raw_text()]);
    c.no_children(node);
}

pub(super) fn text_style(c: &mut Compiler, node: &Node) {
    let id = node.need_id(c, "Id");
    let face = node.need_text(c, "FaceName");
    let size = node.text(c, "Size").unwrap_or("0");
    let size = match size.trim().parse::<i32>() {
        Ok(size) => Value::Int(size),
        Err(_) => {
            if names::find_variable(size).is_none() {
                node.bad(c, "Size", format!("'{size}' is not a whole number"));
            }
            Value::from(size)
        }
    };
    let mut color = None;
    for (attribute, factor) in [("Red", 1), ("Green", 256), ("Blue", 65536)] {
        if let Some(part) = node.int(c, attribute, 0, 255) {
            color = Some(color.unwrap_or(0) + part * factor);
        }
    }
    let mut bits = 0;
    for (attribute, bit) in [("Bold", 1), ("Italic", 2), ("Underline", 4), ("Strike", 8)] {
        bits |= node.bit(c, attribute, bit);
    }
    let bits = (bits != 0).then_some(bits);
    c.row(node, "TextStyle", cells![id, face, size, color, bits]);
    c.no_children(node);
}
