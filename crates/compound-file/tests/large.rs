//! Files near and past 2 GB, kept in memory by leaving out what is all ones.

use compound_file::{
    CompoundFile, Metadata, Node, Observer, Storage, StreamSource, Version, WriteError, write, write_observed,
};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::io::{self, Read, Seek, SeekFrom, Write};

const PAGE: usize = 4096;

/// A file whose pages full of ones take no memory.
#[derive(Default)]
struct Sparse {
    pages: HashMap<u64, Vec<u8>>,
    partial: Vec<u8>,
    len: u64,
    position: u64,
    /// Writing goes on at the end but for the header, which comes last.
    back_at_start: bool,
}

impl Write for Sparse {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.back_at_start {
            self.pages.entry(0).or_insert_with(|| vec![1; PAGE])[..bytes.len()].copy_from_slice(bytes);
            return Ok(bytes.len());
        }
        for piece in bytes.chunks(PAGE) {
            let room = (PAGE - self.partial.len()).min(piece.len());
            let (now, later) = piece.split_at(room);
            self.partial.extend_from_slice(now);
            if self.partial.len() == PAGE {
                let number = self.len / PAGE as u64;
                if self.partial[..] != [1; PAGE] {
                    self.pages.insert(number, self.partial.clone());
                }
                self.partial.clear();
                self.len += PAGE as u64;
            }
            self.partial.extend_from_slice(later);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Sparse {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (page, offset) = (self.position / PAGE as u64, (self.position % PAGE as u64) as usize);
        let count = buffer.len().min(PAGE - offset).min((self.len - self.position) as usize);
        match self.pages.get(&page) {
            Some(bytes) => buffer[..count].copy_from_slice(&bytes[offset..offset + count]),
            None => buffer[..count].fill(1),
        }
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Sparse {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.back_at_start = matches!(to, SeekFrom::Start(0));
        self.position = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(offset) => self.len.saturating_add_signed(offset),
            SeekFrom::Current(offset) => self.position.saturating_add_signed(offset),
        };
        Ok(self.position)
    }
}

struct Ones(u64);

impl StreamSource for Ones {
    fn len(&self) -> u64 {
        self.0
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(io::repeat(1).take(self.0)))
    }
}

/// Sees only ones, and counts them.
struct Count(u64);

impl Observer for Count {
    type Error = WriteError;

    fn compare(&self, one: &[u16], other: &[u16]) -> Ordering {
        one.cmp(other)
    }

    fn content(&mut self, bytes: &[u8]) {
        self.0 += bytes.len() as u64;
    }

    fn end_of_storage(&mut self, _: &Metadata) {}

    fn late(&mut self) -> Result<Vec<(String, Vec<u8>)>, WriteError> {
        Ok(vec![("late".into(), vec![1; 5000])])
    }
}

/// Reads back streams of up to `read_up_to` bytes, and the tail behind them all.
fn check(version: Version, lens: &[u64], read_up_to: u64, observed: bool) -> Sparse {
    let mut root = Storage::default();
    for (index, len) in lens.iter().enumerate() {
        root.insert(&format!("s{index}"), Node::stream(Ones(*len)));
    }
    root.insert("tail", Node::stream(b"the last stream".repeat(1000)));
    let mut sparse = Sparse::default();
    let len = if observed {
        let mut count = Count(0);
        let len = write_observed(&root, version, &mut sparse, &mut count).unwrap();
        assert_eq!(count.0, lens.iter().sum::<u64>() + 15_000);
        len
    } else {
        write(&root, version, &mut sparse).unwrap()
    };
    assert_eq!(len, sparse.len + sparse.partial.len() as u64);
    sparse.partial.resize(PAGE, 1);
    let rest = std::mem::take(&mut sparse.partial);
    sparse.pages.insert(sparse.len / PAGE as u64, rest);
    sparse.len = len;

    let mut file = CompoundFile::open(sparse).unwrap();
    assert_eq!(file.used_len(), len);
    for id in file.children(file.root()).to_vec() {
        let (name, expected) = (file.entry(id).name_lossy(), file.entry(id).len);
        let mut stream = file.stream(id).unwrap();
        if name == "tail" {
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes, b"the last stream".repeat(1000));
            continue;
        }
        if expected > read_up_to {
            continue;
        }
        let (mut found, mut buffer) = (0, vec![0; 1 << 20]);
        let ones = vec![1; 1 << 20];
        loop {
            let read = stream.read(&mut buffer).unwrap();
            if read == 0 {
                break;
            }
            assert!(buffer[..read] == ones[..read], "a strange byte within {read} after {found}");
            found += read as u64;
        }
        assert_eq!(found, expected);
    }
    file.into_inner()
}

#[test]
fn version_3_up_to_its_limit() {
    check(Version::V3, &[0x7d00_0000], 0, false);
    check(Version::V3, &[0x7d00_0000], 0, true);
}

#[test]
fn version_4_leaves_out_the_sector_of_the_range_lock() {
    // A stream that runs over the lock, and one that ends right before it.
    for (first, read_up_to) in [(0x8010_0000, u64::MAX), (0x7ff0_0000, 0x20_0000)] {
        let mut sparse = check(Version::V4, &[first, 0x20_0000], read_up_to, false);
        let mut sector = [1; PAGE];
        sparse.seek(SeekFrom::Start(0x7fff_f000)).unwrap();
        sparse.read_exact(&mut sector).unwrap();
        assert_eq!(sector, [0; PAGE], "nothing is stored where programs put their lock");
    }
}

#[test]
fn tables_behind_the_streams_leave_it_out_too() {
    // Everything in front of the lock but the tables, in every way in which these can come to lie around it.
    for short in [0, 4, 300, 514, 518] {
        let first = 0x7fff_f000 - 0x1000 * (short + 8);
        let mut sparse = check(Version::V4, &[first], 0, true);
        let mut sector = [1; PAGE];
        sparse.seek(SeekFrom::Start(0x7fff_f000)).unwrap();
        if sparse.len > 0x7fff_f000 {
            sparse.read_exact(&mut sector).unwrap();
            assert_eq!(sector, [0; PAGE], "nothing is stored where programs put their lock, {short}");
        }
    }
}
