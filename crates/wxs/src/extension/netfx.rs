//! The NetFx extension: `NativeImage`. What it knows of installed versions is in its library.

use super::Object;
use crate::compile::node::Node;
use crate::compile::{Compiler, Handled, cells};

const ON_32_BIT: i32 = 0x08;
const ON_64_BIT: i32 = 0x10;

pub(super) fn in_object(c: &mut Compiler, node: &Node, object: &Object) -> Handled {
    let id = node.need_id(c, "Id");
    let base = formatted_or_key(c, node, "AppBaseDirectory", "Directory");
    let application = formatted_or_key(c, node, "AssemblyApplication", "File");
    let platforms = [("32bit", ON_32_BIT), ("64bit", ON_64_BIT), ("all", ON_32_BIT | ON_64_BIT)];
    let mut bits = node.choice(c, "Platform", &platforms).unwrap_or(ON_32_BIT);
    bits |= node.bit(c, "Debug", 0x1) | node.bit(c, "Profile", 0x4);
    if node.yes_no(c, "Dependencies") == Some(false) {
        bits |= 0x2;
    }
    let priority = node.int(c, "Priority", 0, 3).unwrap_or(3);
    c.refer(node, "CustomAction", "NetFxScheduleNativeImage");
    c.row(node, "NetFxNativeImage", cells![id, object.id, priority, bits, application, base]);
    c.no_children(node);
    Handled::Yes
}

/// An attribute that holds formatted text, or else the key of a row.
fn formatted_or_key<'d>(c: &mut Compiler, node: &Node<'d>, attribute: &str, table: &str) -> Option<&'d str> {
    let value = node.text(c, attribute)?;
    if !value.contains('[') {
        c.refer(node, table, value);
    }
    Some(value)
}
