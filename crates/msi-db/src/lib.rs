//! Windows Installer databases: what tables exist, how rows become streams, how to read them back.
//!
//! A database is a compound file whose streams hold column-major tables, a string pool and a summary information
//! property set. This crate knows that format and nothing of WiX: everything above it speaks in [`Table`]s of [`Row`]s.
//!
//! - Every string stands once in `_StringData`; `_StringPool` holds lengths, reference counts and the code page. Cells of
//!   tables hold a string's number, in two bytes, or in three once there are more than 65,535 strings.
//! - A table is one stream: first column of all rows, second column of all rows, and so on. Numbers are stored with their
//!   highest bit turned over, so that 0 is free to mean null. Rows stand sorted by the stored primary key, because the engine
//!   searches them by halves.
//! - `_Tables` and `_Columns` say which tables exist and what their columns hold; `_Validation` says more. All three are
//!   derived when a database is written.
//! - Names of streams, though not of storages, are packed, two characters in one UTF-16 code unit, to fit into the 31 that a compound file allows.

#![forbid(unsafe_code)]

pub mod catalogue;
pub mod codepage;
pub mod condition;
pub mod database;
pub mod definition;
pub mod dump;
pub mod error;
mod pool;
mod read;
pub mod stream_name;
pub mod summary;
mod system_tables;
pub mod transform;
pub mod value;
mod write;

pub use database::{Database, Files, NoFiles, OnDisk, Storage, Table};
pub use definition::{Category, Column, ColumnType, TableDef};
pub use error::{ReadError, WriteError};
pub use summary::{FileTime, SummaryInfo};
pub use value::{Data, Row, Value};
