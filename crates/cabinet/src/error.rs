//! Why a cabinet could not be written.

use std::io;

/// Why a cabinet could not be written. Names are those of the entries.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot write the cabinet: {0}")]
    Io(#[from] io::Error),
    #[error("cannot read the content of {name:?}: {error}")]
    Source { name: String, error: io::Error },
    #[error("{name:?} was announced with {announced} bytes but gave {}", found_text(*found, *announced))]
    SourceLength { name: String, announced: u64, found: u64 },
    #[error("{name:?} cannot be a file's name in a cabinet: it must have 1 to 255 bytes, none of them 0")]
    Name { name: String },
    #[error("two files of the cabinet are called {name:?}")]
    DuplicateName { name: String },
    #[error("a cabinet without files cannot be written")]
    NoFiles,
    #[error("{count} files are more than the 65,535 that a cabinet can hold")]
    TooManyFiles { count: usize },
    #[error("{name:?} has {len} bytes, more than the {limit} that a file in a cabinet can have")]
    FileTooLarge { name: String, len: u64, limit: u64 },
    #[error(
        "the cabinet would grow past {limit} bytes (2 GB), which no reader takes; divide the files over several"
    )]
    TooLarge { limit: u64 },
}

fn found_text(found: u64, announced: u64) -> String {
    if found > announced { "more".to_owned() } else { found.to_string() }
}
