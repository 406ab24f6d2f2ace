//! `EmbeddedChainer` and `EmbeddedUI`.

use super::{Compiler, Handled, Node, cells, names};
use crate::codes;

pub(super) fn chainer(c: &mut Compiler, node: &Node) {
    const EXE: i32 = 2;
    let id = node.need_id(c, "Id");
    let command_line = node.text(c, "CommandLine");
    node.excludes(c, "FileSource", "BinarySource");
    node.excludes(c, "PropertySource", "BinarySource");
    node.excludes(c, "PropertySource", "FileSource");
    let binary = c.reference(node, "BinarySource", "Binary").map(|source| (source, 0));
    let file = c.reference(node, "FileSource", "File").map(|source| (source, 0x10));
    let property = node.id(c, "PropertySource").map(|source| (source, 0x30));
    let source = binary.or(file).or(property);
    if source.is_none() {
        let message = "<EmbeddedChainer> needs 'BinarySource', 'FileSource' or 'PropertySource'".to_owned();
        c.error(node, codes::MISSING, message);
    }
    let (source, bits) = source.unwrap_or_default();
    c.row(node, "MsiEmbeddedChainer", cells![id, node.condition(), command_line, source, EXE | bits]);
    c.no_children(node);
}

/// Attributes that take a message away from the external user interface, and the message's bit.
const MESSAGES: [(&str, i32); 18] = [
    ("IgnoreFatalExit", 0x00001),
    ("IgnoreError", 0x00002),
    ("IgnoreWarning", 0x00004),
    ("IgnoreUser", 0x00008),
    ("IgnoreInfo", 0x00010),
    ("IgnoreFilesInUse", 0x00020),
    ("IgnoreResolveSource", 0x00040),
    ("IgnoreOutOfDiskSpace", 0x00080),
    ("IgnoreActionStart", 0x00100),
    ("IgnoreActionData", 0x00200),
    ("IgnoreProgress", 0x00400),
    ("IgnoreCommonData", 0x00800),
    ("IgnoreInitialize", 0x01000),
    ("IgnoreTerminate", 0x02000),
    ("IgnoreShowDialog", 0x04000),
    ("IgnoreRMFilesInUse", 0x2000000),
    ("IgnoreInstallStart", 0x4000000),
    ("IgnoreInstallEnd", 0x8000000),
];

pub(super) fn ui(c: &mut Compiler, node: &Node) {
    let (id, name, source) = resource_names(c, node);
    if !name.contains('.') {
        c.error(node, codes::BAD_VALUE, format!("'{name}' needs a file extension, as a library has"));
    }
    let attributes = 1 | node.bit(c, "SupportBasicUI", 2);
    let mut messages = 0;
    for (attribute, bit) in MESSAGES {
        messages |= if node.flag(c, attribute) { 0 } else { bit };
    }
    c.each_child(node, |c, child| {
        if child.name() != "EmbeddedUIResource" {
            return Handled::No;
        }
        let (id, name, source) = resource_names(c, child);
        let none: Option<i32> = None;
        c.row(child, "MsiEmbeddedUI", cells![id, name, 0, none, source]);
        c.no_children(child);
        Handled::Yes
    });
    c.row(node, "MsiEmbeddedUI", cells![id, name, attributes, messages, source]);
}

fn resource_names(c: &mut Compiler, node: &Node) -> (String, String, String) {
    let source = node.need_text(c, "SourceFile").to_owned();
    let given = node.long_name(c, "Name", false).map(str::to_owned);
    let name = given.unwrap_or_else(|| {
        let name = source.rsplit(['\\', '/', ':']).next().unwrap_or_default();
        if !names::is_long_name(name, false) {
            let message = format!("'{name}' at the end of the source path is not a file name");
            node.bad(c, "SourceFile", message);
        }
        name.to_owned()
    });
    let id = match node.id(c, "Id") {
        Some(id) => id.to_owned(),
        None => names::identifier_from_name(&name),
    };
    (id, name, source)
}
