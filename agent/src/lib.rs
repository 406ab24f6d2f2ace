//! The provisioning agent: a Windows service that keeps an eye on its configuration and on its cloud, and the command line
//! with which administrators look after it.
//!
//! | module | what it does |
//! |---|---|
//! | [`cli`], [`commands`] | the command line; one file per command |
//! | [`cycle`] | the loop that the service and `run` share |
//! | [`effective`] | the configuration as the agent uses it |
//! | [`fips`] | machine policy × configuration → is MD5 allowed |
//! | [`probe`], [`targets`] | whether the cloud can be reached: DNS, TCP, proxy, TLS |
//! | [`status`], [`trace`], [`report`] | what it tells: `status.json`, the trace log, the event log |
//! | [`platform`] | the one module that calls Windows |
//!
//! Everything but [`platform`] is the same on every system, so the loop, the probes and the commands are tested on Linux.
//! The TLS library is the system's own (SChannel on Windows), so the machine's FIPS policy governs it.

pub mod cli;
pub mod clock;
pub mod commands;
pub mod cycle;
pub mod effective;
pub mod exit;
pub mod fips;
pub mod platform;
pub mod probe;
pub mod report;
pub mod status;
pub mod targets;
pub mod trace;

/// The event catalogue, shared with the build script.
#[allow(
    clippy::module_inception,
    reason = "the file is included, so that the build script can include it too"
)]
pub mod events {
    include!("event_catalogue.rs");
}

/// The service's key under the service manager. Display names may be translated; the key never is.
pub const SERVICE_KEY: &str = "ProvisioningAgent";

/// The source in the event log. The installer registers it with this executable as the message file.
pub const EVENT_SOURCE: &str = "Provisioning Agent";

/// The version of this build: the release's, set by the build system.
pub const VERSION: &str = env!("AGENT_VERSION");
