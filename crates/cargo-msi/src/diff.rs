//! `cargo msi diff`: what differs between two packages.

use crate::package;
use crate::report::{self, Failure, shown};
use msi_db::value::Data;
use msi_db::{Database, Table, TableDef, Value};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compares two packages: summary information, tables row by row, streams, files.
///
/// Exit codes: 0 equal, 1 different, 2 the command line is wrong or a package can't be read.
#[derive(clap::Args)]
pub struct Args {
    /// The older package
    #[arg(value_name = "OLD")]
    old: PathBuf,

    /// The newer package
    #[arg(value_name = "NEW")]
    new: PathBuf,

    /// Writes the differences as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let unreadable = |failure: Failure| failure.exit(2);
    let old = package::open(&args.old).map_err(unreadable)?;
    let new = package::open(&args.new).map_err(unreadable)?;
    let sections = compare(&old, &new).map_err(unreadable)?;
    if args.json {
        report::page(&format!("{}\n", to_json(&sections)));
    } else {
        report::page(&to_text(&sections));
    }
    Ok(if sections.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The differences of one table, or of something that is shown like one.
struct Section {
    name: String,
    changes: Vec<Change>,
}

enum Change {
    Added { key: String, cells: Vec<(String, String)> },
    Removed { key: String, cells: Vec<(String, String)> },
    Changed { key: String, cells: Vec<(String, String, String)> },
}

/// Things with a name, each with named cells: what every comparison here comes down to.
type Named = BTreeMap<String, Vec<(String, String)>>;

fn compare(old: &Database, new: &Database) -> Result<Vec<Section>, Failure> {
    let mut sections = vec![section("summary information", &summary(old), &summary(new))];
    sections.push(section("files", &files(old)?, &files(new)?));
    let names: BTreeSet<&str> = old.tables.keys().chain(new.tables.keys()).map(|name| &**name).collect();
    for name in names {
        let (before, after) = (old.table(name), new.table(name));
        let mut table = section(name, &rows(before), &rows(after));
        if let (Some(before), Some(after)) = (before, after)
            && columns(&before.def) != columns(&after.def)
        {
            let cells = vec![("columns".into(), columns(&before.def), columns(&after.def))];
            table.changes.insert(0, Change::Changed { key: "(definition)".into(), cells });
        }
        for (present, absent, added) in [(after, before, true), (before, after, false)] {
            if present.is_some_and(|table| table.rows.is_empty()) && absent.is_none() {
                let (key, cells) = ("(empty table)".into(), Vec::new());
                table.changes.push(if added {
                    Change::Added { key, cells }
                } else {
                    Change::Removed { key, cells }
                });
            }
        }
        sections.push(table);
    }
    sections.push(section("streams", &streams(old), &streams(new)));
    sections.push(section("storages", &storages(old), &storages(new)));
    sections.retain(|section| !section.changes.is_empty());
    Ok(sections)
}

fn section(name: &str, old: &Named, new: &Named) -> Section {
    let mut changes = Vec::new();
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for key in keys {
        match (old.get(key), new.get(key)) {
            (Some(cells), None) => changes.push(Change::Removed { key: key.clone(), cells: cells.clone() }),
            (None, Some(cells)) => changes.push(Change::Added { key: key.clone(), cells: cells.clone() }),
            (Some(before), Some(after)) if before != after => {
                let before: BTreeMap<_, _> = before.iter().cloned().collect();
                let after: BTreeMap<_, _> = after.iter().cloned().collect();
                let columns: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
                let cell =
                    |cells: &BTreeMap<String, String>, column| cells.get(column).cloned().unwrap_or_default();
                let cells = columns
                    .into_iter()
                    .filter(|column| before.get(*column) != after.get(*column))
                    .map(|column| (column.clone(), cell(&before, column), cell(&after, column)))
                    .collect();
                changes.push(Change::Changed { key: key.clone(), cells });
            }
            _ => {}
        }
    }
    Section { name: name.to_owned(), changes }
}

fn summary(database: &Database) -> Named {
    let row = database.summary.properties().into_iter();
    row.map(|(id, value)| {
        (
            super::inspect::summary_name(id).to_owned(),
            vec![("value".into(), super::inspect::summary_text(&value))],
        )
    })
    .collect()
}

fn files(database: &Database) -> Result<Named, Failure> {
    let hashes = rows(database.table("MsiFileHash"));
    Ok(package::files(database)?
        .into_iter()
        .map(|file| {
            let mut cells = vec![("size".into(), file.size.to_string())];
            cells.extend(file.version.map(|version| ("version".into(), version)));
            if let Some(hash) = hashes.get(&file.id) {
                let parts: Vec<&str> = hash.iter().skip(2).map(|(_, part)| part.as_str()).collect();
                cells.push(("hash".into(), parts.join(" ")));
            }
            (file.path.join("/"), cells)
        })
        .collect())
}

fn rows(table: Option<&Table>) -> Named {
    let Some(table) = table else { return Named::new() };
    let names: Vec<&str> = table.def.columns.iter().map(|column| &*column.name).collect();
    table
        .iter()
        .map(|row| {
            let cells = names.iter().zip(row.values()).map(|(name, value)| ((*name).to_owned(), text(value)));
            (row.key(), cells.collect())
        })
        .collect()
}

fn columns(def: &TableDef) -> String {
    let columns = def.columns.iter();
    columns
        .map(|column| format!("{}:{}", column.name, msi_db::dump::column_type(column)))
        .collect::<Vec<_>>()
        .join(" ")
}

fn streams(database: &Database) -> Named {
    database
        .streams
        .iter()
        .map(|(name, data)| (name.clone(), vec![("content".into(), content(data))]))
        .collect()
}

fn storages(database: &Database) -> Named {
    let all = database.storages.iter();
    all.map(|(name, storage)| {
        let streams = storage.streams.iter();
        (
            name.clone(),
            streams.map(|(name, data)| (name.escape_default().to_string(), content(data))).collect(),
        )
    })
    .collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Int(number) => number.to_string(),
        Value::Str(text) => text.to_string(),
        Value::Stream(data) => content(data),
    }
}

fn content(data: &Data) -> String {
    match data {
        Data::Bytes(bytes) => {
            let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{} bytes, sha256 {digest}", bytes.len())
        }
        Data::File { len, .. } => format!("{len} bytes"),
    }
}

fn to_text(sections: &[Section]) -> String {
    let mut out = String::new();
    for section in sections {
        let _ = writeln!(out, "{}", section.name);
        for change in &section.changes {
            match change {
                Change::Added { key, cells } => {
                    let _ = writeln!(out, "  + {}{}", shown(key), list(cells));
                }
                Change::Removed { key, cells } => {
                    let _ = writeln!(out, "  - {}{}", shown(key), list(cells));
                }
                Change::Changed { key, cells } => {
                    let _ = writeln!(out, "  ~ {}", shown(key));
                    for (column, before, after) in cells {
                        let _ = writeln!(out, "      {column}: {} -> {}", quoted(before), quoted(after));
                    }
                }
            }
        }
    }
    out
}

/// Cells behind a key; what is empty says nothing.
fn list(cells: &[(String, String)]) -> String {
    let filled = cells.iter().filter(|(_, value)| !value.is_empty());
    let cells: Vec<String> = filled.map(|(column, value)| format!("{column}={}", quoted(value))).collect();
    if cells.is_empty() { String::new() } else { format!("  {}", cells.join(" ")) }
}

fn quoted(text: &str) -> String {
    format!("'{}'", shown(text))
}

fn to_json(sections: &[Section]) -> Json {
    let object = |cells: &[(String, String)]| -> Json {
        cells.iter().cloned().collect::<BTreeMap<_, _>>().into_iter().collect()
    };
    let sections = sections.iter().map(|section| {
        let changes = section.changes.iter().map(|change| match change {
            Change::Added { key, cells } => json!({ "change": "added", "key": key, "cells": object(cells) }),
            Change::Removed { key, cells } => {
                json!({ "change": "removed", "key": key, "cells": object(cells) })
            }
            Change::Changed { key, cells } => {
                let cells: BTreeMap<&String, Json> = cells
                    .iter()
                    .map(|(column, before, after)| (column, json!({ "old": before, "new": after })))
                    .collect();
                json!({ "change": "changed", "key": key, "cells": cells })
            }
        });
        json!({ "name": section.name, "changes": changes.collect::<Vec<_>>() })
    });
    json!({ "differences": sections.collect::<Vec<_>>() })
}
