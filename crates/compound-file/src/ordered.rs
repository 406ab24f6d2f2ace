//! Writing a compound file whose streams are seen, in an order of the caller's, while they are written once.
//!
//! A signature over a file's streams stands in one of its streams. To read every stream no more than once, the streams come
//! first, in the order in which the signature wants them, and everything that knows of all streams behind them:
//!
//! ```text
//! header (written last) | large streams, between them sectors of the mini stream | late streams | rest of the mini stream |
//! mini FAT | directory | DIFAT | FAT
//! ```

use crate::directory::{Planned, plan};
use crate::error::WriteError;
use crate::layout::{Allocator, lock_sector};
use crate::raw::{self, ENTRY_LEN, HEADER_DIFAT, Header, MINI_SECTOR, RawEntry, Version};
use crate::storage::{Metadata, Node, Storage, StreamSource};
use crate::write::{Sink, read_all};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::io::{self, Seek, SeekFrom, Write};

/// Who sees the streams while they are written.
pub trait Observer {
    /// Why the observer may give up.
    type Error: From<WriteError>;

    /// The order of two children of a storage.
    fn compare(&self, one: &[u16], other: &[u16]) -> Ordering;

    /// The next bytes of a stream.
    fn content(&mut self, bytes: &[u8]);

    /// All children of this storage have been seen.
    fn end_of_storage(&mut self, metadata: &Metadata);

    /// Everything has been seen. The streams that it gives are put into the root; the tree must not have any of their names.
    fn late(&mut self) -> Result<Vec<(String, Vec<u8>)>, Self::Error>;
}

/// Writes the tree as a compound file, from the start of `out`, and returns its length. Every source is opened once, in the
/// observer's order; equal trees, orders and late streams give equal bytes. After an error `out` holds part of a file.
pub fn write_observed<O: Observer>(
    root: &Storage<'_>,
    version: Version,
    out: &mut (impl Write + Seek),
    observer: &mut O,
) -> Result<u64, O::Error> {
    let mut writer = Writer::new(out, version)?;
    writer.storage(root, observer)?;
    let late = observer.late()?;
    let mut whole = root.clone();
    for (name, bytes) in late {
        let node = Node::stream(bytes);
        if let Node::Stream { source, .. } = &node {
            writer.stream(&name.encode_utf16().collect::<Vec<u16>>(), &**source, &mut |_| ())?;
        }
        if whole.insert(&name, node).is_some() {
            return Err(WriteError::DuplicateName { first: name.clone(), second: name }.into());
        }
    }
    let (sink, header) = writer.finish(&whole)?;
    let len = sink.finish().map_err(WriteError::Io)?;
    out.seek(SeekFrom::Start(0))
        .and_then(|_| out.write_all(&header.to_bytes()))
        .and_then(|()| out.flush())
        .map_err(WriteError::Io)?;
    Ok(len)
}

struct Writer<'o, W> {
    version: Version,
    sink: Sink<'o, W>,
    allocator: Allocator,
    /// Where the content of each source has been put, by the source's address. A source that stands in the tree more than
    /// once has been written as often, each time with the same bytes.
    placed: HashMap<usize, Vec<u32>>,
    mini: Mini,
}

/// The mini stream while it grows.
#[derive(Default)]
struct Mini {
    /// Bytes that do not fill a sector yet.
    partial: Vec<u8>,
    /// Mini sectors of each stream, in their order.
    counts: Vec<u32>,
    total: u32,
    start: Option<u32>,
    /// The segment that holds the last sector of the mini stream.
    last: Option<usize>,
}

impl<'o, W: Write> Writer<'o, W> {
    fn new(out: &'o mut W, version: Version) -> Result<Self, WriteError> {
        let mut sink = Sink::new(out, version);
        sink.put(&vec![0; version.sector_len() as usize])?;
        let allocator = Allocator::new(version);
        Ok(Writer { version, sink, allocator, placed: HashMap::new(), mini: Mini::default() })
    }

    fn storage<O: Observer>(&mut self, storage: &Storage<'_>, observer: &mut O) -> Result<(), O::Error> {
        let mut children: Vec<(&Vec<u16>, &Node<'_>)> = storage.children.iter().collect();
        children.sort_by(|one, other| observer.compare(one.0, other.0));
        for (name, node) in children {
            match node {
                Node::Storage(inner) => self.storage(inner, observer)?,
                Node::Stream { source, .. } => {
                    self.stream(name, &**source, &mut |bytes| observer.content(bytes))?;
                }
            }
        }
        observer.end_of_storage(&storage.metadata);
        Ok(())
    }

    fn stream(
        &mut self,
        name: &[u16],
        source: &dyn StreamSource,
        observe: &mut dyn FnMut(&[u8]),
    ) -> Result<(), WriteError> {
        let len = source.len();
        let start = match len {
            0 => {
                self.sink.copy(name, source, 0, observe)?;
                raw::END_OF_CHAIN
            }
            1..raw::MINI_CUTOFF => self.small(name, source, len, observe)?,
            _ => {
                let start = self.chain(len.div_ceil(self.version.sector_len()))?;
                self.sink.copy(name, source, len, observe)?;
                self.sink.pad_sector(0)?;
                start
            }
        };
        self.placed.entry(address(source)).or_default().push(start);
        Ok(())
    }

    fn small(
        &mut self,
        name: &[u16],
        source: &dyn StreamSource,
        len: u64,
        observe: &mut dyn FnMut(&[u8]),
    ) -> Result<u32, WriteError> {
        let start = self.mini.total;
        let mut bytes = Vec::with_capacity(raw::MINI_CUTOFF as usize);
        read_all(name, source, len, &mut [0; raw::MINI_CUTOFF as usize], &mut |piece| {
            observe(piece);
            bytes.extend_from_slice(piece);
            Ok(())
        })?;
        bytes.resize(bytes.len().next_multiple_of(MINI_SECTOR as usize), 0);
        let count = (bytes.len() as u64 / MINI_SECTOR) as u32;
        self.mini.counts.push(count);
        self.mini.total = start.checked_add(count).ok_or_else(|| self.too_large())?;
        self.mini.partial.extend(bytes);
        let sector = self.version.sector_len() as usize;
        while self.mini.partial.len() >= sector {
            let rest = self.mini.partial.split_off(sector);
            self.mini_sector()?;
            self.mini.partial = rest;
        }
        Ok(start)
    }

    /// Writes what the mini stream has as its next sector.
    fn mini_sector(&mut self) -> Result<(), WriteError> {
        let (start, segment) = self.allocator.extend(self.mini.last);
        self.check_size()?;
        self.mini.start.get_or_insert(start);
        self.mini.last = Some(segment);
        let partial = std::mem::take(&mut self.mini.partial);
        self.sink.put(&partial)?;
        Ok(self.sink.pad_sector(0)?)
    }

    fn chain(&mut self, count: u64) -> Result<u32, WriteError> {
        if count > u64::from(raw::MAX_SECTOR) {
            return Err(self.too_large());
        }
        let used = u64::from(self.allocator.used());
        if used + count + 1 > self.limit() {
            return Err(self.too_large());
        }
        Ok(self.allocator.chain(count))
    }

    fn check_size(&self) -> Result<(), WriteError> {
        if u64::from(self.allocator.used()) > self.limit() { Err(self.too_large()) } else { Ok(()) }
    }

    /// How many sectors the version reaches.
    fn limit(&self) -> u64 {
        match self.version {
            Version::V3 => lock_sector(self.version).into(),
            Version::V4 => raw::MAX_SECTOR.into(),
        }
    }

    fn too_large(&self) -> WriteError {
        let sector_len = self.version.sector_len();
        let bytes = (u64::from(self.allocator.used()) + 1).saturating_mul(sector_len);
        let limit = (self.limit() + 1) * sector_len;
        WriteError::TooLarge { bytes: bytes.max(limit + 1), limit }
    }

    /// Everything that knows of all streams.
    fn finish(mut self, root: &Storage<'_>) -> Result<(Sink<'o, W>, Header), WriteError> {
        let sector_len = self.version.sector_len();
        if !self.mini.partial.is_empty() {
            self.mini_sector()?;
        }
        let mut entries = plan(root)?;
        for entry in &mut entries {
            let Some(source) = entry.source else { continue };
            let places = self.placed.get_mut(&address(source));
            entry.raw.start = places.and_then(Vec::pop).unwrap_or(raw::END_OF_CHAIN);
        }
        let minis = u64::from(self.mini.total);
        (entries[0].raw.start, entries[0].raw.len) =
            (self.mini.start.unwrap_or(raw::END_OF_CHAIN), minis * MINI_SECTOR);

        let mini_fat_sectors = (minis * 4).div_ceil(sector_len);
        let first_mini_fat = self.chain(mini_fat_sectors)?;
        self.write_mini_fat()?;
        let directory_sectors = (entries.len() as u64 * ENTRY_LEN as u64).div_ceil(sector_len);
        let first_directory = self.chain(directory_sectors)?;
        self.write_directory(&entries)?;

        let (difat_sectors, fat_sectors) = self.tables()?;
        let difat = self.allocator.marks(difat_sectors, raw::DIFAT_SECTOR);
        let fat = self.allocator.marks(fat_sectors, raw::FAT_SECTOR);
        self.write_difat(&difat, &fat)?;
        for segment in &self.allocator.segments {
            for id in segment.fat_entries() {
                self.sink.put(&id.to_le_bytes())?;
            }
        }
        self.sink.pad_sector(0xff)?;

        let mut listed = [raw::FREE_SECTOR; HEADER_DIFAT];
        for (slot, sector) in listed.iter_mut().zip(&fat) {
            *slot = *sector;
        }
        let header = Header {
            version: self.version,
            directory_sectors: if self.version == Version::V4 { directory_sectors as u32 } else { 0 },
            fat_sectors: fat.len() as u32,
            first_directory,
            first_mini_fat,
            mini_fat_sectors: mini_fat_sectors as u32,
            first_difat: difat.first().copied().unwrap_or(raw::END_OF_CHAIN),
            difat_sectors: difat.len() as u32,
            difat: listed,
        };
        Ok((self.sink, header))
    }

    fn write_mini_fat(&mut self) -> io::Result<()> {
        let mut next = 0_u32;
        for count in &self.mini.counts {
            for _ in 1..*count {
                next += 1;
                self.sink.put(&next.to_le_bytes())?;
            }
            next += 1;
            self.sink.put(&raw::END_OF_CHAIN.to_le_bytes())?;
        }
        self.sink.pad_sector(0xff)
    }

    fn write_directory(&mut self, entries: &[Planned<'_>]) -> io::Result<()> {
        for entry in entries {
            self.sink.put(&entry.raw.to_bytes())?;
        }
        while !self.sink.at_sector_start() {
            self.sink.put(&RawEntry::unused())?;
        }
        Ok(())
    }

    /// How many sectors DIFAT and FAT take: they map themselves too, and the sector of the range lock if it comes to that.
    fn tables(&self) -> Result<(u64, u64), WriteError> {
        let ids = self.version.sector_len() / 4;
        let (used, lock) = (u64::from(self.allocator.used()), u64::from(lock_sector(self.version)));
        let (mut difat, mut fat) = (0, 0);
        loop {
            let mut total = used + difat + fat;
            total += u64::from(used <= lock && total > lock);
            if total > self.limit() {
                return Err(self.too_large());
            }
            let fat_needed = total.div_ceil(ids);
            let difat_needed = fat_needed.saturating_sub(HEADER_DIFAT as u64).div_ceil(ids - 1);
            if (difat_needed, fat_needed) == (difat, fat) {
                return Ok((difat, fat));
            }
            (difat, fat) = (difat_needed, fat_needed);
        }
    }

    fn write_difat(&mut self, difat: &[u32], fat: &[u32]) -> io::Result<()> {
        let ids = self.version.sector_len() as usize / 4 - 1;
        let rest = fat.get(HEADER_DIFAT..).unwrap_or_default();
        for index in 0..difat.len() {
            for slot in index * ids..(index + 1) * ids {
                let id = rest.get(slot).copied().unwrap_or(raw::FREE_SECTOR);
                self.sink.put(&id.to_le_bytes())?;
            }
            let next = difat.get(index + 1).copied().unwrap_or(raw::END_OF_CHAIN);
            self.sink.put(&next.to_le_bytes())?;
        }
        Ok(())
    }
}

fn address(source: &dyn StreamSource) -> usize {
    std::ptr::from_ref(source).cast::<()>().addr()
}
