//! What the agent asks of the system: the FIPS policy, the event log, the service manager, where things lie.
//!
//! Two implementations with the same functions. `windows` is the one module of the agent that calls Windows; `other` says
//! plainly what only Windows has, so that the rest runs and is tested on Linux.

use std::path::PathBuf;

#[cfg(not(windows))]
mod other;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
pub use other::{EventLog, default_data_dir, machine_policy, run_service, service_facts};
#[cfg(windows)]
pub use windows::{EventLog, default_data_dir, machine_policy, run_service, service_facts};

/// The configuration beside the executable: `provisioning-agent.exe.config`.
pub fn default_config() -> Option<PathBuf> {
    let executable = std::env::current_exe().ok()?;
    Some(executable.parent()?.join("provisioning-agent.exe.config"))
}

/// What the service manager knows about the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceFacts {
    pub running: bool,
    /// The state in words.
    pub state: String,
    pub automatic: bool,
    pub account: String,
    /// The command line that the manager starts.
    pub command: String,
}

/// Why it knows nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServiceError {
    NotInstalled,
    /// This system has no service manager that the agent runs under.
    Unsupported,
    Denied(String),
}
