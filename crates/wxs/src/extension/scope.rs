//! Who compiles an element of an extension, by where it stands.

use super::{dependency, firewall, http, iis, netfx, newer, sql, util, vs};
use crate::compile::component::{KeyPath, Scope};
use crate::compile::node::Node;
use crate::compile::{Arch, Compiler, Handled, software_tag};

/// The row of WiX that an element of an extension adds something to.
pub(crate) struct Object<'a> {
    /// The table of the row: `CreateFolder`, `File`, `Registry` or `ServiceInstall`.
    pub(crate) table: &'static str,
    pub(crate) id: &'a str,
    /// The name of a service.
    pub(crate) service: Option<&'a str>,
    pub(crate) component: &'a str,
    pub(crate) win64: bool,
}

impl<'a> Object<'a> {
    /// A row of a component that is no service.
    pub(crate) fn new(table: &'static str, id: &'a str, component: &'a str, win64: bool) -> Object<'a> {
        Object { table, id, service: None, component, win64 }
    }
}

/// Whether the catalogue's name of an element is one of an extension.
pub(crate) fn is_foreign(name: &str) -> bool {
    name.contains(':')
}

/// An element at the top of a product or fragment.
pub(crate) fn in_section(c: &mut Compiler, node: &Node) -> Handled {
    match prefix(node) {
        "util" => util::in_section(c, node),
        "dep" => dependency::in_section(c, node),
        "iis" => iis::in_section(c, node),
        "sql" => sql::in_section(c, node),
        "netfx" => netfx::in_section(c, node),
        "tag" if node.name() == "tag:Tag" => {
            software_tag::tag(c, node);
            c.no_children(node);
            Handled::Yes
        }
        "vs" => vs::in_section(c, node),
        _ => Handled::No,
    }
}

/// An element in `UI`.
pub(crate) fn in_ui(c: &mut Compiler, node: &Node) -> Handled {
    match prefix(node) {
        "util" => util::in_ui(c, node),
        _ => Handled::No,
    }
}

/// An element in a component; gives its part in the component's key path. `None` where no family compiles it.
pub(crate) fn in_component(c: &mut Compiler, node: &Node, scope: &Scope) -> Option<KeyPath> {
    let handled = match prefix(node) {
        "util" => return util::in_component(c, node, scope),
        "firewall" => firewall::in_component(c, node, scope),
        "http" => http::in_component(c, node, scope),
        "dep" => return dependency::in_component(c, node, scope),
        "iis" => iis::in_component(c, node, scope),
        "sql" => sql::in_component(c, node, scope),
        "vs" => vs::in_component(c, node, scope),
        _ => Handled::No,
    };
    (handled == Handled::Yes).then(KeyPath::default)
}

/// An element in a file, folder, registry value or service.
pub(crate) fn in_object(c: &mut Compiler, node: &Node, object: &Object) -> Handled {
    match prefix(node) {
        "util" => util::in_object(c, node, object),
        "firewall" => firewall::in_object(c, node, object),
        "netfx" => netfx::in_object(c, node, object),
        "http" => http::in_object(c, node, object),
        "vs" => vs::in_object(c, node, object),
        _ => Handled::No,
    }
}

fn prefix(node: &Node) -> &'static str {
    node.name().split(':').next().unwrap_or_default()
}

impl Compiler<'_> {
    /// Says that the section needs a custom action of an extension's library. `own` lists the platforms for which the action has a
    /// version of its own; the others take the one for x86.
    pub(crate) fn refer_to_action(&mut self, node: &Node, action: &str, own: &[Arch]) {
        let arch = self.arch();
        if self.is_v4 {
            return self.refer(node, "CustomAction", &newer::action(action, arch));
        }
        let mark = if own.contains(&arch) { action_mark(arch) } else { "" };
        self.refer(node, "CustomAction", &format!("{action}{mark}"));
    }
}

/// What the names of a platform's immediate actions end with.
pub(super) fn action_mark(arch: Arch) -> &'static str {
    match arch {
        Arch::X86 | Arch::Ia64 => "",
        Arch::X64 => "_x64",
        Arch::Arm => "_ARM",
        Arch::Arm64 => "_A64",
    }
}

/// What the names of a platform's deferred actions end with.
pub(super) fn deferred_mark(arch: Arch) -> &'static str {
    match arch {
        Arch::X64 => "_64",
        other => action_mark(other),
    }
}
