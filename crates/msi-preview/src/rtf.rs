//! The text of an RTF file, as far as a preview needs it: paragraphs, tabs, letters of any language, bold.
//!
//! Rich Text Format comes from anybody: nesting is counted, not recursed into, and what is not understood is passed over.

use crate::formatted::Span;

/// Groups whose content is no text.
const SILENT: [&str; 14] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "footer",
    "listtable",
    "listoverridetable",
    "themedata",
    "datastore",
    "rsidtbl",
    "generator",
];

/// No dialog shows more.
const LONGEST: usize = 128 << 10;

/// The text of a file, whole; a text that is no RTF is taken as it is.
pub fn text(source: &str) -> Vec<Span> {
    if !source.trim_start().starts_with("{\\rtf") {
        return vec![Span { text: source.to_owned(), style: None, link: false }];
    }
    let mut reader = Reader {
        rest: source.as_bytes(),
        out: String::new(),
        pending: Vec::new(),
        silent: None,
        skip: 0,
        uc: 1,
    };
    reader.run();
    vec![Span { text: reader.out, style: None, link: false }]
}

struct Reader<'a> {
    rest: &'a [u8],
    out: String,
    /// Letters of the code page that wait for more of them.
    pending: Vec<u8>,
    /// The depth at which a silent group began, below the current one.
    silent: Option<usize>,
    skip: usize,
    uc: usize,
}

impl Reader<'_> {
    fn run(&mut self) {
        let mut depth = 0_usize;
        while let Some((&byte, after)) = self.rest.split_first() {
            self.rest = after;
            if self.out.len() > LONGEST {
                return;
            }
            match byte {
                b'{' => {
                    depth += 1;
                    if self.rest.starts_with(b"\\*") && self.silent.is_none() {
                        self.silent = Some(depth);
                    }
                }
                b'}' => {
                    if self.silent == Some(depth) {
                        self.silent = None;
                    }
                    depth = depth.saturating_sub(1);
                }
                b'\\' => self.control(depth),
                b'\r' | b'\n' => {}
                letter => self.letter(letter),
            }
        }
        self.flush();
    }

    fn control(&mut self, depth: usize) {
        let Some((&first, after)) = self.rest.split_first() else { return };
        if first == b'\'' {
            let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
            self.rest = after.get(2..).unwrap_or_default();
            if let Some(letter) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                self.letter(letter);
            }
            return;
        }
        if !first.is_ascii_alphabetic() {
            self.rest = after;
            match first {
                b'\\' | b'{' | b'}' => self.letter(first),
                b'~' => self.put("\u{a0}"),
                b'\r' | b'\n' => self.put("\n"),
                _ => {}
            }
            return;
        }
        let word_len = self.rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (word, after) = self.rest.split_at(word_len);
        let sign = usize::from(after.first() == Some(&b'-'));
        let digits = after[sign..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number: Option<i32> =
            std::str::from_utf8(&after[..sign + digits]).ok().and_then(|number| number.parse().ok());
        let after = &after[sign + digits..];
        self.rest = after.strip_prefix(b" ").unwrap_or(after);
        let word = std::str::from_utf8(word).unwrap_or_default();
        match word {
            "par" | "line" | "sect" | "page" => self.put("\n"),
            "tab" | "cell" => self.put("    "),
            "row" => self.put("\n"),
            "emdash" => self.put("\u{2014}"),
            "endash" => self.put("\u{2013}"),
            "lquote" => self.put("\u{2018}"),
            "rquote" => self.put("\u{2019}"),
            "ldblquote" => self.put("\u{201c}"),
            "rdblquote" => self.put("\u{201d}"),
            "bullet" => self.put("\u{2022}"),
            "uc" => self.uc = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(8),
            "u" => {
                let unit = number.unwrap_or(0) as u16;
                self.put(&String::from_utf16_lossy(&[unit]));
                self.skip = self.uc;
            }
            "bin" => {
                let len = usize::try_from(number.unwrap_or(0)).unwrap_or(0).min(self.rest.len());
                self.rest = &self.rest[len..];
            }
            word if SILENT.contains(&word) && self.silent.is_none() => self.silent = Some(depth),
            _ => {}
        }
    }

    fn letter(&mut self, letter: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.silent.is_none() {
            self.pending.push(letter);
        }
    }

    fn put(&mut self, text: &str) {
        if self.silent.is_none() {
            self.flush();
            self.out.push_str(text);
        }
    }

    /// Letters past ASCII are taken as Latin, which is what licences without `\u` mostly are.
    fn flush(&mut self) {
        self.out.extend(self.pending.drain(..).map(char::from));
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    fn plain(source: &str) -> String {
        text(source).into_iter().map(|span| span.text).collect()
    }

    #[test]
    fn paragraphs_and_letters_are_kept_and_tables_are_not() {
        let source =
            r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator X;}\b Licence\b0\par Caf\'e9 \{x\} \u9731?\par}";
        assert_eq!(plain(source), "Licence\nCaf\u{e9} {x} \u{2603}\n");
        assert_eq!(plain("no RTF"), "no RTF");
    }

    #[test]
    fn broken_files_end() {
        for source in [
            "{\\rtf1",
            "{\\rtf1\\",
            "{\\rtf1\\'",
            "{\\rtf1\\'z",
            "{\\rtf1}}}}",
            "{\\rtf1\\bin99999 x",
            "{\\rtf1\\u",
        ] {
            plain(source);
        }
        plain(&("{\\rtf1".to_owned() + &"{".repeat(100_000)));
    }
}
