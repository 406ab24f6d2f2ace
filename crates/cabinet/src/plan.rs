//! What goes into a cabinet: the entries, and how they are divided into folders.

use crate::error::Error;
use std::collections::HashSet;
use std::io::{self, Read};

/// Uncompressed bytes per block; only a folder's last block may have fewer.
pub(crate) const BLOCK_LEN: usize = 32 * 1024;
/// Blocks per folder: their number is stored in 16 bits.
const FOLDER_BLOCKS: u64 = 65_535;
/// Uncompressed bytes per folder.
const FOLDER_LIMIT: u64 = FOLDER_BLOCKS * BLOCK_LEN as u64;

/// A file to put into a cabinet.
pub struct Entry<'a> {
    /// The file's name in the cabinet; for Windows Installer, the key of its File row.
    pub name: &'a str,
    /// Length in bytes; the source must give exactly as many.
    pub len: u64,
    /// Seconds since 1970, UTC.
    pub modified: i64,
    pub attributes: Attributes,
    pub source: &'a dyn Source,
}

/// A file's attribute bits, as MS-DOS has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attributes(pub u16);

/// The bit that says that a name is UTF-8. Set by the writer where a name needs it.
pub(crate) const NAME_IS_UTF: u16 = 0x80;

impl Attributes {
    pub const READ_ONLY: Attributes = Attributes(0x01);
    pub const HIDDEN: Attributes = Attributes(0x02);
    pub const SYSTEM: Attributes = Attributes(0x04);
    /// Changed since the last backup: what ordinary files have.
    pub const ARCHIVE: Attributes = Attributes(0x20);
    /// Run after extraction.
    pub const EXECUTE: Attributes = Attributes(0x40);
}

impl Default for Attributes {
    fn default() -> Attributes {
        Attributes::ARCHIVE
    }
}

/// Where a file's bytes come from. Opened once.
pub trait Source: Sync {
    /// A reader from the first byte.
    fn open(&self) -> io::Result<Box<dyn Read + '_>>;
}

impl Source for [u8] {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self))
    }
}

impl Source for Vec<u8> {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.as_slice()))
    }
}

/// A run of entries whose bytes form one stream of blocks.
pub(crate) struct Folder {
    /// How many of the entries, from where the folder before ended.
    pub entries: usize,
    pub len: u64,
}

impl Folder {
    pub(crate) fn blocks(&self) -> u64 {
        self.len.div_ceil(BLOCK_LEN as u64)
    }
}

/// Checks names and sizes, and fills folders from the front.
pub(crate) fn plan(entries: &[Entry<'_>]) -> Result<Vec<Folder>, Error> {
    if entries.is_empty() {
        return Err(Error::NoFiles);
    }
    if entries.len() > usize::from(u16::MAX) {
        return Err(Error::TooManyFiles { count: entries.len() });
    }
    let mut names = HashSet::new();
    let mut folders = vec![Folder { entries: 0, len: 0 }];
    for entry in entries {
        let name = || entry.name.to_owned();
        if entry.name.is_empty() || entry.name.len() > 255 || entry.name.contains('\0') {
            return Err(Error::Name { name: name() });
        }
        if !names.insert(entry.name) {
            return Err(Error::DuplicateName { name: name() });
        }
        if entry.len > FOLDER_LIMIT {
            return Err(Error::FileTooLarge { name: name(), len: entry.len, limit: FOLDER_LIMIT });
        }
        let last = folders.len() - 1;
        if folders[last].len + entry.len > FOLDER_LIMIT {
            folders.push(Folder { entries: 1, len: entry.len });
        } else {
            folders[last].entries += 1;
            folders[last].len += entry.len;
        }
    }
    Ok(folders)
}
