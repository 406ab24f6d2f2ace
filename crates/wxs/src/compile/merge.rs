//! `Merge` and `MergeRef`: merge modules.

use super::{Compiler, Handled, Node, Parent};
use crate::codes;
use crate::ir::{ChildKind, MergeSymbol};

pub(super) fn merge(c: &mut Compiler, node: &Node, directory: &str, disk_id: Option<i32>) {
    let id = node.need_text(c, "Id").to_owned();
    let own_disk_id = node.int(c, "DiskId", 1, i32::from(i16::MAX));
    if let Some(disk_id) = own_disk_id {
        c.refer(node, "Media", &disk_id.to_string());
    }
    let disk_id = own_disk_id.or(disk_id);
    if disk_id.is_none() && !node.has("DiskId") {
        let message =
            "<Merge> needs the attribute 'DiskId', of its own or of a directory around it".to_owned();
        c.error(node, codes::MISSING, message);
    }
    let file_compression = node.yes_no(c, "FileCompression");
    let language = node.loc_int(c, "Language", 0, i32::from(i16::MAX)).and(node.text_or_empty("Language"));
    let language = node.need(c, "Language", language).to_owned();
    let source = node.renamed(c, "SourceFile", "src");
    let source = node.need(c, "SourceFile", source).to_owned();
    let mut configuration = Vec::new();
    c.each_child(node, |c, child| {
        match child.name() {
            "ConfigurationData" => {
                let name = child.need_text(c, "Name").to_owned();
                let value = child.need_text(c, "Value").to_owned();
                configuration.push((name, value));
                c.no_children(child);
            }
            "SymbolPath" => drop(child.text(c, "Path")),
            _ => return Handled::No,
        }
        Handled::Yes
    });
    c.section.merges.push(MergeSymbol {
        id,
        language,
        directory: directory.to_owned(),
        source,
        disk_id: disk_id.unwrap_or(1),
        configuration,
        file_compression,
        feature: None,
        span: node.span(),
    });
}

pub(super) fn merge_ref(c: &mut Compiler, node: &Node, parent: &Parent) {
    let id = node.need_text(c, "Id");
    c.refer(node, "WixMerge", id);
    let primary = node.flag(c, "Primary");
    c.complex(node, parent, ChildKind::Merge, id, primary);
    c.no_children(node);
}
