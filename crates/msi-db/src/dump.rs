//! A database as text or JSON: sorted, stable, the same for equal databases. Tests compare these dumps.

use crate::database::{Database, Storage, Table};
use crate::definition::{Column, ColumnType};
use crate::summary::Property;
use crate::value::{Data, Row, Value};
use serde_json::{Map, json};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The whole database as text: code page, summary information, then each table with its columns and its rows, one a line,
/// cells separated by tabs and sorted as text. Streams appear by length and SHA-256.
pub fn text(database: &Database) -> String {
    let mut out = format!("codepage {}\n", database.codepage);
    out.push_str("\n[summary]\n");
    for (id, property) in database.summary.properties() {
        put(&mut out, format_args!("{id}\t{}\n", property_text(&property)));
    }
    for (name, table) in &database.tables {
        put(&mut out, format_args!("\n[{name}]\n"));
        table_text(table, &mut out);
    }
    if !database.streams.is_empty() {
        out.push_str("\n[streams]\n");
        for (name, data) in &database.streams {
            put(&mut out, format_args!("{}\t{}\n", escape(name), data_text(data)));
        }
    }
    if !database.storages.is_empty() {
        out.push_str("\n[storages]\n");
        for (name, storage) in &database.storages {
            storage_text(&escape(name), storage, &mut out);
        }
    }
    out
}

/// One table as [`text`] shows it, without its name.
pub fn table_text(table: &Table, out: &mut String) {
    let columns: Vec<String> =
        table.def.columns.iter().map(|column| format!("{}:{}", column.name, column_type(column))).collect();
    put(out, format_args!("{}\n", columns.join("\t")));
    let mut rows: Vec<String> = table.rows.iter().map(row_text).collect();
    rows.sort();
    for row in rows {
        out.push_str(&row);
        out.push('\n');
    }
}

/// The whole database as JSON, rows sorted as in [`text`]. Numbers are numbers, null is null, streams are objects with length
/// and SHA-256.
pub fn json(database: &Database) -> serde_json::Value {
    let summary: Map<String, serde_json::Value> = database
        .summary
        .properties()
        .into_iter()
        .map(|(id, property)| {
            let value = match property {
                Property::Short(number) => json!(number as u16),
                Property::Int(number) => json!(number),
                Property::Text(text) => json!(text),
                Property::Time(_) => json!(property_text(&property)),
            };
            (id.to_string(), value)
        })
        .collect();
    let tables: Map<String, serde_json::Value> = database
        .tables
        .iter()
        .map(|(name, table)| {
            let columns: Vec<_> = table
                .def
                .columns
                .iter()
                .map(|column| json!({ "name": column.name, "type": column_type(column), "key": column.primary_key }))
                .collect();
            let mut rows: Vec<&Row> = table.rows.iter().collect();
            rows.sort_by_cached_key(|row| row_text(row));
            let rows: Vec<Vec<_>> = rows.into_iter().map(|row| row.iter().map(value_json).collect()).collect();
            (name.to_string(), json!({ "columns": columns, "rows": rows }))
        })
        .collect();
    let streams: Map<String, serde_json::Value> =
        database.streams.iter().map(|(name, data)| (name.clone(), data_json(data))).collect();
    let storages: Vec<&String> = database.storages.keys().collect();
    json!({
        "codepage": database.codepage,
        "summary": summary,
        "tables": tables,
        "streams": streams,
        "storages": storages,
    })
}

/// A column's type as the installer's own export writes it (`s72`, `L255`, `i2`, `V0`), with `*` behind it for keys.
pub fn column_type(column: &Column) -> String {
    let (letter, width) = match column.ty {
        ColumnType::Short => ('i', 2),
        ColumnType::Long => ('i', 4),
        ColumnType::Str(width) if column.localizable => ('l', width),
        ColumnType::Str(width) => ('s', width),
        ColumnType::Object => ('v', 0),
    };
    let letter = if column.nullable { letter.to_ascii_uppercase() } else { letter };
    format!("{letter}{width}{}", if column.primary_key { "*" } else { "" })
}

fn row_text(row: &Row) -> String {
    let cells: Vec<String> = row.iter().map(value_text).collect();
    cells.join("\t")
}

fn value_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Int(number) => number.to_string(),
        Value::Str(text) => escape(text),
        Value::Stream(data) => data_text(data),
    }
}

fn value_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => json!(null),
        Value::Int(number) => json!(number),
        Value::Str(text) => json!(**text),
        Value::Stream(data) => data_json(data),
    }
}

fn data_text(data: &Data) -> String {
    match data {
        Data::Bytes(bytes) => format!("<{} bytes, sha256 {}>", bytes.len(), sha256(bytes)),
        Data::File { len, .. } => format!("<{len} bytes>"),
    }
}

fn data_json(data: &Data) -> serde_json::Value {
    match data {
        Data::Bytes(bytes) => json!({ "len": bytes.len(), "sha256": sha256(bytes) }),
        Data::File { len, .. } => json!({ "len": len }),
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn property_text(property: &Property) -> String {
    match property {
        Property::Short(number) => (*number as u16).to_string(),
        Property::Int(number) => number.to_string(),
        Property::Text(text) => escape(text),
        Property::Time(time) => format!("filetime {}", time.0),
    }
}

fn storage_text(path: &str, storage: &Storage, out: &mut String) {
    for (name, data) in &storage.streams {
        put(out, format_args!("{path}/{}\t{}\n", stored_name(name), data_text(data)));
    }
    for (name, inner) in &storage.storages {
        storage_text(&format!("{path}/{}", stored_name(name)), inner, out);
    }
}

fn stored_name(name: &str) -> String {
    let units: Vec<u16> = name.encode_utf16().collect();
    match crate::stream_name::decode(&units) {
        crate::stream_name::Decoded::Table(name) => format!("table {}", escape(&name)),
        crate::stream_name::Decoded::Stream(name) => escape(&name),
    }
}

/// Keeps a cell on its line and in its column.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => escaped.push_str("\\\\"),
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            control if control.is_control() => {
                put(&mut escaped, format_args!("\\u{{{:x}}}", u32::from(control)));
            }
            other => escaped.push(other),
        }
    }
    escaped
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing to a string cannot fail");
}
