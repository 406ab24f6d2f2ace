//! `TouchFile`, of WiX 4 and later: files that get the time of the installation.

use super::OWN;
use crate::compile::component::Scope;
use crate::compile::node::Node;
use crate::compile::{Compiler, cells};

const ON_INSTALL: i32 = 0x1;
const ON_REINSTALL: i32 = 0x2;
const ON_UNINSTALL: i32 = 0x4;
const IN_64_BIT: i32 = 0x10;
const VITAL: i32 = 0x20;

pub(super) fn touch_file(c: &mut Compiler, node: &Node, scope: &Scope) {
    let given_id = node.id(c, "Id").map(str::to_owned);
    let path = node.need_text(c, "Path");
    let whens = [("OnInstall", ON_INSTALL), ("OnReinstall", ON_REINSTALL), ("OnUninstall", ON_UNINSTALL)];
    let mut bits = 0;
    for (attribute, bit) in whens {
        bits |= node.bit(c, attribute, bit);
    }
    if !whens.iter().any(|(attribute, _)| node.has(attribute)) {
        bits = ON_INSTALL | ON_REINSTALL;
    }
    if scope.win64 {
        bits |= IN_64_BIT;
    }
    if !node.flag(c, "Nonvital") {
        bits |= VITAL;
    }
    let id = given_id.unwrap_or_else(|| c.generate_identifier("tf", &[path, &bits.to_string()]));
    c.refer_to_action(node, "WixTouchFileDuringInstall", OWN);
    c.row(node, "Wix4TouchFile", cells![id, scope.component.as_str(), path, bits]);
    c.no_children(node);
}
