//! XML text as a flat list of events, each with its place.
//!
//! Flat, because the preprocessor's instructions may open and close across elements, and because nothing here then
//! recurses: nesting is a matter of whoever builds a tree. Well-formedness beyond what the reader checks (characters,
//! one root, closed elements) is checked here. Document types are refused.

use crate::codes;
use diagnostics::{Diagnostic, FileId, Span};
use quick_xml::Reader;
use quick_xml::errors::SyntaxError;
use quick_xml::escape::EscapeError;
use quick_xml::events::{BytesStart, Event as XmlEvent};

/// One piece of a text. Names are as written, with their prefix; values are unescaped and normalised.
#[derive(Debug, Clone)]
pub enum Event {
    Start(Start),
    End { name: String, span: Span },
    Text { text: String, span: Span },
    Instruction { target: String, data: String, span: Span },
}

/// A start tag; an empty element is followed by its own [`Event::End`].
#[derive(Debug, Clone)]
pub struct Start {
    pub name: String,
    pub attributes: Vec<RawAttribute>,
    /// The name inside the tag.
    pub span: Span,
}

#[derive(Debug, Clone)]
pub struct RawAttribute {
    pub name: String,
    pub value: String,
    pub name_span: Span,
    /// The value without its quotes.
    pub value_span: Span,
}

/// What becomes of line ends, and of white space in attributes. WiX 3 reads sources without the normalisation that XML asks
/// for, so that line ends and tabs of a source come into the package as they were written; WiX 4 and later normalise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhiteSpace {
    AsWritten,
    Normalised,
}

/// Texts longer than this are refused, so that spans fit 32 bits.
pub const MAX_TEXT: usize = 1 << 30;

/// Reads a whole text. Gives the events up to the end, or the one error that ended the reading.
pub fn events(file: FileId, text: &str, white_space: WhiteSpace) -> Result<Vec<Event>, Diagnostic> {
    let fail = |start: usize, end: usize, message: String| {
        Diagnostic::error(codes::MALFORMED_XML, message).at(span(file, start, end))
    };
    if text.len() > MAX_TEXT {
        return Err(fail(0, 0, "the file is larger than 1 GiB".into()));
    }
    if let Some((at, c)) = text.char_indices().find(|&(_, c)| !is_xml_char(c)) {
        return Err(fail(at, at + 1, format!("character U+{:04X} is not permitted in XML", c as u32)));
    }

    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    reader.config_mut().check_comments = true;
    let mut events = Vec::new();
    let mut open: Vec<(String, Span)> = Vec::new();
    let mut roots = 0usize;
    loop {
        let from = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|error| {
            let at = (reader.error_position() as usize).min(text.len());
            // An unclosed quote or tag is told at its beginning, everything else where it was noticed.
            let at =
                if matches!(error, quick_xml::Error::Syntax(SyntaxError::UnclosedTag)) { from } else { at };
            let at = text.floor_char_boundary(at);
            fail(at, (at + 1).min(text.len()), describe(&error))
        })?;
        let to = reader.buffer_position() as usize;
        match event {
            XmlEvent::Start(tag) | XmlEvent::Empty(tag) if open.is_empty() && roots == 1 => {
                return Err(fail(from, to, format!("a second root element <{}>", tag.name().0)));
            }
            XmlEvent::Start(tag) => {
                let start = read_start(file, from, &tag, white_space)?;
                roots += usize::from(open.is_empty());
                open.push((start.name.clone(), start.span));
                events.push(Event::Start(start));
            }
            XmlEvent::Empty(tag) => {
                let start = read_start(file, from, &tag, white_space)?;
                roots += usize::from(open.is_empty());
                let (name, span) = (start.name.clone(), start.span);
                events.push(Event::Start(start));
                events.push(Event::End { name, span });
            }
            XmlEvent::End(tag) => {
                open.pop();
                events.push(Event::End { name: tag.name().0.to_owned(), span: span(file, from, to) });
            }
            XmlEvent::Text(piece) => {
                let piece: &str = &piece;
                if open.is_empty() {
                    if !piece.trim_start_matches('\u{feff}').trim().is_empty() {
                        return Err(fail(from, to, "text outside the root element".into()));
                    }
                } else {
                    push_text(&mut events, white_space.of_text(piece), span(file, from, to));
                }
            }
            XmlEvent::CData(piece) => {
                push_text(&mut events, white_space.of_text(&piece), span(file, from, to));
            }
            XmlEvent::GeneralRef(name) => {
                let name: &str = &name;
                let text = unescape(&format!("&{name};")).map_err(|message| fail(from, to, message))?;
                push_text(&mut events, text, span(file, from, to));
            }
            XmlEvent::PI(pi) => {
                let content: &str = &pi;
                let target = pi.target().to_owned();
                let data = content[target.len().min(content.len())..].trim_start().to_owned();
                events.push(Event::Instruction { target, data, span: span(file, from, to) });
            }
            XmlEvent::DocType(_) => {
                return Err(fail(from, to, "document type declarations are not supported".into()));
            }
            XmlEvent::Comment(_) | XmlEvent::Decl(_) => {}
            XmlEvent::Eof => break,
        }
    }
    if let Some((name, at)) = open.pop() {
        return Err(Diagnostic::error(codes::MALFORMED_XML, format!("<{name}> is never closed")).at(at));
    }
    if roots == 0 {
        return Err(fail(0, 0, "the file has no root element".into()));
    }
    Ok(events)
}

fn read_start(
    file: FileId,
    from: usize,
    tag: &BytesStart,
    white_space: WhiteSpace,
) -> Result<Start, Diagnostic> {
    let content: &str = tag;
    let base = content.as_ptr() as usize;
    let content_start = from + 1;
    let place = |part: &str| {
        let offset = content_start + (part.as_ptr() as usize).wrapping_sub(base);
        span(file, offset, offset + part.len())
    };
    let qname = tag.name();
    let name_span = place(qname.0);
    let fail = |at: Span, message: String| Diagnostic::error(codes::MALFORMED_XML, message).at(at);
    check_name(qname.0).map_err(|message| fail(name_span, message))?;
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| {
            let (at, message) = describe_attribute_error(&error);
            let at = text_boundary(content, at);
            fail(span(file, content_start + at, content_start + at + 1), message.to_owned())
        })?;
        let name_span = place(attribute.key.0);
        check_name(attribute.key.0).map_err(|message| fail(name_span, message))?;
        let raw: &str = &attribute.value;
        let value_span = place(raw);
        if raw.contains('<') {
            return Err(fail(value_span, "'<' must be written '&lt;' in an attribute's value".into()));
        }
        let value = unescape(&white_space.of_attribute(raw)).map_err(|message| fail(value_span, message))?;
        attributes.push(RawAttribute { name: attribute.key.0.to_owned(), value, name_span, value_span });
    }
    Ok(Start { name: qname.0.to_owned(), attributes, span: name_span })
}

/// Where in the tag's content something is wrong, and what.
fn describe_attribute_error(error: &quick_xml::events::attributes::AttrError) -> (usize, &'static str) {
    use quick_xml::events::attributes::AttrError::*;
    match *error {
        ExpectedEq(at) => (at, "an attribute's name is followed by '='"),
        ExpectedValue(at) => (at, "an attribute's value is missing"),
        UnquotedValue(at) => (at, "an attribute's value stands in quotes"),
        ExpectedQuote(at, _) => (at, "the closing quote of an attribute's value is missing"),
        Duplicated(at, _) => (at, "the attribute is given twice"),
    }
}

fn text_boundary(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}

/// Adjacent pieces (text, CDATA, references) are one text.
fn push_text(events: &mut Vec<Event>, piece: String, at: Span) {
    if let Some(Event::Text { text, span }) = events.last_mut() {
        text.push_str(&piece);
        span.end = at.end;
    } else {
        events.push(Event::Text { text: piece, span: at });
    }
}

fn unescape(text: &str) -> Result<String, String> {
    let text = quick_xml::escape::unescape(text).map_err(|error| match error {
        EscapeError::UnrecognizedEntity(_, name) => {
            format!("the entity '&{name};' is not known; XML has &amp; &lt; &gt; &apos; &quot;")
        }
        EscapeError::UnterminatedEntity(_) => "'&' must be written '&amp;'".to_owned(),
        EscapeError::InvalidCharRef(error) => format!("a character reference is wrong: {error}"),
        error => error.to_string(),
    })?;
    match text.chars().find(|&c| !is_xml_char(c)) {
        Some(c) => Err(format!("character U+{:04X} is not permitted in XML", c as u32)),
        None => Ok(text.into_owned()),
    }
}

impl WhiteSpace {
    fn of_text(self, text: &str) -> String {
        match self {
            WhiteSpace::Normalised if text.contains('\r') => text.replace("\r\n", "\n").replace('\r', "\n"),
            _ => text.to_owned(),
        }
    }

    fn of_attribute(self, value: &str) -> String {
        match self {
            WhiteSpace::AsWritten => value.to_owned(),
            WhiteSpace::Normalised => self.of_text(value).replace(['\n', '\t'], " "),
        }
    }
}

fn check_name(name: &str) -> Result<(), String> {
    let start = |c: char| c.is_alphabetic() || c == '_';
    let rest = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{b7}');
    let valid = name.split(':').count() <= 2
        && name.split(':').all(|part| part.starts_with(start) && part.chars().all(rest));
    if valid { Ok(()) } else { Err(format!("'{name}' is not a valid name")) }
}

fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

fn describe(error: &quick_xml::Error) -> String {
    let mut text = error.to_string();
    for prefix in ["syntax error: ", "ill-formed document: "] {
        if let Some(rest) = text.strip_prefix(prefix) {
            text = rest.to_owned();
        }
    }
    text
}

fn span(file: FileId, start: usize, end: usize) -> Span {
    Span { file, start: start as u32, end: end.max(start) as u32 }
}

#[cfg(test)]
mod tests {
    use super::{Event, WhiteSpace, events};

    #[test]
    fn line_ends_are_kept_for_wix_3_and_normalised_for_later_ones() {
        let read = |white_space| {
            let mut sources = diagnostics::SourceMap::new();
            let text = "<a b='1\r\n\t2&#xD;'>x\r\ny</a>";
            let file = sources.add(std::path::Path::new("a.wxs"), text);
            let found = events(file, text, white_space).unwrap();
            let [Event::Start(start), Event::Text { text, .. }, _] = found.as_slice() else { panic!() };
            (start.attributes[0].value.clone(), text.clone())
        };
        assert_eq!(read(WhiteSpace::AsWritten), ("1\r\n\t2\r".into(), "x\r\ny".into()));
        assert_eq!(read(WhiteSpace::Normalised), ("1  2\r".into(), "x\ny".into()));
    }
}
