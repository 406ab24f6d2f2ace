//! From elements to sections of rows and symbols.
//!
//! The elements of a section and those of a component go through two tables of handlers ([`section`], [`component`]); what
//! stands deeper is compiled by its parent's family. Each family has its file. Handlers are given a [`Node`], whose typed
//! getters report bad values; they push rows, symbols and references into the active section and go on after an error.

mod advice;
mod appid;
mod binary;
mod class;
pub(crate) mod component;
mod condition;
mod control;
mod copy_file;
mod custom_action;
mod custom_table;
mod dialog;
mod directory;
mod embedded;
mod environment;
mod extension;
mod feature;
mod file;
mod folder;
mod group;
mod ini_file;
mod instance;
mod major_upgrade;
mod media;
mod merge;
pub(crate) mod names;
pub(crate) mod node;
mod odbc;
mod package;
pub(crate) mod permission;
mod product;
mod progid;
mod property;
pub(crate) mod refused;
mod registry;
pub(crate) mod remove_file;
mod search;
pub(crate) mod section;
mod sequence;
mod service;
mod service_config;
mod set_property;
mod sfp_catalog;
mod shortcut;
pub mod software_tag;
mod typelib;
mod ui;
mod ui_text;
mod upgrade;

use crate::NAMESPACE_V3;
use crate::codes;
use crate::document::{Document, Element};
use crate::extension as extensions;
use crate::ir::{
    ActionSymbol, ChildKind, ComplexReference, FileSymbol, ParentKind, Section, SectionKind, SimpleReference,
    SourceRow, Symbol, SymbolId,
};
use crate::schema::moved::{self, Foreign};
use crate::schema::{self, AttributeType, Count, ElementDef};
use diagnostics::{Code, Diagnostic, Diagnostics, Span};
use msi_db::Value;
use node::Node;
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

/// The architecture that `-arch` names; it decides what `Win64` means where the source doesn't say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Arch {
    #[default]
    X86,
    X64,
    Ia64,
    Arm,
    Arm64,
}

#[derive(Debug, Clone, Default)]
pub struct CompileOptions {
    pub arch: Arch,
    /// Gives the errors of `-pedantic` too.
    pub pedantic: bool,
}

/// Compiles one source. Sections may be incomplete when errors were pushed.
pub fn compile(document: &Document, options: &CompileOptions, diagnostics: &mut Diagnostics) -> Vec<Section> {
    let root = document.root();
    let mut compiler = Compiler {
        options,
        diagnostics,
        sections: Vec::new(),
        section: Section::new(SectionKind::Fragment, "", root.span()),
        product: None,
        short_names: false,
        tables: HashMap::new(),
        is_v4: document.is_v4(),
    };
    if root.local() != "Wix" || &*root.name().namespace != NAMESPACE_V3 {
        compiler.wrong_root(root);
        return Vec::new();
    }
    let def = schema::v3().element("Wix").expect("the catalogue has the root element");
    let node = Node { element: root, def, taken: Cell::new(0) };
    compiler.check_attributes(&node);
    compiler.check_order(&node);
    // A version asked for is one of the official compiler, whose language this one speaks up to 3.14.
    node.text(&mut compiler, "RequiredVersion");
    section::top_level(&mut compiler, &node);
    compiler.close(&node);
    for section in &mut compiler.sections {
        section.is_v4 = document.is_v4();
        section.access = document.access().clone();
    }
    compiler.sections
}

/// What an element means for whoever opened it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handled {
    Yes,
    /// The catalogue permits it here, and no family compiles it.
    No,
}

/// The state of one source's compilation.
pub(crate) struct Compiler<'a> {
    options: &'a CompileOptions,
    diagnostics: &'a mut Diagnostics,
    /// Finished sections.
    sections: Vec<Section>,
    /// The section being filled.
    section: Section,
    /// What elements below a product need to know of it.
    product: Option<product::Facts>,
    /// `Package/@ShortNames` was set.
    short_names: bool,
    /// Table names, shared between rows.
    tables: HashMap<&'static str, Arc<str>>,
    /// The source was written for WiX 4 or later.
    pub(crate) is_v4: bool,
}

/// Turns cells of any kind into a row's values.
macro_rules! cells {
    ($($cell:expr),* $(,)?) => { vec![$(msi_db::Value::from($cell)),*] };
}
pub(crate) use cells;

/// WiX 3 writes rows as XML between compiling and linking, where values of nothing but these get lost.
fn is_xml_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

impl Compiler<'_> {
    pub(crate) fn arch(&self) -> Arch {
        self.options.arch
    }

    pub(crate) fn is_64_bit(&self) -> bool {
        matches!(self.options.arch, Arch::X64 | Arch::Ia64 | Arch::Arm64)
    }

    /// The row key that WiX makes from what the row is about.
    pub(crate) fn generate_identifier(&self, prefix: &str, parts: &[&str]) -> String {
        if self.is_v4 {
            crate::v4::names::identifier(prefix, parts)
        } else {
            names::generate_identifier(prefix, parts)
        }
    }

    /// The name that WiX 4 gives an extension's table, in a source of that language.
    fn newer(&self, table: &str) -> Option<&'static str> {
        if self.is_v4 { extensions::newer::table(table) } else { None }
    }

    /// Adds a row to the active section. Empty texts and absent ones are the same to Windows Installer.
    pub(crate) fn row(&mut self, node: &Node, table: &'static str, values: Vec<Value>) -> &mut SourceRow {
        let empty = |text: &str| text.is_empty() || (!self.is_v4 && text.chars().all(is_xml_space));
        let values = values
            .into_iter()
            .map(|value| if value.as_str().is_some_and(empty) { Value::Null } else { value })
            .collect();
        let table = self.newer(table).unwrap_or(table);
        let table = self.tables.entry(table).or_insert_with(|| table.into()).clone();
        self.section.rows.push(SourceRow { table, values, span: node.span() });
        self.section.rows.last_mut().expect("a row was just added")
    }

    /// Says that the section needs what a symbol names.
    pub(crate) fn refer(&mut self, node: &Node, table: &str, key: &str) {
        let target = SymbolId::new(self.newer(table).unwrap_or(table), key);
        self.section.simple_references.push(SimpleReference { target, span: node.span() });
    }

    /// Reads an attribute that names a row of another table.
    pub(crate) fn reference<'d>(&mut self, node: &Node<'d>, attribute: &str, table: &str) -> Option<&'d str> {
        let id = node.id(self, attribute)?;
        let target = SymbolId::new(self.newer(table).unwrap_or(table), id);
        self.section.simple_references.push(SimpleReference { target, span: node.place(attribute) });
        Some(id)
    }

    /// An element that only names a row of another table by its `Id`.
    pub(crate) fn simple_reference<'d>(&mut self, node: &Node<'d>, table: &str) -> &'d str {
        let id = self.reference(node, "Id", table);
        node.need(self, "Id", id)
    }

    /// Defines a name that has no row of its own.
    pub(crate) fn symbol(&mut self, node: &Node, table: &str, key: &str) {
        self.section.symbols.push(Symbol { id: SymbolId::new(table, key), span: node.span() });
    }

    fn complex(&mut self, node: &Node, parent: &Parent, child: ChildKind, id: &str, primary: bool) {
        self.section.complex_references.push(ComplexReference {
            parent: parent.kind,
            parent_id: parent.id.clone(),
            parent_language: None,
            child,
            child_id: id.to_owned(),
            primary,
            span: node.span(),
        });
    }

    /// Adds an action to a sequence.
    pub(crate) fn action(&mut self, action: ActionSymbol) {
        self.section.actions.push(action);
    }

    /// Makes sure that a table exists in the output.
    pub(crate) fn ensure_table(&mut self, node: &Node, table: &str) {
        self.section.ensured_tables.push((table.to_owned(), node.span()));
    }

    /// Opens each child element in turn, gives it to `handle` and closes it.
    pub(crate) fn each_child<'d>(
        &mut self,
        parent: &Node<'d>,
        mut handle: impl FnMut(&mut Self, &Node<'d>) -> Handled,
    ) {
        for element in parent.element.children() {
            let Some(child) = self.open(parent, element) else { continue };
            match handle(self, &child) {
                Handled::Yes => self.close(&child),
                Handled::No => self.not_supported(&child),
            }
        }
    }

    /// Opens children that must not exist: reports each of them.
    pub(crate) fn no_children(&mut self, parent: &Node) {
        self.each_child(parent, |_, _| Handled::No);
    }

    /// Checks an element against the catalogue.
    fn open<'d>(&mut self, parent: &Node<'d>, element: Element<'d>) -> Option<Node<'d>> {
        let name = element.local();
        let namespace: &str = &element.name().namespace;
        let foreign = namespace != NAMESPACE_V3;
        let def = match extensions::by_namespace(namespace) {
            Some(extension) => Some(extension.element(name, self.is_v4).or_else(|| {
                self.push(extension.unknown_element(element, parent.name(), self.is_v4));
                None
            })?),
            None if foreign => {
                let open = parent.def.open || parent.def.name.contains(':');
                self.push(extensions::refusal(element, parent.name(), open));
                return None;
            }
            None => schema::v3().element(name),
        };
        let Some(def) = def else {
            let mut diagnostic =
                Diagnostic::error(codes::UNKNOWN_ELEMENT, format!("unknown element <{name}>"))
                    .at(element.span());
            let children = parent.def.children.iter().copied();
            let from = Foreign::Element { parent: parent.name(), element: name };
            if let Some(hint) = moved::instead(from, false).filter(|_| !self.is_v4) {
                diagnostic = diagnostic.hint(hint);
            } else if let Some(near) =
                schema::nearest(name, children).or_else(|| schema::nearest(name, schema::v3().names()))
            {
                diagnostic = diagnostic.hint(format!("did you mean <{near}>?"));
            } else {
                diagnostic = diagnostic.hint(schema::holds(parent.def));
            }
            self.push(diagnostic);
            return None;
        };
        if !parent.def.holds(def) {
            let name = def.name;
            let message = format!("<{}> can't hold <{name}>", parent.name());
            let mut parents: Vec<&str> = schema::v3().parents(def.name).collect();
            parents.extend(extensions::schema(self.is_v4).parents(def.name));
            parents.extend(&def.parents);
            parents.sort_unstable();
            let mut diagnostic = Diagnostic::error(codes::MISPLACED_ELEMENT, message).at(element.span());
            let from = Foreign::Element { parent: parent.name(), element: name };
            if let Some(hint) = moved::instead(from, false).filter(|_| !self.is_v4) {
                diagnostic = diagnostic.hint(hint);
            } else if !parents.is_empty() {
                let list: Vec<String> = parents.iter().map(|parent| format!("<{parent}>")).collect();
                diagnostic = diagnostic.hint(format!("it stands in {}", list.join(", ")));
            }
            self.push(diagnostic);
            return None;
        }
        let node = Node { element, def, taken: Cell::new(0) };
        if refused::reason(def.name).is_some() {
            return Some(node);
        }
        self.check_attributes(&node);
        self.check_order(&node);
        if !def.text
            && let Some(text) = element.text()
        {
            let message = format!("<{name}> can't hold text");
            let hint =
                "text stands in elements such as <Condition> and <Publish>; here, an attribute may take it";
            self.push(Diagnostic::error(codes::TEXT, message).at(text.span).hint(hint));
        }
        Some(node)
    }

    /// Checks that children whose place is fixed stand there, as often as they should.
    fn check_order(&mut self, node: &Node) {
        if node.def.first.is_empty() {
            return;
        }
        let mut reached = 0;
        let mut seen = vec![0usize; node.def.first.len()];
        for child in node.element.children().filter(|child| &*child.name().namespace == NAMESPACE_V3) {
            let name = child.local();
            let position = node.def.first.iter().position(|(first, _)| *first == name);
            let place = position.unwrap_or(node.def.first.len());
            if place < reached {
                let message = format!("<{name}> stands too late in <{}>", node.name());
                let order: Vec<String> =
                    node.def.first.iter().map(|(first, _)| format!("<{first}>")).collect();
                let hint = format!("the order is {}, then the others", order.join(", "));
                self.push(Diagnostic::error(codes::MISPLACED_ELEMENT, message).at(child.span()).hint(hint));
            }
            reached = reached.max(place);
            let Some(position) = position else { continue };
            seen[position] += 1;
            let single = matches!(node.def.first[position].1, Count::One | Count::AtMostOne);
            if single && seen[position] == 2 {
                let message = format!("a second <{name}> in <{}>", node.name());
                let finding = Diagnostic::error(codes::MISPLACED_ELEMENT, message).at(child.span());
                self.push(finding.hint("leave one of them out"));
            }
        }
        for ((name, count), seen) in node.def.first.iter().zip(seen) {
            if seen == 0 && matches!(count, Count::One | Count::AtLeastOne) {
                let message = format!("<{}> needs a <{name}>", node.name());
                let finding = Diagnostic::error(codes::MISSING, message).at(node.span());
                self.push(finding.hint(format!("put a <{name} … /> into it")));
            }
        }
    }

    fn check_attributes(&mut self, node: &Node) {
        let attributes = node.element.attributes();
        if attributes.len() > 128 {
            self.error(node, codes::LIMIT, "the element has more than 128 attributes".into());
        }
        for attribute in attributes {
            let (namespace, local) = (&*attribute.name.namespace, &*attribute.name.local);
            if !namespace.is_empty() {
                // Attributes of the XML standards themselves say nothing to a compiler.
                if !namespace.starts_with("http://www.w3.org/") {
                    let message = format!("the attribute '{local}' of '{namespace}' is not supported yet");
                    let finding = Diagnostic::error(codes::NOT_SUPPORTED, message).at(attribute.name_span);
                    self.push(finding.hint("leave it out"));
                }
                continue;
            }
            let Some(def) = node.def.attribute(local) else {
                let message = format!("<{}> has no attribute '{local}'", node.name());
                let finding = Diagnostic::error(codes::UNKNOWN_ATTRIBUTE, message).at(attribute.name_span);
                self.push(finding.hint(self.attribute_instead(node.def, local)));
                continue;
            };
            if let AttributeType::Words(words) = &def.ty
                && !words.contains(&attribute.value.as_str())
                && names::find_variable(&attribute.value).is_none()
            {
                let list: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
                let message = format!("'{}' is none of {}", attribute.value, list.join(", "));
                let diagnostic = Diagnostic::error(codes::BAD_VALUE, message).at(attribute.value_span);
                let value = Some(attribute.value.as_str());
                let from = Foreign::Attribute { element: node.name(), attribute: local, value };
                self.push(match moved::instead(from, self.is_v4) {
                    Some(hint) => diagnostic.hint(hint),
                    None => diagnostic.hint(schema::one_of(&attribute.value, words)),
                });
            }
        }
        for def in node.def.attributes.iter().filter(|def| def.required && !node.has(def.name)) {
            self.missing_attribute(node, def.name);
        }
    }

    /// What to write for an attribute that an element does not have.
    fn attribute_instead(&self, def: &ElementDef, wrong: &str) -> String {
        let from = Foreign::Attribute { element: def.name, attribute: wrong, value: None };
        if let Some(hint) = moved::instead(from, self.is_v4) {
            return hint.to_owned();
        }
        if !self.is_v4 && moved::text_attribute(def.name) == Some(wrong) {
            return format!("write it as the text of the <{}>", def.name);
        }
        schema::has(def, wrong)
    }

    /// Reports what no getter has read.
    fn close(&mut self, node: &Node) {
        let taken = node.taken.get();
        for (index, attribute) in node.element.attributes().iter().enumerate().take(128) {
            let local = &*attribute.name.local;
            if taken >> index & 1 == 0
                && attribute.name.namespace.is_empty()
                && node.def.attribute(local).is_some()
            {
                let message = format!("the attribute '{local}' of <{}> is not supported yet", node.name());
                let finding = Diagnostic::error(codes::NOT_SUPPORTED, message).at(attribute.name_span);
                self.push(finding.hint("leave it out"));
            }
        }
    }

    pub(crate) fn not_supported(&mut self, node: &Node) {
        match refused::reason(node.name()) {
            Some(message) => {
                self.error_with_hint(node, codes::REFUSED, message, "leave the element out");
            }
            None => {
                let message = format!("<{}> is not supported yet", node.name());
                self.error_with_hint(node, codes::NOT_SUPPORTED, &message, "leave the element out");
            }
        }
    }

    fn wrong_root(&mut self, root: Element<'_>) {
        let namespace: &str = &root.name().namespace;
        let diagnostic = if root.local() != "Wix" {
            let message = format!("a WiX source's root element is <Wix>, not <{}>", root.local());
            Diagnostic::error(codes::MISPLACED_ELEMENT, message)
        } else if namespace.is_empty() {
            Diagnostic::error(codes::UNKNOWN_ELEMENT, "<Wix> is in no namespace")
                .hint(format!("write <Wix xmlns=\"{NAMESPACE_V3}\">"))
        } else if namespace == crate::NAMESPACE_V4 {
            // Only a caller that left the rewriting out gets here.
            Diagnostic::error(codes::NOT_SUPPORTED, "the source of WiX 4 or later was not rewritten")
        } else {
            Diagnostic::error(codes::UNKNOWN_ELEMENT, format!("<Wix> is in the namespace '{namespace}'"))
                .hint(format!("this compiler knows '{NAMESPACE_V3}'"))
        };
        self.push(diagnostic.at(root.span()));
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// An error about an element as a whole.
    pub(crate) fn error(&mut self, node: &Node, code: Code, message: String) {
        let hint = advice::advice(node.def, code, None, &message);
        self.push(with_hint(Diagnostic::error(code, message).at(node.span()), hint));
    }

    /// An error about an element as a whole, and what to do about it.
    pub(crate) fn error_with_hint(&mut self, node: &Node, code: Code, message: &str, hint: &str) {
        self.push(Diagnostic::error(code, message).at(node.span()).hint(hint));
    }

    pub(crate) fn missing_attribute(&mut self, node: &Node, attribute: &str) {
        let message = format!("<{}> needs the attribute '{attribute}'", node.name());
        let finding = Diagnostic::error(codes::MISSING, message).at(node.span());
        self.push(finding.hint(format!("write <{} {attribute}=\"…\" …>", node.name())));
    }

    pub(crate) fn warn(&mut self, node: &Node, code: Code, message: String) {
        self.warn_at(code, node.span(), message);
    }

    pub(crate) fn warn_at(&mut self, code: Code, at: Span, message: String) {
        self.push(Diagnostic::warning(code, message).at(at));
    }
}

fn with_hint(finding: Diagnostic, hint: Option<String>) -> Diagnostic {
    match hint {
        Some(hint) => finding.hint(hint),
        None => finding,
    }
}

/// What holds a feature, component or group.
#[derive(Debug, Clone)]
pub(crate) struct Parent {
    kind: ParentKind,
    id: String,
}

impl Parent {
    fn new(kind: ParentKind, id: &str) -> Parent {
        Parent { kind, id: id.to_owned() }
    }

    fn unknown() -> Parent {
        Parent { kind: ParentKind::Unknown, id: String::new() }
    }

    fn is_known(&self) -> bool {
        self.kind != ParentKind::Unknown
    }
}
