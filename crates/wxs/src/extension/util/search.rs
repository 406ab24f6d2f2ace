//! The searches of bundles. A fragment may hold them beside what packages need; they leave no trace in a package.

use crate::compile::Compiler;
use crate::compile::node::Node;

pub(in crate::extension) fn search(c: &mut Compiler, node: &Node) {
    node.pass_over();
    if let Some(id) = node.id(c, "Id") {
        c.symbol(node, "WixSearch", id);
    }
    c.no_children(node);
}

pub(in crate::extension) fn reference(c: &mut Compiler, node: &Node) {
    c.simple_reference(node, "WixSearch");
    c.no_children(node);
}
