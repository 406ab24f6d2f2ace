//! `Environment`.

use super::{Compiler, Node, cells};

pub(super) fn environment(c: &mut Compiler, node: &Node, component: &str) {
    let id = node.need_id(c, "Id");
    let action = node.choice(c, "Action", &[("create", "+"), ("set", "="), ("remove", "!")]);
    let name = node.need_text(c, "Name");
    let part = node.choice(c, "Part", &[("all", 0), ("first", 1), ("last", 2)]);
    let permanent = node.flag(c, "Permanent");
    let separator = node.text(c, "Separator").unwrap_or(";");
    let system = node.flag(c, "System");
    let value = node.text(c, "Value");
    if part.is_some() && action == Some("+") {
        let message = "a variable that is only created has no parts: leave 'Part' out".to_owned();
        node.combination(c, "Part", message);
    }
    let value = match part {
        Some(1) => Some(format!("{}{separator}[~]", value.unwrap_or_default())),
        Some(2) => Some(format!("[~]{separator}{}", value.unwrap_or_default())),
        _ => value.map(str::to_owned),
    };
    let (action, uninstall) = (action.unwrap_or_default(), if permanent { "" } else { "-" });
    let name = format!("{action}{uninstall}{}{name}", if system { "*" } else { "" });
    c.row(node, "Environment", cells![id, name, value, component]);
    c.no_children(node);
}
