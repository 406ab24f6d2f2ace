//! What the workspace's tests share: a Windows machine made of Wine, release fixtures, edited packages, golden files.
//!
//! [`Machine`] is the centre: one Wine prefix per test, copied from a template that is made once per `target/`, with real
//! services, a real Windows Installer engine and no display. It is a test machine and never part of a build. A missing
//! tool is a failure that says how to get it; nothing here skips a test.

#![forbid(unsafe_code)]

pub mod desktop;
pub mod fixtures;
pub mod golden;
pub mod host;
pub mod install;
pub mod keyboard;
pub mod machine;
pub mod poll;
pub mod process;
pub mod registry;
pub mod screen;
pub mod service;
pub mod snapshot;
mod template;
pub mod tsa;
pub mod variant;

pub use desktop::{Control, Desktop, Window};
pub use fixtures::{Artifact, Fixtures};
pub use host::Host;
pub use install::Outcome;
pub use machine::Machine;
pub use poll::wait_until;
pub use registry::{RegistryDump, RegistryValue};
pub use service::{Service, State};
pub use snapshot::{Difference, Snapshot};
pub use variant::Variant;
