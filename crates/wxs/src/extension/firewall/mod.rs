//! The Firewall extension: `FirewallException` and `RemoteAddress`.

mod rule;

use super::Object;
use crate::codes;
use crate::compile::component::Scope;
use crate::compile::node::Node;
use crate::compile::{Arch, Compiler, Handled, cells};

const TCP: i32 = 6;
const UDP: i32 = 17;
const ALL_PROFILES: i32 = 0x7FFF_FFFF;

pub(super) fn in_component(c: &mut Compiler, node: &Node, scope: &Scope) -> Handled {
    if c.is_v4 {
        return rule::rule(c, node, &scope.component, None);
    }
    exception(c, node, &scope.component, None);
    Handled::Yes
}

pub(super) fn in_object(c: &mut Compiler, node: &Node, object: &Object) -> Handled {
    if c.is_v4 {
        return rule::rule(c, node, object.component, Some(object));
    }
    exception(c, node, object.component, Some(object.id));
    Handled::Yes
}

/// `outer` is the file that the element stands in.
fn exception(c: &mut Compiler, node: &Node, component: &str, outer: Option<&str>) {
    let id = node.need_id(c, "Id");
    let name = node.need_text(c, "Name");
    let description = node.text(c, "Description");
    let ignore_failure = node.bit(c, "IgnoreFailure", 1);
    for attribute in ["File", "Program"] {
        if outer.is_some() && node.has(attribute) {
            let message = format!("'{attribute}' can't be given where the exception stands in a file");
            node.combination(c, attribute, message);
        }
    }
    node.excludes(c, "File", "Program");
    let file = node.id(c, "File").or(outer);
    let program = node.text(c, "Program");
    let port = node.text(c, "Port");
    let protocol = node.choice(c, "Protocol", &[("tcp", TCP), ("udp", UDP)]);
    let profiles = [("domain", 1), ("private", 2), ("public", 4), ("all", ALL_PROFILES)];
    let profile = node.choice(c, "Profile", &profiles).unwrap_or(ALL_PROFILES);
    let everyone = node.choice(c, "Scope", &[("any", "*"), ("localSubnet", "LocalSubnet")]);
    let mut addresses = everyone.map(str::to_owned);
    c.each_child(node, |c, child| {
        if child.name() != "firewall:RemoteAddress" {
            return Handled::No;
        }
        let address = child.inner_text();
        if everyone.is_some() {
            let message = "<firewall:RemoteAddress> can't stand beside 'Scope'".to_owned();
            c.error(child, codes::CONFLICT, message);
        } else if address.is_empty() {
            c.error(child, codes::TEXT, "<firewall:RemoteAddress> holds no address".to_owned());
        } else {
            addresses = Some(match addresses.take() {
                Some(before) => format!("{before},{address}"),
                None => address.to_owned(),
            });
        }
        c.no_children(child);
        Handled::Yes
    });
    if addresses.is_none() {
        let message = "<firewall:FirewallException> needs 'Scope' or <firewall:RemoteAddress>".to_owned();
        c.error(node, codes::MISSING, message);
    }
    if file.is_none() && program.is_none() && port.is_none() {
        let message = "<firewall:FirewallException> needs 'File', 'Program' or 'Port', or a file around it";
        c.error(node, codes::MISSING, message.to_owned());
    }
    // A port without a protocol is one of TCP.
    let protocol = protocol.or(port.is_some().then_some(TCP));
    if let Some(file) = file {
        c.refer(node, "File", file);
    }
    let program = file.map(|file| format!("[#{file}]")).or(program.map(str::to_owned));
    let cells = cells![
        id,
        name,
        addresses,
        port,
        protocol,
        program,
        ignore_failure,
        profile,
        component,
        description,
    ];
    c.row(node, "WixFirewallException", cells);
    c.refer_to_action(node, "WixSchedFirewallExceptionsInstall", &[Arch::Arm, Arch::Arm64]);
}
