//! Writing a compound file from front to back.

use crate::directory::{Planned, plan};
use crate::error::WriteError;
use crate::layout::{Layout, lay_out, lock_sector};
use crate::name::display;
use crate::raw::{self, HEADER_DIFAT, Header, RawEntry, Version};
use crate::storage::{Storage, StreamSource};
use std::io::{self, Read, Write};

/// Bytes copied at once.
const BUFFER: usize = 256 * 1024;

/// Writes the tree as a compound file and returns its length. Sources are opened one at a time, in the file's order;
/// equal trees give equal bytes. After an error `out` holds part of a file.
pub fn write(root: &Storage<'_>, version: Version, out: &mut impl Write) -> Result<u64, WriteError> {
    let mut entries = plan(root)?;
    let layout = lay_out(&mut entries, version)?;
    let mut sink = Sink::new(out, version);

    write_header(&mut sink, &layout, version)?;
    write_difat(&mut sink, &layout, version)?;
    for segment in &layout.segments {
        for id in segment.fat_entries() {
            sink.put(&id.to_le_bytes())?;
        }
    }
    sink.pad_sector(0xff)?;

    for entry in &entries {
        sink.put(&entry.raw.to_bytes())?;
    }
    while !sink.at_sector_start() {
        sink.put(&RawEntry::unused())?;
    }

    for entry in small(&entries) {
        let count = entry.raw.len.div_ceil(raw::MINI_SECTOR) as u32;
        for next in entry.raw.start + 1..entry.raw.start + count {
            sink.put(&next.to_le_bytes())?;
        }
        sink.put(&raw::END_OF_CHAIN.to_le_bytes())?;
    }
    sink.pad_sector(0xff)?;
    for (name, source, len) in small(&entries).filter_map(content) {
        sink.copy(name, source, len, &mut |_| ())?;
        sink.pad(raw::MINI_SECTOR, 0)?;
    }
    sink.pad_sector(0)?;

    // Empty streams take no room, but their sources are held to their word as well.
    let is_large = |len: u64| len == 0 || len >= raw::MINI_CUTOFF;
    for (name, source, len) in entries.iter().filter_map(content).filter(|(.., len)| is_large(*len)) {
        sink.copy(name, source, len, &mut |_| ())?;
        sink.pad_sector(0)?;
    }
    let len = sink.finish()?;
    debug_assert_eq!(len, layout.file_len, "the layout counts every byte that is written");
    Ok(len)
}

fn small<'e, 'a>(entries: &'e [Planned<'a>]) -> impl Iterator<Item = &'e Planned<'a>> {
    entries.iter().filter(|entry| entry.source.is_some() && (1..raw::MINI_CUTOFF).contains(&entry.raw.len))
}

fn content<'e>(entry: &'e Planned<'_>) -> Option<(&'e [u16], &'e dyn StreamSource, u64)> {
    entry.source.map(|source| (entry.raw.name.as_slice(), source, entry.raw.len))
}

fn write_header(sink: &mut Sink<'_, impl Write>, layout: &Layout, version: Version) -> io::Result<()> {
    let mut difat = [raw::FREE_SECTOR; HEADER_DIFAT];
    for (slot, sector) in difat.iter_mut().zip(layout.fat_start..layout.fat_start + layout.fat_sectors) {
        *slot = sector;
    }
    let header = Header {
        version,
        directory_sectors: if version == Version::V4 { layout.directory_sectors } else { 0 },
        fat_sectors: layout.fat_sectors,
        first_directory: layout.directory_start,
        first_mini_fat: layout.mini_fat_start,
        mini_fat_sectors: layout.mini_fat_sectors,
        first_difat: layout.difat_start,
        difat_sectors: layout.difat_sectors,
        difat,
    };
    sink.put(&header.to_bytes())?;
    sink.pad_sector(0)
}

fn write_difat(sink: &mut Sink<'_, impl Write>, layout: &Layout, version: Version) -> io::Result<()> {
    let ids = version.sector_len() as u32 / 4 - 1;
    let mut next_fat = HEADER_DIFAT as u32;
    for sector in 0..layout.difat_sectors {
        for index in next_fat..next_fat + ids {
            let id = if index < layout.fat_sectors { layout.fat_start + index } else { raw::FREE_SECTOR };
            sink.put(&id.to_le_bytes())?;
        }
        next_fat += ids;
        let last = sector + 1 == layout.difat_sectors;
        let next = if last { raw::END_OF_CHAIN } else { layout.difat_start + sector + 1 };
        sink.put(&next.to_le_bytes())?;
    }
    Ok(())
}

/// Buffers, counts, and leaves out the sector of the range lock.
pub(crate) struct Sink<'o, W> {
    out: &'o mut W,
    sector_len: u64,
    /// Where the sector of the range lock begins; nothing but zeros goes there.
    lock: u64,
    buffer: Vec<u8>,
    /// Bytes given to `out`, and those in the buffer.
    position: u64,
}

impl<'o, W: Write> Sink<'o, W> {
    pub(crate) fn new(out: &'o mut W, version: Version) -> Self {
        let sector_len = version.sector_len();
        let lock = (u64::from(lock_sector(version)) + 1) * sector_len;
        Sink { out, sector_len, lock, buffer: Vec::with_capacity(2 * BUFFER), position: 0 }
    }

    pub(crate) fn put(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        if self.position <= self.lock && self.position + bytes.len() as u64 > self.lock {
            let (before, after) = bytes.split_at((self.lock - self.position) as usize);
            self.append(before)?;
            self.append(&vec![0; self.sector_len as usize])?;
            bytes = after;
        }
        self.append(bytes)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.buffer.is_empty() && bytes.len() >= BUFFER {
            self.position += bytes.len() as u64;
            return self.out.write_all(bytes);
        }
        self.buffer.extend_from_slice(bytes);
        self.position += bytes.len() as u64;
        if self.buffer.len() >= BUFFER {
            self.out.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    pub(crate) fn at_sector_start(&self) -> bool {
        self.position.is_multiple_of(self.sector_len)
    }

    pub(crate) fn pad_sector(&mut self, fill: u8) -> io::Result<()> {
        self.pad(self.sector_len, fill)
    }

    fn pad(&mut self, unit: u64, fill: u8) -> io::Result<()> {
        let missing = self.position.next_multiple_of(unit) - self.position;
        self.append(&vec![fill; missing as usize])
    }

    /// Copies a stream of this length; `observe` sees each piece.
    pub(crate) fn copy(
        &mut self,
        name: &[u16],
        source: &dyn StreamSource,
        len: u64,
        observe: &mut dyn FnMut(&[u8]),
    ) -> Result<(), WriteError> {
        let mut buffer = vec![0; BUFFER.min(len as usize + 1)];
        read_all(name, source, len, &mut buffer, &mut |bytes| {
            observe(bytes);
            self.put(bytes)
        })
    }

    pub(crate) fn finish(self) -> io::Result<u64> {
        self.out.write_all(&self.buffer)?;
        self.out.flush()?;
        Ok(self.position)
    }
}

/// Gives a source's bytes piece by piece and holds it to the length that it announced.
pub(crate) fn read_all(
    name: &[u16],
    source: &dyn StreamSource,
    len: u64,
    buffer: &mut [u8],
    take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> Result<(), WriteError> {
    let source_error = |error| WriteError::Source { name: display(name), error };
    let length_error = |found| WriteError::SourceLength { name: display(name), announced: len, found };
    let mut reader = source.open().map_err(source_error)?;
    let mut found = 0;
    loop {
        let read = match reader.read(buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(source_error(error)),
        };
        found += read as u64;
        if found > len {
            return Err(length_error(found));
        }
        take(&buffer[..read])?;
    }
    if found < len { Err(length_error(found)) } else { Ok(()) }
}
