//! `WebDirProperties`, `WebLog`, `WebProperty` and `WebServiceExtension`.

use super::refer_to_configuration;
use crate::compile::node::Node;
use crate::compile::{Compiler, cells};

/// Bits of one column, by attribute.
type Bits = &'static [(&'static str, i32)];

const ACCESS: Bits = &[("Read", 1), ("Write", 2), ("Execute", 4), ("Script", 512)];
const SECURE_ACCESS: Bits = &[
    ("AccessSSL", 8),
    ("AccessSSLNegotiateCert", 32),
    ("AccessSSLRequireCert", 64),
    ("AccessSSLMapCert", 128),
    ("AccessSSL128", 256),
];
const AUTHENTICATION: Bits = &[
    ("AnonymousAccess", 1),
    ("BasicAuthentication", 2),
    ("WindowsAuthentication", 4),
    ("DigestAuthentication", 16),
    ("PassportAuthentication", 64),
];

/// Gives the id of the properties.
pub(super) fn directory_properties<'d>(c: &mut Compiler, node: &Node<'d>) -> &'d str {
    let id = node.need_id(c, "Id");
    let [access, secure, authentication] =
        [ACCESS, SECURE_ACCESS, AUTHENTICATION].map(|group| bits(c, node, group));
    let user = c.reference(node, "AnonymousUser", "User");
    let controlled = i32::from(node.flag(c, "IIsControlledPassword"));
    let [visits, index, detailed, custom] = ["LogVisits", "Index", "AspDetailedError", "ClearCustomError"]
        .map(|attribute| node.yes_no(c, attribute).map(i32::from));
    let documents = node.text(c, "DefaultDocuments");
    let expires = node.text(c, "HttpExpires");
    let cache_control = node.text(c, "CacheControlCustom");
    let providers = node.text(c, "AuthenticationProviders");
    let max_age = max_age(c, node);
    let cells = cells![
        id,
        access,
        authentication,
        user,
        controlled,
        visits,
        index,
        documents,
        detailed,
        expires,
        max_age,
        cache_control,
        custom,
        secure,
        providers,
    ];
    c.row(node, "IIsWebDirProperties", cells);
    c.no_children(node);
    id
}

/// The bits of a group; none of its attributes given means no value.
fn bits(c: &mut Compiler, node: &Node, group: Bits) -> Option<i32> {
    let given = group.iter().any(|(attribute, _)| node.has(attribute));
    let bits = group.iter().map(|(attribute, bit)| node.bit(c, attribute, *bit)).sum();
    given.then_some(bits)
}

/// Seconds as an unsigned number, all bits set for ever, in a column of signed ones.
fn max_age(c: &mut Compiler, node: &Node) -> Option<i32> {
    let text = node.text(c, "CacheControlMaxAge")?;
    match text.parse::<u32>() {
        Ok(seconds) => Some(seconds as i32),
        Err(_) => {
            node.bad(c, "CacheControlMaxAge", format!("'{text}' is not between 0 and {}", u32::MAX));
            None
        }
    }
}

pub(super) fn log(c: &mut Compiler, node: &Node) {
    let id = node.need_id(c, "Id");
    let formats = [
        ("IIS", "Microsoft IIS Log File Format"),
        ("NCSA", "NCSA Common Log File Format"),
        ("none", "none"),
        ("ODBC", "ODBC Logging"),
        ("W3C", "W3C Extended Log File Format"),
    ];
    let format = node.choice(c, "Type", &formats);
    let format = node.need(c, "Type", format);
    c.row(node, "IIsWebLog", cells![id, format]);
    c.no_children(node);
}

pub(super) fn property(c: &mut Compiler, node: &Node, component: &str) {
    let id = node.need_id(c, "Id");
    let value = match id {
        "ETagChangeNumber" | "MaxGlobalBandwidth" => Some(node.need_text(c, "Value")),
        _ => {
            if node.text(c, "Value").is_some() {
                node.combination(c, "Value", format!("the property '{id}' has no value"));
            }
            None
        }
    };
    refer_to_configuration(c, node);
    c.row(node, "IIsProperty", cells![id, component, 0, value]);
    c.no_children(node);
}

pub(super) fn service_extension(c: &mut Compiler, node: &Node, component: &str) {
    let id = node.need_id(c, "Id");
    let file = node.need_text(c, "File");
    let description = node.text(c, "Description");
    let group = node.text(c, "Group");
    let bits = node.bit(c, "Allow", 1) | node.bit(c, "UIDeletable", 2);
    refer_to_configuration(c, node);
    c.row(node, "IIsWebServiceExtension", cells![id, component, file, description, group, bits]);
    c.no_children(node);
}
