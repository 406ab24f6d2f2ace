//! The installer's custom actions.
//!
//! Windows Installer loads this library into a process of its own and calls the functions that `wix/actions.wxs` names.
//! What they do is plain Rust over the [`machine`] traits, so that it runs in Linux tests; [`windows`] alone calls the
//! system. The profile that builds the DLL turns a panic into an abort, which the installer reports as a failed action.
//!
//! | when | action | what it does |
//! |---|---|---|
//! | immediate | [`check::check`], [`check::find_service`] | judge properties, look at the service |
//! | immediate, at the screen | [`wizard`] | fill in and judge the pages' answers |
//! | deferred, before the old product goes | [`folders::prepare`], [`state::save`] | protect folders, save what is there |
//! | deferred, on removal | [`configuration::remove`], [`settings::remove`], [`data::remove`] | leave only logs |
//! | deferred, after files | [`configuration::apply`], [`settings::apply`] | merge, apply properties, put back |
//! | deferred, after services | [`service::configure`], [`service::configure_account`] | path, recovery, account |
//! | rollback | `restore` of the same modules | what was saved comes back |
//! | commit | [`state::discard`] | the backup goes |

#![cfg_attr(not(windows), forbid(unsafe_code))]

pub mod access;
pub mod check;
pub mod configuration;
pub mod context;
pub mod data;
pub mod failure;
pub mod folders;
pub mod machine;
pub mod service;
pub mod settings;
pub mod state;
pub mod wizard;

#[cfg(windows)]
#[allow(unsafe_code, reason = "the one place that calls Windows")]
pub mod windows;

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;
