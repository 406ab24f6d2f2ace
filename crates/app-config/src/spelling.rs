//! How the file spells what the tree means.
//!
//! An XML tree does not hold white space inside tags, the kind of quotes, or whether `&#65;` or `A` was written. An
//! administrator's file must keep them all. So the loader cuts the text into [`Token`]s beside parsing it, and records
//! for each canonical spelling the ones that the file used, in order; the writer asks for them back in the same order.
//! An element that was not touched is written as it stood; one that was is written canonically.

use std::collections::HashMap;

/// A piece of well-formed XML text. Concatenated, the pieces are the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub kind: Kind,
    /// Byte offset of the piece.
    pub start: usize,
    pub raw: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Comment,
    CData,
    /// A processing instruction, or the XML declaration.
    Instruction,
    /// `<!` and neither a comment nor CDATA: a document type, or a declaration inside one.
    Declaration,
    Start,
    /// A tag that ends itself.
    Empty,
    End,
}

/// Cuts `text` into tokens. It judges nothing: text that is no XML gives tokens without meaning, the last one reaching
/// to the end.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = &text[start..];
        if rest.is_empty() {
            return None;
        }
        let (kind, len) = first(rest);
        let token = Token { kind, start, raw: &rest[..len] };
        start += len;
        Some(token)
    })
}

fn first(rest: &str) -> (Kind, usize) {
    if !rest.starts_with('<') {
        return (Kind::Text, rest.find('<').unwrap_or(rest.len()));
    }
    let up_to = |opening: usize, end: &str| {
        rest[opening..].find(end).map_or(rest.len(), |at| opening + at + end.len())
    };
    if rest.starts_with("<!--") {
        return (Kind::Comment, up_to(4, "-->"));
    }
    if rest.starts_with("<![CDATA[") {
        return (Kind::CData, up_to(9, "]]>"));
    }
    if rest.starts_with("<?") {
        return (Kind::Instruction, up_to(2, "?>"));
    }
    let len = tag_len(rest);
    let kind = if rest.starts_with("<!") {
        Kind::Declaration
    } else if rest.starts_with("</") {
        Kind::End
    } else if rest[..len].ends_with("/>") {
        Kind::Empty
    } else {
        Kind::Start
    };
    (kind, len)
}

/// The length of a tag: up to the first `>` outside quotes.
fn tag_len(rest: &str) -> usize {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (byte, quote) {
            (b'"' | b'\'', None) => quote = Some(byte),
            (_, Some(open)) if byte == open => quote = None,
            (b'>', None) => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The attribute names of a start or empty tag in order, as written (with their prefix).
pub(crate) fn attribute_names(tag: &str) -> Vec<&str> {
    let inner = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    let is_space = |c: char| c.is_ascii_whitespace();
    let mut rest = inner.split_once(is_space).map_or("", |(_, rest)| rest);
    let mut names = Vec::new();
    while let Some((name, after)) = rest.split_once('=') {
        names.push(name.trim());
        let after = after.trim_start();
        let Some(quote) = after.chars().next() else { break };
        match after[quote.len_utf8()..].split_once(quote) {
            Some((_, left)) => rest = left,
            None => break,
        }
    }
    names
}

/// What the file wrote for each canonical spelling, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spelling {
    used: HashMap<String, Vec<String>>,
    /// Whether self-closing tags have a space before the slash, as the first one in the file has it.
    pub padded: Option<bool>,
}

impl Spelling {
    pub(crate) fn remember(&mut self, canonical: String, raw: &str) {
        self.used.entry(canonical).or_default().push(raw.to_owned());
    }

    /// For one pass of writing.
    pub(crate) fn recall(&self) -> Recall<'_> {
        Recall { spelling: self, taken: HashMap::new() }
    }
}

/// One pass of writing over a [`Spelling`]: each remembered spelling is given out once.
pub(crate) struct Recall<'a> {
    spelling: &'a Spelling,
    taken: HashMap<&'a str, usize>,
}

impl<'a> Recall<'a> {
    /// How the file wrote `canonical` this time, unless it has it less often than asked for.
    pub(crate) fn next(&mut self, canonical: &str) -> Option<&'a str> {
        let (key, raws) = self.spelling.used.get_key_value(canonical)?;
        let taken = self.taken.entry(key).or_default();
        let raw = raws.get(*taken)?;
        *taken += 1;
        Some(raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_cover_the_text() {
        let text = "<?xml version='1.0'?><!-- > --><a b='>' c=\"/>\"><d/>x<![CDATA[</a>]]></a>\n";
        let cut: Vec<_> = tokens(text).map(|token| (token.kind, token.raw)).collect();
        assert_eq!(
            cut,
            [
                (Kind::Instruction, "<?xml version='1.0'?>"),
                (Kind::Comment, "<!-- > -->"),
                (Kind::Start, "<a b='>' c=\"/>\">"),
                (Kind::Empty, "<d/>"),
                (Kind::Text, "x"),
                (Kind::CData, "<![CDATA[</a>]]>"),
                (Kind::End, "</a>"),
                (Kind::Text, "\n"),
            ]
        );
    }

    #[test]
    fn attribute_names_keep_their_prefix() {
        assert_eq!(
            attribute_names("<add\n  key = 'a=b' xdt:Transform=\"x y\"\n/>"),
            ["key", "xdt:Transform"]
        );
        assert!(attribute_names("<add/>").is_empty());
        assert!(attribute_names("<add >").is_empty());
    }

    #[test]
    fn no_text_makes_the_tokenizer_loop_or_panic() {
        for text in ["<", "<!", "<!-", "<?", "<a", "<a b='", "</", "<![CDATA[", "<a b=", "ж<ж ж=ж"] {
            let total: usize = tokens(text).map(|token| token.raw.len()).sum();
            assert_eq!(total, text.len());
            attribute_names(text);
        }
    }
}
