//! The element tree that phases after the preprocessor read.
//!
//! Elements live in one vector and name each other by index, so that neither building nor dropping a deep tree recurses.

mod tree;

pub(crate) use tree::{Tree, v3_name};

use crate::codes;
use crate::ir::Access;
use crate::xml::{self, WhiteSpace};
use diagnostics::{Diagnostic, Diagnostics, Span};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Elements may nest this deep; what walks the tree may therefore recurse.
pub const MAX_DEPTH: usize = 256;
/// Elements of one document after the preprocessor; `foreach` in `foreach` could otherwise ask for any number.
pub const MAX_ELEMENTS: usize = 8_000_000;

/// A preprocessed source: one root element and everything below it.
#[derive(Debug)]
pub struct Document {
    elements: Vec<ElementData>,
    namespaces: Vec<Arc<str>>,
    /// The source was written for WiX 4 or later.
    is_v4: bool,
    access: Arc<Access>,
}

#[derive(Debug)]
struct ElementData {
    name: Name,
    span: Span,
    attributes: Vec<Attribute>,
    children: Vec<u32>,
    text: Option<Box<Text>>,
}

/// A name with its namespace resolved; the namespace is empty where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub namespace: Arc<str>,
    pub local: Arc<str>,
}

#[derive(Debug, Clone)]
pub struct Attribute {
    pub name: Name,
    pub value: String,
    pub name_span: Span,
    pub value_span: Span,
}

/// All text directly inside an element, pieces joined.
#[derive(Debug, Clone)]
pub struct Text {
    pub text: String,
    pub span: Span,
}

/// One element of a document.
#[derive(Debug, Clone, Copy)]
pub struct Element<'d> {
    document: &'d Document,
    index: u32,
}

impl Document {
    /// Parses a text that needs no preprocessing, such as a localization file. Instructions in it are passed over.
    pub fn parse(file: diagnostics::FileId, text: &str, diagnostics: &mut Diagnostics) -> Option<Document> {
        let white_space = if text.contains(crate::NAMESPACE_LOCALIZATION_V4) {
            WhiteSpace::Normalised
        } else {
            WhiteSpace::AsWritten
        };
        let events = match xml::events(file, text, white_space) {
            Ok(events) => events,
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                return None;
            }
        };
        let mut builder = Builder::new();
        for event in &events {
            let result = match event {
                xml::Event::Start(start) => builder.start(start, |value, _| Ok(value.to_owned())),
                xml::Event::End { name, span } => builder.end(name, *span),
                xml::Event::Text { text, span } => {
                    builder.text(text, *span);
                    Ok(())
                }
                xml::Event::Instruction { .. } => Ok(()),
            };
            if let Err(diagnostic) = result {
                diagnostics.push(diagnostic);
                return None;
            }
        }
        builder.finish(diagnostics)
    }

    pub fn root(&self) -> Element<'_> {
        Element { document: self, index: 0 }
    }

    /// Every namespace that the source declares, whether or not anything is in it.
    pub fn namespaces(&self) -> &[Arc<str>] {
        &self.namespaces
    }

    /// Whether the source was written for WiX 4 or later, whatever its elements were rewritten to.
    pub fn is_v4(&self) -> bool {
        self.is_v4
    }

    /// Which definitions give way to others.
    pub fn access(&self) -> &Arc<Access> {
        &self.access
    }

    /// The document as XML text again, for `-p`.
    pub fn to_xml(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        write_element(&mut out, self.root(), 0, "");
        out
    }
}

impl<'d> Element<'d> {
    fn data(self) -> &'d ElementData {
        &self.document.elements[self.index as usize]
    }

    pub fn name(self) -> &'d Name {
        &self.data().name
    }

    pub fn local(self) -> &'d str {
        &self.data().name.local
    }

    /// Where the name stands in the start tag.
    pub fn span(self) -> Span {
        self.data().span
    }

    pub fn attributes(self) -> &'d [Attribute] {
        &self.data().attributes
    }

    pub fn children(self) -> impl ExactSizeIterator<Item = Element<'d>> {
        let document = self.document;
        self.data().children.iter().map(move |&index| Element { document, index })
    }

    /// The text directly inside, if there is any that is not white space.
    pub fn text(self) -> Option<&'d Text> {
        self.data().text.as_deref()
    }

    /// The text inside the element and inside what stands in it, pieces in the order of their elements.
    pub fn deep_text(self) -> String {
        let mut all = self.text().map_or("", |text| text.text.as_str()).to_owned();
        // Elements nest only so deep.
        for child in self.children() {
            all.push_str(&child.deep_text());
        }
        all
    }

    /// A number that no other element of the document has.
    pub fn index(self) -> u32 {
        self.index
    }
}

/// Builds a [`Document`] from events; resolves namespaces.
pub(crate) struct Builder {
    elements: Vec<ElementData>,
    open: Vec<(u32, String)>,
    /// Declared prefixes with the depth that declared them, innermost last.
    prefixes: Vec<(usize, String, Arc<str>)>,
    /// Every namespace declared so far, once.
    namespaces: Vec<Arc<str>>,
    declared: HashSet<Arc<str>>,
    interned: HashMap<String, Arc<str>>,
}

impl Builder {
    pub(crate) fn new() -> Builder {
        Builder {
            elements: Vec::new(),
            open: Vec::new(),
            prefixes: Vec::new(),
            namespaces: Vec::new(),
            declared: HashSet::new(),
            interned: HashMap::new(),
        }
    }

    /// Opens an element; `value` turns each attribute's raw value into its final one.
    pub(crate) fn start(
        &mut self,
        start: &xml::Start,
        mut value: impl FnMut(&str, Span) -> Result<String, Diagnostic>,
    ) -> Result<(), Diagnostic> {
        if self.open.is_empty() && !self.elements.is_empty() {
            return Err(Diagnostic::error(codes::MALFORMED_XML, "a second root element")
                .at(start.span)
                .hint("a document has one; a second one goes to a file of its own"));
        }
        if self.open.len() >= MAX_DEPTH {
            let message = format!("elements nest deeper than {MAX_DEPTH} levels");
            return Err(Diagnostic::error(codes::LIMIT, message).at(start.span));
        }
        if self.elements.len() >= MAX_ELEMENTS {
            let message = format!("the document has more than {MAX_ELEMENTS} elements");
            return Err(Diagnostic::error(codes::LIMIT, message).at(start.span));
        }
        let depth = self.open.len();
        let mut plain = Vec::with_capacity(start.attributes.len());
        for attribute in &start.attributes {
            let text = value(&attribute.value, attribute.value_span)?;
            match attribute.name.strip_prefix("xmlns") {
                Some("") => {
                    let namespace = self.declare(&text);
                    self.prefixes.push((depth, String::new(), namespace));
                }
                Some(rest) if rest.starts_with(':') => {
                    let namespace = self.declare(&text);
                    self.prefixes.push((depth, rest[1..].to_owned(), namespace));
                }
                _ => plain.push((attribute, text)),
            }
        }
        let name = self.resolve(&start.name, true).ok_or_else(|| undeclared(&start.name, start.span))?;
        let mut attributes = Vec::with_capacity(plain.len());
        for (raw, value) in plain {
            let name = self.resolve(&raw.name, false).ok_or_else(|| undeclared(&raw.name, raw.name_span))?;
            attributes.push(Attribute { name, value, name_span: raw.name_span, value_span: raw.value_span });
        }
        let index = self.elements.len() as u32;
        self.elements.push(ElementData {
            name,
            span: start.span,
            attributes,
            children: Vec::new(),
            text: None,
        });
        if let Some(&(parent, _)) = self.open.last() {
            self.elements[parent as usize].children.push(index);
        }
        self.open.push((index, start.name.clone()));
        Ok(())
    }

    pub(crate) fn end(&mut self, name: &str, span: Span) -> Result<(), Diagnostic> {
        match self.open.pop() {
            Some((_, opened)) if opened == name => {
                let depth = self.open.len();
                while self.prefixes.last().is_some_and(|&(at, ..)| at >= depth) {
                    self.prefixes.pop();
                }
                Ok(())
            }
            Some((index, opened)) => {
                let message =
                    format!("</{name}> closes <{opened}>, since the preprocessor left one of them out");
                let opened_at = self.elements[index as usize].span;
                Err(Diagnostic::error(codes::MALFORMED_XML, message)
                    .at(span)
                    .label(opened_at, "opened here")
                    .hint("an instruction has to hold both ends of an element, or none"))
            }
            None => Err(Diagnostic::error(
                codes::MALFORMED_XML,
                format!("</{name}> closes an element that the preprocessor left out"),
            )
            .at(span)),
        }
    }

    /// Adds text to the innermost element. White space between elements is layout, and no text.
    pub(crate) fn text(&mut self, piece: &str, at: Span) {
        let Some(&(index, _)) = self.open.last() else { return };
        if piece.trim().is_empty() {
            return;
        }
        match &mut self.elements[index as usize].text {
            Some(text) => {
                text.text.push_str(piece);
                if text.span.file == at.file && at.end > text.span.start {
                    text.span.end = at.end;
                }
            }
            none => *none = Some(Box::new(Text { text: piece.to_owned(), span: at })),
        }
    }

    /// Gives the document, or says what was left open.
    pub(crate) fn finish(self, diagnostics: &mut Diagnostics) -> Option<Document> {
        if let Some((index, name)) = self.open.last() {
            let message = format!("<{name}> is never closed, since the preprocessor left out its end");
            let at = self.elements[*index as usize].span;
            let finding = Diagnostic::error(codes::MALFORMED_XML, message).at(at);
            diagnostics.push(finding.hint("an instruction has to hold both ends of an element, or none"));
            return None;
        }
        if self.elements.is_empty() {
            diagnostics.push(Diagnostic::error(
                codes::MALFORMED_XML,
                "nothing is left of the root element after the preprocessor",
            ));
            return None;
        }
        let is_v4 = &*self.elements[0].name.namespace == crate::NAMESPACE_V4;
        let Builder { elements, namespaces, .. } = self;
        Some(Document { elements, namespaces, is_v4, access: Arc::default() })
    }

    fn resolve(&mut self, name: &str, element: bool) -> Option<Name> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let namespace = match prefix {
            "" if !element => self.intern(""),
            "xml" => self.intern("http://www.w3.org/XML/1998/namespace"),
            prefix => match self.prefixes.iter().rev().find(|(_, declared, _)| declared == prefix) {
                Some((.., namespace)) => namespace.clone(),
                None if prefix.is_empty() => self.intern(""),
                None => return None,
            },
        };
        Some(Name { namespace, local: self.intern(local) })
    }

    fn declare(&mut self, namespace: &str) -> Arc<str> {
        let namespace = self.intern(namespace);
        if self.declared.insert(namespace.clone()) {
            self.namespaces.push(namespace.clone());
        }
        namespace
    }

    fn intern(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.interned.get(text) {
            return known.clone();
        }
        let shared: Arc<str> = text.into();
        self.interned.insert(text.to_owned(), shared.clone());
        shared
    }
}

/// A value as it stands between quotation marks. Line ends and tabulators are references, since a reader takes them for spaces
/// where they stand as themselves.
fn attribute_text(value: &str) -> String {
    quick_xml::escape::escape(value).replace('\n', "&#10;").replace('\r', "&#13;").replace('\t', "&#9;")
}

fn undeclared(name: &str, at: Span) -> Diagnostic {
    let prefix = name.split(':').next().unwrap_or_default();
    Diagnostic::error(codes::MALFORMED_XML, format!("the prefix '{prefix}' of '{name}' is not declared"))
        .at(at)
        .hint(format!("declare it on the root element: xmlns:{prefix}=\"…\""))
}

fn write_element(out: &mut String, element: Element<'_>, depth: usize, inherited: &str) {
    use quick_xml::escape::escape;
    let indent = "  ".repeat(depth);
    let namespace: &str = &element.name().namespace;
    out.push_str(&format!("{indent}<{}", element.local()));
    if namespace != inherited {
        out.push_str(&format!(" xmlns=\"{}\"", escape(namespace)));
    }
    for (number, attribute) in element.attributes().iter().enumerate() {
        if attribute.name.namespace.is_empty() {
            out.push_str(&format!(" {}=\"{}\"", attribute.name.local, attribute_text(&attribute.value)));
        } else {
            let (space, local) = (escape(&*attribute.name.namespace), &attribute.name.local);
            let value = attribute_text(&attribute.value);
            out.push_str(&format!(" xmlns:n{number}=\"{space}\" n{number}:{local}=\"{value}\""));
        }
    }
    let text = element.text();
    if text.is_none() && element.children().len() == 0 {
        out.push_str(" />\n");
        return;
    }
    out.push('>');
    if let Some(text) = text {
        out.push_str(&escape(text.text.as_str()));
    }
    if element.children().len() > 0 {
        out.push('\n');
        for child in element.children() {
            write_element(out, child, depth + 1, namespace);
        }
        out.push_str(&indent);
    }
    out.push_str(&format!("</{}>\n", element.local()));
}
