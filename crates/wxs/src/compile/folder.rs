//! `CreateFolder` and `ReserveCost`.

use super::component::Scope;
use super::{Compiler, Handled, Node, cells, permission, shortcut};
use crate::extension as extensions;

/// Gives the folder that is created.
pub(super) fn create_folder(c: &mut Compiler, node: &Node, scope: &Scope) -> String {
    let directory = c.reference(node, "Directory", "Directory").unwrap_or(&scope.directory).to_owned();
    c.each_child(node, |c, child| {
        match child.name() {
            "Shortcut" => {
                shortcut::shortcut(c, child, &scope.component, shortcut::Target::CreateFolder(&directory));
            }
            "Permission" => permission::permission(c, child, &directory, permission::Object::CreateFolder),
            "PermissionEx" => permission::permission_ex(c, child, &directory, "CreateFolder"),
            other if extensions::is_foreign(other) => {
                let object =
                    extensions::Object::new("CreateFolder", &directory, &scope.component, scope.win64);
                return extensions::in_object(c, child, &object);
            }
            _ => return Handled::No,
        }
        Handled::Yes
    });
    c.row(node, "CreateFolder", cells![directory.as_str(), scope.component.as_str()]);
    directory
}

pub(super) fn reserve_cost(c: &mut Compiler, node: &Node, scope: &Scope) {
    let id = node.need_id(c, "Id");
    let directory = c.reference(node, "Directory", "Directory").unwrap_or(&scope.directory).to_owned();
    let from_source = node.int(c, "RunFromSource", 0, i32::MAX);
    let from_source = node.need(c, "RunFromSource", from_source);
    let local = node.int(c, "RunLocal", 0, i32::MAX);
    let local = node.need(c, "RunLocal", local);
    c.row(node, "ReserveCost", cells![id, scope.component.as_str(), directory, local, from_source]);
    c.no_children(node);
}
