//! Systems that are not Windows: no event log, no service manager; paths are given.

use std::path::PathBuf;

use super::{ServiceError, ServiceFacts};
use crate::cycle::Setup;
use crate::events::EventKind;
use crate::exit::Code;
use crate::fips::MachinePolicy;

/// Linux has a FIPS switch of its own; other systems have none.
pub fn machine_policy() -> MachinePolicy {
    match std::fs::read_to_string("/proc/sys/crypto/fips_enabled") {
        Ok(text) if text.trim() == "1" => MachinePolicy::Enforced,
        _ => MachinePolicy::NotEnforced,
    }
}

/// There is no place that administrators would expect.
pub fn default_data_dir() -> Option<PathBuf> {
    None
}

/// The event log that is none: the trace has every event too.
#[derive(Debug)]
pub struct EventLog;

impl EventLog {
    pub fn open() -> EventLog {
        EventLog
    }

    pub fn write(&self, _kind: EventKind, _detail: &str) {}
}

pub fn service_facts(_key: &str) -> Result<ServiceFacts, ServiceError> {
    Err(ServiceError::Unsupported)
}

pub fn run_service(_setup: Setup) -> Code {
    eprintln!("provisioning-agent: only Windows has a service manager; `run` is the same loop on a console");
    Code::NotFromServiceManager
}
