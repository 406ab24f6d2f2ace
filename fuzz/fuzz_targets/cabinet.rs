//! Opens any bytes as a cabinet and extracts all of it: no file may get more bytes than its entry says.

#![no_main]

use cabinet::Cabinet;
use libfuzzer_sys::fuzz_target;
use std::io::{self, Cursor, Write};

/// Fails once more arrives than was announced.
struct Limit(u64);

impl Write for Limit {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len() as u64).expect("no more than the entry's length");
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut cabinet) = Cabinet::open(Cursor::new(bytes)) else { return };
    let _ = cabinet.extract(|file| Ok(Some(Box::new(Limit(file.len.into())))));
});
