//! `WebSite`, `WebAddress` and `WebFilter`.

use super::directory::{children_of, directory, in_site_or_directory, virtual_directory};
use super::{Owner, Reference, certificate, refer_to_configuration, refuse_without_component, site_of};
use crate::codes;
use crate::compile::node::Node;
use crate::compile::{Compiler, Handled, cells};

/// `Attributes`: a site that exists is left as it is.
const KEEP_EXISTING: i32 = 2;

/// A site that the package makes, or outside a component one that exists.
pub(super) fn site(c: &mut Compiler, node: &Node, component: Option<&str>) {
    const MANAGED: &[&str] =
        &["AutoStart", "ConfigureIfExists", "DirProperties", "StartOnInstall", "WebApplication", "WebLog"];
    refuse_without_component(c, node, component, MANAGED);
    let id = node.need_id(c, "Id");
    let description = node.need_text(c, "Description");
    let timeout = node.int(c, "ConnectionTimeout", 0, i32::from(i16::MAX));
    let directory_id = c.reference(node, "Directory", "Directory");
    if component.is_some() {
        node.need(c, "Directory", directory_id);
    }
    // A site that starts with Windows starts at installation too.
    let auto_start = node.yes_no(c, "AutoStart");
    let start = node.yes_no(c, "StartOnInstall");
    let state = match (auto_start, start) {
        (Some(true), _) => Some(2),
        (_, Some(true)) => Some(1),
        (None, None) => None,
        _ => Some(0),
    };
    let keep = node.yes_no(c, "ConfigureIfExists") == Some(false);
    let attributes = keep.then_some(KEEP_EXISTING);
    let sequence = node.int(c, "Sequence", 1, i32::from(i16::MAX));
    let log = c.reference(node, "WebLog", "IIsWebLog");
    let number = node.text(c, "SiteId").map(|number| if number == "*" { "-1" } else { number });
    let mut web_application = Reference::read(c, node, "WebApplication", "IIsWebApplication");
    let mut properties = Reference::read(c, node, "DirProperties", "IIsWebDirProperties");
    let mut address = None;
    children_of(c, node, &mut web_application, &mut properties, |c, child| {
        let Some(component) = component else { return in_existing(c, child, id, &mut address) };
        match child.name() {
            "iis:CertificateRef" => certificate::reference(c, child, id),
            "iis:WebAddress" => web_address(c, child, id, &mut address),
            "iis:WebDir" => directory(c, child, component, Some(id)),
            "iis:WebFilter" => filter(c, child, component, Some(id)),
            "iis:WebVirtualDir" => virtual_directory(c, child, component, Some(id), None),
            _ => return in_site_or_directory(c, child, Owner::Site(id)),
        }
        Handled::Yes
    });
    if component.is_none() && (web_application.id.is_some() || properties.id.is_some()) {
        let message = "a site that stands in no component has no application and no properties".to_owned();
        c.error(node, codes::CONFLICT, message);
    }
    if address.is_none() {
        c.error(node, codes::MISSING, "<iis:WebSite> needs an <iis:WebAddress>".to_owned());
    }
    let web_application = web_application.finish(c, node);
    let properties = properties.finish(c, node);
    if component.is_some() {
        refer_to_configuration(c, node);
    }
    let cells = cells![
        id,
        component,
        description,
        timeout,
        directory_id,
        state,
        attributes,
        address,
        properties,
        web_application,
        sequence,
        log,
        number,
    ];
    c.row(node, "IIsWebSite", cells);
}

/// What a site may hold that exists already: how it is recognized, and MIME types.
fn in_existing<'d>(c: &mut Compiler, node: &Node<'d>, site: &str, address: &mut Option<&'d str>) -> Handled {
    match node.name() {
        "iis:WebAddress" => web_address(c, node, site, address),
        "iis:MimeMap" => return in_site_or_directory(c, node, Owner::Site(site)),
        name => {
            let message = format!("<{name}> can't stand in a site that stands in no component");
            c.error(node, codes::MISPLACED_ELEMENT, message);
            node.pass_over();
        }
    }
    Handled::Yes
}

/// The first address of a site is its key.
fn web_address<'d>(c: &mut Compiler, node: &Node<'d>, site: &str, first: &mut Option<&'d str>) {
    let id = node.need_id(c, "Id");
    let ip = node.text(c, "IP");
    let port = node.need_text(c, "Port");
    let header = node.text(c, "Header");
    let secure = i32::from(node.flag(c, "Secure"));
    c.row(node, "IIsWebAddress", cells![id, site, ip, port, header, secure]);
    c.no_children(node);
    first.get_or_insert(id);
}

/// `outer` is the site that the element stands in; a filter of no site is one of the server.
pub(super) fn filter<'d>(c: &mut Compiler, node: &Node<'d>, component: &str, outer: Option<&'d str>) {
    let id = node.need_id(c, "Id");
    let name = node.need_text(c, "Name");
    let path = node.need_text(c, "Path");
    let description = node.text(c, "Description");
    let flags = node.int(c, "Flags", 0, i32::MAX).unwrap_or(0);
    let order = match node.text(c, "LoadOrder") {
        Some("first") => Some(0),
        Some("last") => Some(-1),
        Some(_) => node.int(c, "LoadOrder", 1, i32::from(i16::MAX)),
        None => None,
    };
    let site = match outer {
        None if !node.has("WebSite") => None,
        outer => Some(site_of(c, node, outer)),
    };
    refer_to_configuration(c, node);
    c.row(node, "IIsFilter", cells![id, name, component, path, site, description, flags, order]);
    c.no_children(node);
}
