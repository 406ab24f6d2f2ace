//! Cabinets ([MS-CAB]): a writer for stored and MSZIP data that uses every core and gives the same bytes with any number,
//! and a reader for cabinets of any origin (stored, MSZIP, LZX).
//!
//! A cabinet is a header, a table of folders, a table of files, and then each folder's data: its files one after the
//! other, cut into blocks of 32 KiB. The format lets an MSZIP block refer back to the block before; here each block stands
//! for itself, so that blocks can be compressed in any order by any thread. Sources are read once, in order, and only a
//! few segments of 1 MiB are in memory at a time.

#![forbid(unsafe_code)]

mod block;
mod dos_time;
mod error;
mod header;
mod plan;
mod read;
mod write;

pub use dos_time::DosDateTime;
pub use error::Error;
pub use plan::{Attributes, Entry, Source};
pub use read::{Cabinet, FileEntry, ReadError};
pub use write::{Compression, Level, Options, Report, write};
