//! The Http extension: `UrlReservation` and `UrlAce`, and since WiX 6 the certificates of ports.

use super::Object;
use crate::codes;
use crate::compile::component::Scope;
use crate::compile::node::Node;
use crate::compile::{Arch, Compiler, Handled, cells};

const GENERIC_ALL: i32 = 0x1000_0000;
const GENERIC_EXECUTE: i32 = 0x2000_0000;
const GENERIC_WRITE: i32 = 0x4000_0000;

const HANDLING: [(&str, i32); 3] = [("replace", 0), ("ignore", 1), ("fail", 2)];

pub(super) fn in_component(c: &mut Compiler, node: &Node, scope: &Scope) -> Handled {
    match node.name() {
        "http:UrlReservation" => reservation(c, node, &scope.component, None),
        "http:SniSslCertificate" => certificate(c, node, &scope.component, true),
        "http:SslCertificate" => certificate(c, node, &scope.component, false),
        _ => return Handled::No,
    }
    Handled::Yes
}

/// In a service, the URL is reserved for the service's own account unless the source names another one.
pub(super) fn in_object(c: &mut Compiler, node: &Node, object: &Object) -> Handled {
    let account = object.service.map(|service| format!("NT SERVICE\\{service}"));
    reservation(c, node, object.component, account.as_deref());
    Handled::Yes
}

fn reservation(c: &mut Compiler, node: &Node, component: &str, account: Option<&str>) {
    let given_id = node.id(c, "Id").map(str::to_owned);
    let url = node.need_text(c, "Url");
    let id = given_id
        .unwrap_or_else(|| c.generate_identifier("url", &[component, account.unwrap_or_default(), url]));
    let handling = node.choice(c, "HandleExisting", &HANDLING).unwrap_or(0);
    let sddl = node.text(c, "Sddl");
    let mut entries = false;
    c.each_child(node, |c, child| {
        if child.name() != "http:UrlAce" {
            return Handled::No;
        }
        if sddl.is_some() {
            let message = "<http:UrlAce> can't stand in a reservation with 'Sddl'".to_owned();
            c.error(child, codes::CONFLICT, message);
        }
        entries = true;
        access(c, child, &id, account);
        Handled::Yes
    });
    if sddl.is_none() && !entries {
        let message = "<http:UrlReservation> needs 'Sddl' or <http:UrlAce>".to_owned();
        c.error(node, codes::MISSING, message);
    }
    c.row(node, "WixHttpUrlReservation", cells![id, handling, sddl, url, component]);
    for action in ["WixSchedHttpUrlReservationsInstall", "WixSchedHttpUrlReservationsUninstall"] {
        c.refer_to_action(node, action, &[Arch::Arm, Arch::Arm64]);
    }
}

fn access(c: &mut Compiler, node: &Node, reservation: &str, account: Option<&str>) {
    let given_id = node.id(c, "Id").map(str::to_owned);
    let principal = node.text(c, "SecurityPrincipal").or(account);
    let principal = node.need(c, "SecurityPrincipal", principal);
    let word = node.text_or_empty("Rights").unwrap_or_default();
    let rights = [("all", GENERIC_ALL), ("delegate", GENERIC_WRITE), ("register", GENERIC_EXECUTE)];
    let rights = node.choice(c, "Rights", &rights).unwrap_or(GENERIC_ALL);
    let id = given_id.unwrap_or_else(|| c.generate_identifier("ace", &[reservation, principal, word]));
    c.row(node, "WixHttpUrlAce", cells![id, reservation, principal, rights]);
    c.no_children(node);
}

/// `by_name` says that the certificate is for a host, and not for an address.
fn certificate(c: &mut Compiler, node: &Node, component: &str, by_name: bool) {
    let id = node.need_id(c, "Id");
    let host = node.text(c, "Host");
    let port = node.need_text(c, "Port");
    let thumbprint = node.need_text(c, "Thumbprint");
    let application = node.text(c, "AppId");
    let store = node.text(c, "Store");
    let handling = node.choice(c, "HandleExisting", &HANDLING).unwrap_or(0);
    let kind = i32::from(!by_name);
    let cells = cells![id, host, port, thumbprint, application, store, handling, kind, component];
    c.row(node, "Wix6HttpCertificate", cells);
    for when in ["Install", "Uninstall"] {
        c.refer_to_action(node, &format!("SchedHttpCertificates{when}"), &[]);
    }
    c.no_children(node);
}
