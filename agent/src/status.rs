//! `status.json`: how the agent is, for `status`, monitors and people.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::fips::{MachinePolicy, Md5};
use crate::probe::Outcome;

/// The version of the file's shape. It grows when a field changes its meaning or goes; readers ignore fields that they do
/// not know.
pub const SCHEMA: u32 = 1;

/// The state of the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Running,
    Stopped,
    /// It stopped because it could not work; `failure` says why.
    Failed,
}

/// The content of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub schema: u32,
    /// The version of the agent that wrote it.
    pub version: String,
    pub state: State,
    pub process: u32,
    pub started: String,
    /// When the file was written, as text and in seconds since 1970.
    pub updated: String,
    pub updated_unix: u64,
    /// How often it is written while the agent runs.
    pub interval_seconds: u64,
    pub configuration: String,
    /// Whether the configuration file has changed since the agent read it.
    pub restart_needed: bool,
    pub cloud: Option<CloudStatus>,
    pub fips: Option<FipsStatus>,
    pub proxy: Option<String>,
    /// Whether every endpoint that the agent needs is reachable; absent before the first probe.
    pub reachable: Option<bool>,
    pub endpoints: Vec<Outcome>,
    pub failure: Option<FailureStatus>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudStatus {
    pub name: String,
    pub environment: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FipsStatus {
    pub machine: MachinePolicy,
    pub configured: String,
    pub md5: Md5,
    pub explanation: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureStatus {
    pub code: u8,
    pub message: String,
}

impl Status {
    /// The status of an agent that has just started.
    pub fn starting(configuration: &Path, interval_seconds: u64) -> Status {
        let now = Timestamp::now();
        Status {
            schema: SCHEMA,
            version: crate::VERSION.to_owned(),
            state: State::Running,
            process: std::process::id(),
            started: now.to_string(),
            updated: now.to_string(),
            updated_unix: now.0,
            interval_seconds,
            configuration: configuration.display().to_string(),
            restart_needed: false,
            cloud: None,
            fips: None,
            proxy: None,
            reachable: None,
            endpoints: Vec::new(),
            failure: None,
        }
    }

    /// Whether an agent that runs would have written a newer one: two intervals and a minute have passed.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        let allowed = self.interval_seconds.saturating_mul(2).saturating_add(60);
        now.0.saturating_sub(self.updated_unix) > allowed
    }

    /// Writes the file in one step, so that a reader sees the old one or the new one.
    pub fn write(&mut self, data_dir: &Path) -> io::Result<()> {
        let now = Timestamp::now();
        self.updated = now.to_string();
        self.updated_unix = now.0;
        let mut temporary =
            tempfile::Builder::new().prefix(".status-").suffix(".tmp").tempfile_in(data_dir)?;
        let mut text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        text.push('\n');
        temporary.write_all(text.as_bytes())?;
        temporary.persist(path_in(data_dir)).map_err(|error| error.error)?;
        Ok(())
    }

    /// Reads the file. `None` where there is none.
    pub fn read(data_dir: &Path) -> io::Result<Option<Status>> {
        match fs::read(path_in(data_dir)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Where the file lies.
pub fn path_in(data_dir: &Path) -> PathBuf {
    data_dir.join("status.json")
}
