//! Rows brought into the shape of their tables: numbers where numbers belong, and what belongs to no real table set apart.

use crate::codes;
use crate::instances::Instance;
use crate::package::{BoundTable, Package, text};
use diagnostics::{Diagnostic, Diagnostics};
use msi_db::{ColumnType, TableDef, Value, catalogue};
use std::collections::BTreeMap;
use std::sync::Arc;
use wxs::compile::software_tag;
use wxs::extension::find_table;
use wxs::ir::{Product, SourceRow};
use wxs::resolve::Resolved;

/// Takes the rows out of the product.
pub(crate) fn shape(resolved: &mut Resolved, diagnostics: &mut Diagnostics) -> Package {
    let product = &mut resolved.product;
    let mut package = Package {
        span: product.span,
        is_v4: product.is_v4,
        codepage: resolved.codepage,
        tables: BTreeMap::new(),
        summary: BTreeMap::new(),
        files: Vec::new(),
        media: Vec::new(),
        stream_digests: BTreeMap::new(),
        guid_seeds: BTreeMap::new(),
        instances: Vec::new(),
        tags: Vec::new(),
        control_texts: Vec::new(),
    };
    for (name, rows) in std::mem::take(&mut product.tables) {
        if let Some(def) = definition(product, &name) {
            let rows = rows.into_iter().map(|row| fit(row, &def, diagnostics)).collect();
            package.tables.insert(name, BoundTable { def, rows });
        } else {
            set_apart(&name, rows, &mut package, diagnostics);
        }
    }
    for name in &product.ensured_tables {
        let Some(def) = definition(product, name) else {
            let message = format!("table {name} cannot be ensured: nothing says what it looks like");
            let finding = Diagnostic::error(codes::ROW, message).at(product.span);
            diagnostics
                .push(finding.hint("write a <CustomTable> with its columns, or leave <EnsureTable> out"));
            continue;
        };
        package.tables.entry(name.as_str().into()).or_insert_with(|| BoundTable { def, rows: Vec::new() });
    }
    package
}

pub(crate) fn definition(product: &Product, name: &str) -> Option<Arc<TableDef>> {
    let custom = product.custom_tables.get(name).cloned();
    let custom = custom.or_else(|| find_table(name).map(|table| table.def.clone()));
    custom.or_else(|| catalogue::find(name).map(|def| Arc::new(def.clone())))
}

/// Tables that only compiler and binder know.
fn set_apart(name: &str, rows: Vec<SourceRow>, package: &mut Package, diagnostics: &mut Diagnostics) {
    for row in rows {
        match name {
            "_SummaryInformation" => {
                let value = match row.values.get(1) {
                    Some(Value::Str(text)) => text.to_string(),
                    Some(Value::Int(number)) => number.to_string(),
                    _ => continue,
                };
                if let Some(number) = row.values.first().and_then(Value::as_int) {
                    package.summary.insert(number, (value, row.span));
                }
            }
            "WixDirectory" => {
                if let (Some(directory), Some(seed)) = (text(&row, 0), text(&row, 1)) {
                    package.guid_seeds.insert(directory.to_owned(), seed.to_owned());
                }
            }
            "WixInstanceTransforms" => package.instances.push(Instance::of(&row)),
            software_tag::TABLE => {
                if let (Some(file), Some(regid)) = (text(&row, 0), text(&row, 1)) {
                    package.tags.push((file.to_owned(), regid.to_owned()));
                }
            }
            "WixControl" | "WixBBControl" => {
                if let Some(path) = text(&row, 2).map(str::to_owned) {
                    let table = if name == "WixControl" { "Control" } else { "BBControl" };
                    package.control_texts.push((table, row.values[..2].to_vec(), path, row.span));
                }
            }
            _ => {
                let message = format!("nothing says what the table {name} looks like");
                diagnostics.push(Diagnostic::error(codes::ROW, message).at(row.span));
                return;
            }
        }
    }
}

/// Texts that stand for numbers come from localized placements and variables; columns at the end may be left out.
fn fit(mut row: SourceRow, def: &TableDef, diagnostics: &mut Diagnostics) -> SourceRow {
    if row.values.len() > def.columns.len() {
        let message = format!("a row of table {} has too many values", def.name);
        let finding = Diagnostic::error(codes::ROW, message).at(row.span);
        diagnostics.push(finding.hint("take out <Data> that no column stands for"));
    }
    row.values.resize(def.columns.len(), Value::Null);
    for (column, value) in def.columns.iter().zip(&mut row.values) {
        let numeric = matches!(column.ty, ColumnType::Short | ColumnType::Long);
        match value {
            Value::Str(text) if numeric && !text.contains("!(bind.") => match text.trim().parse::<i32>() {
                Ok(number) => *value = number.into(),
                Err(_) => {
                    let message = format!("{}.{} takes a number, not \"{text}\"", def.name, column.name);
                    let finding = Diagnostic::error(codes::ROW, message).at(row.span);
                    diagnostics.push(finding.hint("write a whole number, or a variable that becomes one"));
                }
            },
            // An empty string is what the format calls null.
            Value::Str(text) if text.is_empty() => *value = Value::Null,
            Value::Int(number) if matches!(column.ty, ColumnType::Str(_)) => {
                *value = number.to_string().into();
            }
            _ => {}
        }
    }
    row
}
