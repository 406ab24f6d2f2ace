//! Databases with one stream broken: an error that says what is wrong, or other content, never a panic.

use compound_file::{CompoundFile, Node, Version};
use msi_db::{Database, NoFiles, ReadError, Value, catalogue, stream_name};
use std::io::Cursor;

fn sample() -> Vec<u8> {
    let mut database = Database::new(1252);
    database.summary.title = Some("Installation Database".into());
    database.ensure_table(catalogue::find("Property").unwrap()).rows =
        vec![vec!["A".into(), "1".into()], vec!["B".into(), "ü".into()]];
    database.ensure_table(catalogue::find("Binary").unwrap()).rows =
        vec![vec!["Data".into(), Value::Stream(vec![1, 2, 3].into())]];
    let mut bytes = Vec::new();
    database.write(&mut bytes, &NoFiles).unwrap();
    bytes
}

/// Reads the sample with a stream changed; `None` takes it out.
fn with(stored: &[u16], change: impl FnOnce(Vec<u8>) -> Option<Vec<u8>>) -> Result<Database, ReadError> {
    let mut file = CompoundFile::open(Cursor::new(sample())).unwrap();
    let id = file.find(&[stored]).expect("the sample has the stream");
    let bytes = file.read_stream(id).unwrap();
    let mut root = file.into_storage();
    match change(bytes) {
        Some(bytes) => root.children.insert(stored.to_vec(), Node::stream(bytes)),
        None => root.children.remove(stored),
    };
    let mut copy = Vec::new();
    compound_file::write(&root, Version::V3, &mut copy).unwrap();
    Database::open(Cursor::new(copy))
}

fn table(name: &str) -> Vec<u16> {
    stream_name::encode_table(name)
}

#[test]
fn missing_streams() {
    for name in ["_StringPool", "_StringData", "_Tables", "_Columns"] {
        let result = with(&table(name), |_| None);
        assert!(matches!(result, Err(ReadError::MissingStream(missing)) if missing == name), "{name}");
    }
    let result = with(&stream_name::encode("Binary.Data"), |_| None);
    assert!(matches!(result, Err(ReadError::Table { problem: "the stream of a row is missing", .. })));
    // A table without a stream has no rows.
    assert!(with(&table("Property"), |_| None).unwrap().tables["Property"].rows.is_empty());
}

#[test]
fn one_field_broken() {
    let put = |name: &str, at: usize, value: &[u8]| {
        with(&table(name), |mut bytes| {
            bytes[at..at + value.len()].copy_from_slice(value);
            Some(bytes)
        })
    };
    assert!(matches!(put("_StringPool", 0, &[1, 0]), Err(ReadError::UnsupportedCodepage(1))));
    assert!(matches!(put("_StringPool", 2, &[1, 0]), Err(ReadError::UnsupportedCodepage(_))));
    assert!(matches!(put("_StringPool", 4, &[0xff, 0xff]), Err(ReadError::Pool(_))));
    assert!(matches!(put("_StringPool", 4, &[0, 0, 1, 0]), Err(ReadError::Pool(_))));
    assert!(matches!(put("_Tables", 0, &[0xff, 0xff]), Err(ReadError::String { string: 0xffff, .. })));
    assert!(matches!(put("Property", 0, &[0xff, 0xff]), Err(ReadError::String { string: 0xffff, .. })));
    for name in ["_Tables", "_Columns", "Property"] {
        let result = with(&table(name), |mut bytes| {
            bytes.pop();
            Some(bytes)
        });
        assert!(matches!(result, Err(ReadError::Table { .. })), "{name}");
    }
    // Numbers of columns come second, after a string per row; types last.
    let rows = with_len("_Columns") / 8;
    assert!(matches!(put("_Columns", 2 * rows, &[9, 0x80]), Err(ReadError::Table { .. })));
    assert!(matches!(put("_Columns", 2 * rows, &[2, 0x80]), Err(ReadError::Table { .. })));
    assert!(matches!(put("_Columns", 6 * rows, &[0x03, 0x81]), Err(ReadError::Table { .. })));
}

fn with_len(name: &str) -> usize {
    let mut file = CompoundFile::open(Cursor::new(sample())).unwrap();
    let id = file.find(&[&table(name)]).unwrap();
    file.read_stream(id).unwrap().len()
}

#[test]
fn any_byte_of_any_system_stream_changed() {
    let streams = ["_StringPool", "_StringData", "_Tables", "_Columns", "_Validation", "Property", "Binary"];
    for name in streams {
        let len = with_len(name);
        for at in (0..len).step_by(1 + len / 200) {
            for value in [0x00, 0x7f, 0x80, 0xff] {
                let _ = with(&table(name), |mut bytes| {
                    bytes[at] = value;
                    Some(bytes)
                });
            }
        }
    }
}
