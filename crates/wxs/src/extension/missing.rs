//! The code of the libraries' custom actions: put in where it is there, and missed where it is not ours yet.
//!
//! The rows that WiX's extensions make are only half of what an author asks for: the other half are the DLLs that read them. A package
//! without that code would fail, or do nothing, when it is installed. So a build that needs such a DLL is refused, unless
//! it was asked for the tables alone.

use super::library::ACTIONS;
use crate::codes;
use crate::ir::{Product, Section, SymbolId};
use crate::link;
use diagnostics::{Diagnostic, Diagnostics, SourceMap, Span};
use msi_db::{Data, Value};
use std::collections::HashMap;

/// What stands in a Binary row for a DLL that is not there.
const PLACEHOLDER: &[u8] = b"This package was built without the custom actions of WiX's extensions.\r\n";

/// Places shown for one DLL.
const MOST_PLACES: usize = 20;

/// Puts the libraries' DLLs into a linked product; `dlls` gives those that there are by their names. For the others, with
/// `allowed`, placeholders take their places; otherwise each element that asked for one is an error. `authored` are the
/// sections of the author's sources, `library` those of the extensions.
pub fn replace(
    product: &mut Product,
    dlls: &dyn Fn(&str) -> Option<&'static [u8]>,
    authored: &[Section],
    library: &[Section],
    allowed: bool,
    sources: &SourceMap,
    diagnostics: &mut Diagnostics,
) {
    let mut absent = Vec::new();
    for row in product.tables.get_mut("Binary").into_iter().flatten() {
        let (Some(name), Some(file)) = (
            row.values.first().and_then(Value::as_str).map(str::to_owned),
            row.values.get(1).and_then(Value::as_str).and_then(|source| source.strip_prefix(ACTIONS)),
        ) else {
            continue;
        };
        if let Some(bytes) = dlls(file) {
            row.values[1] = Value::Stream(Data::Bytes(bytes.into()));
            continue;
        }
        absent.push((name, file.to_owned()));
        if allowed {
            row.values[1] = Value::Stream(Data::Bytes(PLACEHOLDER.into()));
        }
    }
    if allowed || absent.is_empty() {
        return;
    }
    let askers = Askers::of(authored, library);
    for (name, file) in absent {
        let mut spans = askers.of_binary(&name);
        if spans.is_empty() {
            spans.push(product.span);
        }
        for span in spans {
            let asker = words(sources, span);
            let message = format!(
                "{asker} needs the custom actions of {file} (Binary \"{name}\"), which this compiler does not have yet"
            );
            diagnostics.push(Diagnostic::error(codes::MISSING_ACTIONS, message).at(span).hint(
                "--allow-missing-actions builds the package without their code; it can be examined, but not installed",
            ));
        }
    }
}

/// What the author wrote at a place: an element's name, or the value of an attribute.
fn words(sources: &SourceMap, span: Span) -> String {
    let text = sources.file(span.file).text();
    let word = text.get(span.start as usize..span.end as usize).unwrap_or("this");
    let is_element = text.get(..span.start as usize).is_some_and(|before| before.ends_with('<'));
    if is_element { format!("<{word}>") } else { format!("\"{word}\"") }
}

/// References from the author's sources into the libraries.
struct Askers<'a> {
    library: &'a [Section],
    defined: HashMap<SymbolId, usize>,
    /// Where the author refers to a section of the library.
    entries: Vec<(usize, Span)>,
}

impl<'a> Askers<'a> {
    fn of(authored: &[Section], library: &'a [Section]) -> Askers<'a> {
        let mut defined = HashMap::new();
        for (at, section) in library.iter().enumerate() {
            for id in link::defined_names(section) {
                defined.insert(id, at);
            }
        }
        let mut entries = Vec::new();
        for reference in authored.iter().flat_map(|section| &section.simple_references) {
            if let Some(&at) = defined.get(&reference.target) {
                entries.push((at, reference.span));
            }
        }
        Askers { library, defined, entries }
    }

    /// The places in the author's sources that lead to a Binary row, in order.
    fn of_binary(&self, name: &str) -> Vec<Span> {
        let Some(&target) = self.defined.get(&SymbolId::new("Binary", name)) else { return Vec::new() };
        let mut spans = Vec::new();
        let mut known: HashMap<usize, bool> = HashMap::new();
        for &(entry, span) in &self.entries {
            let leads = *known.entry(entry).or_insert_with(|| self.leads(entry, target));
            if spans.len() == MOST_PLACES {
                break;
            }
            if leads && !spans.contains(&span) {
                spans.push(span);
            }
        }
        spans
    }

    fn leads(&self, from: usize, to: usize) -> bool {
        let mut seen = vec![false; self.library.len()];
        let mut waiting = vec![from];
        while let Some(at) = waiting.pop() {
            if at == to {
                return true;
            }
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            let references = &self.library[at].simple_references;
            waiting.extend(references.iter().filter_map(|reference| self.defined.get(&reference.target)));
        }
        false
    }
}
