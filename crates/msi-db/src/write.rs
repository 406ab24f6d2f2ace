//! From tables of rows to a compound file.

use crate::catalogue;
use crate::codepage::Codepage;
use crate::database::{DATABASE_CLSID, Database, Files, Storage, Table};
use crate::definition::{Column, ColumnType, TableDef};
use crate::error::{Place, WriteError};
use crate::pool::PoolBuilder;
use crate::stream_name;
use crate::summary::SUMMARY_STREAM;
use crate::system_tables::{COLUMNS, TABLES, VALIDATION, type_bits, validation_rows};
use crate::value::{Data, Row, Value, key_text};
use compound_file::{Node, StreamSource, Version};
use std::collections::HashSet;
use std::io::{self, Read, Write};
use std::sync::Arc;

/// Names of tables that the engine makes up or keeps in a form of its own.
const ENGINE_NAMES: [&str; 7] =
    [TABLES, COLUMNS, "_Streams", "_Storages", "_StringPool", "_StringData", "_TransformView"];

/// See [`Database::write`].
pub(crate) fn write(
    database: &Database,
    out: &mut impl Write,
    files: &(impl Files + Sync),
) -> Result<u64, WriteError> {
    let codepage = Codepage::new(database.codepage);
    let codepage = codepage.ok_or(WriteError::UnsupportedCodepage(database.codepage))?;
    let validation = derived_validation(database);
    let mut tables: Vec<&Table> = database.tables.values().chain(&validation).collect();
    tables.sort_by(|a, b| a.def.name.cmp(&b.def.name));

    let mut pool = PoolBuilder::new(codepage, strings(&tables));
    let mut root = compound_file::Storage::default();
    root.metadata.clsid = DATABASE_CLSID;
    let mut images = Vec::new();
    for table in &tables {
        check_definition(&table.def)?;
        let image = intern_table(table, &mut pool)?;
        for (name, data) in table_streams(table) {
            put_stream(&mut root, &name, data, files)?;
        }
        images.push((table.def.name.as_ref(), image));
    }
    images.extend(describe(&tables, &mut pool)?);

    let reference_len = pool.reference_len();
    for (name, image) in images {
        if image.rows > 0 {
            put_bytes(&mut root, stream_name::encode_table(name), image.to_bytes(reference_len));
        }
    }
    let (pool, data) = pool.finish()?;
    put_bytes(&mut root, stream_name::encode_table("_StringPool"), pool);
    put_bytes(&mut root, stream_name::encode_table("_StringData"), data);
    put_bytes(&mut root, stream_name::encode(SUMMARY_STREAM), database.summary.to_bytes()?);
    for (name, data) in &database.streams {
        put_stream(&mut root, name, data, files)?;
    }
    for (name, storage) in &database.storages {
        let stored = storage_name(name)?;
        if root.children.insert(stored, Node::Storage(storage_node(storage, files))).is_some() {
            return Err(WriteError::DuplicateStream { name: name.clone() });
        }
    }
    Ok(compound_file::write(&root, Version::V3, out)?)
}

/// `_Validation`, where the database does not bring its own.
pub(crate) fn derived_validation(database: &Database) -> Option<Table> {
    if database.tables.contains_key(VALIDATION) {
        return None;
    }
    let own = catalogue::find(VALIDATION).expect("the catalogue has _Validation");
    let mut table = Table::new(own.clone());
    table.rows = validation_rows(database.tables.values().map(|table| &*table.def).chain([own]));
    Some(table)
}

fn check_definition(def: &TableDef) -> Result<(), WriteError> {
    let fail = |problem| Err(WriteError::Definition { table: def.name.to_string(), problem });
    if def.name.is_empty() || ENGINE_NAMES.contains(&def.name.as_ref()) {
        return fail("the name belongs to the engine");
    }
    if stream_name::encode_table(&def.name).len() > stream_name::LIMIT {
        return fail("the name is too long");
    }
    if !(1..=32).contains(&def.columns.len()) {
        return fail("a table has 1 to 32 columns");
    }
    let keys = def.columns.iter().filter(|column| column.primary_key).count();
    if keys == 0 || keys != def.key_len() {
        return fail("the columns of the primary key come first, and there is at least one");
    }
    let mut names = HashSet::new();
    if !def.columns.iter().all(|column| !column.name.is_empty() && names.insert(&column.name)) {
        return fail("every column has a name of its own");
    }
    Ok(())
}

/// A table whose strings have become numbers. Each cell is what will be stored.
struct Image {
    columns: Vec<ColumnType>,
    rows: usize,
    /// Row by row, in stored order.
    cells: Vec<u32>,
}

impl Image {
    /// Sorts rows by primary key as stored, which is how the engine looks them up; `Err` is the number of a row, as given,
    /// whose key another has.
    fn new(columns: Vec<ColumnType>, keys: usize, cells: Vec<u32>) -> Result<Image, usize> {
        let width = columns.len();
        let rows = cells.len() / width;
        let mut order: Vec<usize> = (0..rows).collect();
        let key = |row: usize| &cells[row * width..row * width + keys];
        order.sort_by(|a, b| key(*a).cmp(key(*b)));
        if let Some(pair) = order.windows(2).find(|pair| key(pair[0]) == key(pair[1])) {
            return Err(pair[1]);
        }
        let sorted = order.iter().flat_map(|row| &cells[row * width..(row + 1) * width]).copied();
        Ok(Image { columns, rows, cells: sorted.collect() })
    }

    fn to_bytes(&self, reference_len: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (index, ty) in self.columns.iter().enumerate() {
            let len = cell_len(*ty, reference_len);
            for cell in self.cells.iter().skip(index).step_by(self.columns.len()) {
                bytes.extend_from_slice(&cell.to_le_bytes()[..len]);
            }
        }
        bytes
    }
}

/// Every string that the tables and their definitions hold.
fn strings<'a>(tables: &[&'a Table]) -> Vec<&'a str> {
    let names = tables.iter().flat_map(|table| {
        let columns = table.def.columns.iter().map(|column| &*column.name);
        columns.chain([&*table.def.name])
    });
    let cells = tables.iter().flat_map(|table| &table.rows).flatten().filter_map(Value::as_str);
    names.chain(cells).collect()
}

/// Checks every cell and counts every string.
fn intern_table<'a>(table: &'a Table, pool: &mut PoolBuilder<'a>) -> Result<Image, WriteError> {
    let def = &table.def;
    let place = |row: &Row, column: Option<usize>| Place {
        table: def.name.to_string(),
        key: key_text(&row[..def.key_len().min(row.len())]),
        column: column.map(|index| def.columns[index].name.to_string()),
    };
    let mut cells = Vec::with_capacity(table.rows.len() * def.columns.len());
    for row in &table.rows {
        if row.len() != def.columns.len() {
            let (found, expected) = (row.len(), def.columns.len());
            return Err(WriteError::RowLength { place: place(row, None), found, expected });
        }
        for (index, (value, column)) in row.iter().zip(def.columns.iter()).enumerate() {
            let here = || place(row, Some(index));
            let cell = stored_cell(column, value, pool, here)?;
            cells.push(cell);
        }
    }
    let types = def.columns.iter().map(|column| column.ty).collect();
    Image::new(types, def.key_len(), cells)
        .map_err(|row| WriteError::DuplicateKey { place: place(&table.rows[row], None) })
}

/// What a cell becomes; strings are counted once more.
pub(crate) fn stored_cell<'a>(
    column: &Column,
    value: &'a Value,
    pool: &mut PoolBuilder<'a>,
    place: impl Fn() -> Place,
) -> Result<u32, WriteError> {
    let cell = match (column.ty, value) {
        (_, Value::Null) => 0,
        (ColumnType::Str(_), Value::Str(text)) => pool.intern(text).map_err(|character| {
            let (text, codepage) = (text.to_string(), pool.codepage());
            WriteError::Unencodable { place: place(), text, character, codepage }
        })?,
        (ColumnType::Short, Value::Int(value)) => {
            let range = || WriteError::Range { place: place(), value: *value, bytes: 2 };
            let short = i16::try_from(*value).ok().filter(|short| *short != i16::MIN);
            u32::from(short.ok_or_else(range)? as u16 ^ 0x8000)
        }
        (ColumnType::Long, Value::Int(i32::MIN)) => {
            return Err(WriteError::Range { place: place(), value: i32::MIN, bytes: 4 });
        }
        (ColumnType::Long, Value::Int(value)) => *value as u32 ^ 0x8000_0000,
        (ColumnType::Object, Value::Stream(_)) => 1,
        (ty, value) => {
            let (expected, found) = (type_name(ty), value_name(value));
            return Err(WriteError::Type { place: place(), expected, found });
        }
    };
    if cell == 0 && !column.nullable {
        return Err(WriteError::Null { place: place() });
    }
    Ok(cell)
}

/// Bytes that a cell takes.
pub(crate) fn cell_len(ty: ColumnType, reference_len: usize) -> usize {
    match ty {
        ColumnType::Short | ColumnType::Object => 2,
        ColumnType::Long => 4,
        ColumnType::Str(_) => reference_len,
    }
}

fn type_name(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Short | ColumnType::Long => "a number",
        ColumnType::Str(_) => "a string",
        ColumnType::Object => "a stream",
    }
}

fn value_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Int(_) => "a number",
        Value::Str(_) => "a string",
        Value::Stream(_) => "a stream",
    }
}

/// `_Tables` and `_Columns`.
fn describe<'a>(
    tables: &[&'a Table],
    pool: &mut PoolBuilder<'a>,
) -> Result<[(&'static str, Image); 2], WriteError> {
    let mut names = Vec::new();
    let mut columns = Vec::new();
    for table in tables {
        let def = &table.def;
        let mut intern = |text: &'a str| {
            pool.intern(text).map_err(|_| WriteError::Definition {
                table: def.name.to_string(),
                problem: "a name has a character that the database's code page does not have",
            })
        };
        names.push(intern(&def.name)?);
        for (number, column) in (1_u32..).zip(def.columns.iter()) {
            let (table, name) = (intern(&def.name)?, intern(&column.name)?);
            columns.extend([table, number | 0x8000, name, u32::from(type_bits(column)) ^ 0x8000]);
        }
    }
    let string = ColumnType::Str(64);
    let twice = "no table and no column is described twice";
    let names = Image::new(vec![string], 1, names).expect(twice);
    let columns =
        Image::new(vec![string, ColumnType::Short, string, ColumnType::Short], 2, columns).expect(twice);
    Ok([(TABLES, names), (COLUMNS, columns)])
}

/// Streams of a table's cells with their names: the table and the primary key, joined by dots.
fn table_streams(table: &Table) -> impl Iterator<Item = (String, &Data)> {
    table.rows.iter().flat_map(move |row| {
        row.iter().filter_map(move |value| match value {
            Value::Stream(data) => {
                Some((cell_stream_name(&table.def.name, &row[..table.def.key_len()]), data))
            }
            _ => None,
        })
    })
}

/// The name of the stream that a row's stream cell stands for.
pub(crate) fn cell_stream_name(table: &str, key: &[Value]) -> String {
    let mut name = table.to_owned();
    for part in key {
        name.push('.');
        match part {
            Value::Str(text) => name.push_str(text),
            Value::Int(number) => name.push_str(&number.to_string()),
            Value::Null | Value::Stream(_) => {}
        }
    }
    name
}

pub(crate) fn checked_name(name: &str) -> Result<Vec<u16>, WriteError> {
    let stored = stream_name::encode(name);
    match stored.len() {
        1..=stream_name::LIMIT => Ok(stored),
        units => Err(WriteError::StreamName { name: name.to_owned(), units }),
    }
}

/// Names of storages are not packed.
fn storage_name(name: &str) -> Result<Vec<u16>, WriteError> {
    let stored: Vec<u16> = name.encode_utf16().collect();
    match stored.len() {
        1..=stream_name::LIMIT => Ok(stored),
        units => Err(WriteError::StreamName { name: name.to_owned(), units }),
    }
}

fn put_bytes(root: &mut compound_file::Storage<'_>, stored: Vec<u16>, bytes: Vec<u8>) {
    root.children.insert(stored, Node::stream(bytes));
}

fn put_stream<'a>(
    root: &mut compound_file::Storage<'a>,
    name: &str,
    data: &Data,
    files: &'a (impl Files + Sync),
) -> Result<(), WriteError> {
    match root.children.insert(checked_name(name)?, data_node(data, files)) {
        Some(_) => Err(WriteError::DuplicateStream { name: name.to_owned() }),
        None => Ok(()),
    }
}

/// Writes a storage as a file of its own, such as an `.mst`. Returns its length in bytes.
pub(crate) fn write_storage(
    storage: &Storage,
    out: &mut impl Write,
    files: &(impl Files + Sync),
) -> Result<u64, WriteError> {
    Ok(compound_file::write(&storage_node(storage, files), Version::V3, out)?)
}

fn storage_node<'a>(storage: &Storage, files: &'a (impl Files + Sync)) -> compound_file::Storage<'a> {
    let mut node = compound_file::Storage::default();
    node.metadata.clsid = storage.clsid;
    for (name, data) in &storage.streams {
        node.insert(name, data_node(data, files));
    }
    for (name, inner) in &storage.storages {
        node.insert(name, Node::Storage(storage_node(inner, files)));
    }
    node
}

fn data_node<'a>(data: &Data, files: &'a (impl Files + Sync)) -> Node<'a> {
    match data {
        Data::Bytes(bytes) => Node::stream(Arc::clone(bytes)),
        Data::File { path, len } => Node::stream(FileSource { path: path.clone(), len: *len, files }),
    }
}

struct FileSource<'a, F> {
    path: std::path::PathBuf,
    len: u64,
    files: &'a F,
}

impl<F: Files + Sync> StreamSource for FileSource<'_, F> {
    fn len(&self) -> u64 {
        self.len
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        self.files.open(&self.path)
    }
}
