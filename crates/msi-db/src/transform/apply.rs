//! A database after a transform, for looking at what a package becomes.

use crate::database::{Database, Storage, Table};
use crate::definition::{Column, ColumnType, TableDef};
use crate::error::ReadError;
use crate::pool::Pool;
use crate::stream_name::{self, Decoded};
use crate::system_tables::{self, COLUMNS, TABLES, VALIDATION};
use crate::value::{Data, Row, Value};
use crate::write::{cell_len, cell_stream_name, derived_validation};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// The database that `base` becomes. As forgiving as [`super::Tolerance::ALL`]: a row that is new and exists is replaced, one that
/// is to go or to change and does not exist is passed over. Only what cannot be read is an error.
pub fn apply(base: &Database, transform: &Storage) -> Result<Database, ReadError> {
    let mut streams = Streams::of(transform);
    let pool = streams.table("_StringPool").ok_or(ReadError::MissingStream("_StringPool"))?;
    let data = streams.table("_StringData").ok_or(ReadError::MissingStream("_StringData"))?;
    let pool = Pool::parse(&pool, &data)?;
    let mut database = base.clone();
    if pool.codepage != 0 {
        database.codepage = pool.codepage;
    }
    if let Some(validation) = derived_validation(&database) {
        database.tables.insert(VALIDATION.into(), validation);
    }

    let added = change_definitions(&mut database, &mut streams, &pool)?;
    for (name, bytes) in std::mem::take(&mut streams.tables) {
        let Some(table) = database.tables.get_mut(name.as_str()) else { continue };
        change_rows(table, &bytes, &pool, &streams)?;
    }
    describe(&mut database, &added);
    Ok(database)
}

/// The transform's streams by unpacked name.
struct Streams {
    tables: BTreeMap<String, Data>,
    others: HashMap<String, Data>,
}

impl Streams {
    fn of(transform: &Storage) -> Streams {
        let mut streams = Streams { tables: BTreeMap::new(), others: HashMap::new() };
        for (stored, data) in &transform.streams {
            let units: Vec<u16> = stored.encode_utf16().collect();
            match stream_name::decode(&units) {
                Decoded::Table(name) => drop(streams.tables.insert(name, data.clone())),
                Decoded::Stream(name) => drop(streams.others.insert(name, data.clone())),
            }
        }
        streams
    }

    fn table(&mut self, name: &str) -> Option<Arc<[u8]>> {
        match self.tables.remove(name)? {
            Data::Bytes(bytes) => Some(bytes),
            Data::File { .. } => None,
        }
    }
}

/// Adds and drops tables and columns; gives the names of tables that got new columns.
fn change_definitions(
    database: &mut Database,
    streams: &mut Streams,
    pool: &Pool,
) -> Result<HashSet<Arc<str>>, ReadError> {
    let mut added = HashSet::new();
    let none = HashMap::new();
    if let Some(bytes) = streams.table(TABLES) {
        for record in Records::new(&system_tables::tables_def(), &bytes, pool, &none) {
            let record = record?;
            let Some(Value::Str(name)) = record.cells[0].clone() else { continue };
            if record.head == 0 {
                database.tables.remove(&name);
            } else {
                let def = TableDef { name: name.to_string().into(), columns: Vec::new().into() };
                database.tables.entry(name).or_insert_with(|| Table::new(def));
            }
        }
    }
    if let Some(bytes) = streams.table(COLUMNS) {
        for record in Records::new(&system_tables::columns_def(), &bytes, pool, &none) {
            let record = record?;
            let [Some(Value::Str(table)), number, Some(Value::Str(name)), Some(Value::Int(ty))] =
                &record.cells[..]
            else {
                continue;
            };
            let fail = |problem| ReadError::Table { table: table.to_string(), problem };
            let Some(changed) = database.tables.get_mut(table) else { continue };
            let column = system_tables::column_of(name.to_string(), *ty as u16)
                .ok_or(fail("a column has a type that does not exist"))?;
            let def = Arc::make_mut(&mut changed.def);
            let expected = def.columns.len() as i32 + 1;
            match number {
                Some(Value::Int(number)) if *number < expected => continue,
                Some(Value::Int(number)) if *number > expected => {
                    return Err(fail("its columns are not numbered without gaps"));
                }
                _ => {}
            }
            if def.columns.len() >= 32 || def.column(name).is_some() {
                return Err(fail("it has two columns of one name, or more than 32"));
            }
            def.columns.to_mut().push(column);
            for row in &mut changed.rows {
                row.push(Value::Null);
            }
            added.insert(Arc::clone(table));
        }
    }
    // A table that no column was given to is none.
    database.tables.retain(|_, table| !table.def.columns.is_empty());
    Ok(added)
}

fn change_rows(table: &mut Table, bytes: &Data, pool: &Pool, streams: &Streams) -> Result<(), ReadError> {
    let Data::Bytes(bytes) = bytes else { return Ok(()) };
    let keys = table.def.key_len();
    let mut rows: Vec<Option<Row>> = std::mem::take(&mut table.rows).into_iter().map(Some).collect();
    let key_of = |row: &Row| row.get(..keys).map(<[Value]>::to_vec);
    let mut places: HashMap<Vec<Value>, usize> =
        rows.iter().enumerate().filter_map(|(at, row)| Some((key_of(row.as_ref()?)?, at))).collect();
    for record in Records::new(&table.def, bytes, pool, &streams.others) {
        let Record { head, cells } = record?;
        let key: Vec<Value> = cells[..keys].iter().map(|cell| cell.clone().unwrap_or(Value::Null)).collect();
        if head == 0 {
            if let Some(at) = places.remove(&key) {
                rows[at] = None;
            }
        } else if head & 1 == 1 {
            let row = cells.into_iter().map(|cell| cell.unwrap_or(Value::Null)).collect();
            match places.get(&key) {
                Some(&at) => rows[at] = Some(row),
                None => {
                    places.insert(key, rows.len());
                    rows.push(Some(row));
                }
            }
        } else if let Some(&at) = places.get(&key)
            && let Some(row) = &mut rows[at]
        {
            for (old, new) in row.iter_mut().zip(cells) {
                if let Some(new) = new {
                    *old = new;
                }
            }
        }
    }
    table.rows = rows.into_iter().flatten().collect();
    Ok(())
}

/// New columns as the rows of `_Validation` describe them.
fn describe(database: &mut Database, added: &HashSet<Arc<str>>) {
    let Some(validation) = database.tables.get(VALIDATION).map(|table| table.rows.clone()) else { return };
    for row in &validation {
        let (Some(Value::Str(table)), Some(Value::Str(column))) = (row.first(), row.get(1)) else { continue };
        if !added.contains(table) {
            continue;
        }
        let Some(table) = database.tables.get_mut(table) else { continue };
        let Some(at) = table.def.column(column) else { continue };
        let def = Arc::make_mut(&mut table.def);
        system_tables::apply_validation(&mut def.columns.to_mut()[at], row);
    }
}

/// A change that was read; cells that it does not mention are `None`.
struct Record {
    head: u16,
    cells: Vec<Option<Value>>,
}

struct Records<'a> {
    table: &'a TableDef,
    rest: &'a [u8],
    pool: &'a Pool,
    streams: &'a HashMap<String, Data>,
}

impl<'a> Records<'a> {
    fn new(
        table: &'a TableDef,
        bytes: &'a [u8],
        pool: &'a Pool,
        streams: &'a HashMap<String, Data>,
    ) -> Records<'a> {
        Records { table, rest: bytes, pool, streams }
    }

    fn record(&mut self) -> Result<Record, ReadError> {
        let head = self.take(2)? as u16;
        let columns = &self.table.columns;
        let count = if head & 1 == 1 { usize::from(head >> 8) } else { columns.len() };
        if count > columns.len() || (head & 1 == 1 && count < self.table.key_len()) {
            return Err(self.fail("a record of its transform has another number of cells"));
        }
        let mut cells: Vec<Option<Value>> = Vec::with_capacity(columns.len());
        for (at, column) in columns.iter().enumerate() {
            let named = at < 16 && head & 1 << at != 0;
            let there = if head & 1 == 1 { at < count } else { column.primary_key || named };
            let cell = if there { Some(self.cell(column, &cells)?) } else { None };
            cells.push(cell);
        }
        Ok(Record { head, cells })
    }

    fn cell(&mut self, column: &Column, before: &[Option<Value>]) -> Result<Value, ReadError> {
        let cell = self.take(cell_len(column.ty, self.pool.reference_len))?;
        Ok(match column.ty {
            _ if cell == 0 => Value::Null,
            ColumnType::Short => Value::Int(i32::from((cell ^ 0x8000) as u16 as i16)),
            ColumnType::Long => Value::Int((cell ^ 0x8000_0000) as i32),
            ColumnType::Str(_) => match self.pool.get(cell) {
                Some(text) => Value::Str(Arc::clone(text)),
                None => {
                    return Err(ReadError::String { table: self.table.name.to_string(), string: cell });
                }
            },
            ColumnType::Object => {
                let key: Row = before.iter().take(self.table.key_len()).flatten().cloned().collect();
                let name = cell_stream_name(&self.table.name, &key);
                let data = self.streams.get(&name).ok_or(self.fail("the stream of a row is missing"))?;
                Value::Stream(data.clone())
            }
        })
    }

    fn take(&mut self, len: usize) -> Result<u32, ReadError> {
        let Some((bytes, rest)) = self.rest.split_at_checked(len) else {
            return Err(self.fail("its transform ends within a record"));
        };
        self.rest = rest;
        Ok(bytes.iter().rev().fold(0, |cell, byte| cell << 8 | u32::from(*byte)))
    }

    fn fail(&self, problem: &'static str) -> ReadError {
        ReadError::Table { table: self.table.name.to_string(), problem }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Result<Record, ReadError>> {
        if self.rest.is_empty() {
            return None;
        }
        let record = self.record();
        if record.is_err() {
            self.rest = &[];
        }
        Some(record)
    }
}
