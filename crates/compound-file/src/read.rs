//! Opening a compound file: header, FAT, directory, and the check that all of it fits together.

use crate::error::{Chain, ReadError};
use crate::name::compare_names;
use crate::raw::{self, ENTRY_LEN, Header, RawEntry, Version};
use crate::storage::Metadata;
use crate::stream::{Cursor, Stream};
use std::io::{Read, Seek, SeekFrom};

/// Storages may be nested this deep. Nothing known goes past three; what does is made to exhaust someone's stack.
const DEPTH_LIMIT: usize = 64;

/// An opened compound file. Holds the FAT and the directory; streams are read on demand.
#[derive(Debug)]
pub struct CompoundFile<R> {
    pub(crate) reader: R,
    pub(crate) version: Version,
    pub(crate) fat: Vec<u32>,
    pub(crate) mini_fat: Vec<u32>,
    /// Sectors of the mini stream, in its order.
    pub(crate) mini_sectors: Vec<u32>,
    entries: Vec<Entry>,
    file_len: u64,
    used_len: u64,
}

/// Names an entry of the file it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(u32);

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    Root,
    Storage,
    Stream,
}

/// A storage or a stream.
#[derive(Debug, Clone)]
pub struct Entry {
    /// UTF-16 code units, as stored.
    pub name: Vec<u16>,
    pub kind: EntryKind,
    pub clsid: [u8; 16],
    pub state_bits: u32,
    pub created: u64,
    pub modified: u64,
    /// Length in bytes of a stream; 0 for storages.
    pub len: u64,
    pub(crate) start: u32,
    pub(crate) children: Vec<EntryId>,
}

impl<R: Read + Seek> CompoundFile<R> {
    /// Reads header, FAT and directory, and checks that every chain and every tree in them is sound.
    pub fn open(mut reader: R) -> Result<CompoundFile<R>, ReadError> {
        let file_len = reader.seek(SeekFrom::End(0))?;
        reader.seek(SeekFrom::Start(0))?;
        let mut bytes = [0; raw::HEADER_LEN];
        if file_len < raw::HEADER_LEN as u64 {
            return Err(ReadError::NotACompoundFile);
        }
        reader.read_exact(&mut bytes)?;
        let header = Header::parse(&bytes)?;

        let mut sectors = Sectors::new(&mut reader, header.version, file_len);
        let fat = sectors.read_fat(&header)?;
        let directory = sectors.read_chain(&fat, header.first_directory, Chain::Directory)?;
        let mini_fat = sectors.read_mini_fat(&header, &fat)?;
        let mut raw_entries = Vec::with_capacity(directory.len() / ENTRY_LEN);
        for (entry, bytes) in directory.chunks_exact(ENTRY_LEN).enumerate() {
            let parsed = RawEntry::parse(bytes, header.version);
            raw_entries.push(parsed.map_err(|field| ReadError::Entry { entry: entry as u32, field })?);
        }
        let entries = link(&raw_entries)?;

        let root = &raw_entries[0];
        let mini_sectors = match root.len {
            0 => Vec::new(),
            len => sectors.take_mini_stream(&fat, root.start, len)?,
        };
        let mini_count = root.len.div_ceil(raw::MINI_SECTOR).min(mini_fat.len() as u64);
        let mut minis = Claims::new(mini_count);
        for (index, entry) in entries.iter().enumerate() {
            if entry.kind != EntryKind::Stream || entry.len == 0 {
                continue;
            }
            let chain = Chain::Stream(EntryId(index as u32));
            if entry.len < raw::MINI_CUTOFF {
                minis.walk(
                    &mini_fat,
                    entry.start,
                    Some(entry.len.div_ceil(raw::MINI_SECTOR)),
                    chain,
                    |_| (),
                )?;
            } else {
                let needed = entry.len.div_ceil(header.version.sector_len());
                sectors.claims.walk(&fat, entry.start, Some(needed), chain, |_| ())?;
            }
        }
        let used_len = (sectors.claims.highest + 1) * header.version.sector_len();
        let version = header.version;
        Ok(CompoundFile { reader, version, fat, mini_fat, mini_sectors, entries, file_len, used_len })
    }

    /// Version of the format that the file has.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Length of the whole file in bytes.
    pub fn file_len(&self) -> u64 {
        self.file_len
    }

    /// Where the last sector ends that anything in the file refers to. What follows is not part of the compound file.
    pub fn used_len(&self) -> u64 {
        self.used_len
    }

    /// The root storage.
    pub fn root(&self) -> EntryId {
        EntryId(0)
    }

    /// What the directory says of an entry.
    ///
    /// # Panics
    /// If the id comes from another file.
    pub fn entry(&self, id: EntryId) -> &Entry {
        &self.entries[id.0 as usize]
    }

    /// Children of a storage in the order of [`compare_names`]; a stream has none.
    pub fn children(&self, id: EntryId) -> &[EntryId] {
        &self.entry(id).children
    }

    /// The entry at the end of a path of names from the root; case does not count. The empty path is the root.
    pub fn find(&self, path: &[&[u16]]) -> Option<EntryId> {
        path.iter().try_fold(self.root(), |storage, name| {
            let children = self.children(storage);
            let found = children.binary_search_by(|id| compare_names(&self.entry(*id).name, name));
            found.ok().map(|index| children[index])
        })
    }

    /// A reader over a stream's bytes.
    pub fn stream(&mut self, id: EntryId) -> Result<Stream<'_, R>, ReadError> {
        let cursor = self.cursor(id)?;
        Ok(Stream::new(self, cursor))
    }

    /// A stream's bytes. Takes as much memory as the file really holds, whatever length the directory claims.
    pub fn read_stream(&mut self, id: EntryId) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        let len = self.entry(id).len;
        let read = self.stream(id)?.read_to_end(&mut bytes)? as u64;
        if read != len {
            return Err(ReadError::Io(std::io::ErrorKind::UnexpectedEof.into()));
        }
        Ok(bytes)
    }

    /// Gives the reader back.
    pub fn into_inner(self) -> R {
        self.reader
    }

    pub(crate) fn cursor(&self, id: EntryId) -> Result<Cursor, ReadError> {
        let entry = self.entry(id);
        if entry.kind != EntryKind::Stream {
            return Err(ReadError::NotAStream { entry: id.0 });
        }
        Ok(Cursor::new(entry.start, entry.len))
    }
}

impl EntryId {
    /// Position in the directory.
    pub fn index(self) -> u32 {
        self.0
    }
}

impl Entry {
    /// The name as text; unpaired surrogates are replaced.
    pub fn name_lossy(&self) -> String {
        String::from_utf16_lossy(&self.name)
    }

    /// Class, state bits and times.
    pub fn metadata(&self) -> Metadata {
        Metadata {
            clsid: self.clsid,
            state_bits: self.state_bits,
            created: self.created,
            modified: self.modified,
        }
    }
}

/// Follows the trees of the directory from the root: every entry is met at most once.
fn link(raw_entries: &[RawEntry]) -> Result<Vec<Entry>, ReadError> {
    let mut entries: Vec<Entry> = raw_entries.iter().map(entry_of).collect();
    if raw_entries.first().is_none_or(|root| root.kind != raw::KIND_ROOT) {
        return Err(ReadError::Entry { entry: 0, field: "kind" });
    }
    let mut met = vec![false; raw_entries.len()];
    met[0] = true;
    let mut storages = vec![(0_u32, 1_usize)];
    while let Some((storage, depth)) = storages.pop() {
        if depth > DEPTH_LIMIT {
            return Err(ReadError::TooDeep { limit: DEPTH_LIMIT });
        }
        let mut children = Vec::new();
        let mut pending = Vec::new();
        let mut next = raw_entries[storage as usize].child;
        loop {
            while next != raw::NO_ENTRY {
                let Some(entry) = raw_entries.get(next as usize) else {
                    return Err(ReadError::Entry { entry: next, field: "number" });
                };
                if std::mem::replace(&mut met[next as usize], true) {
                    return Err(ReadError::EntryShared { entry: next });
                }
                if !matches!(entry.kind, raw::KIND_STORAGE | raw::KIND_STREAM) {
                    return Err(ReadError::Entry { entry: next, field: "kind" });
                }
                pending.push(next);
                next = entry.left;
            }
            let Some(entry) = pending.pop() else { break };
            children.push(EntryId(entry));
            if raw_entries[entry as usize].kind == raw::KIND_STORAGE {
                storages.push((entry, depth + 1));
            }
            next = raw_entries[entry as usize].right;
        }
        let compare = |a: &EntryId, b: &EntryId| {
            compare_names(&entries[a.0 as usize].name, &entries[b.0 as usize].name)
        };
        // Some writers order by other rules of case; a lookup here must work all the same.
        children.sort_by(compare);
        if let Some(pair) = children.windows(2).find(|pair| compare(&pair[0], &pair[1]).is_eq()) {
            return Err(ReadError::DuplicateName { entry: pair[1].0 });
        }
        entries[storage as usize].children = children;
    }
    // What no tree holds does not exist, whatever its bytes say.
    for (entry, _) in entries.iter_mut().zip(&met).filter(|(_, met)| !**met) {
        entry.len = 0;
    }
    Ok(entries)
}

fn entry_of(raw_entry: &RawEntry) -> Entry {
    let kind = match raw_entry.kind {
        raw::KIND_ROOT => EntryKind::Root,
        raw::KIND_STORAGE => EntryKind::Storage,
        _ => EntryKind::Stream,
    };
    Entry {
        name: raw_entry.name.clone(),
        kind,
        clsid: raw_entry.metadata.clsid,
        state_bits: raw_entry.metadata.state_bits,
        created: raw_entry.metadata.created,
        modified: raw_entry.metadata.modified,
        len: if kind == EntryKind::Stream { raw_entry.len } else { 0 },
        start: raw_entry.start,
        children: Vec::new(),
    }
}

/// The sectors of a file while it is opened, and who has taken them.
struct Sectors<'a, R> {
    reader: &'a mut R,
    sector_len: u64,
    claims: Claims,
}

impl<'a, R: Read + Seek> Sectors<'a, R> {
    fn new(reader: &'a mut R, version: Version, file_len: u64) -> Self {
        let sector_len = version.sector_len();
        // The last sector may be cut short; reading it shows whether what is missing mattered.
        let count = file_len.saturating_sub(sector_len).div_ceil(sector_len);
        Sectors { reader, sector_len, claims: Claims::new(count) }
    }

    fn read_fat(&mut self, header: &Header) -> Result<Vec<u32>, ReadError> {
        let ids = self.sector_len as usize / 4;
        let wanted = header.fat_sectors as usize;
        if wanted as u64 > self.claims.count {
            return Err(ReadError::Header { field: "number of FAT sectors", value: wanted as u64 });
        }
        let difat_wanted = wanted.saturating_sub(raw::HEADER_DIFAT).div_ceil(ids - 1);
        if header.difat_sectors as usize != difat_wanted {
            let value = header.difat_sectors.into();
            return Err(ReadError::Header { field: "number of DIFAT sectors", value });
        }
        let mut list: Vec<u32> = header.difat.to_vec();
        let mut next = header.first_difat;
        for _ in 0..difat_wanted {
            self.claims.take(next, Chain::Difat)?;
            let sector = self.read_ids(next)?;
            list.extend_from_slice(&sector[..ids - 1]);
            next = sector[ids - 1];
        }
        if !matches!(next, raw::END_OF_CHAIN | raw::FREE_SECTOR) {
            return Err(ReadError::ChainTooLong { chain: Chain::Difat, needed: difat_wanted as u64 });
        }
        if let Some(sector) = list[wanted..].iter().find(|sector| **sector != raw::FREE_SECTOR) {
            return Err(ReadError::Header { field: "FAT sector past their number", value: (*sector).into() });
        }
        // No more sectors than the file has, as was checked above.
        let mut fat = Vec::with_capacity(wanted * ids);
        for sector in &list[..wanted] {
            self.claims.take(*sector, Chain::Fat)?;
            fat.extend(self.read_ids(*sector)?);
        }
        Ok(fat)
    }

    fn read_mini_fat(&mut self, header: &Header, fat: &[u32]) -> Result<Vec<u32>, ReadError> {
        if header.mini_fat_sectors == 0 {
            return Ok(Vec::new());
        }
        let len = u64::from(header.mini_fat_sectors) * self.sector_len;
        let mut mini_fat = Vec::new();
        for sector in self.take_chain(fat, header.first_mini_fat, Some(len), Chain::MiniFat)? {
            mini_fat.extend(self.read_ids(sector)?);
        }
        Ok(mini_fat)
    }

    fn read_chain(&mut self, fat: &[u32], start: u32, chain: Chain) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        for sector in self.take_chain(fat, start, None, chain)? {
            bytes.extend(self.read_sector(sector)?);
        }
        Ok(bytes)
    }

    /// Sectors of a chain that must serve `len` bytes, or at least one sector if the chain itself says how long it is.
    fn take_chain(
        &mut self,
        fat: &[u32],
        start: u32,
        len: Option<u64>,
        chain: Chain,
    ) -> Result<Vec<u32>, ReadError> {
        let mut sectors = Vec::new();
        let needed = len.map(|len| len.div_ceil(self.sector_len));
        self.claims.walk(fat, start, needed, chain, |sector| sectors.push(sector))?;
        Ok(sectors)
    }

    /// Sectors of the mini stream. It may have more than its length needs: writers that shrink it keep them.
    fn take_mini_stream(&mut self, fat: &[u32], start: u32, len: u64) -> Result<Vec<u32>, ReadError> {
        let chain = Chain::MiniStream;
        let sectors = self.take_chain(fat, start, None, chain)?;
        let (needed, found) = (len.div_ceil(self.sector_len), sectors.len() as u64);
        if found < needed { Err(ReadError::ChainTooShort { chain, needed, found }) } else { Ok(sectors) }
    }

    fn read_ids(&mut self, sector: u32) -> Result<Vec<u32>, ReadError> {
        Ok(self.read_sector(sector)?.chunks_exact(4).map(|bytes| raw::u32_at(bytes, 0)).collect())
    }

    fn read_sector(&mut self, sector: u32) -> Result<Vec<u8>, ReadError> {
        let mut bytes = vec![0; self.sector_len as usize];
        self.reader.seek(SeekFrom::Start((u64::from(sector) + 1) * self.sector_len))?;
        self.reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// Which sectors belong to a chain already. One bit per sector that the file really has.
struct Claims {
    taken: Vec<u64>,
    count: u64,
    /// One more than the highest sector taken.
    highest: u64,
}

impl Claims {
    fn new(count: u64) -> Claims {
        Claims { taken: vec![0; count.div_ceil(64) as usize], count, highest: 0 }
    }

    fn take(&mut self, sector: u32, chain: Chain) -> Result<(), ReadError> {
        if u64::from(sector) >= self.count {
            return Err(ReadError::SectorOutOfRange { chain, sector });
        }
        let (word, bit) = (&mut self.taken[sector as usize / 64], 1 << (sector % 64));
        if *word & bit != 0 {
            return Err(ReadError::SectorShared { chain, sector });
        }
        *word |= bit;
        self.highest = self.highest.max(u64::from(sector) + 1);
        Ok(())
    }

    /// Takes every sector of a chain. Ends by itself: no sector is taken twice.
    fn walk(
        &mut self,
        table: &[u32],
        start: u32,
        needed: Option<u64>,
        chain: Chain,
        mut each: impl FnMut(u32),
    ) -> Result<(), ReadError> {
        let mut sector = start;
        let mut found = 0;
        while sector != raw::END_OF_CHAIN {
            if found == needed.unwrap_or(u64::MAX) {
                return Err(ReadError::ChainTooLong { chain, needed: found });
            }
            self.take(sector, chain)?;
            each(sector);
            found += 1;
            sector = *table.get(sector as usize).ok_or(ReadError::SectorOutOfRange { chain, sector })?;
        }
        match needed.unwrap_or(1) {
            needed if found < needed => Err(ReadError::ChainTooShort { chain, needed, found }),
            _ => Ok(()),
        }
    }
}
