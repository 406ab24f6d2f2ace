//! Every name that a reference can point to, and which section defines it.

use super::codes;
use crate::extension;
use crate::ir::{ActionSymbol, Section, SourceRow, SymbolId};
use diagnostics::{Diagnostic, Diagnostics, Span};
use msi_db::Value;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, OnceLock};

/// Tables whose rows can be referred to, with the number of their key columns.
const NAMED_TABLES: &[(&str, usize)] = &[
    ("AppId", 1),
    ("BBControl", 2),
    ("Billboard", 1),
    ("Binary", 1),
    ("CheckBox", 1),
    ("Class", 3),
    ("Component", 1),
    ("ControlEvent", 6),
    ("CustomAction", 1),
    ("Dialog", 1),
    ("Directory", 1),
    ("DrLocator", 3),
    ("Error", 1),
    ("Feature", 1),
    ("File", 1),
    ("Icon", 1),
    ("Media", 1),
    ("MsiEmbeddedChainer", 1),
    ("Property", 1),
    ("RegLocator", 1),
    ("Signature", 1),
];

/// Names by table and key, with the sections that define them.
pub(super) struct Index {
    by_id: HashMap<SymbolId, Vec<usize>>,
    /// The same for actions that may be overridden.
    overridable: HashMap<SymbolId, Vec<usize>>,
}

impl Index {
    pub fn of(sections: &[Section]) -> Index {
        let mut by_id: HashMap<SymbolId, Vec<usize>> = HashMap::new();
        let mut overridable: HashMap<SymbolId, Vec<usize>> = HashMap::new();
        for (at, section) in sections.iter().enumerate() {
            for (id, _) in symbols(section) {
                by_id.entry(id).or_default().push(at);
            }
            for action in section.actions.iter().filter(|action| action.overridable) {
                overridable.entry(action_name(action)).or_default().push(at);
            }
        }
        Index { by_id, overridable }
    }

    /// Positions of the sections that a reference leads to. In WiX 4 one to an action leads to where it may be overridden, and not
    /// to everybody who does so.
    pub fn followed(&self, id: &SymbolId, newer: bool) -> &[usize] {
        match self.overridable.get(id) {
            Some(sections) if newer => sections,
            _ => self.definitions(id),
        }
    }

    /// Positions of the sections that define a name; several where actions override each other.
    pub fn definitions(&self, id: &SymbolId) -> &[usize] {
        self.by_id.get(id).map_or(&[], Vec::as_slice)
    }

    /// Defined keys of a table, for hints.
    pub fn keys<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a str> {
        self.by_id.keys().filter(move |id| &*id.table == table).map(|id| &*id.key)
    }
}

/// Reports names that the sections of one package define twice.
pub(super) fn report_duplicates(scope: &[&Section], diagnostics: &mut Diagnostics) {
    let mut first: HashMap<SymbolId, Span> = HashMap::new();
    for section in scope {
        // Actions may be overridden; the sequences look after them.
        for (id, span) in symbols(section).filter(|(id, _)| &*id.table != "WixAction") {
            match first.entry(id) {
                Entry::Vacant(free) => {
                    free.insert(span);
                }
                Entry::Occupied(taken) => {
                    let id = taken.key();
                    diagnostics.push(
                        Diagnostic::error(
                            codes::DUPLICATE_SYMBOL,
                            format!("{} \"{}\" is defined more than once", plain(&id.table), id.key),
                        )
                        .at(span)
                        .label(*taken.get(), "first defined here")
                        .hint("give one of them another name, or leave one out"),
                    );
                }
            }
        }
    }
}

/// The name an author knows a symbol's table by.
pub(super) fn plain(table: &str) -> &str {
    match table {
        "WixAction" => "action",
        table => table.strip_prefix("Wix").unwrap_or(table),
    }
}

/// The names that a section defines, with their places.
pub(super) fn symbols(section: &Section) -> impl Iterator<Item = (SymbolId, Span)> {
    let id = |table: &str, key: String| SymbolId { table: table.into(), key: key.into() };
    let tables = named_tables();
    let rows = section.rows.iter().filter_map(move |row| {
        let (table, keys) = tables.get(&*row.table)?;
        Some((SymbolId { table: table.clone(), key: key(row, *keys).into() }, row.span))
    });
    rows.chain(section.files.iter().map(move |file| (id("File", file.id.clone()), file.span)))
        .chain(section.media.iter().map(move |media| (id("Media", media.disk_id.to_string()), media.span)))
        // A template makes its media later; files without a medium of their own refer to the first.
        .chain(section.media_template.iter().map(move |template| (id("Media", "1".into()), template.span)))
        .chain(section.merges.iter().map(move |merge| (id("WixMerge", merge.id.clone()), merge.span)))
        .chain(section.actions.iter().map(|action| (action_name(action), action.span)))
        .chain(section.symbols.iter().map(|symbol| (symbol.id.clone(), symbol.span)))
}

fn action_name(action: &ActionSymbol) -> SymbolId {
    SymbolId::new("WixAction", format!("{}/{}", action.sequence.name(), action.action))
}

/// The tables whose rows have names, shared between all sections.
fn named_tables() -> &'static HashMap<&'static str, (Arc<str>, usize)> {
    static TABLES: OnceLock<HashMap<&'static str, (Arc<str>, usize)>> = OnceLock::new();
    TABLES.get_or_init(|| {
        let tables = NAMED_TABLES.iter().copied().chain(extension::named_tables());
        tables.map(|(table, keys)| (table, (table.into(), keys))).collect()
    })
}

fn key(row: &SourceRow, columns: usize) -> String {
    let mut key = String::new();
    for (at, value) in row.values.iter().take(columns).enumerate() {
        if at > 0 {
            key.push('/');
        }
        match value {
            Value::Str(text) => key.push_str(text),
            Value::Int(number) => key.push_str(&number.to_string()),
            _ => {}
        }
    }
    key
}
