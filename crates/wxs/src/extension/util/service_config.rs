//! `ServiceConfig`: what Windows does when a service fails.

use super::OWN;
use crate::compile::node::Node;
use crate::compile::{Compiler, cells};

/// Compiles the element. `service` is the service that it stands in, whose name counts.
pub(super) fn service_config(c: &mut Compiler, node: &Node, component: &str, service: Option<&str>) {
    let named = node.text(c, "ServiceName");
    let name = match service {
        Some(service) => service,
        None => node.need(c, "ServiceName", named),
    };
    let first = node.need_text(c, "FirstFailureActionType");
    let second = node.need_text(c, "SecondFailureActionType");
    let third = node.need_text(c, "ThirdFailureActionType");
    let reset = node.int(c, "ResetPeriodInDays", 0, i32::MAX);
    let delay = node.int(c, "RestartServiceDelayInSeconds", 0, i32::MAX);
    let command = node.text(c, "ProgramCommandLine");
    let message = node.text(c, "RebootMessage");
    c.refer_to_action(node, "SchedServiceConfig", OWN);
    let new = i32::from(service.is_some());
    let cells = cells![name, component, new, first, second, third, reset, delay, command, message];
    c.row(node, "ServiceConfig", cells);
    c.no_children(node);
}
