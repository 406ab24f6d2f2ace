//! The writer that shows the streams on their way, read back with an independent reader.

use compound_file::{
    CompoundFile, EntryKind, Metadata, Node, Observer, Storage, Version, WriteError, write, write_observed,
};
use std::cmp::Ordering;
use std::io::{Cursor, Read};

/// Notes everything, sees children in falling order of names, and adds two streams.
#[derive(Default)]
struct Notes {
    seen: Vec<u8>,
    late: Vec<(String, Vec<u8>)>,
}

impl Observer for Notes {
    type Error = WriteError;

    fn compare(&self, one: &[u16], other: &[u16]) -> Ordering {
        other.cmp(one)
    }

    fn content(&mut self, bytes: &[u8]) {
        self.seen.extend(bytes);
    }

    fn end_of_storage(&mut self, metadata: &Metadata) {
        self.seen.extend(metadata.clsid);
    }

    fn late(&mut self) -> Result<Vec<(String, Vec<u8>)>, WriteError> {
        Ok(std::mem::take(&mut self.late))
    }
}

fn bytes(seed: usize, len: usize) -> Vec<u8> {
    (0..len).map(|n| ((n + seed) * 131 % 251) as u8).collect()
}

/// Streams on both sides of every boundary, one after the other.
fn tree(lens: &[usize]) -> Storage<'static> {
    let mut root =
        Storage { metadata: Metadata { clsid: [1; 16], ..Metadata::default() }, ..Storage::default() };
    let mut inner =
        Storage { metadata: Metadata { clsid: [2; 16], ..Metadata::default() }, ..Storage::default() };
    for (index, len) in lens.iter().enumerate() {
        root.insert(&format!("r{index}"), Node::stream(bytes(index, *len)));
        inner.insert(&format!("i{index}"), Node::stream(bytes(index + 7, *len)));
    }
    inner.insert("empty", Node::Storage(Storage::default()));
    root.insert("inner", Node::Storage(inner));
    root
}

fn expected(storage: &Storage<'_>, into: &mut Vec<u8>) {
    for node in storage.children.values().rev() {
        match node {
            Node::Storage(inner) => expected(inner, into),
            Node::Stream { source, .. } => {
                source.open().unwrap().read_to_end(into).unwrap();
            }
        }
    }
    into.extend(storage.metadata.clsid);
}

/// Everything in a file, by path, by the independent reader.
fn contents(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut file = cfb::CompoundFile::open_strict(Cursor::new(file)).unwrap();
    let paths: Vec<_> = file.walk().map(|entry| (entry.path().to_owned(), entry.is_stream())).collect();
    let mut all = Vec::new();
    for (path, is_stream) in paths {
        let mut bytes = Vec::new();
        if is_stream {
            file.open_stream(&path).unwrap().read_to_end(&mut bytes).unwrap();
        }
        all.push((path.to_str().unwrap().to_owned(), bytes));
    }
    all
}

#[test]
fn the_same_content_as_from_the_other_writer() {
    for version in [Version::V3, Version::V4] {
        for lens in [
            &[][..],
            &[0],
            &[1, 63, 64, 65, 4095],
            &[4096, 4097, 511, 512, 513],
            &[300; 40],
            &[10, 70_000, 20, 70_000, 30, 4095, 5000, 64],
            &[7_000_000, 100],
            &[14_000_000, 3000, 9000],
        ] {
            let mut root = tree(lens);
            let late =
                [("late small", bytes(3, 32)), ("late large", bytes(4, 9000)), ("late empty", Vec::new())]
                    .map(|(name, bytes)| (name.to_owned(), bytes));
            let mut notes = Notes { late: late.to_vec(), ..Notes::default() };
            let mut out = Cursor::new(Vec::new());
            let len = write_observed(&root, version, &mut out, &mut notes).unwrap();
            let file = out.into_inner();
            assert_eq!(file.len() as u64, len);
            let mut wanted = Vec::new();
            expected(&root, &mut wanted);
            assert!(notes.seen == wanted, "{lens:?}: not seen in order");

            for (name, bytes) in late {
                root.insert(&name, Node::stream(bytes));
            }
            let mut other = Vec::new();
            write(&root, version, &mut other).unwrap();
            assert!(contents(&file) == contents(&other), "{lens:?} {version:?}");
            let mut ours = CompoundFile::open(Cursor::new(&file)).unwrap();
            assert_eq!(ours.used_len(), len);
            for id in ours.children(ours.root()).to_vec() {
                if ours.entry(id).kind == EntryKind::Stream {
                    ours.read_stream(id).unwrap();
                }
            }
        }
    }
}

#[test]
fn every_number_of_sectors_around_a_new_fat_or_difat_sector() {
    for (sectors, version) in
        [(110..140, Version::V3), (13_805..13_835, Version::V3), (1015..1030, Version::V4)]
    {
        for count in sectors {
            let mut root = Storage::default();
            let large = vec![count as u8; count * version.sector_len() as usize - 9];
            root.insert("large", Node::stream(large));
            let mut out = Cursor::new(Vec::new());
            let mut notes = Notes { late: vec![("late".into(), bytes(1, 2000))], ..Notes::default() };
            write_observed(&root, version, &mut out, &mut notes).unwrap();
            let found = contents(&out.into_inner());
            assert_eq!(found[1].1, bytes(1, 2000));
            assert!(found[2].1 == notes.seen[..notes.seen.len() - 16], "{count} sectors");
        }
    }
}

#[test]
fn a_late_stream_cannot_take_a_name_that_is_there() {
    let mut notes = Notes { late: vec![("R0".into(), Vec::new())], ..Notes::default() };
    let answer = write_observed(&tree(&[5]), Version::V3, &mut Cursor::new(Vec::new()), &mut notes);
    assert!(matches!(answer, Err(WriteError::DuplicateName { .. })), "{answer:?}");
}
