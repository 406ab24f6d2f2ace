//! `RemoveFolderEx`.

use crate::compile::node::Node;
use crate::compile::{Arch, Compiler, cells};

pub(super) fn remove_folder(c: &mut Compiler, node: &Node, component: &str) {
    let given_id = node.id(c, "Id").map(str::to_owned);
    let property = node.text(c, "Property");
    let property = node.need(c, "Property", property);
    let condition = node.text(c, "Condition");
    let on = node.choice(c, "On", &[("install", 1), ("uninstall", 2), ("both", 3)]).unwrap_or(2);
    let id =
        given_id.unwrap_or_else(|| c.generate_identifier("wrf", &[component, property, &on.to_string()]));
    let mut cells = cells![id, component, property, on];
    if c.is_v4 {
        cells.push(condition.into());
    }
    c.row(node, "WixRemoveFolderEx", cells);
    // The action adds temporary rows to this table.
    c.ensure_table(node, "RemoveFile");
    c.refer_to_action(node, "WixRemoveFoldersEx", &[Arch::Arm64]);
    c.no_children(node);
}
