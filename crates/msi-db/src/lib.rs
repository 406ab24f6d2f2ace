//! Windows Installer databases: what tables exist, how rows become streams, how to read them back.
//!
//! A database is a compound file whose streams hold column-major tables, a string pool and a summary information
//! property set. This crate knows that format and nothing of WiX: everything above it speaks in [`Table`]s of [`Row`]s.

#![forbid(unsafe_code)]

pub mod definition;
pub mod value;

pub use definition::{Category, Column, ColumnType, TableDef};
pub use value::{Row, Value};
