//! Reading the bytes of a stream, sector by sector.

use crate::read::{CompoundFile, EntryId, EntryKind};
use crate::storage::{Node, Storage, StreamSource};
use crate::{ReadError, raw};
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

/// Reads one stream of a [`CompoundFile`].
#[derive(Debug)]
pub struct Stream<'a, R> {
    file: &'a mut CompoundFile<R>,
    cursor: Cursor,
}

/// Where the next byte of a stream is.
#[derive(Debug, Clone)]
pub(crate) struct Cursor {
    mini: bool,
    sector: u32,
    /// Bytes of `sector` that have been read.
    offset: u64,
    remaining: u64,
}

impl Cursor {
    pub(crate) fn new(start: u32, len: u64) -> Cursor {
        Cursor { mini: len < raw::MINI_CUTOFF, sector: start, offset: 0, remaining: len }
    }
}

impl<'a, R> Stream<'a, R> {
    pub(crate) fn new(file: &'a mut CompoundFile<R>, cursor: Cursor) -> Self {
        Stream { file, cursor }
    }
}

impl<R: Read + Seek> Read for Stream<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read_at(&mut self.cursor, buffer)
    }
}

impl<R: Read + Seek> CompoundFile<R> {
    /// Reads the longest piece at the cursor that lies in one place of the file.
    fn read_at(&mut self, cursor: &mut Cursor, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = cursor.remaining.min(buffer.len() as u64);
        if wanted == 0 {
            return Ok(0);
        }
        let sector_len = self.version.sector_len();
        let (table, unit) =
            if cursor.mini { (&self.mini_fat, raw::MINI_SECTOR) } else { (&self.fat, sector_len) };
        let broken = || io::Error::from(io::ErrorKind::InvalidData);

        // Chains were walked when the file was opened, so the table has an entry for every sector of this one.
        let mut last = cursor.sector;
        let mut piece = unit - cursor.offset;
        let position = u64::from(cursor.sector) * unit + cursor.offset;
        let at = if cursor.mini {
            let outer = *self.mini_sectors.get((position / sector_len) as usize).ok_or_else(broken)?;
            (u64::from(outer) + 1) * sector_len + position % sector_len
        } else {
            sector_len + position
        };
        let limit = if cursor.mini { sector_len - position % sector_len } else { u64::MAX };
        while piece < wanted.min(limit) && table.get(last as usize) == Some(&(last + 1)) {
            last += 1;
            piece += unit;
        }
        let count = piece.min(wanted).min(limit);
        self.reader.seek(SeekFrom::Start(at))?;
        let read = self.reader.read(&mut buffer[..count as usize])?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }

        let end = cursor.offset + read as u64;
        cursor.remaining -= read as u64;
        cursor.sector += (end / unit) as u32;
        cursor.offset = end % unit;
        if cursor.offset == 0 && cursor.remaining > 0 {
            cursor.sector = *table.get(cursor.sector as usize - 1).ok_or_else(broken)?;
        }
        Ok(read)
    }
}

impl<R: Read + Seek + Send + 'static> CompoundFile<R> {
    /// The whole file as a tree for the writer: names, classes, state bits and times kept, contents read when written.
    pub fn into_storage(self) -> Storage<'static> {
        let tree = Arc::new(Mutex::new(self));
        let file = tree.lock().unwrap_or_else(PoisonError::into_inner);
        storage_of(&file, file.root(), &tree)
    }
}

fn storage_of<R: Read + Seek + Send + 'static>(
    file: &CompoundFile<R>,
    id: EntryId,
    shared: &Arc<Mutex<CompoundFile<R>>>,
) -> Storage<'static> {
    let children = file.children(id).iter().map(|child| {
        let entry = file.entry(*child);
        let node = match entry.kind {
            EntryKind::Stream => {
                let source = FileStream { file: Arc::clone(shared), id: *child, len: entry.len };
                Node::Stream { metadata: entry.metadata(), source: Arc::new(source) }
            }
            // As deep as the reader let it be, no deeper.
            _ => Node::Storage(storage_of(file, *child, shared)),
        };
        (entry.name.clone(), node)
    });
    Storage { metadata: file.entry(id).metadata(), children: children.collect() }
}

/// A stream of an opened file as a source for the writer.
struct FileStream<R> {
    file: Arc<Mutex<CompoundFile<R>>>,
    id: EntryId,
    len: u64,
}

impl<R: Read + Seek + Send> StreamSource for FileStream<R> {
    fn len(&self) -> u64 {
        self.len
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let cursor = file.cursor(self.id).map_err(<io::Error as From<ReadError>>::from)?;
        drop(file);
        Ok(Box::new(FileStreamReader { file: &self.file, cursor }))
    }
}

struct FileStreamReader<'a, R> {
    file: &'a Mutex<CompoundFile<R>>,
    cursor: Cursor,
}

impl<R: Read + Seek + Send> Read for FileStreamReader<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.read_at(&mut self.cursor, buffer)
    }
}
