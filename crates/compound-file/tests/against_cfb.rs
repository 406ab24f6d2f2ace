//! The writer and the reader against crate `cfb` and 7-Zip, over sizes on both sides of every boundary of the format.

use compound_file::{CompoundFile, EntryId, EntryKind, Metadata, Node, Storage, Version, write};
use std::io::{Cursor, Read, Write};
use std::process::Command;

/// Boundaries: empty, mini sector, sector of either version, mini stream cutoff, and a few sectors more.
const SIZES: [usize; 18] =
    [0, 1, 63, 64, 65, 511, 512, 513, 4032, 4095, 4096, 4097, 8191, 8192, 8193, 65_535, 65_536, 200_001];
/// With sectors of 512 bytes the FAT fills 109 sectors, all that the header lists, at about this many bytes.
const DIFAT_START: usize = 109 * 128 * 512;

fn content(len: usize, seed: usize) -> Vec<u8> {
    (0..len).map(|index| (index.wrapping_mul(31).wrapping_add(index >> 9).wrapping_add(seed)) as u8).collect()
}

fn name(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn written(storage: &Storage<'_>, version: Version) -> Vec<u8> {
    let mut bytes = Vec::new();
    let len = write(storage, version, &mut bytes).unwrap();
    assert_eq!(len, bytes.len() as u64);
    assert_eq!(bytes.len() % version.sector_len() as usize, 0);
    bytes
}

/// Reads every stream with `cfb`, strictly, and with our reader; both must give what went in.
fn check(streams: &[(String, Vec<u8>)], version: Version) {
    let mut root = Storage::default();
    for (path, bytes) in streams {
        root.insert(path, Node::stream(bytes.clone()));
    }
    let bytes = written(&root, version);

    let mut theirs =
        cfb::CompoundFile::open_strict(Cursor::new(&bytes)).expect("cfb takes the file strictly");
    assert_eq!(theirs.read_root_storage().count(), streams.len());
    let mut ours = CompoundFile::open(Cursor::new(&bytes)).unwrap();
    assert_eq!(ours.used_len(), bytes.len() as u64, "no sector is left over");
    for (path, expected) in streams {
        let mut read = Vec::new();
        theirs.open_stream(path).unwrap().read_to_end(&mut read).unwrap();
        assert!(read == *expected, "cfb reads {path} of {} bytes wrongly", expected.len());
        let id = ours.find(&[&name(path)]).unwrap();
        assert!(
            ours.read_stream(id).unwrap() == *expected,
            "{path} of {} bytes comes back wrongly",
            expected.len()
        );
    }
}

#[test]
fn one_stream_of_every_size() {
    for version in [Version::V3, Version::V4] {
        for len in SIZES {
            check(&[("stream".into(), content(len, len))], version);
        }
    }
}

#[test]
fn streams_of_all_sizes_together() {
    for version in [Version::V3, Version::V4] {
        let streams: Vec<_> =
            SIZES.iter().map(|len| (format!("stream {len}"), content(*len, *len))).collect();
        check(&streams, version);
    }
}

#[test]
fn any_number_of_entries() {
    for version in [Version::V3, Version::V4] {
        for count in [0, 1, 2, 3, 4, 5, 30, 31, 32, 33, 500] {
            let streams: Vec<_> =
                (0..count).map(|index| (format!("n{index}"), content(index % 100, index))).collect();
            check(&streams, version);
        }
    }
}

#[test]
fn around_the_first_difat_sector() {
    for sectors in [-3_i64, -2, -1, 0, 1, 2] {
        let len = DIFAT_START as i64 - 114 * 512 + sectors * 512;
        check(&[("big".into(), content(len as usize, 3))], Version::V3);
    }
}

#[test]
fn several_difat_sectors() {
    // The header and two DIFAT sectors hold 109 + 254 sectors of the FAT; a third begins past 23 MB.
    check(&[("big".into(), content(DIFAT_START + 254 * 128 * 512 + 100_000, 5))], Version::V3);
}

#[test]
fn storages_metadata_and_order_are_kept() {
    let metadata = |seed: u8| Metadata {
        clsid: [seed; 16],
        state_bits: u32::from(seed) << 24 | 7,
        created: 0x01d9_0000_0000_0000 + u64::from(seed),
        modified: 0x01da_0000_0000_0000 + u64::from(seed),
    };
    let mut deep = Storage { metadata: metadata(3), ..Storage::default() };
    deep.insert("leaf", Node::stream(content(5000, 1)));
    deep.insert("mini", Node::stream(content(70, 2)));
    let mut middle = Storage { metadata: metadata(2), ..Storage::default() };
    middle.insert("deep", Node::Storage(deep));
    middle.insert("empty", Node::Storage(Storage::default()));
    let mut root = Storage { metadata: metadata(1), ..Storage::default() };
    root.insert("\u{5}Middle", Node::Storage(middle));
    let source = std::sync::Arc::new(content(33, 9));
    root.children.insert(name("z"), Node::Stream { metadata: metadata(4), source });

    for version in [Version::V3, Version::V4] {
        let bytes = written(&root, version);
        let theirs = cfb::CompoundFile::open(Cursor::new(&bytes)).unwrap();
        let paths: Vec<String> = theirs.walk().map(|entry| entry.path().display().to_string()).collect();
        let expected = [
            "/",
            "/z",
            "/\u{5}Middle",
            "/\u{5}Middle/deep",
            "/\u{5}Middle/deep/leaf",
            "/\u{5}Middle/deep/mini",
        ];
        assert_eq!(paths[..6], expected);
        assert_eq!(theirs.entry("/\u{5}Middle/deep").unwrap().state_bits(), metadata(3).state_bits);

        let ours = CompoundFile::open(Cursor::new(bytes.clone())).unwrap();
        assert_eq!(ours.version(), version);
        let found = |path: &[&str]| {
            let names: Vec<Vec<u16>> = path.iter().map(|part| name(part)).collect();
            ours.find(&names.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap()
        };
        assert_eq!(ours.entry(ours.root()).metadata(), metadata(1));
        assert_eq!(ours.entry(found(&["\u{5}Middle", "DEEP"])).metadata(), metadata(3));
        assert_eq!(ours.entry(found(&["z"])).metadata(), metadata(4));
        assert!(ours.find(&[&name("z"), &name("x")]).is_none());

        // What a signer does: read, add a stream, write. Nothing else may change.
        let mut tree = ours.into_storage();
        assert_eq!(written(&tree, version), bytes);
        tree.insert("\u{5}DigitalSignature", Node::stream(content(2000, 4)));
        let signed = CompoundFile::open(Cursor::new(written(&tree, version))).unwrap();
        assert_eq!(signed.children(signed.root()).len(), 3);
        assert_eq!(signed.entry(signed.find(&[&name("z")]).unwrap()).metadata(), metadata(4));
    }
}

#[test]
fn files_of_another_writer_are_read() {
    for version in [cfb::Version::V3, cfb::Version::V4] {
        let mut theirs = cfb::CompoundFile::create_with_version(version, Cursor::new(Vec::new())).unwrap();
        theirs.create_storage("/a").unwrap();
        theirs.create_storage("/a/b").unwrap();
        // Grown in turns, so that chains are cut into pieces.
        for round in 0..4 {
            for len in SIZES {
                let path = format!("/a/b/s{len}");
                let mut stream = if round == 0 {
                    theirs.create_stream(&path).unwrap()
                } else {
                    theirs.open_stream(&path).unwrap()
                };
                std::io::Seek::seek(&mut stream, std::io::SeekFrom::End(0)).unwrap();
                stream.write_all(&content(len, round)).unwrap();
            }
        }
        theirs.flush().unwrap();
        let bytes = theirs.into_inner().into_inner();
        let mut ours = CompoundFile::open(Cursor::new(bytes)).unwrap();
        for len in SIZES {
            let expected: Vec<u8> = (0..4).flat_map(|round| content(len, round)).collect();
            let id = ours.find(&[&name("a"), &name("b"), &name(&format!("s{len}"))]).unwrap();
            assert!(ours.read_stream(id).unwrap() == expected, "stream of 4 × {len} bytes");
            assert!(read_in_small_pieces(&mut ours, id) == expected);
        }
    }
}

fn read_in_small_pieces(file: &mut CompoundFile<Cursor<Vec<u8>>>, id: EntryId) -> Vec<u8> {
    let mut stream = file.stream(id).unwrap();
    let (mut bytes, mut piece) = (Vec::new(), [0; 97]);
    loop {
        match stream.read(&mut piece).unwrap() {
            0 => return bytes,
            read => bytes.extend_from_slice(&piece[..read]),
        }
    }
}

#[test]
fn seven_zip_lists_and_extracts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.msi");
    let mut inner = Storage::default();
    inner.insert("inside", Node::stream(content(4096, 1)));
    let mut root = Storage::default();
    root.insert("outside", Node::stream(content(100, 2)));
    root.insert("storage", Node::Storage(inner));
    root.insert("big", Node::stream(content(8_000_000, 3)));
    std::fs::write(&path, written(&root, Version::V3)).unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new("7z").args(arguments).arg(&path).current_dir(folder.path()).output();
        let output = output.expect("7z is installed (apt install 7zip)");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let list = run(&["l", "-slt"]);
    for line in ["Path = outside", "Path = storage/inside", "Size = 8000000", "Type = Compound"] {
        assert!(list.contains(line), "{line} is not in:\n{list}");
    }
    assert!(!list.contains("WARNING") && !list.contains("ERROR"), "{list}");
    run(&["x", "-y"]);
    assert!(std::fs::read(folder.path().join("big")).unwrap() == content(8_000_000, 3));
    assert!(std::fs::read(folder.path().join("storage/inside")).unwrap() == content(4096, 1));
}

#[test]
fn equal_trees_give_equal_bytes() {
    let tree = || {
        let mut root = Storage::default();
        for index in 0..100 {
            root.insert(&format!("s{index}"), Node::stream(content(index * 97, index)));
        }
        root
    };
    assert_eq!(written(&tree(), Version::V3), written(&tree(), Version::V3));
}

#[test]
fn children_are_listed_in_the_order_of_the_format() {
    let mut root = Storage::default();
    for text in ["b", "aa", "C", "a", "Ab"] {
        root.insert(text, Node::stream(Vec::new()));
    }
    let file = CompoundFile::open(Cursor::new(written(&root, Version::V3))).unwrap();
    let names: Vec<String> =
        file.children(file.root()).iter().map(|id| file.entry(*id).name_lossy()).collect();
    assert_eq!(names, ["a", "b", "C", "aa", "Ab"]);
    assert!(file.children(file.root()).iter().all(|id| file.entry(*id).kind == EntryKind::Stream));
}
