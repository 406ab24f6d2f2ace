//! Reading cabinets of any origin, each folder once, from its first block to its last.
//!
//! Nothing in a header is believed before it is checked: counts bound loops only through the bytes that are really there,
//! offsets have to lie in the file, and a block is never larger than 32 KiB. What is not a cabinet, or only part of a set,
//! is an error that says so.

mod folder;
mod header;

use folder::FolderReader;
use std::io::{self, Read, Seek, Write};

/// Bytes that files may share with others before them: what a cabinet of distinct files could hold.
const MAX_REPEATED: u64 = u32::MAX as u64;
/// Shared bytes up to this length are kept until every file that shares them has been written.
const KEPT: usize = 1 << 20;
/// Files that may share more, since they are written at the same time.
const MAX_OPEN: usize = 64;

/// Why a cabinet could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("cannot read the cabinet: {0}")]
    Io(#[from] io::Error),
    #[error("this is no cabinet: {0}")]
    NotACabinet(&'static str),
    #[error("the cabinet is damaged: {0}")]
    Damaged(&'static str),
    #[error("the cabinet is part of a set that spans several files, which is not supported")]
    Spanning,
    #[error("the cabinet uses the compression method {0}, which is not supported")]
    Method(u16),
    #[error("cannot write {name:?}: {error}")]
    Target { name: String, error: io::Error },
}

/// One file of a cabinet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// As stored; readers have to take it for hostile.
    pub name: String,
    pub len: u32,
    /// Position among the folders.
    pub folder: u16,
    /// First byte in the folder's uncompressed data.
    pub offset: u32,
    pub attributes: u16,
}

/// An open cabinet.
#[derive(Debug)]
pub struct Cabinet<R> {
    reader: R,
    folders: Vec<header::Folder>,
    files: Vec<FileEntry>,
    /// Bytes of reserved area in front of each block.
    block_reserve: u8,
}

impl<R: Read + Seek> Cabinet<R> {
    /// Reads the header and the tables of folders and files.
    pub fn open(mut reader: R) -> Result<Cabinet<R>, ReadError> {
        let header::Header { folders, files, block_reserve } = header::read(&mut reader)?;
        Ok(Cabinet { reader, folders, files, block_reserve })
    }

    /// All files, in the order of the cabinet's table.
    pub fn files(&self) -> &[FileEntry] {
        &self.files
    }

    /// Gives every file's bytes to the writer that `target` returns for it; `None` passes a file over. Folders are decoded
    /// once and streamed, so memory does not grow with the cabinet. Files with the same bytes may share them, as the writers of
    /// WiX and Microsoft let them; each is given its own. Errors of a target name its file.
    pub fn extract<'t>(
        &mut self,
        mut target: impl FnMut(&FileEntry) -> io::Result<Option<Box<dyn Write + 't>>>,
    ) -> Result<(), ReadError> {
        let mut order: Vec<&FileEntry> = self.files.iter().collect();
        order.sort_by_key(|file| (file.folder, file.offset, file.len));
        let mut at = 0;
        let mut repeated = 0u64;
        while let Some(first) = order.get(at) {
            let index = first.folder;
            let count = order[at..].iter().take_while(|file| file.folder == index).count();
            let folder = &self.folders[usize::from(index)];
            let mut data = FolderReader::new(&mut self.reader, folder, self.block_reserve)?;
            for same in order[at..at + count].chunk_by(|a, b| (a.offset, a.len) == (b.offset, b.len)) {
                repeated += u64::from(same[0].len) * (same.len() as u64 - 1);
                if repeated > MAX_REPEATED {
                    return Err(ReadError::Damaged("its files share more bytes than they could have"));
                }
                extract_same(&mut data, same, &mut target)?;
            }
            at += count;
        }
        Ok(())
    }
}

/// Writes one stretch of a folder to every file that has it.
fn extract_same<'t, R: Read + Seek>(
    data: &mut FolderReader<'_, R>,
    same: &[&FileEntry],
    target: &mut impl FnMut(&FileEntry) -> io::Result<Option<Box<dyn Write + 't>>>,
) -> Result<(), ReadError> {
    let fail = |file: &FileEntry, error| ReadError::Target { name: file.name.clone(), error };
    let len = same[0].len as usize;
    if same.len() > 1 && len <= KEPT {
        let mut kept: Option<Vec<u8>> = None;
        for file in same {
            let Some(mut out) = target(file).map_err(|error| fail(file, error))? else { continue };
            if kept.is_none() {
                let mut bytes = Vec::new();
                stretch(data, same[0], |chunk| {
                    bytes.extend_from_slice(chunk);
                    Ok(())
                })?;
                kept = Some(bytes);
            }
            let bytes = kept.as_deref().unwrap_or_default();
            out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| fail(file, error))?;
        }
        return Ok(());
    }
    let mut open = Vec::new();
    for file in same {
        if let Some(out) = target(file).map_err(|error| fail(file, error))? {
            open.push((*file, out));
        }
        if open.len() > MAX_OPEN {
            return Err(ReadError::Damaged("too many files share the same bytes"));
        }
    }
    if open.is_empty() {
        return Ok(());
    }
    stretch(data, same[0], |chunk| {
        for (file, out) in &mut open {
            out.write_all(chunk).map_err(|error| fail(file, error))?;
        }
        Ok(())
    })?;
    for (file, mut out) in open {
        out.flush().map_err(|error| fail(file, error))?;
    }
    Ok(())
}

/// Reads the bytes of one file.
fn stretch<R: Read + Seek>(
    data: &mut FolderReader<'_, R>,
    file: &FileEntry,
    mut write: impl FnMut(&[u8]) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    data.skip_to(u64::from(file.offset))?;
    let mut left = file.len as usize;
    while left > 0 {
        let chunk = data.chunk(left)?;
        write(chunk)?;
        let read = chunk.len();
        left -= read;
        data.advance(read);
    }
    Ok(())
}
