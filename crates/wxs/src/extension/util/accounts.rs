//! `User`, `Group`, `GroupRef`, `FileShare` and `FileSharePermission`.

use super::{OWN, permission};
use crate::codes;
use crate::compile::component::Scope;
use crate::compile::node::Node;
use crate::compile::{Compiler, Handled, cells};
use diagnostics::Diagnostic;

/// Attributes of a user that only make sense where the package manages the account, with the answer that sets the bit.
const MANAGED: &[(&str, bool, i32)] = &[
    ("CanNotChangePassword", true, 0x2),
    ("CreateUser", false, 0x200),
    ("Disabled", true, 0x8),
    ("FailIfExists", true, 0x10),
    ("LogonAsBatchJob", true, 0x80),
    ("LogonAsService", true, 0x40),
    ("PasswordExpired", true, 0x4),
    ("PasswordNeverExpires", true, 0x1),
    ("RemoveOnUninstall", false, 0x100),
    ("UpdateIfExists", true, 0x20),
    ("Vital", false, 0x400),
];

const DONT_CREATE: i32 = 0x200;
const REMOVE_COMMENT: i32 = 0x800;

/// A user that the package creates, or outside a component one that exists.
pub(super) fn user(c: &mut Compiler, node: &Node, component: Option<&str>) {
    let id = node.need_id(c, "Id");
    let name = node.need_text(c, "Name");
    let domain = node.text(c, "Domain");
    let password = node.text(c, "Password");
    let comment = node.text(c, "Comment");
    let mut bits = node.bit(c, "RemoveComment", REMOVE_COMMENT);
    managed_comment(c, node, component, bits);
    for &(attribute, answer, bit) in MANAGED {
        if component.is_none() && node.has(attribute) {
            let message = format!("'{attribute}' can't be given where <util:User> stands in no component");
            node.combination(c, attribute, message);
        }
        if node.yes_no(c, attribute) == Some(answer) {
            bits |= bit;
        }
    }
    c.each_child(node, |c, child| {
        if child.name() != "util:GroupRef" {
            return Handled::No;
        }
        if component.is_none() {
            let message = "<util:GroupRef> can't stand in a user that stands in no component".to_owned();
            c.error(child, codes::MISPLACED_ELEMENT, message);
        }
        let group = c.simple_reference(child, "Group");
        c.row(child, "UserGroup", cells![id, group]);
        c.no_children(child);
        Handled::Yes
    });
    if component.is_some() {
        c.refer_to_action(node, "ConfigureUsers", OWN);
    }
    let cells = if c.is_v4 {
        cells![id, component, name, domain, password, comment, bits]
    } else {
        cells![id, component, name, domain, password, bits]
    };
    c.row(node, "User", cells);
}

/// A group that exists, or in a component, since WiX 4, one that the package creates.
pub(super) fn group(c: &mut Compiler, node: &Node, component: Option<&str>) {
    let id = node.need_id(c, "Id");
    let name = node.need_text(c, "Name");
    let domain = node.text(c, "Domain");
    let comment = node.text(c, "Comment");
    let mut bits = node.bit(c, "RemoveComment", REMOVE_COMMENT);
    managed_comment(c, node, component, bits);
    for &(attribute, answer, bit) in MANAGED.iter().filter(|(attribute, ..)| node.knows(attribute)) {
        if component.is_none() && node.has(attribute) {
            let message = format!("'{attribute}' can't be given where <util:Group> stands in no component");
            node.combination(c, attribute, message);
        }
        if node.yes_no(c, attribute) == Some(answer) {
            bits |= bit;
        }
    }
    // The account of a group has one more attribute than that of a user, and under a name of its own.
    if node.yes_no(c, "CreateGroup") == Some(false) {
        bits |= DONT_CREATE;
    }
    c.each_child(node, |c, child| {
        if child.name() != "util:GroupRef" {
            return Handled::No;
        }
        let parent = c.simple_reference(child, "Group");
        c.refer_to_action(child, "AddGroupMembership", OWN);
        c.row(child, "Wix6GroupGroup", cells![parent, id]);
        c.no_children(child);
        Handled::Yes
    });
    if component.is_some() {
        c.refer_to_action(node, "ConfigureGroups", OWN);
    }
    c.row(node, "Group", cells![id, component, name, domain]);
    if c.is_v4 {
        c.row(node, "Wix6Group", cells![id, comment, bits]);
    }
}

/// Says where a comment can't stand.
fn managed_comment(c: &mut Compiler, node: &Node, component: Option<&str>, bits: i32) {
    if component.is_none() && node.has("Comment") {
        let message = format!("'Comment' can't be given where <{}> stands in no component", node.name());
        node.combination(c, "Comment", message);
    }
    if bits != 0 {
        node.excludes(c, "Comment", "RemoveComment");
    }
}

pub(super) fn file_share(c: &mut Compiler, node: &Node, scope: &Scope) {
    let id = node.need_id(c, "Id");
    let name = node.need_text(c, "Name");
    let description = node.text(c, "Description");
    let mut shared = false;
    c.each_child(node, |c, child| {
        if child.name() != "util:FileSharePermission" {
            return Handled::No;
        }
        shared = true;
        let user = c.reference(child, "User", "User");
        let user = child.need(c, "User", user);
        let groups = [permission::STANDARD, permission::GENERIC, permission::FOLDER];
        let bits = permission::bits(c, child, &groups);
        c.row(child, "FileSharePermissions", cells![id, user, bits]);
        c.no_children(child);
        Handled::Yes
    });
    if !shared {
        let message = "<util:FileShare> needs a <util:FileSharePermission>";
        let finding = Diagnostic::error(codes::MISSING, message).at(node.span());
        c.push(finding.hint("put a <util:FileSharePermission … /> into it"));
    }
    c.refer_to_action(node, "ConfigureSmbInstall", OWN);
    c.refer_to_action(node, "ConfigureSmbUninstall", OWN);
    c.row(
        node,
        "FileShare",
        cells![id, name, scope.component.as_str(), description, scope.directory.as_str()],
    );
}
