//! Which sectors hold what, computed from sizes alone.

use crate::directory::Planned;
use crate::error::WriteError;
use crate::raw::{self, ENTRY_LEN, HEADER_DIFAT, MINI_SECTOR, Version};

/// Sectors that stand one after the other and what their entries in the FAT say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Segment {
    pub start: u32,
    pub count: u32,
    pub link: Link,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Link {
    /// Every entry holds this mark.
    Mark(u32),
    /// Every entry names the next sector, the last one this.
    Chain(u32),
}

/// The whole file's layout, in the order in which it is written.
pub(crate) struct Layout {
    pub fat_sectors: u32,
    pub difat_sectors: u32,
    pub directory_sectors: u32,
    pub mini_fat_sectors: u32,
    pub difat_start: u32,
    pub fat_start: u32,
    pub directory_start: u32,
    pub mini_fat_start: u32,
    /// Everything in the file, gapless.
    pub segments: Vec<Segment>,
    /// Bytes of the whole file.
    pub file_len: u64,
}

/// Byte that no file may use, in either version: programs lock it to share a file.
const RANGE_LOCK: u64 = 0x7fff_ff00;

/// The sector over the range lock: never reached by files of version 3, left out by those of version 4.
pub(crate) fn lock_sector(version: Version) -> u32 {
    (RANGE_LOCK / version.sector_len() - 1) as u32
}

/// Lays out the file and writes start sectors and the mini stream's length into the entries.
pub(crate) fn lay_out(entries: &mut [Planned<'_>], version: Version) -> Result<Layout, WriteError> {
    let sector_len = version.sector_len();
    let ids = sector_len / 4;
    let mut mini_sectors: u64 = 0;
    let mut big_sectors: u64 = 0;
    for entry in entries.iter_mut().map(|entry| &mut entry.raw).filter(|raw| raw.kind == raw::KIND_STREAM) {
        if entry.len == 0 {
            continue;
        } else if entry.len < raw::MINI_CUTOFF {
            entry.start = mini_sectors as u32;
            mini_sectors += entry.len.div_ceil(MINI_SECTOR);
        } else {
            big_sectors = big_sectors.saturating_add(entry.len.div_ceil(sector_len));
        }
    }
    let mini_len = mini_sectors * MINI_SECTOR;
    let mini_stream_sectors = mini_len.div_ceil(sector_len);
    let mini_fat_sectors = mini_sectors.div_ceil(ids);
    let directory_sectors = (entries.len() as u64 * ENTRY_LEN as u64).div_ceil(sector_len);
    let content = (directory_sectors + mini_fat_sectors + mini_stream_sectors).saturating_add(big_sectors);
    let lock = u64::from(lock_sector(version));

    // The FAT must map itself and the DIFAT too: grow both until they do.
    let (mut fat_sectors, mut difat_sectors) = (0, 0);
    let total = loop {
        let mut total = content.saturating_add(fat_sectors + difat_sectors);
        total += u64::from(total > lock);
        let limit = match version {
            Version::V3 => lock,
            Version::V4 => u64::from(raw::MAX_SECTOR),
        };
        if total > limit {
            let bytes = total.saturating_add(1).saturating_mul(sector_len);
            return Err(WriteError::TooLarge { bytes, limit: (limit + 1) * sector_len });
        }
        let fat_needed = total.div_ceil(ids);
        let difat_needed = fat_needed.saturating_sub(HEADER_DIFAT as u64).div_ceil(ids - 1);
        if (fat_needed, difat_needed) == (fat_sectors, difat_sectors) {
            break total;
        }
        (fat_sectors, difat_sectors) = (fat_needed, difat_needed);
    };

    let mut allocator = Allocator::new(version);
    // They stand at the front, far below the range lock, in one piece.
    let first = |marks: Vec<u32>| marks.first().copied().unwrap_or(raw::END_OF_CHAIN);
    let difat_start = first(allocator.marks(difat_sectors, raw::DIFAT_SECTOR));
    let fat_start = first(allocator.marks(fat_sectors, raw::FAT_SECTOR));
    let directory_start = allocator.chain(directory_sectors);
    let mini_fat_start = allocator.chain(mini_fat_sectors);
    let mini_start = allocator.chain(mini_stream_sectors);
    for entry in entries.iter_mut().map(|entry| &mut entry.raw) {
        if entry.kind == raw::KIND_STREAM && entry.len >= raw::MINI_CUTOFF {
            entry.start = allocator.chain(entry.len.div_ceil(sector_len));
        }
    }
    (entries[0].raw.start, entries[0].raw.len) = (mini_start, mini_len);
    Ok(Layout {
        fat_sectors: fat_sectors as u32,
        difat_sectors: difat_sectors as u32,
        directory_sectors: directory_sectors as u32,
        mini_fat_sectors: mini_fat_sectors as u32,
        difat_start,
        fat_start,
        directory_start,
        mini_fat_start,
        segments: allocator.segments,
        file_len: (total + 1) * sector_len,
    })
}

/// Gives out sectors from front to back, stepping over the range lock.
pub(crate) struct Allocator {
    next: u32,
    lock: u32,
    /// Everything that was given out, gapless.
    pub segments: Vec<Segment>,
}

impl Allocator {
    pub(crate) fn new(version: Version) -> Self {
        Allocator { next: 0, lock: lock_sector(version), segments: Vec::new() }
    }

    /// How many sectors have been given out, the one of the range lock included.
    pub(crate) fn used(&self) -> u32 {
        self.next
    }

    /// Sectors that all have this mark in the FAT.
    pub(crate) fn marks(&mut self, count: u64, mark: u32) -> Vec<u32> {
        let mut sectors = Vec::new();
        let mut left = count as u32;
        while left > 0 {
            if self.next == self.lock {
                self.piece(1, Link::Mark(raw::END_OF_CHAIN));
            }
            let room = if self.next < self.lock { self.lock - self.next } else { u32::MAX };
            let here = left.min(room);
            let start = self.piece(here, Link::Mark(mark));
            sectors.extend(start..start + here);
            left -= here;
        }
        sectors
    }

    /// One more sector for the chain that ends in the segment `last`. Gives the sector and the segment that it is in.
    pub(crate) fn extend(&mut self, last: Option<usize>) -> (u32, usize) {
        let sector = self.chain(1);
        let segment = self.segments.len() - 1;
        let Some(last) = last else { return (sector, segment) };
        let before = &mut self.segments[last];
        if last + 1 == segment && before.start + before.count == sector {
            before.count += 1;
            self.segments.pop();
            return (sector, last);
        }
        before.link = Link::Chain(sector);
        (sector, segment)
    }

    /// First sector of a new chain.
    pub(crate) fn chain(&mut self, count: u64) -> u32 {
        if count == 0 {
            return raw::END_OF_CHAIN;
        }
        let count = count as u32;
        let before = self.lock.saturating_sub(self.next);
        if self.next > self.lock || count < before {
            return self.piece(count, Link::Chain(raw::END_OF_CHAIN));
        }
        let start = self.next;
        if before > 0 {
            let link = if count > before { self.lock + 1 } else { raw::END_OF_CHAIN };
            self.piece(before, Link::Chain(link));
        }
        if count == before {
            return start;
        }
        self.piece(1, Link::Mark(raw::END_OF_CHAIN));
        let rest = self.piece(count - before, Link::Chain(raw::END_OF_CHAIN));
        if before > 0 { start } else { rest }
    }

    fn piece(&mut self, count: u32, link: Link) -> u32 {
        let start = self.next;
        self.segments.push(Segment { start, count, link });
        self.next += count;
        start
    }
}

impl Segment {
    /// What the FAT says of this segment's sectors.
    pub(crate) fn fat_entries(self) -> impl Iterator<Item = u32> {
        (0..self.count).map(move |index| match self.link {
            Link::Mark(mark) => mark,
            Link::Chain(end) if index + 1 == self.count => end,
            Link::Chain(_) => self.start + index + 1,
        })
    }
}
