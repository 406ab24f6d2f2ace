//! Opens any bytes as a database and dumps it, applies its transforms; what can be written again must read as the same database.

#![no_main]

use libfuzzer_sys::fuzz_target;
use msi_db::{Database, NoFiles, dump, transform};
use std::io::Cursor;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut database) = Database::open(Cursor::new(bytes)) else { return };
    let _ = dump::json(&database);
    let text = dump::text(&database);
    for storage in database.storages.values() {
        let _ = transform::apply(&database, storage);
    }
    let mut copy = Vec::new();
    // A database of any origin may break rules that the writer keeps.
    if database.write(&mut copy, &NoFiles).is_err() {
        return;
    }
    let mut read = Database::open(Cursor::new(&copy)).expect("what was written can be read");
    if !database.tables.contains_key("_Validation") {
        read.tables.remove("_Validation");
        database.tables.remove("_Validation");
    }
    assert_eq!(dump::text(&read), text);
});
