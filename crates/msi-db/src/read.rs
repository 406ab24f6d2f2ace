//! From a compound file of any origin to tables of rows.

use crate::database::{Database, Storage, Table};
use crate::definition::{Column, ColumnType, TableDef};
use crate::error::ReadError;
use crate::pool::Pool;
use crate::stream_name::{self, Decoded};
use crate::summary::{SUMMARY_STREAM, SummaryInfo};
use crate::system_tables::{self, COLUMNS, TABLES, VALIDATION};
use crate::value::{Data, Row, Value};
use crate::write::{cell_len, cell_stream_name};
use compound_file::{CompoundFile, EntryId, EntryKind};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{Read, Seek};
use std::sync::Arc;

/// The engine knows no table with more columns.
const COLUMN_LIMIT: usize = 32;

/// See [`Database::open`].
pub(crate) fn read(reader: impl Read + Seek) -> Result<Database, ReadError> {
    let mut file = CompoundFile::open(reader)?;
    let mut contents = Contents::of(&file);
    let pool_bytes = contents.take_table(&mut file, "_StringPool")?;
    let data_bytes = contents.take_table(&mut file, "_StringData")?;
    let pool = Pool::parse(
        &pool_bytes.ok_or(ReadError::MissingStream("_StringPool"))?,
        &data_bytes.ok_or(ReadError::MissingStream("_StringData"))?,
    )?;

    let mut definitions = definitions(&mut file, &mut contents, &pool)?;
    let mut tables = BTreeMap::new();
    if let Some(def) = definitions.get(VALIDATION) {
        let table = read_table(&mut file, &mut contents, &pool, def.clone())?;
        for row in &table.rows {
            apply_validation(&mut definitions, row);
        }
        let described = definitions.remove(VALIDATION).unwrap_or_else(|| (*table.def).clone());
        tables.insert(VALIDATION.into(), Table { def: described.into(), rows: table.rows });
    }
    for (name, def) in definitions {
        let table = read_table(&mut file, &mut contents, &pool, def)?;
        tables.insert(name, table);
    }

    let summary = match contents.streams.remove(SUMMARY_STREAM) {
        Some(id) => SummaryInfo::parse(&file.read_stream(id)?)?,
        None => SummaryInfo::default(),
    };
    let mut streams = BTreeMap::new();
    for (name, id) in contents.streams {
        streams.insert(name, Data::from(file.read_stream(id)?));
    }
    let mut storages = BTreeMap::new();
    for (name, id) in contents.storages {
        storages.insert(name, read_storage(&mut file, id)?);
    }
    Ok(Database { codepage: pool.codepage, summary, tables, streams, storages })
}

/// What lies in the root storage, by unpacked name.
struct Contents {
    tables: HashMap<String, EntryId>,
    streams: BTreeMap<String, EntryId>,
    storages: BTreeMap<String, EntryId>,
}

impl Contents {
    fn of<R: Read + Seek>(file: &CompoundFile<R>) -> Contents {
        let mut contents =
            Contents { tables: HashMap::new(), streams: BTreeMap::new(), storages: BTreeMap::new() };
        for id in file.children(file.root()) {
            let entry = file.entry(*id);
            if entry.kind != EntryKind::Stream {
                contents.storages.insert(entry.name_lossy(), *id);
                continue;
            }
            match stream_name::decode(&entry.name) {
                Decoded::Table(name) => drop(contents.tables.insert(name, *id)),
                Decoded::Stream(name) => drop(contents.streams.insert(name, *id)),
            }
        }
        contents
    }

    fn take_table<R: Read + Seek>(
        &mut self,
        file: &mut CompoundFile<R>,
        name: &str,
    ) -> Result<Option<Vec<u8>>, ReadError> {
        self.tables.remove(name).map(|id| file.read_stream(id).map_err(ReadError::from)).transpose()
    }
}

/// Definitions of all tables that `_Tables` lists, as `_Columns` describes them.
fn definitions<R: Read + Seek>(
    file: &mut CompoundFile<R>,
    contents: &mut Contents,
    pool: &Pool,
) -> Result<BTreeMap<Arc<str>, TableDef>, ReadError> {
    let string = |cell: u32, table: &str| match pool.get(cell) {
        Some(text) => Ok(Arc::clone(text)),
        None => Err(ReadError::String { table: table.to_owned(), string: cell }),
    };
    const STRING: ColumnType = ColumnType::Str(64);
    let tables = contents.take_table(file, TABLES)?.ok_or(ReadError::MissingStream("_Tables"))?;
    let mut columns: BTreeMap<Arc<str>, BTreeMap<u32, Column>> = BTreeMap::new();
    for row in raw_rows(TABLES, &tables, &[STRING], pool.reference_len)? {
        columns.insert(string(row[0], TABLES)?, BTreeMap::new());
    }
    let bytes = contents.take_table(file, COLUMNS)?.ok_or(ReadError::MissingStream("_Columns"))?;
    let types = [STRING, ColumnType::Short, STRING, ColumnType::Short];
    for row in raw_rows(COLUMNS, &bytes, &types, pool.reference_len)? {
        let table = string(row[0], COLUMNS)?;
        let fail = |problem| Err(ReadError::Table { table: table.to_string(), problem });
        // Tables that only a session had may have left columns behind.
        let Some(list) = columns.get_mut(&table) else { continue };
        let name = string(row[2], COLUMNS)?;
        let Some(column) = system_tables::column_of(name.to_string(), (row[3] ^ 0x8000) as u16) else {
            return fail("a column has a type that does not exist");
        };
        if list.insert(row[1] ^ 0x8000, column).is_some() {
            return fail("two columns have the same number");
        }
    }
    let mut definitions = BTreeMap::new();
    for (name, list) in columns {
        let fail = |problem| Err(ReadError::Table { table: name.to_string(), problem });
        if list.is_empty() || list.len() > COLUMN_LIMIT {
            return fail("it has no columns, or more than 32");
        }
        if list.keys().zip(1..).any(|(number, expected)| *number != expected) {
            return fail("its columns are not numbered without gaps");
        }
        let mut names = HashSet::new();
        if !list.values().all(|column| names.insert(column.name.to_string())) {
            return fail("two columns have the same name");
        }
        let columns: Vec<Column> = list.into_values().collect();
        let def = TableDef { name: name.to_string().into(), columns: columns.into() };
        definitions.insert(name, def);
    }
    Ok(definitions)
}

fn apply_validation(definitions: &mut BTreeMap<Arc<str>, TableDef>, row: &Row) {
    let (Some(Value::Str(table)), Some(Value::Str(column))) = (row.first(), row.get(1)) else { return };
    let Some(def) = definitions.get_mut(table) else { return };
    let Some(index) = def.column(column) else { return };
    system_tables::apply_validation(&mut def.columns.to_mut()[index], row);
}

fn read_table<R: Read + Seek>(
    file: &mut CompoundFile<R>,
    contents: &mut Contents,
    pool: &Pool,
    def: TableDef,
) -> Result<Table, ReadError> {
    let fail = |problem| ReadError::Table { table: def.name.to_string(), problem };
    let bytes = contents.take_table(file, &def.name)?.unwrap_or_default();
    let types: Vec<ColumnType> = def.columns.iter().map(|column| column.ty).collect();
    let mut rows = Vec::new();
    for cells in raw_rows(&def.name, &bytes, &types, pool.reference_len)? {
        let mut row: Row = Vec::with_capacity(cells.len());
        for (cell, ty) in cells.into_iter().zip(&types) {
            row.push(match ty {
                _ if cell == 0 => Value::Null,
                ColumnType::Short => Value::Int(i32::from((cell ^ 0x8000) as u16 as i16)),
                ColumnType::Long => Value::Int((cell ^ 0x8000_0000) as i32),
                ColumnType::Str(_) => match pool.get(cell) {
                    Some(text) => Value::Str(Arc::clone(text)),
                    None => return Err(ReadError::String { table: def.name.to_string(), string: cell }),
                },
                ColumnType::Object => {
                    let name = cell_stream_name(&def.name, &row[..def.key_len().min(row.len())]);
                    // Each stream belongs to one cell, so a file cannot make us read one twice.
                    let id = contents.streams.remove(&name).ok_or(fail("the stream of a row is missing"))?;
                    Value::Stream(file.read_stream(id)?.into())
                }
            });
        }
        rows.push(row);
    }
    Ok(Table { def: Arc::new(def), rows })
}

/// Cells as stored, row by row.
fn raw_rows<'b>(
    table: &str,
    bytes: &'b [u8],
    types: &[ColumnType],
    reference_len: usize,
) -> Result<impl Iterator<Item = Vec<u32>> + 'b, ReadError> {
    let lens: Vec<usize> = types.iter().map(|ty| cell_len(*ty, reference_len)).collect();
    let row_len: usize = lens.iter().sum();
    if !bytes.len().is_multiple_of(row_len) {
        return Err(ReadError::Table {
            table: table.to_owned(),
            problem: "its length is no whole number of rows",
        });
    }
    let rows = bytes.len() / row_len;
    let cells = move |row: usize| {
        let mut at = 0;
        let cell = |len: &usize| {
            let start = at + row * len;
            at += rows * len;
            let digits = bytes[start..start + len].iter().rev();
            digits.fold(0, |cell, byte| cell << 8 | u32::from(*byte))
        };
        lens.iter().map(cell).collect()
    };
    Ok((0..rows).map(cells))
}

/// A file's root storage as it is.
pub(crate) fn read_root(reader: impl Read + Seek) -> Result<Storage, ReadError> {
    let mut file = CompoundFile::open(reader)?;
    let root = file.root();
    read_storage(&mut file, root)
}

fn read_storage<R: Read + Seek>(file: &mut CompoundFile<R>, id: EntryId) -> Result<Storage, ReadError> {
    let mut storage = Storage { clsid: file.entry(id).clsid, ..Storage::default() };
    for child in file.children(id).to_vec() {
        let (name, kind) = (file.entry(child).name_lossy(), file.entry(child).kind);
        if kind == EntryKind::Stream {
            storage.streams.insert(name, file.read_stream(child)?.into());
        } else {
            // The compound file was refused if storages were nested too deep.
            storage.storages.insert(name, read_storage(file, child)?);
        }
    }
    Ok(storage)
}
