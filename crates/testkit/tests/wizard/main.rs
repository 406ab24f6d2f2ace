//! The wizard as an administrator sees it: a real window for each page, driven by keyboard and mouse through whole
//! installations, with pictures of every page under `target/wine/pictures/wizard-…`.
//!
//! Wine's engine runs the pages and their actions as Windows does. Where it decides by less than Windows, `tables.rs` looks at
//! the package's tables instead.

#[path = "../lifecycle/agent.rs"]
#[allow(dead_code, reason = "shared with the life cycle's tests, which use all of it")]
mod agent;
mod cancel;
mod install;
mod languages;
mod looks;
mod maintain;
mod setup;
mod tables;
mod upgrade;
