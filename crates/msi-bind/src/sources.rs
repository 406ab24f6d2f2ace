//! Every file that goes into the package, found and looked at.

use crate::BindPath;
use crate::codes;
use crate::facts::{self, Facts};
use crate::locate::Locator;
use crate::package::{BoundFile, Package};
use diagnostics::{Diagnostic, Diagnostics, Span};
use msi_db::{ColumnType, Data, Value};
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use wxs::ir::FileSymbol;
use wxs::world::World;

/// What files hold, by path.
pub(crate) type KnownFacts = HashMap<PathBuf, Facts>;

/// Finds the sources of `files` and of all stream columns, reads each once, and fills in control texts that come from files. Files
/// that are `known` are not read again; gives what is known now.
pub(crate) fn bind(
    package: &mut Package,
    files: Vec<FileSymbol>,
    world: &dyn World,
    bind_paths: &[BindPath],
    threads: NonZeroUsize,
    known: &KnownFacts,
    diagnostics: &mut Diagnostics,
) -> KnownFacts {
    let mut locator = Locator::new(world, bind_paths);
    let mut wanted = Wanted::default();
    let mut found: Vec<(FileSymbol, usize)> = Vec::with_capacity(files.len());
    for symbol in files {
        if let Some(path) = locator.find(&symbol.source, symbol.span, diagnostics) {
            let at = wanted.add(path, symbol.span);
            found.push((symbol, at));
        }
    }
    let mut streams: Vec<(std::sync::Arc<str>, usize, usize, usize)> = Vec::new();
    for (name, table) in &package.tables {
        for (column, _) in
            table.def.columns.iter().enumerate().filter(|(_, column)| column.ty == ColumnType::Object)
        {
            for (row, values) in table.rows.iter().enumerate() {
                if let Some(source) = values.values.get(column).and_then(Value::as_str)
                    && let Some(path) = locator.find(source, values.span, diagnostics)
                {
                    streams.push((name.clone(), row, column, wanted.add(path, values.span)));
                }
            }
        }
    }
    let facts = wanted.look(world, threads, known, diagnostics);
    for (table, row, column, at) in streams {
        let path = wanted.paths[at].clone();
        package.stream_digests.insert(path.clone(), facts[at].sha256);
        let stream = Value::Stream(Data::File { path, len: facts[at].len });
        package.rows_mut(&table)[row].values[column] = stream;
    }
    package.files = found
        .into_iter()
        .map(|(symbol, at)| BoundFile {
            source: wanted.paths[at].clone(),
            facts: facts[at].clone(),
            symbol,
            disk_id: 1,
            sequence: 0,
            compressed: true,
            version: None,
            language: None,
            bind_values: Vec::new(),
            from_module: false,
        })
        .collect();
    control_texts(package, &mut locator, world, diagnostics);
    wanted.paths.into_iter().zip(facts).collect()
}

/// Paths, each once, with the place that asked first.
#[derive(Default)]
struct Wanted {
    paths: Vec<PathBuf>,
    spans: Vec<Span>,
    places: HashMap<PathBuf, usize>,
}

impl Wanted {
    fn add(&mut self, path: PathBuf, span: Span) -> usize {
        if let Some(&at) = self.places.get(&path) {
            return at;
        }
        let at = self.paths.len();
        self.places.insert(path.clone(), at);
        self.paths.push(path);
        self.spans.push(span);
        at
    }

    fn look(
        &self,
        world: &dyn World,
        threads: NonZeroUsize,
        known: &KnownFacts,
        diagnostics: &mut Diagnostics,
    ) -> Vec<Facts> {
        let unknown: Vec<PathBuf> =
            self.paths.iter().filter(|path| !known.contains_key(*path)).cloned().collect();
        let mut answers = facts::gather(world, &unknown, threads).into_iter();
        let with_places = self.paths.iter().zip(&self.spans);
        with_places
            .map(|(path, span)| {
                if let Some(facts) = known.get(path) {
                    return facts.clone();
                }
                let answer = answers.next().unwrap_or_else(|| Err(std::io::ErrorKind::NotFound.into()));
                answer.unwrap_or_else(|error| {
                    let message = format!("{} could not be read: {error}", path.display());
                    let finding = Diagnostic::error(codes::IO, message).at(*span);
                    diagnostics.push(finding.hint("is it a file, and may this user read it?"));
                    Facts::default()
                })
            })
            .collect()
    }
}

/// Texts of controls that stand in files of their own, such as licences.
fn control_texts(
    package: &mut Package,
    locator: &mut Locator<'_>,
    world: &dyn World,
    diagnostics: &mut Diagnostics,
) {
    let texts = std::mem::take(&mut package.control_texts);
    for (table, key, source, span) in texts {
        let Some(path) = locator.find(&source, span, diagnostics) else { continue };
        let content = match world.read_source(&path) {
            Ok(content) => content,
            Err(error) => {
                let message = format!("{} could not be read: {error}", path.display());
                let finding = Diagnostic::error(codes::IO, message).at(span);
                diagnostics.push(finding.hint("a text is in UTF-8, or says otherwise with its first bytes"));
                continue;
            }
        };
        let Some(column) = package.tables.get(table).and_then(|table| table.def.column("Text")) else {
            continue;
        };
        for row in package.rows_mut(table) {
            if row.values.starts_with(&key) {
                row.values[column] = content.as_str().into();
            }
        }
    }
}
