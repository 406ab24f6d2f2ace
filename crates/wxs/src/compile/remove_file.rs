//! `RemoveFile` and `RemoveFolder`.

use super::component::Scope;
use super::{Compiler, Node, cells, names};
use crate::codes;

const WHEN: [(&str, i32); 3] = [("install", 1), ("uninstall", 2), ("both", 3)];

pub(super) fn remove_file(c: &mut Compiler, node: &Node, scope: &Scope) {
    let id = node.need_id(c, "Id");
    let file_name = if c.is_v4 {
        newer_name(c, node)
    } else {
        ShortAndLong::read(c, node, true, &["RemoveFile", &scope.component]).cell()
    };
    let (folder, when) = folder_and_time(c, node, scope);
    c.row(node, "RemoveFile", cells![id, scope.component.as_str(), file_name, folder, when]);
    c.no_children(node);
}

/// WiX 4 gives wildcards short names too. The binder makes them, when the component has its id.
fn newer_name(c: &mut Compiler, node: &Node) -> Option<String> {
    let short = node.short_name(c, "ShortName", true).map(str::to_owned);
    let name = node.long_name(c, "Name", true);
    let name = node.need(c, "Name", name);
    let short = short.or_else(|| newer_short_name(name).map(str::to_owned));
    names::file_name_cell(short.as_deref(), Some(name))
}

/// What stands for the short name of a file that is removed, where it needs one.
pub(crate) fn newer_short_name(name: &str) -> Option<&'static str> {
    (!names::is_short_name(name, false)).then_some(crate::v4::SHORT_NAME)
}

pub(super) fn remove_folder(c: &mut Compiler, node: &Node, scope: &Scope) {
    let id = node.need_id(c, "Id");
    let (folder, when) = folder_and_time(c, node, scope);
    let no_name: Option<&str> = None;
    c.row(node, "RemoveFile", cells![id, scope.component.as_str(), no_name, folder, when]);
    c.no_children(node);
}

fn folder_and_time(c: &mut Compiler, node: &Node, scope: &Scope) -> (String, i32) {
    let directory = c.reference(node, "Directory", "Directory");
    let property = node.text(c, "Property");
    node.excludes(c, "Property", "Directory");
    let when = node.choice(c, "On", &WHEN);
    let when = node.need(c, "On", when);
    (directory.or(property).unwrap_or(&scope.directory).to_owned(), when)
}

/// The names of a file that an element has in `Name`, `ShortName` and the older `LongName`.
pub(super) struct ShortAndLong {
    pub(super) short: Option<String>,
    pub(super) long: Option<String>,
}

impl ShortAndLong {
    /// Reads the names; a missing short one is made with `context`.
    pub(super) fn read(c: &mut Compiler, node: &Node, wildcards: bool, context: &[&str]) -> ShortAndLong {
        let short = node.short_name(c, "ShortName", wildcards).map(str::to_owned);
        let older = node.long_name(c, "LongName", wildcards);
        if older.is_some() {
            let message = "the attribute 'LongName' is deprecated; write 'Name'".to_owned();
            c.warn_at(codes::DEPRECATED, node.place("LongName"), message);
        }
        node.excludes(c, "ShortName", "LongName");
        let name = node.long_name(c, "Name", wildcards);
        let name = node.need(c, "Name", name.or(older)).to_owned();
        if name.is_empty() {
            return ShortAndLong { short, long: None };
        }
        if names::is_short_name(&name, wildcards) {
            if short.is_some() {
                node.combination(c, "ShortName", format!("'{name}' is a short name already"));
            }
            return ShortAndLong { short: Some(name), long: older.map(str::to_owned) };
        }
        node.excludes(c, "Name", "LongName");
        let short = short.unwrap_or_else(|| names::generate_short_name(&name, true, wildcards, context));
        ShortAndLong { short: Some(short), long: Some(name) }
    }

    pub(super) fn cell(&self) -> Option<String> {
        names::file_name_cell(self.short.as_deref(), self.long.as_deref())
    }
}
