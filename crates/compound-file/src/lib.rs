//! Compound files ([MS-CFB]): a reader of untrusted bytes and a deterministic, streaming writer.
//!
//! A compound file is a small file system in one file. After a header the file is cut into sectors of 512 bytes
//! (version 3) or 4096 bytes (version 4). The file allocation table (FAT) links sectors into chains; the sectors that hold
//! the FAT are listed in the header and, past 109 of them, in DIFAT sectors. One chain is the directory: 128-byte entries
//! for storages and streams, the children of a storage forming a red-black tree by name. Streams below 4096 bytes
//! live in 64-byte sectors of the mini stream, which has a FAT of its own and belongs to the root entry.
//!
//! The reader believes nothing: each sector may belong to one chain, each entry to one tree, and every chain must be as
//! long as the size it serves. It keeps the FAT and the directory in memory, never a stream. The writer is told all sizes
//! beforehand, computes the whole layout from them and then writes from front to back, without seeking. A second writer
//! lets somebody see the streams on their way, and takes streams that come about only by that: signatures.

#![forbid(unsafe_code)]

mod directory;
mod error;
mod layout;
mod name;
mod ordered;
mod raw;
mod read;
mod storage;
mod stream;
mod write;

pub use error::{Chain, ReadError, WriteError};
pub use name::compare_names;
pub use ordered::{Observer, write_observed};
pub use raw::Version;
pub use read::{CompoundFile, Entry, EntryId, EntryKind};
pub use storage::{Metadata, Node, Storage, StreamSource};
pub use stream::Stream;
pub use write::write;
