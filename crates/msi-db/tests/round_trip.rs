//! Databases written and read back by this crate.

use msi_db::{Data, Database, FileTime, NoFiles, Storage, SummaryInfo, Value, catalogue, dump};
use std::io::Cursor;

/// A small database that uses every kind of cell.
pub fn sample(codepage: u16) -> Database {
    let mut database = Database::new(codepage);
    database.summary = SummaryInfo {
        codepage: Some(1252),
        title: Some("Installation Database".into()),
        template: Some("x64;1033".into()),
        revision: Some("{5C0E2B23-3F0E-4C53-9E6B-0F5D5A5B1B11}".into()),
        created: Some(FileTime::from_unix_seconds(1_700_000_000)),
        page_count: Some(500),
        word_count: Some(2),
        ..SummaryInfo::default()
    };
    let table = database.ensure_table(catalogue::find("Property").unwrap());
    table.rows.push(vec!["ProductName".into(), "Provisioning Agent".into()]);
    table.rows.push(vec!["Manufacturer".into(), "A\tB\nC \\".into()]);
    let table = database.ensure_table(catalogue::find("Binary").unwrap());
    table.rows.push(vec!["Small".into(), Value::Stream(vec![1, 2, 3].into())]);
    table.rows.push(vec!["Large.dll".into(), Value::Stream(vec![7; 10_000].into())]);
    let table = database.ensure_table(catalogue::find("Media").unwrap());
    for disk in [2, 1, 32767] {
        let mut row = vec![Value::Null; table.def.columns.len()];
        (row[0], row[1]) = (disk.into(), (-5).into());
        row[1] = 100_000.into();
        table.rows.push(row);
    }
    database.ensure_table(catalogue::find("Error").unwrap());
    database.streams.insert("cab1.cab".into(), vec![9; 5000].into());
    let mut inner = Storage { clsid: msi_db::database::TRANSFORM_CLSID, ..Storage::default() };
    inner.streams.insert("\u{4840}\u{3f7f}".into(), vec![1].into());
    database.storages.insert("1031".into(), inner);
    database
}

fn bytes(database: &Database) -> Vec<u8> {
    let mut out = Vec::new();
    let len = database.write(&mut out, &NoFiles).unwrap();
    assert_eq!(len, out.len() as u64);
    out
}

#[test]
fn what_is_written_is_read() {
    let written = sample(1252);
    let mut read = Database::open(Cursor::new(bytes(&written))).unwrap();
    let validation = read.tables.remove("_Validation").unwrap();
    assert!(validation.iter().any(|row| row.str("Table") == Some("_Validation")));
    assert_eq!(dump::text(&read), dump::text(&written));
    assert_eq!(dump::json(&read), dump::json(&written));
    for (name, table) in &written.tables {
        assert_eq!(table.def, read.tables[name].def, "definition of {name} with all its validation data");
    }
    assert_eq!(read.storages, written.storages);
    let Data::Bytes(cabinet) = &read.streams["cab1.cab"] else { panic!("streams are read into memory") };
    assert_eq!(cabinet[..], [9; 5000]);
}

#[test]
fn reading_and_writing_again_changes_nothing() {
    let first = bytes(&sample(65001));
    let read = Database::open(Cursor::new(&first)).unwrap();
    let again = bytes(&read);
    let twice = Database::open(Cursor::new(&again)).unwrap();
    assert_eq!(dump::text(&read), dump::text(&twice));
    assert_eq!(bytes(&twice), again);
}
