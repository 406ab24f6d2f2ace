//! `XmlFile` and `XmlConfig`.

use super::OWN;
use crate::codes;
use crate::compile::node::Node;
use crate::compile::{Compiler, Handled, cells};
use diagnostics::Diagnostic;

const CREATE_ELEMENT: i32 = 0x1;
const PRESERVE_MODIFIED: i32 = 0x1000;

pub(super) fn xml_file(c: &mut Compiler, node: &Node, component: &str) {
    let id = node.need_id(c, "Id");
    let file = node.need_text(c, "File");
    let path = node.need_text(c, "ElementPath");
    let name = node.text(c, "Name");
    let value = node.text(c, "Value");
    let sequence = node.int(c, "Sequence", 1, i32::from(i16::MAX));
    let actions =
        [("createElement", CREATE_ELEMENT), ("deleteValue", 0x2), ("bulkSetValue", 0x4), ("setValue", 0)];
    let action = node.choice(c, "Action", &actions);
    let mut flags = node.need(c, "Action", action);
    flags |= node.choice(c, "SelectionLanguage", &[("XPath", 0x100), ("XSLPattern", 0)]).unwrap_or(0);
    flags |= node.bit(c, "Permanent", 0x10000);
    flags |= node.bit(c, "PreserveModifiedDate", PRESERVE_MODIFIED);
    if flags & CREATE_ELEMENT != 0 && name.is_none() {
        let message = "Action=\"createElement\" needs 'Name', the name of the element".to_owned();
        node.combination(c, "Action", message);
    }
    c.row(node, "XmlFile", cells![id, file, path, name, value, flags, component, sequence]);
    c.refer_to_action(node, "SchedXmlFile", OWN);
    c.no_children(node);
}

/// `nested` says that the element stands in another one, whose node it adds to.
pub(super) fn xml_config(c: &mut Compiler, node: &Node, component: &str, nested: bool) {
    let id = node.need_id(c, "Id");
    let file = node.need_text(c, "File");
    let element = node.text(c, "ElementId");
    let path = node.text(c, "ElementPath");
    let verify = node.text(c, "VerifyPath");
    let name = node.text(c, "Name");
    let given = node.text(c, "Value");
    let sequence = node.int(c, "Sequence", 1, i32::from(i16::MAX));
    let mut flags = node.bit(c, "PreserveModifiedDate", PRESERVE_MODIFIED);
    let words: [(&str, &[(&str, i32)]); 3] = [
        ("Action", &[("create", 0x10), ("delete", 0x20)]),
        ("Node", &[("element", 0x1), ("value", 0x2), ("document", 0x4)]),
        ("On", &[("install", 0x100), ("uninstall", 0x200)]),
    ];
    for (attribute, values) in words {
        if nested && node.has(attribute) {
            let message =
                format!("'{attribute}' can't be given where <util:XmlConfig> stands in another one");
            node.combination(c, attribute, message);
        }
        flags |= node.choice(c, attribute, values).unwrap_or(0);
    }
    match element {
        None if path.is_none() => {
            let message = "<util:XmlConfig> needs 'ElementId' or 'ElementPath'".to_owned();
            c.error(node, codes::MISSING, message);
        }
        None => {}
        Some(element) => {
            node.excludes(c, "ElementId", "ElementPath");
            if flags != 0 {
                let message = "'ElementId' does not go with 'Action', 'Node' and 'On'".to_owned();
                node.combination(c, "ElementId", message);
            }
            c.refer(node, "XmlConfig", element);
        }
    }
    // A value inside a nested element counts for both, as in WiX.
    let inner = node.deep_text();
    if given.is_some() && !inner.is_empty() {
        let message = "the value stands in 'Value' or inside the element, not in both";
        c.push(Diagnostic::error(codes::ATTRIBUTE_COMBINATION, message).at(node.place("Value")));
    }
    let value = given.map(str::to_owned).or((!inner.is_empty()).then_some(inner));
    c.each_child(node, |c, child| {
        if child.name() != "util:XmlConfig" {
            return Handled::No;
        }
        if nested {
            let message = "<util:XmlConfig> nests one level deep".to_owned();
            c.error(child, codes::MISPLACED_ELEMENT, message);
        } else {
            xml_config(c, child, component, true);
        }
        Handled::Yes
    });
    let cells = if c.is_v4 {
        cells![id, file, element, path, verify, name, value, flags, component, sequence]
    } else {
        cells![id, file, element.or(path), verify, name, value, flags, component, sequence]
    };
    c.row(node, "XmlConfig", cells);
    c.refer_to_action(node, "SchedXmlConfig", OWN);
}
