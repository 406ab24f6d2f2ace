//! `IniFile`: rows of IniFile and RemoveIniFile.

use super::remove_file::ShortAndLong;
use super::{Compiler, Node, cells};

pub(super) fn ini_file(c: &mut Compiler, node: &Node, component: &str) {
    let id = node.need_id(c, "Id");
    let actions = [("addLine", 0), ("createLine", 1), ("removeLine", 2), ("addTag", 3), ("removeTag", 4)];
    let action = node.choice(c, "Action", &actions);
    let action = node.need(c, "Action", action);
    let directory = node.id(c, "Directory");
    let name = ShortAndLong::read(c, node, false, &["IniFile", component]).cell();
    let section = node.need_text(c, "Section");
    let key = node.need_text(c, "Key");
    let value = node.text(c, "Value");
    let table = if matches!(action, 2 | 4) {
        "RemoveIniFile"
    } else {
        node.need(c, "Value", value);
        "IniFile"
    };
    c.row(node, table, cells![id, name, directory, section, key, value, action, component]);
    c.no_children(node);
}
