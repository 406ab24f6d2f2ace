//! Cabinets extracted by other programs: crate `cab`, cabextract, 7-Zip. All must give back what went in.

use cabinet::{Attributes, Compression, Entry, Level, Options, Report, write};
use std::io::{Cursor, Read};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;

const MODIFIED: i64 = 1_700_000_000; // 2023-11-14 22:13:20

/// Both sides of the boundaries of blocks (32 KiB) and segments (1 MiB).
const SIZES: [usize; 14] = [
    0, 1, 2, 32_767, 32_768, 32_769, 65_535, 65_536, 65_537, 1_048_575, 1_048_576, 1_048_577, 100_000,
    3_000_001,
];

/// Text-like, random-like and constant stretches, so that blocks of every kind arise.
fn content(len: usize, seed: usize) -> Vec<u8> {
    let mut state = seed as u64 | 1;
    let mut bytes = Vec::with_capacity(len);
    while bytes.len() < len {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        match state >> 61 {
            0..3 => bytes.extend_from_slice(&state.to_le_bytes()),
            3..5 => bytes.extend(std::iter::repeat_n(state as u8, (state >> 40) as usize % 5000)),
            _ => bytes.extend_from_slice(b"HKEY_LOCAL_MACHINE\\SOFTWARE\\"),
        }
    }
    bytes.truncate(len);
    bytes
}

fn options(compression: Compression, threads: usize) -> Options {
    Options { compression, threads: NonZeroUsize::new(threads).unwrap(), set_id: 0 }
}

fn cabinet(files: &[(String, Vec<u8>)], options: &Options) -> (Vec<u8>, Report) {
    let entries: Vec<Entry<'_>> = files
        .iter()
        .map(|(name, bytes)| Entry {
            name,
            len: bytes.len() as u64,
            modified: MODIFIED,
            attributes: Attributes::ARCHIVE,
            source: bytes,
        })
        .collect();
    let mut out = Cursor::new(Vec::new());
    let report = write(&mut out, &entries, options).unwrap();
    assert_eq!(report.len, out.get_ref().len() as u64);
    assert_eq!(out.position(), report.len, "the writer stands behind the cabinet");
    (out.into_inner(), report)
}

fn files() -> Vec<(String, Vec<u8>)> {
    SIZES.iter().enumerate().map(|(index, len)| (format!("file{index}.bin"), content(*len, index))).collect()
}

const ALL: [Compression; 3] =
    [Compression::Stored, Compression::Mszip(Level::FASTEST), Compression::Mszip(Level::SMALLEST)];

fn check_with_crate(files: &[(String, Vec<u8>)], bytes: &[u8]) {
    let mut cabinet = cab::Cabinet::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = cabinet
        .folder_entries()
        .flat_map(|folder| folder.file_entries().map(|file| file.name().to_owned()).collect::<Vec<_>>())
        .collect();
    assert_eq!(names, files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
    for (name, expected) in files {
        let mut read = Vec::new();
        cabinet.read_file(name).unwrap().read_to_end(&mut read).unwrap();
        assert!(read == *expected, "{name}: {} bytes", expected.len());
    }
}

fn run(program: &str, hint: &str, arguments: &[&str], folder: &Path) -> String {
    let output = Command::new(program).args(arguments).current_dir(folder).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error} (apt install {hint})"));
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {text}");
    text
}

fn check_with_programs(files: &[(String, Vec<u8>)], bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("test.cab"), bytes).unwrap();
    for (to, program, hint, arguments) in [
        ("a", "cabextract", "cabextract", &["-d", "a", "test.cab"][..]),
        ("b", "7z", "7zip", &["x", "-y", "-ob", "test.cab"]),
    ] {
        run(program, hint, arguments, folder.path());
        for (name, expected) in files {
            let read = std::fs::read(folder.path().join(to).join(name)).unwrap();
            assert!(read == *expected, "{program} extracts {name} wrongly");
        }
    }
    // Both test the checksums of all blocks.
    assert!(run("cabextract", "cabextract", &["-t", "test.cab"], folder.path()).contains("no errors"));
    assert!(run("7z", "7zip", &["t", "test.cab"], folder.path()).contains("Everything is Ok"));
}

#[test]
fn every_size_alone() {
    for compression in ALL {
        for len in SIZES {
            let files = [("only".to_owned(), content(len, 7))];
            check_with_crate(&files, &cabinet(&files, &options(compression, 1)).0);
        }
    }
}

#[test]
fn every_program_extracts_all_sizes_together() {
    for compression in ALL {
        let (bytes, report) = cabinet(&files(), &options(compression, 2));
        assert_eq!(report.uncompressed, SIZES.iter().sum::<usize>() as u64);
        check_with_crate(&files(), &bytes);
        check_with_programs(&files(), &bytes);
    }
}

#[test]
fn empty_files_only() {
    let files = [("a".to_owned(), Vec::new()), ("b".to_owned(), Vec::new())];
    let (bytes, report) = cabinet(&files, &Options::default());
    assert_eq!((report.blocks, report.folders), (0, 1));
    check_with_crate(&files, &bytes);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    for compression in ALL {
        let one = cabinet(&files(), &options(compression, 1)).0;
        for threads in [2, 3, 8] {
            assert!(cabinet(&files(), &options(compression, threads)).0 == one, "{threads} threads");
        }
    }
}

#[test]
fn names_times_and_attributes() {
    let names = ["FileId_With.Dots", "größe.txt", "日本語.txt", "dir\\inner.txt"];
    let bytes = b"content".to_vec();
    let attributes = [Attributes::ARCHIVE, Attributes::READ_ONLY, Attributes(0x23), Attributes::EXECUTE];
    let entries: Vec<Entry<'_>> = names
        .iter()
        .zip(attributes)
        .map(|(name, attributes)| Entry { name, len: 7, modified: MODIFIED, attributes, source: &bytes })
        .collect();
    let mut out = Cursor::new(Vec::new());
    write(&mut out, &entries, &Options { set_id: 4711, ..Options::default() }).unwrap();

    let cabinet = cab::Cabinet::new(Cursor::new(out.get_ref())).unwrap();
    assert_eq!(cabinet.cabinet_set_id(), 4711);
    let files: Vec<_> = cabinet.folder_entries().flat_map(|folder| folder.file_entries()).collect();
    assert_eq!(files.iter().map(|file| file.name()).collect::<Vec<_>>(), names);
    assert_eq!(files.iter().map(|file| file.is_name_utf()).collect::<Vec<_>>(), [false, true, true, false]);
    assert!(files[1].is_read_only() && !files[1].is_archive());
    assert!(files[2].is_read_only() && files[2].is_hidden() && files[2].is_archive());
    assert!(files[3].is_exec());
    let time = files[0].datetime().unwrap();
    assert_eq!((time.year(), u8::from(time.month()), time.day()), (2023, 11, 14));
    assert_eq!((time.hour(), time.minute(), time.second()), (22, 13, 20));

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("test.cab"), out.get_ref()).unwrap();
    let list = run("cabextract", "cabextract", &["-l", "test.cab"], folder.path());
    for text in ["größe.txt", "日本語.txt", "dir/inner.txt", "14.11.2023 22:13:20"] {
        assert!(list.contains(text), "{text} is not in:\n{list}");
    }
}

#[test]
fn many_small_files() {
    let files: Vec<_> = (0..5000).map(|index| (format!("f{index}"), content(index % 300, index))).collect();
    let (bytes, _) = cabinet(&files, &options(Compression::Mszip(Level::default()), 2));
    check_with_crate(&files[..50], &cabinet(&files[..50], &Options::default()).0);
    check_with_programs(&files, &bytes);
}

#[test]
fn a_cabinet_may_begin_anywhere() {
    let files = files();
    let alone = cabinet(&files[..4], &Options::default()).0;
    let entries: Vec<Entry<'_>> = files[..4]
        .iter()
        .map(|(name, bytes)| Entry {
            name,
            len: bytes.len() as u64,
            modified: MODIFIED,
            attributes: Attributes::default(),
            source: bytes,
        })
        .collect();
    let mut out = Cursor::new(b"before".to_vec());
    out.set_position(6);
    write(&mut out, &entries, &Options::default()).unwrap();
    assert_eq!(&out.get_ref()[..6], b"before");
    assert!(out.get_ref()[6..] == alone);
}
