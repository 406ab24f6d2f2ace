//! A document against the vocabulary of WiX 4, before anything is rewritten.

use crate::codes;
use crate::compile::names::find_variable;
use crate::document::Element;
use crate::schema::{self, AttributeType, ElementDef};
use crate::{NAMESPACE_V3, NAMESPACE_V4};
use diagnostics::{Diagnostic, Diagnostics};

/// What another element or attribute says now, for those who know WiX 3.
const REPLACED: &[(&str, &str)] = &[
    ("Product", "<Package> took its place, and <SummaryInformation> holds what described the package"),
    ("Condition", "conditions are attributes now; launch conditions are <Launch> elements"),
    ("Registry", "write <RegistryKey> and <RegistryValue>"),
    ("Win64", "write Bitness=\"always64\" or \"always32\""),
    ("BinaryKey", "write 'BinaryRef'"),
    ("FileKey", "write 'FileRef'"),
    ("InstallScope", "write 'Scope'"),
    ("Absent", "write 'AllowAbsent'"),
    ("Platform", "the command line says for which architecture a package is built"),
    ("Platforms", "the command line says for which architecture a package is built"),
];

/// Whether everything in the document is known, and where it may be.
pub(super) fn check(root: Element<'_>, diagnostics: &mut Diagnostics) -> bool {
    let def = schema::v4().element("Wix").expect("the catalogue has the root element");
    let mut found = Diagnostics::new();
    attributes(root, def, &mut found);
    children(root, def, &mut found);
    let failed = found.has_errors();
    diagnostics.extend(found);
    !failed
}

fn children(parent: Element<'_>, parent_def: &ElementDef, diagnostics: &mut Diagnostics) {
    for element in parent.children() {
        let (name, namespace) = (element.local(), &*element.name().namespace);
        if namespace != NAMESPACE_V4 {
            if namespace == NAMESPACE_V3 || !parent_def.open {
                let message = format!("<{}> can't hold <{name}> of '{namespace}'", parent_def.name);
                diagnostics.push(Diagnostic::error(codes::MISPLACED_ELEMENT, message).at(element.span()));
            }
            continue;
        }
        let Some(def) = schema::v4().element(name) else {
            let mut diagnostic =
                Diagnostic::error(codes::UNKNOWN_ELEMENT, format!("unknown element <{name}>"))
                    .at(element.span());
            if let Some((_, hint)) = REPLACED.iter().find(|(known, _)| *known == name) {
                diagnostic = diagnostic.hint(*hint);
            } else if let Some(near) = schema::nearest(name, parent_def.children.iter().copied())
                .or_else(|| schema::nearest(name, schema::v4().names()))
            {
                diagnostic = diagnostic.hint(format!("did you mean <{near}>?"));
            }
            diagnostics.push(diagnostic);
            continue;
        };
        if !parent_def.children.contains(&def.name) {
            let message = format!("<{}> can't hold <{name}>", parent_def.name);
            let mut parents: Vec<&str> = schema::v4().parents(def.name).collect();
            parents.sort_unstable();
            let mut diagnostic = Diagnostic::error(codes::MISPLACED_ELEMENT, message).at(element.span());
            if !parents.is_empty() {
                let list: Vec<String> = parents.iter().map(|parent| format!("<{parent}>")).collect();
                diagnostic = diagnostic.hint(format!("it stands in {}", list.join(", ")));
            }
            diagnostics.push(diagnostic);
            continue;
        }
        // What is refused by name is not looked into.
        if matches!(name, "Bundle" | "Module" | "Patch") {
            continue;
        }
        attributes(element, def, diagnostics);
        if let Some(text) = element.text() {
            let message = format!("<{name}> can't hold text");
            let hint = "WiX 4 and later have attributes for it, such as 'Condition' and 'Value'";
            diagnostics.push(Diagnostic::error(codes::TEXT, message).at(text.span).hint(hint));
        }
        children(element, def, diagnostics);
    }
}

fn attributes(element: Element<'_>, def: &ElementDef, diagnostics: &mut Diagnostics) {
    for attribute in element.attributes() {
        let local = &*attribute.name.local;
        if !attribute.name.namespace.is_empty() {
            continue;
        }
        let Some(known) = def.attribute(local) else {
            let message = format!("<{}> has no attribute '{local}'", def.name);
            let mut diagnostic = Diagnostic::error(codes::UNKNOWN_ATTRIBUTE, message).at(attribute.name_span);
            if let Some((_, hint)) = REPLACED.iter().find(|(known, _)| *known == local) {
                diagnostic = diagnostic.hint(*hint);
            } else if let Some(near) = schema::nearest(local, def.attributes.iter().map(|def| def.name)) {
                diagnostic = diagnostic.hint(format!("did you mean '{near}'?"));
            }
            diagnostics.push(diagnostic);
            continue;
        };
        if let AttributeType::Words(words) = &known.ty
            && !words.contains(&attribute.value.as_str())
            && !matches!(attribute.value.as_str(), "true" | "false")
            && find_variable(&attribute.value).is_none()
        {
            let list: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
            let message = format!("'{}' is none of {}", attribute.value, list.join(", "));
            let mut diagnostic = Diagnostic::error(codes::BAD_VALUE, message).at(attribute.value_span);
            if let Some(near) = schema::nearest(&attribute.value, words.iter().copied()) {
                diagnostic = diagnostic.hint(format!("did you mean '{near}'?"));
            }
            diagnostics.push(diagnostic);
        }
    }
    let has = |name: &str| element.attributes().iter().any(|attribute| &*attribute.name.local == name);
    for needed in def.attributes.iter().filter(|known| known.required && !has(known.name)) {
        let message = format!("<{}> needs the attribute '{}'", def.name, needed.name);
        diagnostics.push(Diagnostic::error(codes::MISSING, message).at(element.span()));
    }
}
