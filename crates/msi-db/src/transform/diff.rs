//! What differs between two databases, table by table, as records of a transform.

use super::TransformError;
use crate::database::{Database, Table};
use crate::definition::TableDef;
use crate::error::{Place, WriteError};
use crate::system_tables::{self, type_bits};
use crate::value::{Data, Row, Value, key_text};
use crate::write::{cell_stream_name, derived_validation};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The columns that a record can name in its two bytes.
const MASK_BITS: usize = 16;

/// All records of one table, and the data of stream cells in them.
pub(super) struct TableChanges {
    pub def: Arc<TableDef>,
    pub records: Vec<Record>,
    pub streams: Vec<(String, Data)>,
}

/// One change, with the cells that are written.
pub(super) struct Record {
    pub head: u16,
    /// Position of each cell's column, and the cell.
    pub cells: Vec<(usize, Value)>,
}

/// Tables that differ, `_Tables` and `_Columns` first.
pub(super) fn changes(base: &Database, target: &Database) -> Result<Vec<TableChanges>, TransformError> {
    let (base_validation, target_validation) = (derived_validation(base), derived_validation(target));
    let (base, target) = (tables(base, &base_validation), tables(target, &target_validation));
    let mut tables = TableChanges::new(Arc::new(system_tables::tables_def()));
    let mut columns = TableChanges::new(Arc::new(system_tables::columns_def()));
    let mut changed = Vec::new();
    let names: BTreeSet<&str> = base.keys().chain(target.keys()).copied().collect();
    for name in names {
        match (base.get(name), target.get(name)) {
            (None, Some(new)) => {
                tables.insert(&[name.into()]);
                for column in new.def.columns.iter() {
                    let ty = Value::Int(type_bits(column).into());
                    columns.insert(&[name.into(), Value::Null, (&*column.name).into(), ty]);
                }
                let mut changes = TableChanges::new(Arc::clone(&new.def));
                for row in index(new)?.values() {
                    changes.insert(row);
                }
                changed.push(changes);
            }
            (Some(old), None) => {
                tables.delete(&[name.into()]);
                for number in 1..=old.def.columns.len() {
                    columns.delete(&[name.into(), Value::Int(number as i32)]);
                }
            }
            (Some(old), Some(new)) => {
                add_columns(old, new, &mut columns)?;
                let mut changes = TableChanges::new(Arc::clone(&new.def));
                changes.rows(old, new)?;
                changed.push(changes);
            }
            (None, None) => {}
        }
    }
    let all = [tables, columns].into_iter().chain(changed);
    Ok(all.filter(|changes| !changes.records.is_empty()).collect())
}

fn tables<'a>(database: &'a Database, validation: &'a Option<Table>) -> BTreeMap<&'a str, &'a Table> {
    database.tables.values().chain(validation).map(|table| (table.def.name.as_ref(), table)).collect()
}

/// New columns at the end are rows of `_Columns`; nothing else may change.
fn add_columns(old: &Table, new: &Table, columns: &mut TableChanges) -> Result<(), TransformError> {
    let (old, new) = (&old.def, &new.def);
    for (at, column) in new.columns.iter().enumerate() {
        match old.columns.get(at) {
            Some(before) if before.name == column.name && type_bits(before) == type_bits(column) => {}
            None if !column.primary_key => {
                let ty = Value::Int(type_bits(column).into());
                let number = Value::Int(at as i32 + 1);
                columns.insert(&[(&*new.name).into(), number, (&*column.name).into(), ty]);
            }
            _ => return Err(other_column(new, &column.name)),
        }
    }
    match old.columns.get(new.columns.len()) {
        Some(gone) => Err(other_column(new, &gone.name)),
        None => Ok(()),
    }
}

fn other_column(table: &TableDef, column: &str) -> TransformError {
    TransformError::Columns { table: table.name.to_string(), column: column.to_owned() }
}

/// Rows by primary key.
fn index(table: &Table) -> Result<BTreeMap<&[Value], &Row>, TransformError> {
    let mut rows = BTreeMap::new();
    for row in &table.rows {
        let place = || Place { table: table.def.name.to_string(), key: key_text(row), column: None };
        if row.len() != table.def.columns.len() {
            let (found, expected) = (row.len(), table.def.columns.len());
            return Err(WriteError::RowLength { place: place(), found, expected }.into());
        }
        if rows.insert(&row[..table.def.key_len()], row).is_some() {
            return Err(WriteError::DuplicateKey { place: place() }.into());
        }
    }
    Ok(rows)
}

impl TableChanges {
    fn new(def: Arc<TableDef>) -> TableChanges {
        TableChanges { def, records: Vec::new(), streams: Vec::new() }
    }

    fn rows(&mut self, old: &Table, new: &Table) -> Result<(), TransformError> {
        let (old, new) = (index(old)?, index(new)?);
        for key in old.keys().filter(|key| !new.contains_key(*key)) {
            self.delete(key);
        }
        for (key, row) in new {
            match old.get(key) {
                Some(before) => self.update(before, row)?,
                None => self.insert(row),
            }
        }
        Ok(())
    }

    fn insert(&mut self, row: &[Value]) {
        self.streams_of(row, |_| true);
        let cells: Vec<(usize, Value)> = row.iter().cloned().enumerate().collect();
        self.records.push(Record { head: 1 | (cells.len() as u16) << 8, cells });
    }

    fn delete(&mut self, key: &[Value]) {
        self.records.push(Record { head: 0, cells: key.iter().cloned().enumerate().collect() });
    }

    fn update(&mut self, old: &[Value], new: &[Value]) -> Result<(), TransformError> {
        let differs: Vec<usize> =
            (0..new.len()).filter(|&at| stored(old.get(at)) != stored(new.get(at))).collect();
        let Some(&last) = differs.last() else { return Ok(()) };
        if last >= MASK_BITS {
            return Err(TransformError::TooWide { table: self.def.name.to_string() });
        }
        let head = differs.iter().fold(0, |head, at| head | 1 << at);
        let keys = self.def.key_len();
        let cells = (0..new.len()).filter(|at| *at < keys || differs.contains(at));
        self.records.push(Record { head, cells: cells.map(|at| (at, new[at].clone())).collect() });
        self.streams_of(new, |at| differs.contains(&at));
        Ok(())
    }

    fn streams_of(&mut self, row: &[Value], wanted: impl Fn(usize) -> bool) {
        for (at, value) in row.iter().enumerate() {
            if let Value::Stream(data) = value
                && wanted(at)
            {
                let name = cell_stream_name(&self.def.name, &row[..self.def.key_len()]);
                self.streams.push((name, data.clone()));
            }
        }
    }
}

/// A cell as a database keeps it: an empty text is null.
fn stored(cell: Option<&Value>) -> Cow<'_, Value> {
    match cell {
        Some(Value::Str(text)) if text.is_empty() => Cow::Owned(Value::Null),
        Some(value) => Cow::Borrowed(value),
        None => Cow::Owned(Value::Null),
    }
}
