//! Windows: the registry's FIPS policy, the event log, the service manager.

mod event_log;
mod policy;
mod service;

use std::path::PathBuf;

pub use event_log::EventLog;
pub use policy::machine_policy;
pub use service::{run_service, service_facts};

/// `Provisioning Agent` under ProgramData, which the installer made with an access list of its own.
pub fn default_data_dir() -> Option<PathBuf> {
    let program_data = std::env::var_os("ProgramData").filter(|folder| !folder.is_empty());
    let program_data = program_data.map_or_else(|| PathBuf::from(r"C:\ProgramData"), PathBuf::from);
    Some(program_data.join("Provisioning Agent"))
}

/// UTF-16 with a terminator; what follows a NUL in the text is cut off rather than misread.
fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().take_while(|unit| *unit != 0).chain([0]).collect()
}
