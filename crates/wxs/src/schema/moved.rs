//! What the other generation of WiX calls something, for hints.
//!
//! `moved.txt` beside this file is the catalogue. Only names that a vocabulary does not have are looked up in it.

use super::{v3, v4};
use std::sync::OnceLock;

/// A name that somebody wrote and the vocabulary at hand does not have.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Foreign<'a> {
    /// An element, and the one around it.
    Element { parent: &'a str, element: &'a str },
    /// An attribute, or a value that it does not take.
    Attribute { element: &'a str, attribute: &'a str, value: Option<&'a str> },
    /// A name that is referred to.
    Reference { table: &'a str, key: &'a str },
}

/// What to write instead. `newer` is the generation of the source that the name stands in.
pub(crate) fn instead(foreign: Foreign<'_>, newer: bool) -> Option<&'static str> {
    entries(newer).iter().find(|entry| entry.fits(foreign)).map(|entry| entry.hint)
}

/// The attribute that holds since WiX 4 what was an element's text before.
pub(crate) fn text_attribute(element: &str) -> Option<&'static str> {
    let (older, newer) = (v3().element(element)?, v4().element(element)?);
    // The text of a script goes to a file.
    if !older.text || element == "CustomAction" {
        return None;
    }
    ["Condition", "Message", "Value", "Name"]
        .into_iter()
        .find(|name| newer.attribute(name).is_some() && (*name != "Name" || element == "RequiredPrivilege"))
}

/// One line of the catalogue.
#[derive(Debug)]
struct Entry {
    key: &'static str,
    hint: &'static str,
}

/// The entries for sources of one generation.
fn entries(newer: bool) -> &'static [Entry] {
    static ENTRIES: OnceLock<[Vec<Entry>; 2]> = OnceLock::new();
    let both = ENTRIES.get_or_init(|| {
        let mut both = [Vec::new(), Vec::new()];
        let mut at = 0;
        for line in include_str!("moved.txt").lines().filter(|line| !line.starts_with('#')) {
            match line.trim() {
                "[older]" => at = 0,
                "[newer]" => at = 1,
                line => {
                    if let Some((key, hint)) = line.split_once(" | ") {
                        both[at].push(Entry { key, hint });
                    }
                }
            }
        }
        both
    });
    &both[usize::from(newer)]
}

impl Entry {
    fn fits(&self, foreign: Foreign<'_>) -> bool {
        let any = |pattern: &str, name: &str| pattern == "*" || pattern == name;
        match foreign {
            Foreign::Element { parent, element } => match self.key.split_once('/') {
                _ if self.key.starts_with('&') || self.key.contains('@') => false,
                Some((outer, inner)) => any(outer, parent) && inner == element,
                None => self.key == element,
            },
            Foreign::Attribute { element, attribute, value } => {
                let Some((on, what)) = self.key.split_once('@') else { return false };
                let (name, of) = what.split_once('=').map_or((what, None), |(name, of)| (name, Some(of)));
                any(on, element) && name == attribute && of == value
            }
            Foreign::Reference { table, key } => {
                let Some((of, name)) = self.key.strip_prefix('&').and_then(|key| key.split_once('/')) else {
                    return false;
                };
                of == table
                    && name
                        .strip_suffix('*')
                        .map_or(name == key, |start| key.len() > start.len() && key.starts_with(start))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extension;
    use crate::schema::{AttributeType, ElementDef, Schema};

    /// Elements whose text or whose attributes nobody has to be told about: they are read by no compiler of packages.
    const SILENT: &[&str] = &["All", "EmbeddedUI", "ProductSearch", "Property", "UpgradeVersion"];

    fn both() -> [(bool, &'static Schema, &'static Schema); 2] {
        [(true, v3(), v4()), (false, v4(), v3())]
    }

    #[test]
    fn every_name_that_only_one_generation_has_is_answered_in_the_other() {
        for (newer, from, to) in both() {
            for name in from.names() {
                let def = from.element(name).expect("names() gives elements");
                let Some(other) = to.element(name) else {
                    for parent in from.parents(name).filter(|parent| to.element(parent).is_some()) {
                        let told = instead(Foreign::Element { parent, element: name }, newer);
                        assert!(told.is_some(), "<{parent}> <{name}> newer={newer}");
                    }
                    continue;
                };
                for attribute in def.attributes.iter().filter(|known| other.attribute(known.name).is_none()) {
                    assert!(
                        answered(def, attribute.name, newer),
                        "<{name} {}> newer={newer}",
                        attribute.name
                    );
                }
            }
        }
    }

    /// Whether there is a hint for an attribute; what only bundles and patches have needs none.
    fn answered(def: &ElementDef, attribute: &str, newer: bool) -> bool {
        const NOT_FOR_PACKAGES: &[&str] = &[
            "BootstrapperApplication",
            "Bundle",
            "ExePackage",
            "MsiPackage",
            "MsiProperty",
            "MspPackage",
            "PatchBaseline",
            "Payload",
            "RollbackBoundary",
        ];
        let from = Foreign::Attribute { element: def.name, attribute, value: None };
        instead(from, newer).is_some()
            || (!newer
                && (text_attribute(def.name) == Some(attribute) || NOT_FOR_PACKAGES.contains(&def.name)))
    }

    #[test]
    fn text_is_answered_with_an_attribute() {
        for name in v3().names().filter(|name| !SILENT.contains(name)) {
            let Some(newer) = v4().element(name) else { continue };
            let text = v3().element(name).is_some_and(|def| def.text);
            if text && !newer.text && name != "CustomAction" {
                assert!(text_attribute(name).is_some(), "<{name}>");
            }
        }
        assert_eq!(text_attribute("RequiredPrivilege"), Some("Name"));
        assert_eq!(text_attribute("ProgressText"), Some("Message"));
        assert_eq!(text_attribute("Custom"), Some("Condition"));
        assert_eq!(text_attribute("File"), None);
    }

    /// What a hint tells to write exists.
    #[test]
    fn hints_name_what_there_is() {
        for (newer, from, to) in both() {
            for Entry { key, hint } in entries(newer) {
                for piece in hint.split('<').skip(1) {
                    let name = piece.split([' ', '>', '/']).next().unwrap_or_default();
                    let foreign = || extension::schema(newer).element(name).is_some();
                    let known = to.element(name).is_some() || foreign();
                    assert!(known || ["Tag", "TagRef", "ui:WixUI"].contains(&name), "{key}: <{name}>");
                }
                let Some((element, attribute)) = key.split_once('@') else { continue };
                if let Some((attribute, value)) = attribute.split_once('=') {
                    let takes = |def: &ElementDef| match def.attribute(attribute).map(|known| &known.ty) {
                        Some(AttributeType::Words(words)) => words.contains(&value),
                        _ => false,
                    };
                    let elements = || to.names().filter(|name| element == "*" || *name == element);
                    let taken = elements().filter_map(|name| to.element(name)).any(takes);
                    assert!(!taken, "{key} is a word there is");
                }
                // Renamed attributes: the new one is one of the element, or of each element that had the old one.
                if let Some(new) = hint.strip_prefix("write '").and_then(|rest| rest.split('\'').next()) {
                    let had = |name: &&str| {
                        let of = from.element(name);
                        (element == "*" || *name == element)
                            && of.is_some_and(|def| def.attribute(attribute).is_some())
                    };
                    for name in from.names().filter(had) {
                        let Some(def) = to.element(name) else { continue };
                        let more_specific =
                            instead(Foreign::Attribute { element: name, attribute, value: None }, newer);
                        let known = def.attribute(new).is_some() || def.attribute(attribute).is_some();
                        assert!(known || more_specific != Some(hint), "{key}: <{name}> has no '{new}'");
                    }
                }
            }
        }
    }

    #[test]
    fn the_first_entry_that_fits_counts() {
        let condition = |parent| instead(Foreign::Element { parent, element: "Condition" }, true).unwrap();
        assert!(condition("Component").contains("<Component>"));
        assert!(condition("Fragment").contains("<Launch"));
        let reference = |key| instead(Foreign::Reference { table: "Property", key }, true);
        assert_eq!(reference("WIX_SUITE_ENTERPRISE"), Some("write <util:QueryWindowsSuiteInfo />"));
        assert_eq!(reference("MY_SUITE"), None);
        let value = |value| {
            instead(Foreign::Attribute { element: "Feature", attribute: "AllowAdvertise", value }, true)
        };
        assert_eq!(value(Some("system")), Some("write \"yes\""));
        assert_eq!(value(None), None);
    }
}
