//! Files with one field broken, and files cut short: an error or the right content, never a panic, never anything else.

use compound_file::{CompoundFile, Node, ReadError, Storage, Version, write};
use std::io::Cursor;

fn name(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

/// With mini streams, big streams and a storage; small, so that every field can be broken.
fn sample(version: Version) -> Vec<u8> {
    let mut inner = Storage::default();
    inner.insert("small", Node::stream(vec![1; 100]));
    inner.insert("other", Node::stream(vec![2; 64]));
    let mut root = Storage::default();
    root.insert("inner", Node::Storage(inner));
    root.insert("big", Node::stream(vec![3; 6000]));
    root.insert("big2", Node::stream(vec![4; 4096]));
    let mut bytes = Vec::new();
    write(&root, version, &mut bytes).unwrap();
    bytes
}

/// Opens and reads everything that can be reached.
fn read_all(bytes: &[u8]) -> Result<Vec<Vec<u8>>, ReadError> {
    let mut file = CompoundFile::open(Cursor::new(bytes))?;
    let mut contents = Vec::new();
    let mut storages = vec![file.root()];
    while let Some(storage) = storages.pop() {
        for id in file.children(storage).to_vec() {
            match file.entry(id).kind {
                compound_file::EntryKind::Stream => contents.push(file.read_stream(id)?),
                _ => storages.push(id),
            }
        }
    }
    Ok(contents)
}

fn broken(version: Version, at: usize, value: &[u8]) -> Result<Vec<Vec<u8>>, ReadError> {
    let mut bytes = sample(version);
    bytes[at..at + value.len()].copy_from_slice(value);
    read_all(&bytes)
}

#[test]
fn every_header_field() {
    use ReadError::{ChainTooLong, ChainTooShort, Header, NotACompoundFile, SectorOutOfRange, SectorShared};
    for version in [Version::V3, Version::V4] {
        assert!(matches!(broken(version, 0, &[0]), Err(NotACompoundFile)));
        for (at, value, field) in [
            (26, &[5, 0][..], "major version"),
            (28, &[0xff, 0xfe], "byte order"),
            (30, &[10, 0], "sector shift"),
            (32, &[7, 0], "mini sector shift"),
            (44, &[0xff, 0xff, 0xff, 0xff], "number of FAT sectors"),
            (44, &[2, 0, 0, 0], ""),
            (56, &[0, 0x20, 0, 0], "mini stream cutoff"),
            (72, &[1, 0, 0, 0], "number of DIFAT sectors"),
            (72, &[0xff, 0xff, 0xff, 0xff], "number of DIFAT sectors"),
            (80, &[0, 0, 0, 0], "FAT sector past their number"),
        ] {
            match broken(version, at, value) {
                Err(Header { field: found, .. }) if found == field => {}
                Err(SectorOutOfRange { .. }) if field.is_empty() => {}
                other => panic!("{field} at {at}: {other:?}"),
            }
        }
        // First sectors: out of range, or another chain's.
        for at in [48, 60, 68, 76] {
            assert!(matches!(
                broken(version, at, &[0xff, 0xff, 0, 0]),
                Err(SectorOutOfRange { .. } | ChainTooLong { .. })
            ));
        }
        assert!(matches!(broken(version, 48, &[0, 0, 0, 0]), Err(SectorShared { .. })));
        assert!(matches!(broken(version, 60, &[0, 0, 0, 0]), Err(SectorShared { .. })));
        assert!(matches!(broken(version, 64, &[2, 0, 0, 0]), Err(ChainTooShort { .. })));
        assert!(matches!(broken(version, 64, &[0xff, 0xff, 0xff, 0xff]), Err(ChainTooShort { .. })));
    }
}

#[test]
fn every_fat_entry() {
    for version in [Version::V3, Version::V4] {
        let good = read_all(&sample(version)).unwrap();
        let fat = version.sector_len() as usize;
        let sectors = sample(version).len() / fat - 1;
        for sector in 0..sectors {
            let at = fat + 4 * sector;
            for value in [0_u32, 1, 2, sector as u32, 0x7f, 0xffff, 0xffff_fff0, 0xffff_fffe, 0xffff_ffff] {
                // Its own mark may be anything: nobody follows it.
                if let Ok(read) = broken(version, at, &value.to_le_bytes()) {
                    assert_eq!(read, good, "entry of sector {sector} = {value:#x}");
                }
            }
        }
    }
}

#[test]
fn every_directory_field() {
    let version = Version::V3;
    let good = sample(version);
    let directory = (u32::from_le_bytes(good[48..52].try_into().unwrap()) as usize + 1) * 512;
    let entry_at = |wanted: &str| {
        let wanted: Vec<u8> = name(wanted).iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let mut entries = (0..8).map(|entry| directory + 128 * entry);
        entries.find(|at| good[*at..].starts_with(&wanted) && good[at + wanted.len()] == 0).unwrap()
    };
    let big = entry_at("big");
    for (at, value, expected) in [
        (directory + 66, &[1][..], "kind"),
        (big + 66, &[5], "kind"),
        (big + 66, &[0], "kind"),
        (big + 66, &[9], "kind"),
        (big + 64, &[3, 0], "name length"),
        (big + 64, &[66, 0], "name length"),
        (big + 64, &[0, 0], "name length"),
        (big, &[0, 0], "name"),
        (directory + 76, &[200, 0, 0, 0], "number"),
    ] {
        match broken(version, at, value) {
            Err(ReadError::Entry { field, .. }) if field == expected => {}
            other => panic!("{expected} at {at}: {other:?}"),
        }
    }
    // Siblings and children that lead back.
    for link in [68, 72] {
        assert!(matches!(broken(version, big + link, &[0, 0, 0, 0]), Err(ReadError::EntryShared { .. })));
    }
    let inner = entry_at("inner");
    assert!(matches!(broken(version, inner + 76, &[0, 0, 0, 0]), Err(ReadError::EntryShared { .. })));
    // Sizes that the chain cannot serve, among them such as nobody could allocate.
    assert!(matches!(broken(version, big + 120, &[0xff, 0xff]), Err(ReadError::ChainTooShort { .. })));
    assert!(matches!(
        broken(version, big + 120, &[0xff, 0xff, 0xff, 0x7f]),
        Err(ReadError::ChainTooShort { .. })
    ));
    assert!(matches!(broken(version, big + 120, &[0, 0x11]), Err(ReadError::ChainTooLong { .. })));
    assert!(matches!(broken(version, big + 116, &[0xf0, 0xff]), Err(ReadError::SectorOutOfRange { .. })));
    // The root's size is that of the mini stream.
    assert!(broken(version, directory + 120, &[1, 0, 0, 0]).is_err());
    assert!(broken(version, directory + 120, &[0, 0, 0, 0]).is_err());
    assert!(broken(version, directory + 116, &[0xf0, 0xff]).is_err());
    // The name of a sibling.
    let mut bytes = sample(version);
    let (big2, other) = (entry_at("big2"), name("big"));
    bytes[big2..big2 + 64].fill(0);
    for (index, unit) in other.iter().enumerate() {
        bytes[big2 + 2 * index..][..2].copy_from_slice(&unit.to_le_bytes());
    }
    bytes[big2 + 64] = 8;
    assert!(matches!(read_all(&bytes), Err(ReadError::DuplicateName { .. })));
}

#[test]
fn the_upper_half_of_a_size_counts_in_version_4_only() {
    for version in [Version::V3, Version::V4] {
        let good = sample(version);
        let directory = (u32::from_le_bytes(good[48..52].try_into().unwrap()) as usize + 1)
            * version.sector_len() as usize;
        let result = broken(version, directory + 128 + 124, &[1, 0, 0, 0]);
        assert_eq!(result.is_ok(), version == Version::V3);
    }
}

#[test]
fn cut_short_anywhere() {
    for version in [Version::V3, Version::V4] {
        let good = sample(version);
        let expected = read_all(&good).unwrap();
        let step = if version == Version::V3 { 1 } else { 7 };
        for len in (0..good.len()).step_by(step) {
            if let Ok(read) = read_all(&good[..len]) {
                assert_eq!(read, expected, "cut to {len} of {} bytes", good.len());
            }
        }
        let mut longer = good.clone();
        longer.extend([0; 700]);
        let file = CompoundFile::open(Cursor::new(&longer)).unwrap();
        assert_eq!((file.used_len(), file.file_len()), (good.len() as u64, longer.len() as u64));
    }
}

#[test]
fn every_byte_of_the_structures_changed() {
    let good = sample(Version::V3);
    // Header, FAT, directory and mini FAT stand at the front.
    for at in 0..512 * 7 {
        for value in [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff] {
            let mut bytes = good.clone();
            bytes[at] = value;
            let _ = read_all(&bytes);
        }
    }
}

#[test]
fn storages_nested_without_end_are_refused() {
    let mut storage = Storage::default();
    for _ in 0..80 {
        let mut outer = Storage::default();
        outer.insert("s", Node::Storage(storage));
        storage = outer;
    }
    let mut bytes = Vec::new();
    write(&storage, Version::V3, &mut bytes).unwrap();
    assert!(matches!(read_all(&bytes), Err(ReadError::TooDeep { .. })));
}
