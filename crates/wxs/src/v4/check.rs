//! A document against the vocabulary of WiX 4, before anything is rewritten.

use super::extension;
use crate::codes;
use crate::compile::names::find_variable;
use crate::document::{Attribute, Element};
use crate::schema::moved::{self, Foreign};
use crate::schema::{self, AttributeType, ElementDef};
use crate::{NAMESPACE_V3, NAMESPACE_V4};
use diagnostics::{Diagnostic, Diagnostics};

/// Elements between whose children stray text says nothing to WiX 4 and later, which read no further than the children.
const DEAF: &[&str] = &[
    "AppId",
    "Billboard",
    "BillboardAction",
    "Class",
    "ComboBox",
    "ComplianceDrive",
    "Component",
    "ComponentGroup",
    "ComponentSearch",
    "CreateFolder",
    "CustomTable",
    "Dialog",
    "Directory",
    "DirectoryRef",
    "DirectorySearch",
    "DirectorySearchRef",
    "EmbeddedUI",
    "Feature",
    "FeatureGroup",
    "FeatureRef",
    "File",
    "Files",
    "Fragment",
    "IniFileSearch",
    "InstanceTransforms",
    "ListBox",
    "ListView",
    "Media",
    "Merge",
    "ODBCDataSource",
    "Package",
    "ProgId",
    "Provides",
    "RadioButtonGroup",
    "RegistryKey",
    "RegistrySearch",
    "SFPCatalog",
    "ServiceConfig",
    "ServiceConfigFailureActions",
    "ServiceControl",
    "ServiceInstall",
    "Shortcut",
    "StandardDirectory",
    "TypeLib",
    "UI",
    "Upgrade",
    "Wix",
];

/// Whether an element's text is passed over.
pub(super) fn is_deaf(name: &str) -> bool {
    DEAF.contains(&name)
}

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
            let newer = extension::newer_namespace(namespace);
            if namespace == NAMESPACE_V3 || newer.is_some() || !parent_def.open {
                let message = format!("<{}> can't hold <{name}> of '{namespace}'", parent_def.name);
                let finding = Diagnostic::error(codes::MISPLACED_ELEMENT, message).at(element.span());
                diagnostics.push(finding.hint(foreign(parent_def.name, name, namespace, newer.as_deref())));
            }
            continue;
        }
        let Some(def) = schema::v4().element(name) else {
            let mut diagnostic =
                Diagnostic::error(codes::UNKNOWN_ELEMENT, format!("unknown element <{name}>"))
                    .at(element.span());
            let from = Foreign::Element { parent: parent_def.name, element: name };
            if let Some(hint) = moved::instead(from, true) {
                diagnostic = diagnostic.hint(hint);
            } else if let Some(near) = schema::nearest(name, parent_def.children.iter().copied())
                .or_else(|| schema::nearest(name, schema::v4().names()))
            {
                diagnostic = diagnostic.hint(format!("did you mean <{near}>?"));
            } else {
                diagnostic = diagnostic.hint(schema::holds(parent_def));
            }
            diagnostics.push(diagnostic);
            continue;
        };
        if !parent_def.children.contains(&def.name) {
            let message = format!("<{}> can't hold <{name}>", parent_def.name);
            let mut parents: Vec<&str> = schema::v4().parents(def.name).collect();
            parents.sort_unstable();
            let mut diagnostic = Diagnostic::error(codes::MISPLACED_ELEMENT, message).at(element.span());
            let from = Foreign::Element { parent: parent_def.name, element: name };
            if let Some(hint) = moved::instead(from, true) {
                diagnostic = diagnostic.hint(hint);
            } else if !parents.is_empty() {
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
        if let Some(text) = element.text().filter(|_| is_deaf(name)) {
            let message = format!("text in <{name}> is left out");
            diagnostics.push(Diagnostic::warning(codes::SUSPICIOUS, message).at(text.span));
        } else if let Some(text) = element.text() {
            let message = format!("<{name}> can't hold text");
            let hint = match (moved::text_attribute(name), name) {
                (Some(attribute), _) => format!("write it as the attribute '{attribute}'"),
                (None, "CustomAction") => {
                    "write it to a file, and name that with 'ScriptSourceFile'".to_owned()
                }
                (None, _) => "WiX 4 and later have attributes for what was text before".to_owned(),
            };
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
            let diagnostic = Diagnostic::error(codes::UNKNOWN_ATTRIBUTE, message).at(attribute.name_span);
            let from = Foreign::Attribute { element: def.name, attribute: local, value: None };
            diagnostics.push(match moved::instead(from, true) {
                Some(hint) => diagnostic.hint(hint),
                None => diagnostic.hint(schema::has(def, local)),
            });
            continue;
        };
        values(def, attribute, &known.ty, diagnostics);
        if let AttributeType::Words(words) = &known.ty
            && !words.contains(&attribute.value.as_str())
            && !matches!(attribute.value.as_str(), "true" | "false")
            && find_variable(&attribute.value).is_none()
        {
            let list: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
            let message = format!("'{}' is none of {}", attribute.value, list.join(", "));
            let diagnostic = Diagnostic::error(codes::BAD_VALUE, message).at(attribute.value_span);
            let value = Some(attribute.value.as_str());
            let from = Foreign::Attribute { element: def.name, attribute: local, value };
            diagnostics.push(match moved::instead(from, true) {
                Some(hint) => diagnostic.hint(hint),
                None => diagnostic.hint(schema::one_of(&attribute.value, words)),
            });
        }
    }
    let has = |name: &str| element.attributes().iter().any(|attribute| &*attribute.name.local == name);
    for needed in def.attributes.iter().filter(|known| known.required && !has(known.name)) {
        let message = format!("<{}> needs the attribute '{}'", def.name, needed.name);
        let finding = Diagnostic::error(codes::MISSING, message).at(element.span());
        diagnostics.push(finding.hint(format!("write <{} {}=\"…\" …>", def.name, needed.name)));
    }
}

/// Warns of values that are valid and say nothing to anybody since WiX 4.
fn values(def: &ElementDef, attribute: &Attribute, ty: &AttributeType, diagnostics: &mut Diagnostics) {
    let (local, value) = (&*attribute.name.local, attribute.value.as_str());
    let from = Foreign::Attribute { element: def.name, attribute: local, value: Some(value) };
    if let Some(hint) = moved::instead(from, true).filter(|_| !matches!(ty, AttributeType::Words(_))) {
        let message = format!("'{value}' is a name of WiX 3, which nothing reads any more");
        let finding = Diagnostic::warning(codes::DEPRECATED, message).at(attribute.value_span);
        diagnostics.push(finding.hint(hint));
    }
    if let Some((_, rest)) = value.split_once("$(loc.")
        && let Some((name, _)) = rest.split_once(')')
    {
        let message = format!("'$(loc.{name})' stands for no localized string since WiX 4");
        let finding = Diagnostic::warning(codes::SUSPICIOUS, message).at(attribute.value_span);
        diagnostics.push(finding.hint(format!("write '!(loc.{name})'")));
    }
}

/// What to do about an element of another namespace where only those of WiX 4 may stand.
fn foreign(parent: &str, name: &str, namespace: &str, newer: Option<&str>) -> String {
    match newer {
        _ if namespace == NAMESPACE_V3 => {
            format!("a source keeps to one namespace; this one's is '{NAMESPACE_V4}'")
        }
        Some(newer) => format!("sources of WiX 4 and later name its namespace '{newer}'"),
        None => format!("<{parent}> takes no elements of extensions; look where <{name}> belongs"),
    }
}
