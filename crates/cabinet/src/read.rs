//! Reading cabinets of any origin, each folder once, from its first block to its last.
//!
//! Nothing in a header is believed before it is checked: counts bound loops only through the bytes that are really there,
//! offsets have to lie in the file, and a block is never larger than 32 KiB. What is not a cabinet, or only part of a set,
//! is an error that says so.

mod folder;
mod header;

use folder::FolderReader;
use std::io::{self, Read, Seek, Write};

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
    /// once and streamed, so memory does not grow with the cabinet. Errors of a target name its file.
    pub fn extract<'t>(
        &mut self,
        mut target: impl FnMut(&FileEntry) -> io::Result<Option<Box<dyn Write + 't>>>,
    ) -> Result<(), ReadError> {
        let mut order: Vec<&FileEntry> = self.files.iter().collect();
        order.sort_by_key(|file| (file.folder, file.offset, file.len));
        let mut at = 0;
        while let Some(first) = order.get(at) {
            let index = first.folder;
            let count = order[at..].iter().take_while(|file| file.folder == index).count();
            let folder = &self.folders[usize::from(index)];
            let mut data = FolderReader::new(&mut self.reader, folder, self.block_reserve)?;
            for file in &order[at..at + count] {
                let failed = |error| ReadError::Target { name: file.name.clone(), error };
                let Some(mut out) = target(file).map_err(failed)? else { continue };
                data.skip_to(u64::from(file.offset))?;
                let mut left = file.len as usize;
                while left > 0 {
                    let chunk = data.chunk(left)?;
                    out.write_all(chunk).map_err(failed)?;
                    let len = chunk.len();
                    left -= len;
                    data.advance(len);
                }
                out.flush().map_err(failed)?;
            }
            at += count;
        }
        Ok(())
    }
}
