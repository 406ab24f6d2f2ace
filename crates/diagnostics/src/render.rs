//! Diagnostics as text: for people, for editors, for scripts.
//!
//! Returns strings only; where they go, and whether colours are wanted there, is the front end's business.

use crate::{Diagnostic, Diagnostics, FileId, Severity, SourceMap, Span};
use codespan_reporting::diagnostic as shown;
use codespan_reporting::files::{Error, Files};
use codespan_reporting::term;
use serde::Serialize;
use std::fmt::Write as _;
use std::ops::Range;
use termcolor::Buffer;

/// Whether a text may carry terminal colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    Never,
    Always,
}

/// Each diagnostic with its source line, a mark below it, related places and hints.
pub fn human(diagnostics: &Diagnostics, sources: &SourceMap, colour: Colour) -> String {
    let config = term::Config { start_context_lines: 1, end_context_lines: 1, ..term::Config::default() };
    let mut buffer = match colour {
        Colour::Never => Buffer::no_color(),
        Colour::Always => Buffer::ansi(),
    };
    for diagnostic in diagnostics.iter() {
        // Writing to memory fails only for a span outside its text; the message is then worth more than its mark.
        if term::emit_to_write_style(&mut buffer, &config, &Texts(sources), &labelled(diagnostic)).is_err() {
            let _ = std::io::Write::write_all(&mut buffer, compact_line(diagnostic, sources).as_bytes());
        }
    }
    String::from_utf8_lossy(buffer.as_slice()).into_owned()
}

/// One line each, `file(line,column): error WXS0004: message`, which editors know how to follow.
pub fn compact(diagnostics: &Diagnostics, sources: &SourceMap) -> String {
    diagnostics.iter().map(|diagnostic| compact_line(diagnostic, sources)).collect()
}

/// One JSON object a line: `code`, `severity`, `message`, `file`, `line`, `column`, `end_line`, `end_column`, `related`, `hints`.
pub fn json_lines(diagnostics: &Diagnostics, sources: &SourceMap) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics.iter() {
        let object = JsonDiagnostic {
            code: diagnostic.code.0,
            severity: word(diagnostic.severity),
            message: &diagnostic.message,
            place: diagnostic.span.map(|span| JsonPlace::new(span, sources)),
            related: diagnostic
                .labels
                .iter()
                .map(|label| JsonRelated {
                    message: &label.message,
                    place: JsonPlace::new(label.span, sources),
                })
                .collect(),
            hints: &diagnostic.hints,
        };
        text += &serde_json::to_string(&object).expect("strings and numbers serialize");
        text.push('\n');
    }
    text
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: Option<JsonPlace>,
    related: Vec<JsonRelated<'a>>,
    hints: &'a [String],
}

#[derive(Serialize)]
struct JsonRelated<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: JsonPlace,
}

#[derive(Serialize)]
struct JsonPlace {
    file: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

impl JsonPlace {
    fn new(span: Span, sources: &SourceMap) -> JsonPlace {
        let file = sources.file(span.file);
        let (start, end) = (file.position(span.start), file.position(span.end));
        JsonPlace {
            file: file.path().display().to_string(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

fn compact_line(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let mut line = String::new();
    if let Some(span) = diagnostic.span {
        let place = sources.position(span);
        let _ =
            write!(line, "{}({},{}): ", sources.file(span.file).path().display(), place.line, place.column);
    }
    let _ = write!(line, "{} {}: {}", word(diagnostic.severity), diagnostic.code, diagnostic.message);
    for hint in &diagnostic.hints {
        let _ = write!(line, " ({hint})");
    }
    line.push('\n');
    line
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn labelled(diagnostic: &Diagnostic) -> shown::Diagnostic<FileId> {
    let severity = match diagnostic.severity {
        Severity::Note => shown::Severity::Note,
        Severity::Warning => shown::Severity::Warning,
        Severity::Error => shown::Severity::Error,
    };
    let range = |span: Span| span.start as usize..span.end as usize;
    let first = diagnostic.span.map(|span| shown::Label::primary(span.file, range(span)));
    let related = diagnostic.labels.iter().map(|label| {
        shown::Label::secondary(label.span.file, range(label.span)).with_message(&label.message)
    });
    shown::Diagnostic::new(severity)
        .with_code(diagnostic.code.0)
        .with_message(&diagnostic.message)
        .with_labels(first.into_iter().chain(related).collect())
        .with_notes(diagnostic.hints.iter().map(|hint| format!("help: {hint}")).collect())
}

/// The source map as codespan-reporting wants to see it.
struct Texts<'a>(&'a SourceMap);

impl<'a> Files<'a> for Texts<'a> {
    type FileId = FileId;
    type Name = std::path::Display<'a>;
    type Source = &'a str;

    fn name(&'a self, id: FileId) -> Result<Self::Name, Error> {
        Ok(self.0.file(id).path().display())
    }

    fn source(&'a self, id: FileId) -> Result<&'a str, Error> {
        Ok(self.0.file(id).text())
    }

    fn line_index(&'a self, id: FileId, byte_index: usize) -> Result<usize, Error> {
        Ok(self.0.file(id).line_of(byte_index))
    }

    fn line_range(&'a self, id: FileId, line_index: usize) -> Result<Range<usize>, Error> {
        let file = self.0.file(id);
        file.line_range(line_index).ok_or(Error::LineTooLarge { given: line_index, max: file.lines() - 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    fn sample() -> (Diagnostics, SourceMap) {
        let mut sources = SourceMap::new();
        let file = sources.add("wix/main.wxs", "<Wix>\n  <Produkt Id=\"é\" X=\"1\"/>\n</Wix>\n");
        let mut diagnostics = Diagnostics::new();
        diagnostics.push(
            Diagnostic::error(Code("WXS0005"), "the Wix element has no child element Produkt")
                .at(Span { file, start: 9, end: 16 })
                .label(Span { file, start: 1, end: 4 }, "inside this element")
                .hint("did you mean Product?"),
        );
        diagnostics.push(Diagnostic::warning(Code("BND0100"), "nothing is signed"));
        (diagnostics, sources)
    }

    #[test]
    fn people_see_the_line_the_mark_and_the_hint() {
        let (diagnostics, sources) = sample();
        let text = human(&diagnostics, &sources, Colour::Never);
        assert!(text.contains("error[WXS0005]: the Wix element has no child element Produkt"), "{text}");
        assert!(text.contains("wix/main.wxs:2:4"), "{text}");
        assert!(text.contains("<Produkt Id=\"é\""), "{text}");
        assert!(text.contains("^^^^^^^"), "{text}");
        assert!(text.contains("help: did you mean Product?"), "{text}");
        assert!(text.contains("warning[BND0100]: nothing is signed"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
        assert!(human(&diagnostics, &sources, Colour::Always).contains('\u{1b}'));
    }

    #[test]
    fn editors_get_one_line_each() {
        let (diagnostics, sources) = sample();
        let text = compact(&diagnostics, &sources);
        let first = "wix/main.wxs(2,4): error WXS0005: the Wix element has no child element Produkt (did you mean Product?)";
        assert_eq!(text.lines().collect::<Vec<_>>(), [first, "warning BND0100: nothing is signed"]);
    }

    #[test]
    fn scripts_get_json() {
        let (diagnostics, sources) = sample();
        let text = json_lines(&diagnostics, &sources);
        let values: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(values[0]["code"], "WXS0005");
        assert_eq!((&values[0]["line"], &values[0]["column"]), (&2.into(), &4.into()));
        assert_eq!(values[0]["end_column"], 11);
        assert_eq!(values[0]["related"][0]["line"], 1);
        assert_eq!(values[1]["severity"], "warning");
        assert!(values[1].get("file").is_none());
    }
}
