//! `Property` and its searches.

use super::{Compiler, Node, cells, search};
use crate::codes;
use crate::ir::PropertyFlags;
use diagnostics::Diagnostic;

pub(super) fn property(c: &mut Compiler, node: &Node) {
    let id = node.need_id(c, "Id");
    let admin = node.flag(c, "Admin");
    let compliance = node.flag(c, "ComplianceCheck");
    let hidden = node.flag(c, "Hidden");
    let mut secure = node.flag(c, "Secure");
    node.flag(c, "SuppressModularization");
    let attribute = node.text(c, "Value");
    let inner = node.inner_text();
    if attribute.is_some() && !inner.is_empty() {
        node.combination(c, "Value", "the value is given as attribute and as text".to_owned());
    }
    let value = attribute.or((!inner.is_empty()).then_some(inner));
    match id {
        "SecureCustomProperties" | "AdminProperties" | "MsiHiddenProperties" => {
            let message = format!("{id} is made of the flags 'Secure', 'Admin' and 'Hidden' of properties");
            node.bad(c, "Id", message);
        }
        "ProductID" => {
            let message = "ProductID is set by the action ValidateProductID".to_owned();
            c.warn_at(codes::SUSPICIOUS, node.place("Id"), message);
        }
        "ErrorDialog" => {
            if let Some(dialog) = value {
                c.refer(node, "Dialog", dialog);
            }
        }
        _ => {}
    }

    let found = search::of_property(c, node, id);
    secure |= found.has_product_search;
    if compliance && found.signatures.is_empty() {
        c.error(node, codes::MISSING, "ComplianceCheck=\"yes\" needs a search".to_owned());
    }
    for signature in &found.signatures {
        if compliance {
            c.row(node, "CCPSearch", cells![signature.as_str()]);
        }
        if id.to_uppercase() != id {
            let message = format!("the property '{id}' must be upper case, since a search sets it");
            let finding = Diagnostic::error(codes::BAD_VALUE, message).at(node.place("Id"));
            c.push(finding.hint(format!("write '{}'", id.to_uppercase())));
        }
        c.row(node, "AppSearch", cells![id, signature.as_str()]);
    }
    let useless = value.is_none_or(str::is_empty) && !admin && !secure && !hidden;
    if found.signatures.is_empty() && useless {
        let message = format!("the property '{id}' has neither value nor flags, and is left out");
        c.warn(node, codes::SUSPICIOUS, message);
        return;
    }
    if secure && id.to_uppercase() != id {
        let message = format!("the secure property '{id}' must be upper case");
        let finding = Diagnostic::error(codes::BAD_VALUE, message).at(node.place("Id"));
        c.push(finding.hint(format!("write '{}'", id.to_uppercase())));
    }
    warn_of_references(c, node, id, value.unwrap_or_default());
    c.row(node, "Property", cells![id, value]);
    if admin || hidden || secure {
        let flags = PropertyFlags { id: id.to_owned(), admin, hidden, secure, span: node.span() };
        c.section.properties.push(flags);
    }
}

/// A property's value is not formatted, so a name in brackets stays one.
pub(super) fn warn_of_references(c: &mut Compiler, node: &Node, property: &str, value: &str) {
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('[') {
        if let Some((name, _)) = after.split_once(']')
            && super::names::is_identifier(name)
        {
            let message = format!("the value of '{property}' holds '[{name}]', which is not replaced there");
            let diagnostic = Diagnostic::warning(codes::SUSPICIOUS, message).at(node.span());
            c.push(diagnostic.hint("<SetProperty> sets a property from others".to_owned()));
        }
        rest = after;
    }
}
