//! `InstanceTransforms`: more than one installation of a product.

use super::{Compiler, Handled, Node, cells};

pub(super) fn instance_transforms(c: &mut Compiler, node: &Node) {
    let property = c.reference(node, "Property", "Property");
    let property = node.need(c, "Property", property);
    c.each_child(node, |c, child| {
        if child.name() != "Instance" {
            return Handled::No;
        }
        let id = child.need_id(c, "Id");
        let code = child.guid(c, "ProductCode", true);
        let code = child.need(c, "ProductCode", code);
        let name = child.text(c, "ProductName");
        let upgrade_code = child.guid(c, "UpgradeCode", false);
        c.row(child, "WixInstanceTransforms", cells![id, property, code, name, upgrade_code]);
        c.no_children(child);
        Handled::Yes
    });
}
