//! Windows: the registry's FIPS policy, the event log, the service manager.

mod event_log;
mod folders;
mod policy;
mod service;

pub use event_log::EventLog;
pub use folders::default_data_dir;
pub use policy::machine_policy;
pub use service::{run_service, service_facts};

/// UTF-16 with a terminator; what follows a NUL in the text is cut off rather than misread.
fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().take_while(|unit| *unit != 0).chain([0]).collect()
}
