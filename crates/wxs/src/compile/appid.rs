//! `AppId`: a row where it is advertised, registry values where it is not.

use super::class::{self, Server};
use super::{Compiler, Handled, Node, cells};
use crate::codes;

/// An AppId outside of a component, which only advertising can install.
pub(super) fn advertised(c: &mut Compiler, node: &Node) {
    app_id(c, node, "", Some(true), &Server::default());
}

pub(super) fn app_id(
    c: &mut Compiler,
    node: &Node,
    component: &str,
    advertise: Option<bool>,
    server: &Server,
) {
    let id = node.guid(c, "Id", false);
    let id = node.need(c, "Id", id);
    let advertise = class::advertise(c, node, advertise).unwrap_or(false);
    let description = node.text(c, "Description");
    let surrogate = node.text_or_empty("DllSurrogate");
    let local_service = node.text(c, "LocalService");
    let remote_server = node.text(c, "RemoteServerName");
    let parameters = node.text(c, "ServiceParameters");
    let at_storage = node.flag(c, "ActivateAtStorage");
    let interactive = node.flag(c, "RunAsInteractiveUser");
    c.each_child(node, |c, child| {
        if child.name() != "Class" {
            return Handled::No;
        }
        class::class(c, child, component, Some(advertise), server, Some(&id));
        Handled::Yes
    });
    if advertise {
        if description.is_some() {
            let message = "an advertised AppId has no 'Description'".to_owned();
            node.combination(c, "Description", message);
        }
        let at_storage = at_storage.then_some(1);
        let interactive = interactive.then_some(1);
        let cells = cells![id, remote_server, local_service, parameters, surrogate, at_storage, interactive];
        c.row(node, "AppId", cells);
        return;
    }
    if component.is_empty() {
        c.error(node, codes::CONFLICT, "an AppId outside of a component must be advertised".to_owned());
    }
    let key = format!("AppID\\{id}");
    let (name, value) = if description.is_some() { (None, description) } else { (Some("+"), None) };
    c.class_value(node, component, &key, name, value);
    for (name, value) in [
        ("RemoteServerName", remote_server),
        ("LocalService", local_service),
        ("ServiceParameters", parameters),
        ("DllSurrogate", surrogate),
        ("ActivateAtStorage", at_storage.then_some("Y")),
        ("RunAs", interactive.then_some("Interactive User")),
    ] {
        if value.is_some() {
            c.class_value(node, component, &key, Some(name), value);
        }
    }
}
