//! The IIs extension.

mod application;
mod certificate;
mod directory;
mod pool;
mod properties;
mod site;

use crate::codes;
use crate::compile::component::Scope;
use crate::compile::node::Node;
use crate::compile::{Arch, Compiler, Handled};

pub(super) fn in_section(c: &mut Compiler, node: &Node) -> Handled {
    match node.name() {
        "iis:WebApplication" => drop(application::application(c, node)),
        "iis:WebAppPool" => pool::pool(c, node, None),
        "iis:WebDirProperties" => drop(properties::directory_properties(c, node)),
        "iis:WebLog" => properties::log(c, node),
        "iis:WebSite" => site::site(c, node, None),
        _ => return Handled::No,
    }
    Handled::Yes
}

pub(super) fn in_component(c: &mut Compiler, node: &Node, scope: &Scope) -> Handled {
    let component = scope.component.as_str();
    match node.name() {
        "iis:Certificate" => certificate::certificate(c, node, component),
        "iis:WebAppPool" => pool::pool(c, node, Some(component)),
        "iis:WebDir" => directory::directory(c, node, component, None),
        "iis:WebFilter" => site::filter(c, node, component, None),
        "iis:WebProperty" => properties::property(c, node, component),
        "iis:WebServiceExtension" => properties::service_extension(c, node, component),
        "iis:WebSite" => site::site(c, node, Some(component)),
        "iis:WebVirtualDir" => directory::virtual_directory(c, node, component, None, None),
        _ => return Handled::No,
    }
    Handled::Yes
}

/// What an error page, header or MIME type belongs to, as the tables number it.
#[derive(Clone, Copy)]
enum Owner<'a> {
    VirtualDirectory(&'a str),
    Site(&'a str),
}

impl<'a> Owner<'a> {
    fn kind(self) -> i32 {
        match self {
            Owner::VirtualDirectory(_) => 1,
            Owner::Site(_) => 2,
        }
    }

    fn id(self) -> &'a str {
        match self {
            Owner::VirtualDirectory(id) | Owner::Site(id) => id,
        }
    }
}

/// Nothing of IIS is configured without this action.
fn refer_to_configuration(c: &mut Compiler, node: &Node) {
    c.refer_to_action(node, "ConfigureIIs", &[Arch::Arm64]);
}

/// Says that attributes don't go with an element that stands in no component and so describes something that exists.
fn refuse_without_component(c: &mut Compiler, node: &Node, component: Option<&str>, attributes: &[&str]) {
    if component.is_some() {
        return;
    }
    for attribute in attributes.iter().filter(|attribute| node.has(attribute)) {
        let message = format!("'{attribute}' can't be given where <{}> stands in no component", node.name());
        node.combination(c, attribute, message);
    }
}

/// An attribute that refers to an element, or that element inside this one.
struct Reference<'d> {
    table: &'static str,
    id: Option<&'d str>,
}

impl<'d> Reference<'d> {
    fn read(c: &mut Compiler, node: &Node<'d>, attribute: &str, table: &'static str) -> Reference<'d> {
        Reference { table, id: node.id(c, attribute) }
    }

    /// Takes the element inside for the attribute; both together are an error.
    fn nested(&mut self, c: &mut Compiler, child: &Node, id: &'d str) {
        if self.id.is_some() {
            let message = format!("<{}> can't stand where one is given already", child.name());
            c.error(child, codes::CONFLICT, message);
        }
        self.id = Some(id);
    }

    fn finish(self, c: &mut Compiler, node: &Node) -> Option<&'d str> {
        if let Some(id) = self.id {
            c.refer(node, self.table, id);
        }
        self.id
    }
}

/// The site of an element: the one around it, or the one that `WebSite` names.
fn site_of<'d>(c: &mut Compiler, node: &Node<'d>, outer: Option<&'d str>) -> &'d str {
    if outer.is_some() && node.has("WebSite") {
        let message = "'WebSite' can't be given where the element stands in a site".to_owned();
        node.combination(c, "WebSite", message);
    }
    let own = c.reference(node, "WebSite", "IIsWebSite");
    node.need(c, "WebSite", outer.or(own))
}

/// A name that may not hold backslashes.
fn name_without_backslash<'d>(c: &mut Compiler, node: &Node<'d>, attribute: &str) -> &'d str {
    let name = node.need_text(c, attribute);
    if name.contains('\\') {
        node.bad(c, attribute, format!("'{attribute}' can't hold a backslash"));
    }
    name
}
