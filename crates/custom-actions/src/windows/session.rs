//! The running installation: properties, log lines and error messages.

use windows_sys::Win32::Foundation::{ERROR_MORE_DATA, ERROR_SUCCESS};
use windows_sys::Win32::System::ApplicationInstallationAndServicing::{
    INSTALLMESSAGE, INSTALLMESSAGE_ERROR, INSTALLMESSAGE_INFO, MsiCloseHandle, MsiCreateRecord,
    MsiGetPropertyW, MsiProcessMessage, MsiRecordSetInteger, MsiRecordSetStringW, MsiSetPropertyW,
};

use super::text::{error, wide};
use crate::check::Properties;
use crate::failure::Failure;

/// The installer's handle, which it closes itself, and the name of the running entry point.
pub struct Session {
    handle: u32,
    action: &'static str,
}

impl Session {
    pub fn new(handle: u32, action: &'static str) -> Self {
        Self { handle, action }
    }

    pub fn property(&self, name: &str) -> Result<String, Failure> {
        let name_wide = wide(name);
        let mut buffer = vec![0u16; 256];
        loop {
            let mut len = u32::try_from(buffer.len()).unwrap_or(u32::MAX);
            // SAFETY: the name ends with a zero; the buffer has `len` units; the handle is the one given to this call.
            let code =
                unsafe { MsiGetPropertyW(self.handle, name_wide.as_ptr(), buffer.as_mut_ptr(), &mut len) };
            match code {
                ERROR_SUCCESS => {
                    buffer.truncate(len as usize);
                    return Ok(String::from_utf16_lossy(&buffer));
                }
                // The length given back leaves out the terminator.
                ERROR_MORE_DATA if buffer.len() <= len as usize => buffer.resize(len as usize + 1, 0),
                code => return Err(Failure::step(format!("Reading property {name}"), error(code))),
            }
        }
    }

    /// A line in the log. It stands in a field of its own, so that brackets in it are text.
    pub fn info(&self, line: &str) {
        let record = Record::new(1);
        record.text(0, "[1]");
        record.text(1, &format!("{}: {line}", self.action));
        self.process(INSTALLMESSAGE_INFO, &record);
    }

    /// An error for the log and, where there is one, the user. The installer finds the text by the number.
    pub fn error(&self, failure: &Failure) {
        self.info(&failure.to_string());
        let (first, second) = failure.arguments();
        let record = Record::new(3);
        record.number(1, failure.number());
        record.text(2, first);
        record.text(3, second);
        self.process(INSTALLMESSAGE_ERROR, &record);
    }

    fn process(&self, kind: INSTALLMESSAGE, record: &Record) {
        // SAFETY: both handles are open. What the user answers changes nothing: these messages have one button.
        unsafe { MsiProcessMessage(self.handle, kind, record.0) };
    }
}

impl Properties for Session {
    fn get(&self, name: &str) -> Result<String, Failure> {
        self.property(name)
    }

    fn set(&self, name: &str, value: &str) -> Result<(), Failure> {
        let (name_wide, value) = (wide(name), wide(value));
        // SAFETY: both texts end with a zero; the handle is the one given to this call.
        let code = unsafe { MsiSetPropertyW(self.handle, name_wide.as_ptr(), value.as_ptr()) };
        if code == ERROR_SUCCESS {
            Ok(())
        } else {
            Err(Failure::step(format!("Setting property {name}"), error(code)))
        }
    }
}

/// A record of the installer, closed when dropped.
struct Record(u32);

impl Record {
    fn new(fields: u32) -> Self {
        // SAFETY: takes a number, gives a handle or 0, and every call below accepts 0 as a failure.
        Self(unsafe { MsiCreateRecord(fields) })
    }

    fn text(&self, field: u32, text: &str) {
        let text = wide(text);
        // SAFETY: the text ends with a zero and is copied.
        unsafe { MsiRecordSetStringW(self.0, field, text.as_ptr()) };
    }

    fn number(&self, field: u32, number: i32) {
        // SAFETY: takes numbers only.
        unsafe { MsiRecordSetInteger(self.0, field, number) };
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        // SAFETY: the handle is ours and is not used again.
        unsafe { MsiCloseHandle(self.0) };
    }
}
