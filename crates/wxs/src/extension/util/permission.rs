//! `PermissionEx`, and the bits of an access mask by name.

use super::OWN;
use crate::codes;
use crate::compile::node::Node;
use crate::compile::permission;
use crate::compile::{Arch, Compiler, cells};
use crate::extension::Object;
use diagnostics::Diagnostic;

/// Names of access rights, and the bit of the first one; empty names are bits without one.
pub(super) type Rights = (i32, &'static [&'static str]);

pub(super) const STANDARD: Rights = (16, &permission::STANDARD);
pub(super) const GENERIC: Rights = (28, &permission::GENERIC);
pub(super) const FOLDER: Rights = (0, &permission::FOLDER);
const FILE: Rights = (
    0,
    &[
        "Read",
        "Write",
        "Append",
        "ReadExtendedAttributes",
        "WriteExtendedAttributes",
        "Execute",
        "",
        "ReadAttributes",
        "WriteAttributes",
    ],
);
const REGISTRY: Rights = (0, &permission::REGISTRY);
const SERVICE: Rights = (
    0,
    &[
        "ServiceQueryConfig",
        "ServiceChangeConfig",
        "ServiceQueryStatus",
        "ServiceEnumerateDependents",
        "ServiceStart",
        "ServiceStop",
        "ServicePauseContinue",
        "ServiceInterrogate",
        "ServiceUserDefinedControl",
    ],
);

pub(super) fn permission_ex(c: &mut Compiler, node: &Node, object: &Object) {
    let special = match object.table {
        "CreateFolder" => FOLDER,
        "File" => FILE,
        "Registry" => REGISTRY,
        _ => SERVICE,
    };
    let domain = node.text(c, "Domain");
    let user = node.need_text(c, "User");
    let inherited = i32::from(node.yes_no(c, "Inheritable") != Some(false));
    let bits = bits(c, node, &[STANDARD, GENERIC, special]);
    if c.is_v4 {
        c.refer_to_action(node, "SchedSecureObjects", OWN);
        let cells = cells![object.id, object.table, domain, user, inherited, bits, object.component];
        c.row(node, "SecureObjects", cells);
        return c.no_children(node);
    }
    if object.win64 {
        match c.arch() {
            Arch::Ia64 => {
                let message = "<util:PermissionEx> is not supported for ia64".to_owned();
                c.error(node, codes::REFUSED, message);
            }
            Arch::Arm64 => c.refer_to_action(node, "SchedSecureObjects", &[Arch::Arm64]),
            // A 64-bit component in a package for x86 is secured by the 64-bit action all the same.
            _ => c.refer(node, "CustomAction", "SchedSecureObjects_x64"),
        }
    } else {
        c.refer_to_action(node, "SchedSecureObjects", &[Arch::Arm]);
    }
    c.row(node, "SecureObjects", cells![object.id, object.table, domain, user, bits, object.component]);
    c.no_children(node);
}

/// Reads the rights that an element grants. A right that none of the groups has does not belong to the object.
pub(super) fn bits(c: &mut Compiler, node: &Node, groups: &[Rights]) -> i32 {
    let mut bits = 0u32;
    let known = |name: &str| groups.iter().any(|(_, names)| names.contains(&name));
    for attribute in node.attribute_names() {
        if matches!(attribute, "User" | "Domain" | "Inheritable") || known(attribute) {
            continue;
        }
        // Reading it keeps the other complaint about the attribute away.
        if node.text_or_empty(attribute).is_some() && node.knows(attribute) {
            let message = format!("'{attribute}' is no right that this object has");
            let finding = Diagnostic::error(codes::UNKNOWN_ATTRIBUTE, message).at(node.place(attribute));
            c.push(finding.hint("leave it out; files, folders, keys and services have rights of their own"));
        }
    }
    for (first, names) in groups {
        for (at, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if node.flag(c, name) {
                bits |= 1 << (*first as usize + at);
            }
        }
    }
    // The sign bit alone is what Windows Installer takes for no value.
    if bits == 1 << 31 {
        let message = "GenericRead=\"yes\" can't be the only right: its number means 'no value' in a table";
        let finding = Diagnostic::error(codes::ATTRIBUTE_COMBINATION, message).at(node.place("GenericRead"));
        c.push(finding.hint("add another right, such as Read=\"yes\""));
    }
    bits as i32
}
