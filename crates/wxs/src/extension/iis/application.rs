//! `WebApplication` and `WebApplicationExtension`.

use super::name_without_backslash;
use crate::compile::node::Node;
use crate::compile::{Compiler, Handled, cells};

const FLAG: &[(&str, Option<i32>)] = &[("yes", Some(1)), ("no", Some(0)), ("default", None)];

/// Gives the application's id.
pub(super) fn application<'d>(c: &mut Compiler, node: &Node<'d>) -> &'d str {
    let id = node.need_id(c, "Id");
    let name = name_without_backslash(c, node, "Name");
    let isolation = node.choice(c, "Isolation", &[("low", 0), ("medium", 2), ("high", 1)]).unwrap_or(0);
    let mut flag = |attribute: &str| node.choice(c, attribute, FLAG).flatten();
    let [sessions, buffer, parents, server, client] =
        ["AllowSessions", "Buffer", "ParentPaths", "ServerDebugging", "ClientDebugging"].map(&mut flag);
    let session_timeout = node.int(c, "SessionTimeout", 0, i32::from(i16::MAX));
    let script_timeout = node.int(c, "ScriptTimeout", 0, i32::from(i16::MAX));
    let script = node.text(c, "DefaultScript");
    let pool = c.reference(node, "WebAppPool", "IIsAppPool");
    c.each_child(node, |c, child| {
        if child.name() != "iis:WebApplicationExtension" {
            return Handled::No;
        }
        extension(c, child, id);
        Handled::Yes
    });
    let cells = cells![
        id,
        name,
        isolation,
        sessions,
        session_timeout,
        buffer,
        parents,
        script,
        script_timeout,
        server,
        client,
        pool,
    ];
    c.row(node, "IIsWebApplication", cells);
    id
}

fn extension(c: &mut Compiler, node: &Node, application: &str) {
    let extension = node.text(c, "Extension");
    let verbs = node.text(c, "Verbs");
    let executable = node.need_text(c, "Executable");
    let bits = node.bit(c, "Script", 1) | node.bit(c, "CheckPath", 4);
    let bits = (bits != 0).then_some(bits);
    c.row(node, "IIsWebApplicationExtension", cells![application, extension, verbs, executable, bits]);
    c.no_children(node);
}
