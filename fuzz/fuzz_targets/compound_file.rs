//! Opens any bytes as a compound file, reads all streams, and writes what was read: the copy must read the same.

#![no_main]

use compound_file::{CompoundFile, EntryKind, Metadata, ReadError, Version, write};
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Read, Seek};

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut file) = CompoundFile::open(Cursor::new(bytes.to_vec())) else { return };
    let Ok(contents) = read_all(&mut file) else { return };
    for version in [Version::V3, Version::V4] {
        let file = CompoundFile::open(Cursor::new(bytes.to_vec())).expect("it opened before");
        let mut copy = Vec::new();
        write(&file.into_storage(), version, &mut copy).expect("what was read can be written");
        let mut copy = CompoundFile::open(Cursor::new(copy)).expect("what was written can be read");
        assert_eq!(read_all(&mut copy).expect("all of it"), contents);
    }
});

type Contents = Vec<(Vec<u16>, EntryKind, Metadata, Vec<u8>)>;

fn read_all<R: Read + Seek>(file: &mut CompoundFile<R>) -> Result<Contents, ReadError> {
    let mut contents = Vec::new();
    let mut pending = vec![file.root()];
    while let Some(id) = pending.pop() {
        pending.extend(file.children(id));
        let entry = file.entry(id).clone();
        let bytes = if entry.kind == EntryKind::Stream { file.read_stream(id)? } else { Vec::new() };
        let name = if entry.kind == EntryKind::Root { Vec::new() } else { entry.name.clone() };
        contents.push((name, entry.kind, entry.metadata(), bytes));
    }
    Ok(contents)
}
