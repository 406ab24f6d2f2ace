//! `Condition`, whose meaning depends on where it stands.

use super::{Compiler, Node, cells};
use crate::codes;

/// The text of a condition, which must not be empty.
pub(super) fn text(c: &mut Compiler, node: &Node) -> Option<String> {
    let text = node.condition();
    if text.is_none() {
        c.error(node, codes::TEXT, "the condition is empty".to_owned());
    }
    c.no_children(node);
    text
}

/// Below a product or fragment: what must hold for an installation to begin.
pub(super) fn launch(c: &mut Compiler, node: &Node) {
    let condition = text(c, node);
    let message = node.need_text(c, "Message");
    c.row(node, "LaunchCondition", cells![condition, message]);
}

/// Below a feature: what changes its level.
pub(super) fn of_feature(c: &mut Compiler, node: &Node, feature: &str) {
    let condition = text(c, node);
    let level = node.int(c, "Level", 0, i32::from(i16::MAX));
    let level = node.need(c, "Level", level);
    c.row(node, "Condition", cells![feature, level, condition]);
}

/// Below a control: what disables, enables, hides or shows it.
pub(super) fn of_control(c: &mut Compiler, node: &Node, dialog: &str, control: &str) {
    const ACTIONS: [(&str, &str); 5] = [
        ("default", "Default"),
        ("disable", "Disable"),
        ("enable", "Enable"),
        ("hide", "Hide"),
        ("show", "Show"),
    ];
    let condition = text(c, node);
    let action = node.choice(c, "Action", &ACTIONS);
    let action = node.need(c, "Action", action);
    c.row(node, "ControlCondition", cells![dialog, control, action, condition]);
}
