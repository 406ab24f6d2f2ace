//! What can be wrong with a database, read or to be written.

use std::io;

/// Why a database could not be written. Each error names the place.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error(transparent)]
    File(#[from] compound_file::WriteError),
    #[error("code page {0} is not supported")]
    UnsupportedCodepage(u16),
    #[error("{place}: {text:?} has the character {character:?}, which code page {codepage} does not have")]
    Unencodable { place: Place, text: String, character: char, codepage: u16 },
    #[error("{place}: the row has {found} values, the table {expected} columns")]
    RowLength { place: Place, found: usize, expected: usize },
    #[error("{place}: the column takes {expected}, not {found}")]
    Type { place: Place, expected: &'static str, found: &'static str },
    #[error("{place}: the column may not be null")]
    Null { place: Place },
    #[error("{place}: {value} does not fit into a column of {bytes} bytes")]
    Range { place: Place, value: i32, bytes: u8 },
    #[error("{place}: another row has the same primary key")]
    DuplicateKey { place: Place },
    #[error("table {table:?}: {problem}")]
    Definition { table: String, problem: &'static str },
    #[error("stream {name:?}: the name takes {units} of at most 31 units when packed")]
    StreamName { name: String, units: usize },
    #[error("stream {name:?} stands in the database twice")]
    DuplicateStream { name: String },
    #[error("{what} holds more than the format's {limit}")]
    TooMany { what: String, limit: u64 },
}

/// Why a database could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    File(#[from] compound_file::ReadError),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("not an installer database: the stream {0} is missing")]
    MissingStream(&'static str),
    #[error("the string pool is broken: {0}")]
    Pool(&'static str),
    #[error("code page {0} is not supported")]
    UnsupportedCodepage(u32),
    #[error("table {table:?} refers to string {string}, which the pool does not have")]
    String { table: String, string: u32 },
    #[error("table {table:?}: {problem}")]
    Table { table: String, problem: &'static str },
    #[error("the summary information is broken: {0}")]
    Summary(&'static str),
}

/// A place in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub table: String,
    /// Primary key, parts joined by `/`; empty where it could not be told.
    pub key: String,
    pub column: Option<String>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "table {}", self.table)?;
        if !self.key.is_empty() {
            write!(f, ", row {}", self.key)?;
        }
        match &self.column {
            Some(column) => write!(f, ", column {column}"),
            None => Ok(()),
        }
    }
}
