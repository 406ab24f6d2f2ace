//! `RemoveFolderEx`.

use crate::compile::node::Node;
use crate::compile::{Arch, Compiler, cells, names};

pub(super) fn remove_folder(c: &mut Compiler, node: &Node, component: &str) {
    let given_id = node.id(c, "Id").map(str::to_owned);
    let property = node.text(c, "Property");
    let property = node.need(c, "Property", property);
    let on = node.choice(c, "On", &[("install", 1), ("uninstall", 2), ("both", 3)]).unwrap_or(2);
    let id = given_id
        .unwrap_or_else(|| names::generate_identifier("wrf", &[component, property, &on.to_string()]));
    c.row(node, "WixRemoveFolderEx", cells![id, component, property, on]);
    // The action adds temporary rows to this table.
    c.ensure_table(node, "RemoveFile");
    c.refer_to_action(node, "WixRemoveFoldersEx", &[Arch::Arm64]);
    c.no_children(node);
}
