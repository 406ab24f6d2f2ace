//! `RemoveRegistryKey`, of WiX 4 and later: keys that go with all below them.

use super::OWN;
use crate::compile::node::Node;
use crate::compile::{Compiler, cells};

pub(super) fn remove_key(c: &mut Compiler, node: &Node, component: &str) {
    let id = node.need_id(c, "Id");
    let condition = node.text(c, "Condition");
    let root = node.root(c, "Root", true);
    let root = node.need(c, "Root", root);
    let key = node.need_text(c, "Key");
    let mode = node.choice(c, "On", &[("install", 1), ("uninstall", 2)]).unwrap_or(2);
    // The action adds temporary rows to these tables.
    c.ensure_table(node, "Registry");
    c.ensure_table(node, "RemoveRegistry");
    c.refer_to_action(node, "WixRemoveRegistryKeysEx", OWN);
    c.row(node, "Wix4RemoveRegistryKeyEx", cells![id, component, root, key, mode, condition]);
    c.no_children(node);
}
