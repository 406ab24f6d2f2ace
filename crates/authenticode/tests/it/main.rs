//! Signing and verifying as a user of the crate does it, against osslsigncode in both directions.

mod cab;
mod chain;
mod detached;
mod hostile;
mod keys;
mod msi;
mod pe;
mod pfx;
mod script;
mod soak;
mod support;
mod tampering;
mod timestamp;
mod verdicts;
