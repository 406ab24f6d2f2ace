//! `FirewallException` as WiX 5 and later have it: a rule of today's firewall, where most values may be a property's.

use crate::codes;
use crate::compile::node::Node;
use crate::compile::{Compiler, Handled, cells};
use crate::extension::Object;

/// What stands for a number that the author leaves to Windows.
const UNSET: &str = "-2147483648";

const IN: i32 = 1;
const OUT: i32 = 2;
const TCP: &str = "6";
const DEFER_TO_USER: &str = "3";
/// Bits of the row: what happens to a rule that is there already, and the interface of Windows that the rule needs.
const IGNORE_FAILURE: i32 = 0x1;
const RULE_2: i32 = 0x8;
const RULE_3: i32 = 0x10;

const ADDRESSES: &[(&str, &str)] = &[
    ("any", "*"),
    ("localSubnet", "LocalSubnet"),
    ("DNS", "dns"),
    ("dns", "dns"),
    ("DHCP", "dhcp"),
    ("dhcp", "dhcp"),
    ("WINS", "wins"),
    ("wins", "wins"),
    ("defaultGateway", "DefaultGateway"),
];
const INTERFACE_TYPES: &[(&str, &str)] =
    &[("remoteAccess", "RemoteAccess"), ("wireless", "Wireless"), ("lan", "Lan"), ("all", "All")];
/// Conditions that go with the newest interface alone, in the order of their columns.
const NEWEST: [&str; 5] = [
    "LocalAppPackageId",
    "LocalUserAuthorizedList",
    "LocalUserOwner",
    "RemoteMachineAuthorizedList",
    "RemoteUserAuthorizedList",
];

/// `outer` is the file or service that the element stands in.
pub(super) fn rule(c: &mut Compiler, node: &Node, component: &str, outer: Option<&Object>) -> Handled {
    let id = node.need_id(c, "Id");
    let name = node.need_text(c, "Name");
    let outer_file = outer.filter(|outer| outer.table == "File").map(|outer| outer.id);
    let outer_service = outer.and_then(|outer| outer.service);
    for (attribute, nested) in [
        ("File", outer_file.is_some()),
        ("Program", outer_file.is_some()),
        ("Service", outer_service.is_some()),
    ] {
        if nested && node.has(attribute) {
            node.combination(c, attribute, format!("'{attribute}' can't be given where the parent says it"));
        }
    }
    node.excludes(c, "File", "Program");
    let file = node.id(c, "File").or(outer_file);
    let program = node.text(c, "Program");
    let service = node.text(c, "Service").or(outer_service);

    let mut bits = node.bit(c, "IgnoreFailure", IGNORE_FAILURE);
    bits |= node.choice(c, "OnUpdate", &[("doNothing", 0x2), ("enableOnly", 0x4)]).unwrap_or(0);
    let (port, remote_port) = (node.text(c, "Port"), node.text(c, "RemotePort"));
    let mut protocol = protocol(c, node);
    if protocol.is_none() && (port.is_some() || remote_port.is_some()) {
        protocol = Some(TCP);
    }
    let profile = [("domain", "1"), ("private", "2"), ("public", "4"), ("all", "2147483647")];
    let profile = word(c, node, "Profile", &profile);
    let direction = if node.flag(c, "Outbound") { OUT } else { IN };
    let action = word(c, node, "Action", &[("block", "0"), ("allow", "1")]);
    let edge = [("deny", "0"), ("allow", "1"), ("deferToApp", "2"), ("deferToUser", DEFER_TO_USER)];
    let edge = word(c, node, "EdgeTraversal", &edge);
    if matches!(edge, Some("2" | DEFER_TO_USER)) {
        bits |= RULE_2;
    }
    let yes = [("yes", "1"), ("true", "1"), ("no", "0"), ("false", "0")];
    let enabled = word(c, node, "Enabled", &yes);
    let grouping = node.text(c, "Grouping");
    let icmp = node.text(c, "IcmpTypesAndCodes");
    let newest = NEWEST.map(|attribute| node.text(c, attribute));
    let secure = [
        ("none", "0"),
        ("noEncapsulation", "1"),
        ("withIntegrity", "2"),
        ("negotiateEncryption", "3"),
        ("encrypt", "4"),
    ];
    let secure = word(c, node, "IPSecSecureFlags", &secure);
    if secure.is_some() || newest.iter().any(Option::is_some) {
        bits |= RULE_3;
    }

    let mut remote = Parts::new(word(c, node, "Scope", ADDRESSES), ",");
    let mut local = Parts::new(word(c, node, "LocalScope", ADDRESSES), ",");
    let mut interfaces = Parts::new(node.text(c, "Interface"), "|");
    // An attribute's word stays as it is written; an element's gets the spelling of Windows.
    word(c, node, "InterfaceType", INTERFACE_TYPES);
    let mut interface_types = Parts::new(node.text_or_empty("InterfaceType"), ",");
    c.each_child(node, |c, child| {
        let (parts, value, attribute) = match child.name() {
            "firewall:RemoteAddress" => (&mut remote, Some(child.inner_text()), "Scope"),
            "firewall:LocalAddress" => (&mut local, child.text(c, "Value"), "LocalScope"),
            "firewall:Interface" => (&mut interfaces, child.text(c, "Name"), "Interface"),
            "firewall:InterfaceType" => {
                (&mut interface_types, word(c, child, "Value", INTERFACE_TYPES), "InterfaceType")
            }
            _ => return Handled::No,
        };
        if node.has(attribute) {
            let message = format!("<{}> can't stand beside '{attribute}'", child.name());
            c.error(child, codes::CONFLICT, message);
        } else {
            match value.filter(|value| !value.is_empty()) {
                Some(value) => parts.add(value),
                None => c.error(child, codes::MISSING, format!("<{}> has no value", child.name())),
            }
        }
        c.no_children(child);
        Handled::Yes
    });
    if edge == Some(DEFER_TO_USER) {
        check_deferred(c, node, protocol, file.is_some() || program.is_some(), outer_service.is_some());
    }

    if let Some(file) = file {
        c.refer(node, "File", file);
    }
    let program = file.map(|file| format!("[#{file}]")).or(program.map(str::to_owned));
    let set = |value: Option<&str>| value.unwrap_or(UNSET).to_owned();
    let description = node.text(c, "Description");
    let mut row = cells![
        id,
        name,
        remote.text,
        port,
        set(protocol),
        program,
        bits,
        set(profile),
        component,
        description,
        direction,
        set(action),
        set(edge),
        set(enabled),
        grouping,
        icmp,
        interfaces.text,
        interface_types.text,
        local.text,
        remote_port,
        service,
    ];
    row.extend(newest.map(msi_db::Value::from));
    row.extend(cells![set(secure)]);
    c.row(node, "WixFirewallException", row);
    for when in ["Install", "Uninstall"] {
        c.refer_to_action(node, &format!("WixSchedFirewallExceptions{when}"), &[]);
    }
    Handled::Yes
}

/// One value, or those of several elements in one text.
struct Parts {
    text: Option<String>,
    separator: &'static str,
}

impl Parts {
    fn new(first: Option<&str>, separator: &'static str) -> Parts {
        Parts { text: first.map(str::to_owned), separator }
    }

    fn add(&mut self, part: &str) {
        let before = self.text.take().map(|before| before + self.separator);
        self.text = Some(before.unwrap_or_default() + part);
    }
}

/// An attribute with one of some words, or with a property that holds the value.
fn word<'a>(
    c: &mut Compiler,
    node: &Node<'a>,
    attribute: &str,
    words: &[(&'static str, &'static str)],
) -> Option<&'a str> {
    let value = node.text(c, attribute)?;
    if let Some((_, to)) = words.iter().find(|(word, _)| *word == value) {
        return Some(to);
    }
    if !value.contains('[') {
        let list: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        node.bad(c, attribute, format!("'{value}' is none of {} and no property", list.join(", ")));
    }
    Some(value)
}

fn protocol<'a>(c: &mut Compiler, node: &Node<'a>) -> Option<&'a str> {
    match node.text(c, "Protocol")? {
        UNSET => None,
        "tcp" => Some(TCP),
        "udp" => Some("17"),
        value => {
            if !value.contains('[') && value.parse::<u8>().is_err() {
                let message = format!("'{value}' is no protocol: write tcp, udp or a number up to 255");
                node.bad(c, "Protocol", message);
            }
            Some(value)
        }
    }
}

/// Only a program's rule without other conditions can leave edge traversal to the user.
fn check_deferred(c: &mut Compiler, node: &Node, protocol: Option<&str>, program: bool, in_service: bool) {
    if protocol.is_some_and(|protocol| !matches!(protocol, TCP | "17")) {
        node.combination(c, "Protocol", "EdgeTraversal=\"deferToUser\" is for tcp and udp".to_owned());
    }
    if !program {
        let message = "EdgeTraversal=\"deferToUser\" needs 'Program'".to_owned();
        node.combination(c, "EdgeTraversal", message);
    }
    for attribute in ["Port", "RemotePort", "LocalScope", "Scope", "Profile", "Service"] {
        node.excludes(c, attribute, "EdgeTraversal");
    }
    if in_service {
        let message = "EdgeTraversal=\"deferToUser\" can't stand in a service".to_owned();
        node.combination(c, "EdgeTraversal", message);
    }
}
