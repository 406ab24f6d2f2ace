//! `SFPCatalog`: catalogues of protected files.

use super::{Compiler, Handled, Node, cells};
use crate::codes;

/// Gives the catalogue's name, on which a catalogue around it depends.
pub(super) fn sfp_catalog(c: &mut Compiler, node: &Node) -> String {
    let name = node.short_name(c, "Name", false);
    let name = node.need(c, "Name", name);
    let source = node.need_text(c, "SourceFile");
    let mut dependency = node.text(c, "Dependency").map(str::to_owned);
    c.each_child(node, |c, child| {
        match child.name() {
            "SFPCatalog" => {
                let inner = sfp_catalog(c, child);
                if dependency.as_ref().is_some_and(|dependency| *dependency == inner) {
                    let message = "'Dependency' is the catalogue inside already".to_owned();
                    node.combination(c, "Dependency", message);
                }
                dependency = Some(inner);
            }
            "SFPFile" => {
                let file = child.need_text(c, "Id");
                c.row(child, "FileSFPCatalog", cells![file, name]);
                c.no_children(child);
            }
            _ => return Handled::No,
        }
        Handled::Yes
    });
    if dependency.is_none() {
        c.error(node, codes::MISSING, "<SFPCatalog> needs the attribute 'Dependency'".to_owned());
    }
    c.row(node, "SFPCatalog", cells![name, source, dependency]);
    name.to_owned()
}
