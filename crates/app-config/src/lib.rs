//! The agent's `.exe.config`: reading it, patching it, merging it over an upgrade.
//!
//! One implementation for the build (`xtask` patches the shipped copy for each cloud), for installation (the custom
//! actions apply an administrator's choices) and for the agent itself (`configure`, and every start of the service).
//!
//! # The file
//!
//! A .NET application configuration: root `configuration`, and below it
//!
//! | node | what it decides |
//! |---|---|
//! | `runtime/enforceFIPSPolicy@enabled` | [`FipsPolicy`]: no node, `false`, `true` |
//! | `appSettings/add[@key="EnvironmentName"]@value` | the [`Cloud`]; no node means the commercial one |
//! | `system.net/defaultProxy/proxy@proxyaddress` | the outbound [`Proxy`]; no node means a direct connection |
//! | `system.diagnostics/switches/add[@name="ProvisioningAgentTrace"]@value` | [`TraceLevel`] |
//!
//! Everything else in it belongs to the administrator and is kept: comments, unknown nodes, the order and spelling of
//! attributes, white space inside tags, the XML declaration, byte order mark and line endings. A document that is
//! parsed and written without a change is the same, byte for byte.
//!
//! # What this crate does not do
//!
//! It reads no environment, clock, registry or network; the file system only where a path is given
//! ([`Config::load`], [`Config::save`]). It never expands an entity and never follows a reference out of the file.

#![forbid(unsafe_code)]

mod cloud;
mod config;
mod document;
pub mod edit;
mod error;
mod fips;
pub mod merge;
mod proxy;
mod save;
mod spelling;
mod suspicion;
mod text;
mod trace;
mod tree;

pub use cloud::{Cloud, Endpoints, Outbound};
pub use config::Config;
pub use error::{Error, Position};
pub use fips::FipsPolicy;
pub use proxy::{Proxy, ProxyError};
pub use suspicion::Suspicion;
pub use trace::TraceLevel;

/// The configuration as the sources hold it, before a build patches it for a cloud.
pub const TEMPLATE: &str = include_str!("../../../config-templates/provisioning-agent.exe.config");

/// The longest configuration that is read. Real ones have a few thousand bytes.
pub const MAX_LEN: usize = 1 << 20;
