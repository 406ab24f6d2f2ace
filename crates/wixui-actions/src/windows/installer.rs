//! The installer's session: properties, and the text of the licence.

use super::api;
use super::memory::Buffer;

const ERROR_SUCCESS: u32 = 0;
const ERROR_MORE_DATA: u32 = 234;
/// Texts longer than this are none that a dialog shows.
const MOST: u32 = 16 << 20;

/// A session, by its handle, which stays the installer's.
#[derive(Clone, Copy)]
pub struct Session(pub u32);

/// A text in UTF-16 with its terminator.
pub struct Text(Buffer<u16>);

/// Bytes as they stand in the database.
pub struct Bytes(Buffer<u8>);

impl Text {
    /// With the terminator.
    pub fn as_slice(&self) -> &[u16] {
        self.0.as_slice()
    }

    /// Without the terminator.
    pub fn text(&self) -> &[u16] {
        self.as_slice().split_last().map_or(&[], |(_, text)| text)
    }
}

impl Bytes {
    /// Without the terminator.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_slice().split_last().map_or(&[], |(_, bytes)| bytes)
    }
}

impl Session {
    /// A property's value; `None` where it is empty. `name` ends with its terminator.
    pub fn property(self, name: &[u16]) -> Option<Text> {
        let (mut length, mut probe) = (0, 0);
        // SAFETY: `name` is terminated, and a length of 0 leaves room for nothing but the terminator.
        let answer = unsafe { api::MsiGetPropertyW(self.0, name.as_ptr(), &mut probe, &mut length) };
        if answer != ERROR_MORE_DATA || length > MOST {
            return None;
        }
        length += 1;
        let mut value = Buffer::new(length as usize)?;
        // SAFETY: `value` has room for `length` units.
        let answer = unsafe { api::MsiGetPropertyW(self.0, name.as_ptr(), value.as_mut_ptr(), &mut length) };
        (answer == ERROR_SUCCESS).then_some(Text(value))
    }

    /// Sets a property. Both texts end with their terminators.
    pub fn set(self, name: &[u16], value: &[u16]) {
        // SAFETY: both are terminated. What cannot be set is seen by the dialog's own conditions.
        unsafe { api::MsiSetPropertyW(self.0, name.as_ptr(), value.as_ptr()) };
    }

    /// The text of the first control `LicenseText` that has one.
    pub fn license(self) -> Option<Bytes> {
        let query = api::wide!("SELECT `Text` FROM `Control` WHERE `Control`='LicenseText'");
        // SAFETY: the session's handle is the one that the installer gave.
        let database = Owned(unsafe { api::MsiGetActiveDatabase(self.0) });
        let mut view = Owned(0);
        // SAFETY: `query` is terminated; a handle that is 0 is refused with an error.
        let opened = unsafe { api::MsiDatabaseOpenViewW(database.0, query.as_ptr(), &mut view.0) };
        // SAFETY: the view is open; it needs no record.
        if opened != ERROR_SUCCESS || unsafe { api::MsiViewExecute(view.0, 0) } != ERROR_SUCCESS {
            return None;
        }
        loop {
            let mut record = Owned(0);
            // SAFETY: the view was executed.
            if unsafe { api::MsiViewFetch(view.0, &mut record.0) } != ERROR_SUCCESS {
                return None;
            }
            if let Some(text) = bytes(&record) {
                return Some(text);
            }
        }
    }
}

/// The first field of a record; `None` where it is empty.
fn bytes(record: &Owned) -> Option<Bytes> {
    let (mut length, mut probe) = (0, 0);
    // SAFETY: a length of 0 leaves room for nothing but the terminator.
    let answer = unsafe { api::MsiRecordGetStringA(record.0, 1, &mut probe, &mut length) };
    if answer != ERROR_MORE_DATA || length > MOST {
        return None;
    }
    length += 1;
    let mut value = Buffer::new(length as usize)?;
    // SAFETY: `value` has room for `length` bytes.
    let answer = unsafe { api::MsiRecordGetStringA(record.0, 1, value.as_mut_ptr(), &mut length) };
    (answer == ERROR_SUCCESS).then_some(Bytes(value))
}

/// A handle that is closed at its end.
struct Owned(u32);

impl Drop for Owned {
    fn drop(&mut self) {
        if self.0 != 0 {
            // SAFETY: the handle is open and nobody else has it.
            unsafe { api::MsiCloseHandle(self.0) };
        }
    }
}
