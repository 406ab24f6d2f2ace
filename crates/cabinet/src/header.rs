//! The fixed structures of a cabinet: header, folders, files.

use crate::dos_time::DosDateTime;
use crate::plan::{Entry, Folder, NAME_IS_UTF};
use crate::write::Compression;

pub(crate) const HEADER_LEN: u64 = 36;
pub(crate) const FOLDER_LEN: u64 = 8;
/// Bytes before the data of each block.
pub(crate) const BLOCK_HEADER_LEN: u64 = 8;
const FILE_LEN: u64 = 16;

/// Bytes of the table of files.
pub(crate) fn files_len(entries: &[Entry<'_>]) -> u64 {
    entries.iter().map(|entry| FILE_LEN + entry.name.len() as u64 + 1).sum()
}

/// CFHEADER.
pub(crate) fn header(cabinet_len: u32, files_at: u32, folders: u16, files: u16, set_id: u16) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_LEN as usize);
    bytes.extend(b"MSCF\0\0\0\0");
    bytes.extend(cabinet_len.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(files_at.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend([3, 1]); // version 1.3
    bytes.extend(folders.to_le_bytes());
    bytes.extend(files.to_le_bytes());
    bytes.extend([0; 2]); // no reserved areas, no cabinet before or after
    bytes.extend(set_id.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

/// CFFOLDER.
pub(crate) fn folder(data_at: u32, folder: &Folder, compression: Compression) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(FOLDER_LEN as usize);
    bytes.extend(data_at.to_le_bytes());
    bytes.extend((folder.blocks() as u16).to_le_bytes());
    let kind: u16 = match compression {
        Compression::Stored => 0,
        Compression::Mszip(_) => 1,
    };
    bytes.extend(kind.to_le_bytes());
    bytes
}

/// CFFILE; `at` is the file's place in the uncompressed folder.
pub(crate) fn file(entry: &Entry<'_>, at: u32, folder: u16) -> Vec<u8> {
    let time = DosDateTime::from_unix_seconds(entry.modified);
    let utf = if entry.name.is_ascii() { 0 } else { NAME_IS_UTF };
    let mut bytes = Vec::with_capacity(FILE_LEN as usize + entry.name.len() + 1);
    bytes.extend((entry.len as u32).to_le_bytes());
    bytes.extend(at.to_le_bytes());
    bytes.extend(folder.to_le_bytes());
    bytes.extend(time.date.to_le_bytes());
    bytes.extend(time.time.to_le_bytes());
    bytes.extend((entry.attributes.0 & !NAME_IS_UTF | utf).to_le_bytes());
    bytes.extend(entry.name.as_bytes());
    bytes.push(0);
    bytes
}
