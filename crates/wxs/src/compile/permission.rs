//! `Permission` (LockPermissions) and `PermissionEx` (MsiLockPermissionsEx).

use super::{Compiler, Handled, Node, cells, condition};
use crate::codes;

/// What is protected; the low bits of a permission mean something else for each.
#[derive(Clone, Copy)]
pub(super) enum Object {
    CreateFolder,
    File,
    Registry,
}

/// Bits 16 and up.
pub(crate) const STANDARD: [&str; 5] =
    ["Delete", "ReadPermission", "ChangePermission", "TakeOwnership", "Synchronize"];
/// Bits 28 and up.
pub(crate) const GENERIC: [&str; 4] = ["GenericAll", "GenericExecute", "GenericWrite", "GenericRead"];
pub(crate) const FOLDER: [&str; 9] = [
    "Read",
    "CreateFile",
    "CreateChild",
    "ReadExtendedAttributes",
    "WriteExtendedAttributes",
    "Traverse",
    "DeleteChild",
    "ReadAttributes",
    "WriteAttributes",
];
const FILE: [&str; 9] = [
    "Read",
    "Write",
    "Append",
    "ReadExtendedAttributes",
    "WriteExtendedAttributes",
    "Execute",
    "FileAllRights",
    "ReadAttributes",
    "WriteAttributes",
];
pub(crate) const REGISTRY: [&str; 6] =
    ["Read", "Write", "CreateSubkeys", "EnumerateSubkeys", "Notify", "CreateLink"];

/// All rights that a file has: the nine of its own and the five standard ones.
const FILE_ALL: u32 = 0x001f_01ff;
const SPECIFIC_ALL: u32 = 0x0000_ffff;

pub(super) fn permission(c: &mut Compiler, node: &Node, object_id: &str, object: Object) {
    let (table, specific): (&str, &[&str]) = match object {
        Object::CreateFolder => ("CreateFolder", &FOLDER),
        Object::File => ("File", &FILE),
        Object::Registry => ("Registry", &REGISTRY),
    };
    let domain = node.text(c, "Domain");
    let user = node.need_text(c, "User");
    let mut bits = 0u32;
    if node.flag(c, "FileAllRights") {
        bits |= FILE_ALL;
    }
    if node.flag(c, "SpecificRightsAll") {
        bits |= SPECIFIC_ALL;
    }
    for (names, first) in [(&STANDARD[..], 16), (&GENERIC[..], 28), (specific, 0)] {
        for (index, name) in names.iter().enumerate().filter(|(_, name)| **name != "FileAllRights") {
            if node.flag(c, name) {
                bits |= 1 << (first + index);
            }
        }
    }
    for attribute in FOLDER.iter().chain(&FILE).chain(&REGISTRY).filter(|name| !specific.contains(name)) {
        if node.has(attribute) && node.text_or_empty(attribute).is_some() {
            let message = format!("'{attribute}' is no permission of a {table}");
            node.combination(c, attribute, message);
        }
    }
    if bits == 0x8000_0000 {
        let message =
            "GenericRead alone reads as no permission to Windows Installer; add another one".to_owned();
        c.error(node, codes::ATTRIBUTE_COMBINATION, message);
    }
    c.row(node, "LockPermissions", cells![object_id, table, domain, user, bits as i32]);
    c.no_children(node);
}

pub(super) fn permission_ex(c: &mut Compiler, node: &Node, object_id: &str, table: &str) {
    let id = node.id(c, "Id").unwrap_or(object_id).to_owned();
    let sddl = node.need_text(c, "Sddl");
    let mut found = None;
    c.each_child(node, |c, child| {
        if child.name() != "Condition" {
            return Handled::No;
        }
        if found.is_some() {
            c.error(child, codes::CONFLICT, "a permission has one <Condition>".to_owned());
        }
        found = condition::text(c, child);
        Handled::Yes
    });
    c.row(node, "MsiLockPermissionsEx", cells![id, object_id, table, sddl, found]);
}
