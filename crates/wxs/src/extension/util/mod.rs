//! The Util extension.

mod accounts;
mod actions;
mod close_application;
mod events;
mod internet_shortcut;
mod performance;
mod permission;
mod remove_folder;
mod remove_registry;
mod restart_resource;
mod search;
mod service_config;
mod touch;
mod xml;

use super::Object;
use crate::compile::component::{KeyPath, Scope};
use crate::compile::node::Node;
use crate::compile::{Arch, Compiler, Handled, cells};

pub(super) use search::{reference as search_reference, search as bundle_search};

/// Platforms with versions of their own of the Util extension's actions. On x64 the 32-bit ones run.
const OWN: &[Arch] = &[Arch::Arm, Arch::Arm64];

pub(super) fn in_section(c: &mut Compiler, node: &Node) -> Handled {
    match node.name() {
        "util:CloseApplication" => close_application::close_application(c, node),
        "util:Group" => accounts::group(c, node, None),
        "util:RestartResource" => restart_resource::restart_resource(c, node, None),
        "util:User" => accounts::user(c, node, None),
        "util:ComponentSearch"
        | "util:DirectorySearch"
        | "util:FileSearch"
        | "util:ProductSearch"
        | "util:RegistrySearch"
        | "util:WindowsFeatureSearch" => search::search(c, node),
        "util:ComponentSearchRef"
        | "util:DirectorySearchRef"
        | "util:FileSearchRef"
        | "util:ProductSearchRef"
        | "util:RegistrySearchRef"
        | "util:WindowsFeatureSearchRef" => search::reference(c, node),
        _ => return actions::action(c, node),
    }
    Handled::Yes
}

/// An element in `UI`.
pub(super) fn in_ui(c: &mut Compiler, node: &Node) -> Handled {
    actions::action(c, node)
}

pub(super) fn in_component(c: &mut Compiler, node: &Node, scope: &Scope) -> Option<KeyPath> {
    let component = scope.component.as_str();
    match node.name() {
        "util:EventSource" => return Some(events::event_source(c, node, component)),
        "util:FileShare" => accounts::file_share(c, node, scope),
        "util:InternetShortcut" => internet_shortcut::internet_shortcut(c, node, scope),
        "util:PerformanceCategory" => performance::category(c, node, component),
        "util:RemoveFolderEx" => remove_folder::remove_folder(c, node, component),
        "util:RestartResource" => restart_resource::restart_resource(c, node, Some(component)),
        "util:ServiceConfig" => service_config::service_config(c, node, component, None),
        "util:Group" => accounts::group(c, node, Some(component)),
        "util:RemoveRegistryKey" => remove_registry::remove_key(c, node, component),
        "util:TouchFile" => touch::touch_file(c, node, scope),
        "util:User" => accounts::user(c, node, Some(component)),
        "util:XmlFile" => xml::xml_file(c, node, component),
        "util:XmlConfig" => xml::xml_config(c, node, component, false),
        _ => return None,
    }
    Some(KeyPath::default())
}

pub(super) fn in_object(c: &mut Compiler, node: &Node, object: &Object) -> Handled {
    match node.name() {
        "util:PermissionEx" => permission::permission_ex(c, node, object),
        "util:ServiceConfig" => service_config::service_config(c, node, object.component, object.service),
        "util:PerfCounter" => performance::counter(c, node, object),
        "util:PerfCounterManifest" => performance::manifest(c, node, object),
        "util:EventManifest" => events::event_manifest(c, node, object),
        "util:FormatFile" => format_file(c, node, object),
        _ => return Handled::No,
    }
    Handled::Yes
}

/// A file whose content is formatted as it is installed.
fn format_file(c: &mut Compiler, node: &Node, object: &Object) {
    let binary = c.reference(node, "BinaryRef", "Binary");
    let binary = node.need(c, "BinaryRef", binary);
    c.refer_to_action(node, "WixSchedFormatFiles", OWN);
    c.row(node, "Wix4FormatFile", cells![binary, object.id]);
    c.no_children(node);
}
