//! Finds a signing key wherever release engineers keep theirs, and hands it to `authenticode` as a [`Signer`].
//!
//! ```text
//! flags or a profile of dist.toml ─► KeyFlags ─► Source ─► key (a file, token, store, program, cloud service)
//!                                                     └──► certificates ─► Signer
//! ```
//!
//! `authenticode` does no I/O for keys; this crate does all of it: files, environment, prompt, tokens, network. It reads secrets
//! from the environment, a file or the terminal, never from an argument, keeps them in memory that is wiped, and puts none into
//! an error. What a remote signer answers is checked against the certificate by [`Signer`] before it is used.
//!
//! `docs/signing.md` says where each key can live and how to name it.
#![forbid(unsafe_code)]

mod certificate;
mod cloud;
mod command;
mod error;
mod flags;
mod harden;
mod host;
mod http;
mod pkcs11;
mod secret;
mod signature;
mod source;
mod store;

pub use authenticode::Signer;
pub use error::Error;
pub use flags::KeyFlags;
pub use harden::keep_secrets_out_of_core_files;
pub use host::Host;
