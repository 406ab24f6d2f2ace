//! The Windows event log, source "Provisioning Agent" in the Application log.
//!
//! The installer registers the source: `SYSTEM\CurrentControlSet\Services\EventLog\Application\Provisioning Agent` with
//! `EventMessageFile` = this executable, which carries the message table (made by the build script from the event
//! catalogue), and `TypesSupported` = 7. Unregistered, events are logged all the same; the viewer then shows the detail
//! without the event's sentence, so the detail never depends on it.
#![allow(unsafe_code, reason = "event log functions")]

use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::System::EventLog::{
    DeregisterEventSource, EVENTLOG_ERROR_TYPE, EVENTLOG_INFORMATION_TYPE, EVENTLOG_WARNING_TYPE,
    RegisterEventSourceW, ReportEventW,
};

use super::wide;
use crate::events::{EventKind, Severity};

/// The longest string that the event log takes, in UTF-16 units, with room to spare.
const MAX_UNITS: usize = 30_000;

/// An open event source. One that could not be opened swallows events: the trace log has them too.
#[derive(Debug)]
pub struct EventLog(HANDLE);

impl EventLog {
    pub fn open() -> EventLog {
        let name = wide(crate::EVENT_SOURCE);
        // SAFETY: the name ends with a NUL; a null server name means this machine.
        EventLog(unsafe { RegisterEventSourceW(std::ptr::null(), name.as_ptr()) })
    }

    pub fn write(&self, kind: EventKind, detail: &str) {
        if self.0.is_null() {
            return;
        }
        let severity = match kind.severity {
            Severity::Information => EVENTLOG_INFORMATION_TYPE,
            Severity::Warning => EVENTLOG_WARNING_TYPE,
            Severity::Error => EVENTLOG_ERROR_TYPE,
        };
        let mut text = wide(detail);
        if text.len() > MAX_UNITS {
            text.truncate(MAX_UNITS);
            text.push(0);
        }
        let strings = [text.as_ptr()];
        // SAFETY: the handle is the one that was opened; one string is announced and one is given, ended by a NUL and alive
        // until the call returns; there is no user and no raw data.
        unsafe {
            ReportEventW(
                self.0,
                severity,
                0,
                u32::from(kind.id),
                std::ptr::null_mut(),
                strings.len() as u16,
                0,
                strings.as_ptr(),
                std::ptr::null(),
            );
        }
    }
}

impl Drop for EventLog {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: the handle is open and is not used after this.
            unsafe { DeregisterEventSource(self.0) };
        }
    }
}
