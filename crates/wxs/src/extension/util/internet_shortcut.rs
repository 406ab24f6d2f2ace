//! `InternetShortcut`.

use super::OWN;
use crate::compile::component::Scope;
use crate::compile::node::Node;
use crate::compile::{Compiler, cells, names, remove_file};

/// `msidbRemoveFileInstallModeOnRemove`.
const ON_REMOVE: i32 = 2;

pub(super) fn internet_shortcut(c: &mut Compiler, node: &Node, scope: &Scope) {
    let id = node.need_id(c, "Id");
    let name = node.need_text(c, "Name");
    let target = node.need_text(c, "Target");
    let directory = node.id(c, "Directory").unwrap_or(&scope.directory);
    let kinds = [("link", (".lnk", 0)), ("url", (".url", 1))];
    let (extension, kind) = node.choice(c, "Type", &kinds).unwrap_or((".lnk", 0));
    let icon_file = node.text(c, "IconFile");
    let icon_index = node.int(c, "IconIndex", 0, i32::MAX).unwrap_or(0);
    let component = scope.component.as_str();
    let name = format!("{name}{extension}");
    let cells = cells![id, component, directory, name.as_str(), target, kind, icon_file, icon_index];
    c.row(node, "WixInternetShortcut", cells);
    c.refer_to_action(node, "WixSchedInternetShortcuts", OWN);
    // The action adds temporary rows to this table, and the installer's own removal takes the shortcut away.
    c.ensure_table(node, "CreateFolder");
    let file_name = if names::is_short_name(&name, false) {
        name
    } else if c.is_v4 {
        let short = remove_file::newer_short_name(&name).unwrap_or_default();
        format!("{short}|{name}")
    } else {
        let short = names::generate_short_name(&name, true, false, &[directory, &name]);
        format!("{short}|{name}")
    };
    c.row(node, "RemoveFile", cells![id, component, file_name, directory, ON_REMOVE]);
    c.no_children(node);
}
