//! `RestartResource`.

use super::OWN;
use crate::codes;
use crate::compile::node::Node;
use crate::compile::{Compiler, cells};

pub(super) fn restart_resource(c: &mut Compiler, node: &Node, component: Option<&str>) {
    let given_id = node.text(c, "Id").map(str::to_owned);
    let mut found = None;
    for (attribute, kind) in [("Path", 1), ("ProcessName", 2), ("ServiceName", 3)] {
        if let Some(resource) = node.text(c, attribute) {
            if found.is_some() {
                let message = "'Path', 'ProcessName' and 'ServiceName' exclude each other".to_owned();
                node.combination(c, attribute, message);
            }
            found = Some((resource, kind));
        }
    }
    c.no_children(node);
    let Some((resource, kind)) = found else {
        let message = "<util:RestartResource> needs 'Path', 'ProcessName' or 'ServiceName'".to_owned();
        return c.error(node, codes::MISSING, message);
    };
    let id = given_id.unwrap_or_else(|| {
        c.generate_identifier("wrr", &[component.unwrap_or_default(), resource, &kind.to_string()])
    });
    c.refer_to_action(node, "WixRegisterRestartResources", OWN);
    c.row(node, "WixRestartResource", cells![id, component, resource, kind]);
}
