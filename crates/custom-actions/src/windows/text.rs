//! Text and errors between Rust and Windows.

use std::io;

use windows_sys::Win32::Foundation::{ERROR_CALL_NOT_IMPLEMENTED, ERROR_INVALID_LEVEL, ERROR_NOT_SUPPORTED};

/// UTF-16 with a terminator.
pub fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

/// Text of a string that Windows gave and keeps.
///
/// # Safety
/// `start` is null or points to UTF-16 that ends with a zero and stays valid during the call.
pub unsafe fn from_wide(start: *const u16) -> String {
    if start.is_null() {
        return String::new();
    }
    let mut len = 0;
    // SAFETY: the caller promises a terminator; no unit behind it is read.
    while unsafe { *start.add(len) } != 0 {
        len += 1;
    }
    // SAFETY: the units before the terminator were just read.
    String::from_utf16_lossy(unsafe { std::slice::from_raw_parts(start, len) })
}

/// An error code of Windows. Codes that say "not on this system" get the kind that says so.
pub fn error(code: u32) -> io::Error {
    let plain = io::Error::from_raw_os_error(code.cast_signed());
    if matches!(code, ERROR_INVALID_LEVEL | ERROR_CALL_NOT_IMPLEMENTED | ERROR_NOT_SUPPORTED) {
        return io::Error::new(io::ErrorKind::Unsupported, plain);
    }
    plain
}

/// The error of the call that just failed.
pub fn last_error() -> io::Error {
    error(io::Error::last_os_error().raw_os_error().unwrap_or_default().cast_unsigned())
}

/// Success or an error, from a call that gives an error code.
pub fn check(code: u32) -> io::Result<()> {
    if code == 0 { Ok(()) } else { Err(error(code)) }
}

/// Success or an error, from a call that gives a truth value.
pub fn truth(value: i32) -> io::Result<()> {
    if value == 0 { Err(last_error()) } else { Ok(()) }
}
