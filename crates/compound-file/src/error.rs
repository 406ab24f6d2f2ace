//! What can be wrong with a compound file, or with what is to become one.

use crate::read::EntryId;
use std::fmt;
use std::io;

/// Why a file could not be read as a compound file.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("not a compound file: its first eight bytes are not the signature")]
    NotACompoundFile,
    #[error("the compound file's header has {field} = {value:#x}, which the format does not allow")]
    Header { field: &'static str, value: u64 },
    #[error("{chain} refers to sector {sector:#x}, which the file does not have")]
    SectorOutOfRange { chain: Chain, sector: u32 },
    #[error("{chain} runs through sector {sector:#x}, which a chain has already taken")]
    SectorShared { chain: Chain, sector: u32 },
    #[error("{chain} ends after {found} of {needed} sectors")]
    ChainTooShort { chain: Chain, needed: u64, found: u64 },
    #[error("{chain} goes on past its {needed} sectors")]
    ChainTooLong { chain: Chain, needed: u64 },
    #[error("directory entry {entry} has a {field} that the format does not allow")]
    Entry { entry: u32, field: &'static str },
    #[error("directory entry {entry} is linked more than once")]
    EntryShared { entry: u32 },
    #[error("directory entry {entry} is a second one of the same name in its storage")]
    DuplicateName { entry: u32 },
    #[error("storages are nested deeper than {limit} levels")]
    TooDeep { limit: usize },
    #[error("directory entry {entry} is not a stream")]
    NotAStream { entry: u32 },
}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> io::Error {
        match error {
            ReadError::Io(error) => error,
            other => io::Error::new(io::ErrorKind::InvalidData, other),
        }
    }
}

/// Why a compound file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("cannot read the content of stream {name:?}: {error}")]
    Source { name: String, error: io::Error },
    #[error("stream {name:?} was announced with {announced} bytes but gave {}", found_text(*found, *announced))]
    SourceLength { name: String, announced: u64, found: u64 },
    #[error("{name:?} is no name for an entry of a compound file: 1 to 31 UTF-16 code units, none of them 0")]
    Name { name: String },
    #[error("{first:?} and {second:?} are the same name: compound files ignore case")]
    DuplicateName { first: String, second: String },
    #[error("the file would have {bytes} bytes; this version of the format ends at {limit}")]
    TooLarge { bytes: u64, limit: u64 },
}

fn found_text(found: u64, announced: u64) -> String {
    if found > announced { "more".to_owned() } else { found.to_string() }
}

/// The chain of sectors that an error speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    Difat,
    Fat,
    Directory,
    MiniFat,
    MiniStream,
    Stream(EntryId),
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Chain::Difat => f.write_str("the DIFAT"),
            Chain::Fat => f.write_str("the FAT"),
            Chain::Directory => f.write_str("the directory"),
            Chain::MiniFat => f.write_str("the mini FAT"),
            Chain::MiniStream => f.write_str("the mini stream"),
            Chain::Stream(id) => write!(f, "the stream of directory entry {}", id.index()),
        }
    }
}
