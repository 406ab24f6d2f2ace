//! A configuration file as a tree that can be written back as it was.
//!
//! The loader drives the reader underneath `xmltree` itself, because `xmltree`'s own drops what this file format needs:
//! the prefixes of attributes (so that two attributes become one), white space between elements, and positions. It also
//! sets limits that a tree builder for trusted input does not need: no document type, so no entities of its own; a
//! bounded depth; a bounded length.

use std::collections::HashMap;

use xml::common::Position as _;
use xml::reader::{EventReader, ParserConfig, XmlEvent};
use xmltree::{AttributeMap, Element, XMLNode};

use crate::spelling::{Kind, Recall, Spelling, Token, attribute_names, tokens};
use crate::text::{Encoding, Text};
use crate::tree::{self, Style};
use crate::{Error, Position};

/// Elements nested deeper than this are refused.
const MAX_DEPTH: usize = 64;

/// A parsed file.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    text: Text,
    /// Everything before the root element: declaration, comments.
    prolog: String,
    pub root: Element,
    /// Everything behind the root element.
    epilog: String,
    spelling: Spelling,
    pub style: Style,
    /// The root as it was parsed: while it is equal, the file is written as it was read.
    parsed: Element,
    /// Where each element stood, by its path from the root, the first one where several share it.
    places: HashMap<String, Position>,
}

impl Document {
    /// Parses a file's bytes.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Document, Error> {
        Document::from_text(Text::from_bytes(bytes)?)
    }

    /// Parses a text, which may start with a byte order mark.
    pub(crate) fn parse(text: &str) -> Result<Document, Error> {
        Document::from_text(Text::from_text(text)?)
    }

    fn from_text(text: Text) -> Result<Document, Error> {
        let mut loader = Loader::new(&text)?;
        for token in tokens(&text.body) {
            loader.take(token)?;
        }
        let Loader { root, root_range: (start, end), spelling, places, .. } = loader;
        let root = root.ok_or_else(|| Error::Malformed {
            at: Position { line: 1, column: 1 },
            message: "there is no root element".to_owned(),
        })?;
        let (prolog, epilog) = (text.body[..start].to_owned(), text.body[end..].to_owned());
        let style = Style::of(&root);
        let parsed = root.clone();
        Ok(Document { text, prolog, root, epilog, spelling, style, parsed, places })
    }

    /// Where the element with this path stood in the file that was parsed.
    pub(crate) fn place(&self, path: &str) -> Option<Position> {
        self.places.get(path).copied()
    }

    /// The file's text: as it was read if nothing changed.
    pub(crate) fn render(&self) -> String {
        if self.root == self.parsed {
            return self.text.original.clone();
        }
        let mut body = self.prolog.clone();
        let mut writer = Writer {
            recall: self.spelling.recall(),
            padded: self.spelling.padded != Some(false),
            out: &mut body,
        };
        writer.element(&self.root);
        body.push_str(&self.epilog);
        self.text.render(&body)
    }

    /// The file's bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.text.encode(&self.render())
    }
}

/// Builds the tree from the reader's events, in step with the tokens of the text.
struct Loader<'a> {
    body: &'a str,
    events: std::iter::Peekable<std::vec::IntoIter<XmlEvent>>,
    /// The open elements: the start of their tag, their path, and themselves.
    open: Vec<(usize, String, Element)>,
    root: Option<Element>,
    root_range: (usize, usize),
    spelling: Spelling,
    places: HashMap<String, Position>,
    /// Where the current token stands, counted on from the one before it.
    here: (usize, Position),
}

impl<'a> Loader<'a> {
    fn new(text: &'a Text) -> Result<Loader<'a>, Error> {
        let body = text.body.as_str();
        let input = checked_input(text)?;
        let config = ParserConfig::new()
            .ignore_comments(false)
            .allow_multiple_root_elements(false)
            .override_encoding(Some(xml::Encoding::Utf8));
        let mut reader = EventReader::new_with_config(input.as_bytes(), config);
        let mut events = Vec::new();
        let mut depth = 0;
        loop {
            let event = reader.next().map_err(|error| malformed(&error))?;
            match event {
                XmlEvent::EndDocument => break,
                XmlEvent::StartElement { .. } => {
                    depth += 1;
                    if depth > MAX_DEPTH {
                        let at = position(&reader);
                        return Err(Error::TooDeep { at, limit: MAX_DEPTH });
                    }
                }
                XmlEvent::EndElement { .. } => depth -= 1,
                _ => {}
            }
            events.push(event);
        }
        Ok(Loader {
            body,
            events: events.into_iter().peekable(),
            open: Vec::new(),
            root: None,
            root_range: (0, 0),
            spelling: Spelling::default(),
            places: HashMap::new(),
            here: (0, Position { line: 1, column: 1 }),
        })
    }

    fn take(&mut self, token: Token<'_>) -> Result<(), Error> {
        let node = match token.kind {
            Kind::Start | Kind::Empty => return self.start(token),
            Kind::End => return self.end(token),
            Kind::Declaration => return Err(Error::Doctype { at: self.at(token) }),
            Kind::Text => XMLNode::Text(self.characters(token)),
            Kind::Comment => XMLNode::Comment(inner(token.raw, "<!--", "-->").to_owned()),
            Kind::CData => XMLNode::CData(inner(token.raw, "<![CDATA[", "]]>").to_owned()),
            Kind::Instruction => {
                let inner = inner(token.raw, "<?", "?>");
                match inner.split_once(|c: char| c.is_ascii_whitespace()) {
                    Some((name, data)) => {
                        XMLNode::ProcessingInstruction(name.to_owned(), Some(data.to_owned()))
                    }
                    None => XMLNode::ProcessingInstruction(inner.to_owned(), None),
                }
            }
        };
        if let Some((_, _, parent)) = self.open.last_mut() {
            parent.children.push(node);
        }
        Ok(())
    }

    /// The decoded characters of a text token.
    fn characters(&mut self, token: Token<'_>) -> String {
        self.skip_markup_events();
        let mut text = String::new();
        while let Some(XmlEvent::Characters(more) | XmlEvent::Whitespace(more)) =
            self.events.next_if(|event| matches!(event, XmlEvent::Characters(_) | XmlEvent::Whitespace(_)))
        {
            text.push_str(&more);
        }
        self.spelling.remember(escape_text(&text), token.raw);
        text
    }

    fn start(&mut self, token: Token<'_>) -> Result<(), Error> {
        self.skip_markup_events();
        let Some(XmlEvent::StartElement { name, attributes, namespace }) = self.events.next() else {
            return Err(Error::Malformed { at: self.at(token), message: "unexpected tag".to_owned() });
        };
        let mut element = Element::new(&name.local_name);
        element.prefix = name.prefix;
        let mut values = attributes.into_iter().map(|attribute| attribute.value);
        let mut map = AttributeMap::new();
        for written in attribute_names(token.raw) {
            let declared = match written.split_once(':') {
                Some(("xmlns", prefix)) => Some(namespace.get(prefix)),
                None if written == "xmlns" => Some(namespace.get("")),
                _ => None,
            };
            let value = match declared {
                Some(uri) => uri.unwrap_or_default().to_owned(),
                None => values.next().unwrap_or_default(),
            };
            map.insert(written.to_owned(), value);
        }
        element.attributes = map;
        let path = match self.open.last() {
            Some((_, parent, _)) => join(parent, &element),
            None => String::new(),
        };
        let at = self.at(token);
        if self.open.is_empty() && !tree::is(&element, "configuration") {
            return Err(Error::WrongRoot { at, found: tree::qualified(&element) });
        }
        match self.places.get(&path) {
            Some(first) if decides(&path) => {
                return Err(Error::Doubled { node: path, first: *first, second: at });
            }
            Some(_) => {}
            None => drop(self.places.insert(path.clone(), at)),
        }
        if token.kind == Kind::Empty && self.spelling.padded.is_none() {
            self.spelling.padded = Some(token.raw.trim_end_matches("/>").ends_with(char::is_whitespace));
        }
        self.open.push((token.start, path, element));
        if token.kind == Kind::Empty {
            self.close(token);
        }
        Ok(())
    }

    fn end(&mut self, token: Token<'_>) -> Result<(), Error> {
        if self.open.is_empty() {
            return Err(Error::Malformed { at: self.at(token), message: "unexpected end tag".to_owned() });
        }
        self.close(token);
        Ok(())
    }

    /// Closes the innermost element, whose last token this is.
    fn close(&mut self, token: Token<'_>) {
        self.skip_markup_events();
        self.events.next_if(|event| matches!(event, XmlEvent::EndElement { .. }));
        let Some((start, _, element)) = self.open.pop() else { return };
        let end = token.start + token.raw.len();
        // An element without children is one spelling; any other has its start tag for one.
        if element.children.is_empty() {
            self.spelling.remember(start_tag(&element, "/>"), &self.body[start..end]);
        } else {
            let tag = tokens(&self.body[start..]).next().map_or("", |token| token.raw);
            self.spelling.remember(start_tag(&element, ">"), tag);
        }
        match self.open.last_mut() {
            Some((_, _, parent)) => parent.children.push(XMLNode::Element(element)),
            None => {
                self.root = Some(element);
                self.root_range = (start, end);
            }
        }
    }

    /// Comments, CDATA and instructions are taken from the text; their events are passed over.
    fn skip_markup_events(&mut self) {
        while self
            .events
            .next_if(|event| {
                !matches!(
                    event,
                    XmlEvent::StartElement { .. }
                        | XmlEvent::EndElement { .. }
                        | XmlEvent::Characters(_)
                        | XmlEvent::Whitespace(_)
                )
            })
            .is_some()
        {}
    }

    /// Where a token stands. Tokens come in order, so the whole text is counted through once.
    fn at(&mut self, token: Token<'_>) -> Position {
        let (offset, mut at) = self.here;
        let passed = &self.body[offset..token.start];
        match passed.rfind('\n') {
            Some(last) => {
                at.line += passed.matches('\n').count();
                at.column = passed[last + 1..].chars().count() + 1;
            }
            None => at.column += passed.chars().count(),
        }
        self.here = (token.start, at);
        at
    }
}

/// What the reader gets: the text, its declaration blanked out after a look at the encoding that it names. Document
/// types are refused here, before anything could act on one.
fn checked_input(text: &Text) -> Result<String, Error> {
    let body = &text.body;
    let mut input = body.clone();
    for token in tokens(body) {
        match token.kind {
            Kind::Declaration => return Err(Error::Doctype { at: Position::of(body, token.start) }),
            Kind::Instruction if token.start == 0 && token.raw.starts_with("<?xml ") => {
                check_declaration(token.raw, text.encoding)?;
                let blanks: String = token.raw.chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
                input.replace_range(..token.raw.len(), &blanks);
            }
            _ => {}
        }
    }
    Ok(input)
}

fn check_declaration(raw: &str, encoding: Encoding) -> Result<(), Error> {
    let at = Position { line: 1, column: 1 };
    let malformed = |message: &str| Error::Malformed { at, message: message.to_owned() };
    let inner = raw.strip_prefix("<?").and_then(|inner| inner.strip_suffix("?>"));
    let inner = inner.ok_or_else(|| malformed("the XML declaration does not end"))?;
    let mut rest = inner["xml".len()..].trim();
    let mut seen = Vec::new();
    while !rest.is_empty() {
        let (name, after) =
            rest.split_once('=').ok_or_else(|| malformed("the XML declaration is incomplete"))?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = quote.and_then(|quote| after[1..].split_once(quote));
        let (value, left) = value.ok_or_else(|| malformed("a value in the XML declaration has no quotes"))?;
        let name = name.trim();
        let fits = match name {
            "version" => seen.is_empty() && value == "1.0",
            "encoding" => {
                let wide = value.eq_ignore_ascii_case("utf-16") || value.eq_ignore_ascii_case("unicode");
                let narrow = value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("us-ascii");
                // A byte order mark outweighs the declaration, as it does in .NET.
                let marked = encoding != Encoding::Utf8 { mark: false };
                if !(narrow || wide && marked) {
                    return Err(Error::Encoding(format!(
                        "the XML declaration names the encoding \"{value}\", but the file is stored as UTF-8"
                    )));
                }
                seen == ["version"]
            }
            "standalone" => matches!(value, "yes" | "no") && seen.contains(&"version"),
            _ => false,
        };
        if !fits {
            return Err(malformed(
                "the XML declaration is not like <?xml version=\"1.0\" encoding=\"utf-8\"?>",
            ));
        }
        seen.push(name);
        rest = left.trim_start();
    }
    if seen.is_empty() { Err(malformed("the XML declaration names no version")) } else { Ok(()) }
}

/// The path of a child element from the root: names joined by slashes; elements told apart by a key carry it in brackets.
pub(crate) fn join(parent: &str, element: &Element) -> String {
    let name = tree::qualified(element);
    let name = match element.attributes.get("key").or_else(|| element.attributes.get("name")) {
        // .NET compares the keys of settings without regard to case.
        Some(key) => format!("{name}[{}]", key.to_ascii_lowercase()),
        None => name,
    };
    if parent.is_empty() { name } else { format!("{parent}/{name}") }
}

/// Whether the agent's behaviour hangs on the one element of this path, so that two would contradict.
fn decides(path: &str) -> bool {
    matches!(
        path,
        "" | "runtime"
            | "runtime/enforceFIPSPolicy"
            | "appSettings"
            | "appSettings/add[environmentname]"
            | "system.net"
            | "system.net/defaultProxy"
            | "system.net/defaultProxy/proxy"
            | "system.diagnostics"
            | "system.diagnostics/switches"
            | "system.diagnostics/switches/add[provisioningagenttrace]"
    )
}

fn inner<'t>(raw: &'t str, opening: &str, closing: &str) -> &'t str {
    let raw = raw.strip_prefix(opening).unwrap_or(raw);
    raw.strip_suffix(closing).unwrap_or(raw)
}

fn malformed(error: &xml::reader::Error) -> Error {
    let at = error.position();
    let at = Position { line: at.row as usize + 1, column: at.column as usize + 1 };
    let message = error.to_string();
    // The reader's message starts with its own spelling of the place.
    let message = match message.split_once(' ') {
        Some((place, rest)) if place.contains(':') => rest.to_owned(),
        _ => message,
    };
    Error::Malformed { at, message }
}

fn position<R: std::io::Read>(reader: &EventReader<R>) -> Position {
    let at = reader.position();
    Position { line: at.row as usize + 1, column: at.column as usize + 1 }
}

/// Writes a tree, spelling what the file had as the file had it.
struct Writer<'a, 'o> {
    recall: Recall<'a>,
    padded: bool,
    out: &'o mut String,
}

impl Writer<'_, '_> {
    // The depth was bounded when the file was parsed, and edits add a few levels at most.
    fn element(&mut self, element: &Element) {
        if element.children.is_empty() {
            let canonical = start_tag(element, "/>");
            match self.recall.next(&canonical) {
                Some(raw) => self.out.push_str(raw),
                None if self.padded => self.out.push_str(&start_tag(element, " />")),
                None => self.out.push_str(&canonical),
            }
            return;
        }
        let canonical = start_tag(element, ">");
        let raw = self.recall.next(&canonical);
        self.out.push_str(raw.unwrap_or(&canonical));
        for node in &element.children {
            self.node(node);
        }
        self.out.push_str("</");
        self.out.push_str(&tree::qualified(element));
        self.out.push('>');
    }

    fn node(&mut self, node: &XMLNode) {
        match node {
            XMLNode::Element(element) => self.element(element),
            XMLNode::Text(text) => {
                let canonical = escape_text(text);
                let raw = self.recall.next(&canonical);
                self.out.push_str(raw.unwrap_or(&canonical));
            }
            XMLNode::Comment(text) => {
                self.out.push_str("<!--");
                self.out.push_str(text);
                self.out.push_str("-->");
            }
            XMLNode::CData(text) => {
                self.out.push_str("<![CDATA[");
                self.out.push_str(text);
                self.out.push_str("]]>");
            }
            XMLNode::ProcessingInstruction(name, data) => {
                self.out.push_str("<?");
                self.out.push_str(name);
                if let Some(data) = data {
                    self.out.push(' ');
                    self.out.push_str(data);
                }
                self.out.push_str("?>");
            }
        }
    }
}

/// The canonical start tag of an element, ended by `end`.
fn start_tag(element: &Element, end: &str) -> String {
    let mut out = format!("<{}", tree::qualified(element));
    for (name, value) in &element.attributes {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        escape(value, true, &mut out);
        out.push('"');
    }
    out.push_str(end);
    out
}

fn escape_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape(text, false, &mut out);
    out
}

fn escape(text: &str, attribute: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#xD;"),
            '"' if attribute => out.push_str("&quot;"),
            '\n' if attribute => out.push_str("&#xA;"),
            '\t' if attribute => out.push_str("&#x9;"),
            _ => out.push(c),
        }
    }
}
