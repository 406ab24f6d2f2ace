//! A database in memory: tables, streams, storages, summary information.

use crate::definition::TableDef;
use crate::error::{ReadError, WriteError};
use crate::summary::SummaryInfo;
use crate::value::{Data, Row};
use crate::{read, write};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::sync::Arc;

/// CLSID of an installer database's root storage, {000C1084-0000-0000-C000-000000000046}.
pub const DATABASE_CLSID: [u8; 16] = [0x84, 0x10, 0x0c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];
/// CLSID of a transform, {000C1082-0000-0000-C000-000000000046}.
pub const TRANSFORM_CLSID: [u8; 16] = [0x82, 0x10, 0x0c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];

/// An installer database.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Database {
    /// Code page of all strings in tables; 0 is neutral and allows ASCII only.
    pub codepage: u16,
    pub summary: SummaryInfo,
    /// Tables by name. `_Tables` and `_Columns` are never among them. `_Validation` is there after reading, if the file has
    /// it; where it is missing, writing derives it from the definitions of the other tables.
    pub tables: BTreeMap<Arc<str>, Table>,
    /// Streams that belong to no table row (embedded cabinets), by name as the `_Streams` table shows it.
    pub streams: BTreeMap<String, Data>,
    /// Storages (embedded transforms) by name as the `_Storages` table shows it.
    pub storages: BTreeMap<String, Storage>,
}

/// A table's definition and rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub def: Arc<TableDef>,
    pub rows: Vec<Row>,
}

/// A storage inside a database, taken as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Storage {
    pub clsid: [u8; 16],
    /// Streams by their stored name, which for a transform is a packed one ([`crate::stream_name`]).
    pub streams: BTreeMap<String, Data>,
    /// Storages by their stored name.
    pub storages: BTreeMap<String, Storage>,
}

/// Opens the files that [`Data::File`] names while a database is written.
pub trait Files {
    /// A reader from the first byte.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>>;
}

/// Files of this machine.
#[derive(Debug, Clone, Copy)]
pub struct OnDisk;

/// No files: for databases whose data is all in memory.
#[derive(Debug, Clone, Copy)]
pub struct NoFiles;

impl Files for OnDisk {
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(File::open(path)?))
    }
}

impl Files for NoFiles {
    fn open(&self, _: &Path) -> io::Result<Box<dyn Read>> {
        Err(io::ErrorKind::NotFound.into())
    }
}

impl Database {
    /// A database without tables.
    pub fn new(codepage: u16) -> Database {
        Database { codepage, ..Database::default() }
    }

    /// The table of this name, made empty where it does not exist.
    pub fn ensure_table(&mut self, def: &TableDef) -> &mut Table {
        self.tables.entry(def.name.as_ref().into()).or_insert_with(|| Table::new(def.clone()))
    }

    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }

    /// Writes the database and returns its length in bytes. Rows are checked against their definitions, sorted by primary
    /// key and stored; equal databases give equal bytes. After an error `out` holds part of a file or nothing.
    pub fn write(&self, out: &mut impl Write, files: &(impl Files + Sync)) -> Result<u64, WriteError> {
        write::write(self, out, files)
    }

    /// Reads a database of any origin. Streams are read into memory.
    pub fn open(reader: impl Read + Seek) -> Result<Database, ReadError> {
        read::read(reader)
    }
}

impl Storage {
    /// Writes the storage as a file of its own, such as an `.mst`, and returns its length in bytes.
    pub fn write(&self, out: &mut impl Write, files: &(impl Files + Sync)) -> Result<u64, WriteError> {
        write::write_storage(self, out, files)
    }

    /// Reads such a file.
    pub fn open(reader: impl Read + Seek) -> Result<Storage, ReadError> {
        read::read_root(reader)
    }
}

impl Table {
    /// An empty table.
    pub fn new(def: impl Into<Arc<TableDef>>) -> Table {
        Table { def: def.into(), rows: Vec::new() }
    }

    /// Each row with its columns' names, for looking things up by name: `row.get("Value")`.
    pub fn iter(&self) -> impl Iterator<Item = RowRef<'_>> {
        self.rows.iter().map(|row| RowRef { def: &self.def, row })
    }
}

/// A row that knows its columns.
#[derive(Debug, Clone, Copy)]
pub struct RowRef<'a> {
    def: &'a TableDef,
    row: &'a Row,
}

impl<'a> RowRef<'a> {
    /// The cell of the column of this name.
    pub fn get(&self, column: &str) -> Option<&'a crate::Value> {
        self.row.get(self.def.column(column)?)
    }

    /// Text of a cell; `None` for null, numbers, and columns that do not exist.
    pub fn str(&self, column: &str) -> Option<&'a str> {
        self.get(column)?.as_str()
    }

    /// Number of a cell.
    pub fn int(&self, column: &str) -> Option<i32> {
        self.get(column)?.as_int()
    }

    /// The primary key as messages show it: parts joined by `/`.
    pub fn key(&self) -> String {
        crate::value::key_text(&self.row[..self.def.key_len().min(self.row.len())])
    }

    /// All cells.
    pub fn values(&self) -> &'a Row {
        self.row
    }
}
