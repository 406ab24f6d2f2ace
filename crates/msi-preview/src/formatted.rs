//! Texts with references ("Formatted" in the Windows Installer reference) and with styles.

use crate::model::Package;
use crate::state::State;

/// A piece of text in one style.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    pub text: String,
    /// A row of TextStyle; `None` is the dialog's own style.
    pub style: Option<String>,
    /// Whether it is a link.
    pub link: bool,
}

/// How often references are followed into what they stand for.
const DEPTH: usize = 8;

/// The longest text that is made, and how many references are followed for it: nobody reads more in a control, and references
/// can multiply.
const LONGEST: usize = 256 << 10;
const MOST: usize = 10_000;

/// A text with its references replaced.
pub fn expand(text: &str, state: &State) -> String {
    let mut out = Out { text: String::new(), followed: 0 };
    put(text, state, 0, &mut out);
    out.text
}

/// A long text with its references replaced; Rich Text Format, whose braces mean something else, is left as it is.
pub fn expand_outside_rtf(text: &str, state: &State) -> String {
    if text.trim_start().starts_with("{\\rtf") { text.to_owned() } else { expand(text, state) }
}

/// The text so far, and how many references it took.
struct Out {
    text: String,
    followed: usize,
}

impl Out {
    fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }
}

fn put(text: &str, state: &State, depth: usize, out: &mut Out) {
    let mut rest = text;
    while let Some(at) = rest.find(['[', '{']) {
        out.push_str(&rest[..at]);
        out.followed += 1;
        if depth > DEPTH || out.text.len() > LONGEST || out.followed > MOST {
            return;
        }
        let opened = rest.as_bytes()[at];
        let inner = &rest[at + 1..];
        let Some(end) = closing(inner, opened) else {
            out.push_str(&rest[at..]);
            return;
        };
        let (body, after) = (&inner[..end], &inner[end + 1..]);
        if opened == b'[' {
            reference(body, state, depth, out);
        } else if is_style(body) {
            out.push_str(&rest[at..at + end + 2]);
        } else if body.contains('[') {
            // A group with references shows only where all of them stand for something.
            if references(body).all(|name| !resolve(name, state).is_empty()) {
                put(body, state, depth + 1, out);
            }
        } else {
            out.push_str(&rest[at..at + end + 2]);
        }
        rest = after;
    }
    out.push_str(rest);
}

/// Where the bracket that was opened before `text` closes, others inside it left aside.
fn closing(text: &str, opened: u8) -> Option<usize> {
    let (open, close) = if opened == b'[' { (b'[', b']') } else { (b'{', b'}') };
    let mut level = 0_usize;
    // The letter after a backslash is itself, brackets included.
    let escaped = if opened == b'[' && text.starts_with('\\') { 2 } else { 0 };
    for (at, byte) in text.bytes().enumerate().skip(escaped) {
        if byte == close {
            if level == 0 {
                return Some(at);
            }
            level -= 1;
        } else if byte == open {
            level += 1;
        }
    }
    None
}

fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split('[').skip(1).filter_map(|part| part.split_once(']').map(|(name, _)| name))
}

fn reference(body: &str, state: &State, depth: usize, out: &mut Out) {
    let name = if body.contains('[') {
        let mut name = Out { text: String::new(), followed: out.followed };
        put(body, state, depth + 1, &mut name);
        out.followed = name.followed;
        name.text
    } else {
        body.to_owned()
    };
    // Values may hold references of their own: ButtonText_Next holds a style, titles hold names.
    let value = resolve(&name, state);
    if value.contains('[') && !name.starts_with('\\') {
        put(&value, state, depth + 1, out);
    } else {
        out.push_str(&value);
    }
}

/// What stands for a reference in brackets.
fn resolve(name: &str, state: &State) -> String {
    match name.as_bytes().first() {
        Some(b'\\') => name[1..].chars().next().map(String::from).unwrap_or_default(),
        Some(b'~' | b'%') => String::new(),
        Some(b'#' | b'!' | b'$') => name[1..].to_owned(),
        _ => state.value(name).to_owned(),
    }
}

fn is_style(body: &str) -> bool {
    matches!(body.as_bytes().first(), Some(b'\\' | b'&')) && body.len() > 1 && !body.contains(['[', ' '])
}

/// Splits an expanded text at its style marks, `{\Name}` and `{&Name}`. A mark that names no style is dropped, as the engine
/// does.
pub fn spans(text: &str, package: &Package) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let (mut rest, mut style) = (text, None);
    loop {
        let mark = rest.match_indices('{').find_map(|(at, _)| {
            let end = rest[at..].find('}')? + at;
            is_style(&rest[at + 1..end]).then_some((at, end))
        });
        let (piece, next) = match mark {
            Some((at, end)) => (&rest[..at], Some((&rest[at + 2..end], &rest[end + 1..]))),
            None => (rest, None),
        };
        if !piece.is_empty() {
            spans.push(Span { text: piece.to_owned(), style: style.clone(), link: false });
        }
        let Some((name, after)) = next else { return spans };
        style = package.styles.contains_key(name).then(|| name.to_owned());
        rest = after;
    }
}

/// Takes `<a href="…">text</a>` apart, as the Hyperlink control does.
pub fn links(spans: Vec<Span>) -> Vec<Span> {
    let mut out = Vec::new();
    for span in spans {
        let mut rest = span.text.as_str();
        while let Some(at) = rest.find("<a") {
            let Some(open) = rest[at..].find('>').map(|end| at + end) else { break };
            let close = rest[open..].find("</a>").map_or(rest.len(), |end| open + end);
            out.push(Span { text: rest[..at].to_owned(), ..span.clone() });
            out.push(Span { text: rest[open + 1..close].to_owned(), link: true, ..span.clone() });
            rest = rest.get(close + 4..).unwrap_or_default();
        }
        out.push(Span { text: rest.to_owned(), ..span });
    }
    out.retain(|span| !span.text.is_empty());
    out
}

/// A text without its ampersands, and where the letter that an ampersand underlines stands in it. `&&` is one ampersand.
pub fn accelerator(text: &str) -> (String, Option<usize>) {
    let mut out = String::with_capacity(text.len());
    let (mut at, mut chars) = (None, text.chars().peekable());
    while let Some(letter) = chars.next() {
        if letter == '&' {
            match chars.peek() {
                Some('&') => {
                    chars.next();
                    out.push('&');
                }
                Some(_) => at = Some(out.len()),
                None => {}
            }
        } else {
            out.push(letter);
        }
    }
    (out, at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Style;
    use msi_db::Database;
    use std::collections::BTreeMap;

    fn state(properties: &[(&str, &str)]) -> State {
        let given = properties.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        State::of(&Database::new(0), &given.collect())
    }

    #[test]
    fn references_are_replaced() {
        let state = state(&[("A", "one"), ("B", "[A] two"), ("Name", "A")]);
        for (text, expected) in [
            ("x[A]y", "xoney"),
            ("[B]", "one two"),
            ("[[Name]]", "one"),
            ("[\\[]A]", "[A]"),
            ("[Missing]", ""),
            ("{was [Missing] there}{is [A] there}", "is one there"),
            ("{\\Big}[A]", "{\\Big}one"),
            ("{plain}", "{plain}"),
            ("[A", "[A"),
            ("[#file]", "file"),
        ] {
            assert_eq!(expand(text, &state), expected, "{text}");
        }
    }

    #[test]
    fn values_that_hold_themselves_end() {
        let doubling = state(&[("A", "[A][A][A][A][A][A][A][A]")]);
        assert!(expand("[A]", &doubling).len() <= LONGEST);
    }

    #[test]
    fn marks_split_a_text_into_styles() {
        let style = Style {
            face: "Tahoma".into(),
            size: 12,
            colour: None,
            bold: false,
            italic: false,
            underline: false,
            strike: false,
        };
        let package = Package { styles: BTreeMap::from([("Big".to_owned(), style)]), ..Package::default() };
        let found: Vec<_> =
            spans("a{\\Big}b{&Gone}c{d", &package).into_iter().map(|span| (span.text, span.style)).collect();
        assert_eq!(found, [("a".into(), None), ("b".into(), Some("Big".into())), ("c{d".into(), None)]);
    }

    #[test]
    fn accelerators_and_links_are_taken_out() {
        assert_eq!(accelerator("Save && &Next"), ("Save & Next".into(), Some(7)));
        let span = Span { text: "see <a href=\"x\">here</a>!".into(), style: None, link: false };
        let parts: Vec<_> = links(vec![span]).into_iter().map(|span| (span.text, span.link)).collect();
        assert_eq!(parts, [("see ".into(), false), ("here".into(), true), ("!".into(), false)]);
    }
}
