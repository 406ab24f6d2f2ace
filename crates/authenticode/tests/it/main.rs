//! Signing and verifying as a user of the crate does it, against osslsigncode in both directions.

mod chain;
mod hostile;
mod keys;
mod msi;
mod pe;
mod pfx;
mod support;
mod tampering;
