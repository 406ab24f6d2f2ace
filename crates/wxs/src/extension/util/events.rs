//! `EventSource` and `EventManifest`.

use super::OWN;
use crate::compile::component::{KeyPath, KeyPathKind};
use crate::compile::node::Node;
use crate::compile::{Compiler, cells};
use crate::extension::Object;

/// `msidbRegistryRootLocalMachine`.
const LOCAL_MACHINE: i32 = 2;
/// `XmlFile` flags: write to every node found; keep the file's date.
const BULK_WRITE_KEEP_DATE: i32 = 0x1004;

pub(super) fn event_source(c: &mut Compiler, node: &Node, component: &str) -> KeyPath {
    let name = node.need_text(c, "Name");
    let log = node.need_text(c, "Log");
    if log == "Security" {
        node.bad(c, "Log", "only Windows writes to the Security log".to_owned());
    }
    let event_file = node.need_text(c, "EventMessageFile");
    let category_file = node.text(c, "CategoryMessageFile");
    let category_count = node.int(c, "CategoryCount", 0, i32::MAX);
    let parameter_file = node.text(c, "ParameterMessageFile");
    let key_path = node.flag(c, "KeyPath");
    let mut types = 0;
    for (attribute, bit) in [
        ("SupportsErrors", 0x01),
        ("SupportsWarnings", 0x02),
        ("SupportsInformationals", 0x04),
        ("SupportsSuccessAudits", 0x08),
        ("SupportsFailureAudits", 0x10),
    ] {
        types |= node.bit(c, attribute, bit);
    }
    if category_file.is_none() && category_count.is_some_and(|count| count > 0) {
        node.combination(c, "CategoryCount", "'CategoryCount' needs 'CategoryMessageFile'".to_owned());
    }
    if category_file.is_some() && !node.has("CategoryCount") {
        node.combination(c, "CategoryMessageFile", "'CategoryMessageFile' needs 'CategoryCount'".to_owned());
    }
    c.no_children(node);

    let key = format!("SYSTEM\\CurrentControlSet\\Services\\EventLog\\{log}\\{name}");
    let mut write = |value: &str, content: String| {
        c.registry_row(node, component, LOCAL_MACHINE, &key, Some(value), Some(&content))
    };
    let id = write("EventMessageFile", format!("#%{event_file}"));
    if let Some(file) = category_file {
        write("CategoryMessageFile", format!("#%{file}"));
    }
    if let Some(count) = category_count {
        write("CategoryCount", format!("#{count}"));
    }
    if let Some(file) = parameter_file {
        write("ParameterMessageFile", format!("#%{file}"));
    }
    if types != 0 {
        write("TypesSupported", format!("#{types}"));
    }
    if key_path {
        KeyPath { kind: KeyPathKind::Registry, set: Some(true), possible: Some(id) }
    } else {
        KeyPath::default()
    }
}

pub(super) fn event_manifest(c: &mut Compiler, node: &Node, object: &Object) {
    let file = format!("[#{}]", object.id);
    c.row(node, "EventManifest", cells![object.component, file.as_str()]);
    let mut changes = false;
    for (attribute, xml_name) in [
        ("MessageFile", "messageFileName"),
        ("ParameterFile", "parameterFileName"),
        ("ResourceFile", "resourceFileName"),
    ] {
        let Some(value) = node.text(c, attribute) else { continue };
        changes = true;
        let cells = cells![
            format!("Config_{}{attribute}", object.id),
            file.as_str(),
            format!("/*/*/*/*[\\[]@{xml_name}[\\]]"),
            xml_name,
            value,
            BULK_WRITE_KEEP_DATE,
            object.component,
        ];
        c.row(node, "XmlFile", cells);
    }
    c.refer_to_action(node, "ConfigureEventManifestRegister", OWN);
    c.refer_to_action(node, "ConfigureEventManifestUnregister", OWN);
    if changes {
        c.refer_to_action(node, "SchedXmlFile", OWN);
    }
    c.no_children(node);
}
