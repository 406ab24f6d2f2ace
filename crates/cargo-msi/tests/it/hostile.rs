//! Packages whose tables lie. Whatever they say, nothing is written outside the folder that was named.

use crate::support::{Desk, files_below};
use msi_db::{Data, Database, NoFiles, Value};
use std::fs;
use std::io::Cursor;

#[test]
fn no_name_of_a_package_leads_outside() {
    for name in [
        "..",
        "../out.txt",
        "..\\out.txt",
        "/tmp/out.txt",
        "C:\\out.txt",
        "C:out.txt",
        "\\\\host\\share\\out.txt",
        "file.txt:stream",
        "NUL",
        "com1.txt",
        "CON .txt",
        "a\u{0}b",
        "trailing.",
        "",
    ] {
        for (file, folder) in [(name, "Fine"), ("fine.txt", name)] {
            if folder.is_empty() || folder == "." {
                continue;
            }
            let desk = Desk::new();
            desk.write("keep/here.txt", "before");
            package(&desk, &[("One", file, "Folder")], &[("Folder", folder)]);
            let ran = desk.run(&["extract", "hostile.msi", "-o", "inner/image"]);
            assert_ne!(ran.code, 101, "{name:?} panics: {}", ran.err);
            let outside: Vec<String> = files_below(&desk.path(""))
                .into_iter()
                .filter(|path| {
                    !path.starts_with("inner/image/") && path != "keep/here.txt" && path != "hostile.msi"
                })
                .collect();
            assert_eq!(outside, [""; 0], "{name:?} as file {file:?} in {folder:?}");
            if ran.code != 0 {
                assert!(!desk.path("inner/image").exists(), "a failure leaves nothing");
            }
        }
    }
}

#[test]
fn two_files_of_one_path_are_refused() {
    let desk = Desk::new();
    package(&desk, &[("One", "a.txt", "Folder"), ("Two", "a.txt", "Folder")], &[("Folder", "Fine")]);
    let ran = desk.fails(1, &["extract", "hostile.msi", "-o", "image"]);
    assert!(ran.err.contains("two files"), "{}", ran.err);
    assert!(!desk.path("image").exists());
}

#[cfg(unix)]
#[test]
fn a_link_in_the_way_is_not_followed() {
    let desk = Desk::new();
    package(&desk, &[("One", "a.txt", "Folder")], &[("Folder", "Fine")]);
    fs::create_dir(desk.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(desk.path("elsewhere"), desk.path("image")).unwrap();
    desk.run(&["extract", "hostile.msi", "-o", "image"]);
    assert_eq!(files_below(&desk.path("elsewhere")), [""; 0], "nothing is written through the link");
}

#[test]
fn folders_that_contain_each_other_end() {
    let desk = Desk::new();
    let mut database = database(&[("One", "a.txt", "Round")]);
    add(&mut database, "Directory", vec!["Round".into(), "About".into(), "x".into()]);
    add(&mut database, "Directory", vec!["About".into(), "Round".into(), "y".into()]);
    write(&desk, &database);
    for args in [&["extract", "hostile.msi", "-o", "image"][..], &["inspect", "hostile.msi"]] {
        let ran = desk.fails(1, args);
        assert!(ran.err.contains("own ancestor"), "{}", ran.err);
    }
}

#[test]
fn terminals_are_not_steered_by_what_a_package_says() {
    let desk = Desk::new();
    let mut database = database(&[]);
    add(&mut database, "Property", vec!["A".into(), "\u{1b}[2J red".into()]);
    write(&desk, &database);
    let shown = desk.does(&["inspect", "hostile.msi", "--table", "Property"]).out;
    assert!(!shown.contains('\u{1b}') && shown.contains("red"), "{shown:?}");
}

/// A package with files (key, name, folder) and folders (key, name) of any kind.
fn package(desk: &Desk, files: &[(&str, &str, &str)], folders: &[(&str, &str)]) {
    let mut database = database(files);
    for (key, name) in folders {
        add(&mut database, "Directory", vec![(*key).into(), "TARGETDIR".into(), (*name).into()]);
    }
    write(desk, &database);
}

fn database(files: &[(&str, &str, &str)]) -> Database {
    let mut database = Database::new(65001);
    database.summary.word_count = Some(2);
    add(&mut database, "Directory", vec!["TARGETDIR".into(), Value::Null, "SourceDir".into()]);
    let contents: Vec<Vec<u8>> = files.iter().map(|_| b"content".to_vec()).collect();
    let mut entries = Vec::new();
    for (number, ((key, name, folder), content)) in files.iter().zip(&contents).enumerate() {
        let sequence = i32::try_from(number).unwrap() + 1;
        add(
            &mut database,
            "Component",
            vec![(*key).into(), Value::Null, (*folder).into(), 0.into(), Value::Null, (*key).into()],
        );
        add(
            &mut database,
            "File",
            vec![
                (*key).into(),
                (*key).into(),
                (*name).into(),
                7.into(),
                Value::Null,
                Value::Null,
                512.into(),
                sequence.into(),
            ],
        );
        entries.push(cabinet::Entry {
            name: key,
            len: 7,
            modified: 1_600_000_000,
            attributes: cabinet::Attributes::default(),
            source: content,
        });
    }
    if !entries.is_empty() {
        let last = i32::try_from(entries.len()).unwrap();
        add(
            &mut database,
            "Media",
            vec![1.into(), last.into(), Value::Null, "#one.cab".into(), Value::Null, Value::Null],
        );
        let mut cab = Cursor::new(Vec::new());
        cabinet::write(&mut cab, &entries, &cabinet::Options::default()).unwrap();
        database.streams.insert("one.cab".into(), Data::Bytes(cab.into_inner().into()));
    }
    database
}

fn add(database: &mut Database, table: &str, cells: Vec<Value>) {
    let def = msi_db::catalogue::find(table).unwrap();
    let entry = database
        .tables
        .entry(table.into())
        .or_insert_with(|| msi_db::Table { def: std::sync::Arc::new(def.clone()), rows: Vec::new() });
    entry.rows.push(cells);
}

fn write(desk: &Desk, database: &Database) {
    let mut bytes = Vec::new();
    // The writer may refuse what no database can hold; then there is nothing to be hostile.
    if database.write(&mut bytes, &NoFiles).is_ok() {
        desk.write("hostile.msi", bytes);
    }
}
