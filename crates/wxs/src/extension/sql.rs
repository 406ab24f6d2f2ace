//! The Sql extension: `SqlDatabase` with its files, `SqlScript` and `SqlString`.

use crate::codes;
use crate::compile::component::Scope;
use crate::compile::node::Node;
use crate::compile::{Arch, Compiler, Handled, cells};
use diagnostics::Diagnostic;

/// When something is done to a database, with the bits of its row.
const DATABASE_BITS: &[(&str, i32)] = &[
    ("CreateOnInstall", 0x01),
    ("DropOnUninstall", 0x02),
    ("ContinueOnError", 0x04),
    ("DropOnInstall", 0x08),
    ("CreateOnUninstall", 0x10),
    ("ConfirmOverwrite", 0x20),
    ("CreateOnReinstall", 0x40),
    ("DropOnReinstall", 0x80),
];
const ROLLBACK: i32 = 0x08;
/// When a statement runs: the end of the attributes' names, and the bits.
const EVENTS: &[(&str, i32)] = &[("OnInstall", 0x01), ("OnUninstall", 0x02), ("OnReinstall", 0x10)];
const CONTINUE_ON_ERROR: i32 = 0x04;

pub(super) fn in_section(c: &mut Compiler, node: &Node) -> Handled {
    if node.name() != "sql:SqlDatabase" {
        return Handled::No;
    }
    database(c, node, None);
    Handled::Yes
}

pub(super) fn in_component(c: &mut Compiler, node: &Node, scope: &Scope) -> Handled {
    match node.name() {
        "sql:SqlDatabase" => database(c, node, Some(&scope.component)),
        "sql:SqlScript" | "sql:SqlString" => statement(c, node, &scope.component, None),
        _ => return Handled::No,
    }
    Handled::Yes
}

/// A database that the package creates or drops, or outside a component one that only exists.
fn database(c: &mut Compiler, node: &Node, component: Option<&str>) {
    let id = node.need_id(c, "Id");
    let server = node.need_text(c, "Server");
    let instance = node.text(c, "Instance");
    let name = node.need_text(c, "Database");
    if name.encode_utf16().count() > 128 {
        node.bad(c, "Database", "the name of a database has at most 128 characters".to_owned());
    }
    let user = match node.text(c, "User") {
        Some(user) if user.contains('[') => Some(user),
        Some(_) => c.reference(node, "User", "User"),
        None => None,
    };
    let mut bits = 0;
    for &(attribute, bit) in DATABASE_BITS {
        if component.is_none() && node.has(attribute) {
            let message = format!("'{attribute}' can't be given where the database stands in no component");
            node.combination(c, attribute, message);
        }
        bits |= node.bit(c, attribute, bit);
    }
    if component.is_some() && bits == 0 {
        let message = "<sql:SqlDatabase> in a component needs 'CreateOnInstall', 'CreateOnUninstall', 'DropOnInstall' or 'DropOnUninstall'";
        c.error(node, codes::MISSING, message.to_owned());
    }
    let (mut data, mut log) = (None, None);
    c.each_child(node, |c, child| {
        let Some(component) = component else {
            let message = format!("<{}> can't stand in a database that stands in no component", child.name());
            let finding = Diagnostic::error(codes::MISPLACED_ELEMENT, message).at(child.span());
            c.push(finding.hint("move the <sql:SqlDatabase> into a <Component>"));
            child.pass_over();
            return Handled::Yes;
        };
        match child.name() {
            "sql:SqlScript" | "sql:SqlString" => statement(c, child, component, Some(id)),
            "sql:SqlFileSpec" => file(c, child, &mut data),
            "sql:SqlLogFileSpec" => file(c, child, &mut log),
            _ => return Handled::No,
        }
        Handled::Yes
    });
    if component.is_some() {
        refer_to_actions(c, node);
    }
    let bits = (bits != 0).then_some(bits);
    c.row(node, "SqlDatabase", cells![id, server, instance, name, component, user, data, log, bits]);
}

/// A file of a database; there is one of each kind.
fn file<'d>(c: &mut Compiler, node: &Node<'d>, found: &mut Option<&'d str>) {
    if found.is_some() {
        c.error(node, codes::CONFLICT, format!("a database has one <{}>", node.name()));
    }
    let id = node.need_id(c, "Id");
    let name = node.need_text(c, "Name");
    let file_name = node.need_text(c, "Filename");
    let sizes = ["Size", "MaxSize", "GrowthSize"].map(|attribute| node.text(c, attribute));
    let [size, max_size, growth] = sizes;
    c.row(node, "SqlFileSpec", cells![id, name, file_name, size, max_size, growth]);
    c.no_children(node);
    *found = Some(id);
}

/// `SqlScript` or `SqlString`; `outer` is the database that it stands in.
fn statement(c: &mut Compiler, node: &Node, component: &str, outer: Option<&str>) {
    let id = node.need_id(c, "Id");
    let script = node.name() == "sql:SqlScript";
    let text = if script {
        let binary = c.reference(node, "BinaryKey", "Binary");
        node.need(c, "BinaryKey", binary)
    } else {
        node.need_text(c, "SQL")
    };
    if outer.is_some() && node.has("SqlDb") {
        let message = "'SqlDb' can't be given where the element stands in a database".to_owned();
        node.combination(c, "SqlDb", message);
    }
    let own = c.reference(node, "SqlDb", "SqlDatabase");
    let database = node.need(c, "SqlDb", outer.or(own));
    let user = c.reference(node, "User", "User");
    let sequence = node.int(c, "Sequence", 1, i32::from(i16::MAX));
    let mut bits = node.bit(c, "ContinueOnError", CONTINUE_ON_ERROR);
    for &(event, bit) in EVENTS {
        bits |= node.bit(c, &format!("Execute{event}"), bit);
        bits |= node.bit(c, &format!("Rollback{event}"), bit | ROLLBACK);
    }
    for (event, _) in EVENTS {
        for (other, _) in EVENTS {
            node.excludes(c, &format!("Execute{event}"), &format!("Rollback{other}"));
        }
    }
    if bits == 0 {
        let message = format!(
            "<{}> needs an attribute that says when it runs, such as 'ExecuteOnInstall'",
            node.name()
        );
        c.error(node, codes::MISSING, message);
    }
    refer_to_actions(c, node);
    let table = if script { "SqlScript" } else { "SqlString" };
    // The key of a script and the text of a string stand in the same place.
    c.row(node, table, cells![id, database, component, text, user, bits, sequence]);
    c.no_children(node);
}

fn refer_to_actions(c: &mut Compiler, node: &Node) {
    c.refer_to_action(node, "InstallSqlData", &[Arch::Arm64]);
    c.refer_to_action(node, "UninstallSqlData", &[Arch::Arm64]);
}
