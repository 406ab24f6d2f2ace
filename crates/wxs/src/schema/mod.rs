//! The vocabulary of WiX sources as data, and nearest names for what is not in it.
//!
//! `v3.txt` and `v4.txt` beside this file are the catalogues: every element with its attributes, their types and its children. What the
//! compile phase can't do yet is in it too, so that it can be told apart from what nobody can do. The extensions' catalogues stand
//! beside it; their elements are named with the prefix that everybody uses, such as `util:User`.

pub(crate) mod moved;
mod nearest;
mod standard_actions;

pub use nearest::nearest;
pub use standard_actions::is_standard_action;

use std::collections::HashMap;
use std::sync::OnceLock;

/// All elements of one schema version.
#[derive(Debug)]
pub struct Schema {
    elements: HashMap<&'static str, ElementDef>,
}

/// What an element may have.
#[derive(Debug)]
pub struct ElementDef {
    pub name: &'static str,
    pub attributes: Vec<AttributeDef>,
    pub children: Vec<&'static str>,
    /// Children that stand before all others, in this order, with how many of each.
    pub first: Vec<(&'static str, Count)>,
    /// For an element of an extension: the elements of WiX that may hold it.
    pub parents: Vec<&'static str>,
    /// Text may stand in it.
    pub text: bool,
    /// Elements of extensions may stand in it.
    pub open: bool,
}

#[derive(Debug)]
pub struct AttributeDef {
    pub name: &'static str,
    pub required: bool,
    pub ty: AttributeType,
}

/// How many children of a name an element has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    One,
    AtMostOne,
    Any,
    AtLeastOne,
}

/// Types that need no context to check; names, identifiers and GUIDs are read by typed getters where they are compiled.
#[derive(Debug, PartialEq, Eq)]
pub enum AttributeType {
    Any,
    Integer,
    /// One of these words.
    Words(Vec<&'static str>),
    /// Checked where it is read: the name says what it is.
    Named(&'static str),
}

/// The vocabulary of `http://schemas.microsoft.com/wix/2006/wi`.
pub fn v3() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::parse(include_str!("v3.txt")))
}

/// The vocabulary of `http://wixtoolset.org/schemas/v4/wxs`.
pub fn v4() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::parse(include_str!("v4.txt")))
}

impl Schema {
    pub fn element(&self, name: &str) -> Option<&ElementDef> {
        self.elements.get(name)
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.elements.keys().copied()
    }

    /// Elements that may hold an element.
    pub fn parents(&self, child: &str) -> impl Iterator<Item = &'static str> {
        self.elements.values().filter(move |def| def.children.contains(&child)).map(|def| def.name)
    }

    /// The elements of several catalogues together.
    pub(crate) fn of(texts: &[&'static str]) -> Schema {
        let mut schema = Schema { elements: HashMap::new() };
        for text in texts {
            schema.elements.extend(Schema::parse(text).elements);
        }
        schema
    }

    /// Adds a catalogue: elements of its own, and what it has to say of those that are there already.
    pub(crate) fn extend(&mut self, text: &'static str) {
        for (name, more) in Schema::parse(text).elements {
            let Some(def) = self.elements.get_mut(name) else {
                self.elements.insert(name, more);
                continue;
            };
            def.attributes.retain(|known| more.attribute(known.name).is_none());
            def.attributes.extend(more.attributes);
            def.children.extend(more.children);
            def.parents.extend(more.parents);
        }
    }

    fn parse(text: &'static str) -> Schema {
        let mut elements: HashMap<&'static str, ElementDef> = HashMap::new();
        let mut current = "";
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            match words.next() {
                Some("@") => {
                    let def = elements.entry(current);
                    def.and_modify(|def| def.attributes.extend(words.map(attribute)));
                }
                Some(">") => {
                    elements.entry(current).and_modify(|def| def.children.extend(words));
                }
                Some("=") => {
                    elements.entry(current).and_modify(|def| def.first.extend(words.map(counted)));
                }
                Some("<") => {
                    elements.entry(current).and_modify(|def| def.parents.extend(words));
                }
                Some(name) => {
                    current = name;
                    let flags: Vec<&str> = words.collect();
                    let def = ElementDef {
                        name,
                        attributes: Vec::new(),
                        children: Vec::new(),
                        first: Vec::new(),
                        parents: Vec::new(),
                        text: flags.contains(&"text"),
                        open: flags.contains(&"open"),
                    };
                    elements.insert(name, def);
                }
                None => {}
            }
        }
        Schema { elements }
    }
}

impl ElementDef {
    /// Whether the element may hold another one, of WiX or of an extension.
    pub fn holds(&self, child: &ElementDef) -> bool {
        self.children.contains(&child.name) || (self.open && child.parents.contains(&self.name))
    }

    pub fn attribute(&self, name: &str) -> Option<&AttributeDef> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

/// What to write where an element has no attribute of a name.
pub(crate) fn has(def: &ElementDef, wrong: &str) -> String {
    if let Some(near) = nearest(wrong, def.attributes.iter().map(|known| known.name)) {
        return format!("did you mean '{near}'?");
    }
    let names: Vec<String> = def.attributes.iter().map(|known| format!("'{}'", known.name)).collect();
    match names.len() {
        0 => "it has no attributes at all".to_owned(),
        1..=MANY => format!("it has {}", names.join(", ")),
        _ => format!("it has {}, and {} more", names[..MANY].join(", "), names.len() - MANY),
    }
}

/// What may stand in an element.
pub(crate) fn holds(def: &ElementDef) -> String {
    let names: Vec<String> = def.children.iter().map(|child| format!("<{child}>")).collect();
    match names.len() {
        0 => format!("<{}> holds no elements", def.name),
        1..=MANY => format!("<{}> holds {}", def.name, names.join(", ")),
        _ => format!("<{}> holds {}, and {} more", def.name, names[..MANY].join(", "), names.len() - MANY),
    }
}

/// What to write where a value is none of some words.
pub(crate) fn one_of(wrong: &str, words: &[&'static str]) -> String {
    match nearest(wrong, words.iter().copied()) {
        Some(near) => format!("did you mean '{near}'?"),
        None => "write one of these words; their case counts".to_owned(),
    }
}

/// Names that a hint lists.
const MANY: usize = 12;

fn counted(word: &'static str) -> (&'static str, Count) {
    let count = match word.chars().next_back() {
        Some('?') => Count::AtMostOne,
        Some('*') => Count::Any,
        Some('+') => Count::AtLeastOne,
        _ => Count::One,
    };
    (word.trim_end_matches(['?', '*', '+']), count)
}

fn attribute(word: &'static str) -> AttributeDef {
    let (name, ty) = word.split_once(':').unwrap_or((word, ""));
    let ty = match ty {
        "" => AttributeType::Any,
        "integer" => AttributeType::Integer,
        "yes-no" => AttributeType::Words(vec!["yes", "no"]),
        "yes-no-default" => AttributeType::Words(vec!["yes", "no", "default"]),
        "yes-no-always" => AttributeType::Words(vec!["yes", "no", "always"]),
        "yes-no-button" => AttributeType::Words(vec!["yes", "no", "button"]),
        words if words.contains('|') => AttributeType::Words(words.split('|').collect()),
        named => AttributeType::Named(named),
    };
    AttributeDef { name: name.trim_end_matches('!'), required: name.ends_with('!'), ty }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_child_of_the_catalogue_is_in_the_catalogue() {
        for schema in [v3(), v4()] {
            for element in schema.elements.values() {
                for child in &element.children {
                    assert!(schema.element(child).is_some(), "<{}> lists <{child}>", element.name);
                }
            }
        }
    }

    #[test]
    fn attributes_keep_their_types() {
        let component = v3().element("Component").expect("Component is an element");
        assert_eq!(component.attribute("Guid").map(|a| &a.ty), Some(&AttributeType::Named("component-guid")));
        let custom = v3().element("Custom").expect("Custom is an element");
        assert!(custom.attribute("Action").is_some_and(|a| a.required) && custom.text);
    }
}
