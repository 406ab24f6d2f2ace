//! Signs and verifies PE files, Windows Installer packages, cabinets and PowerShell scripts the way Windows does it
//! (Authenticode).
//!
//! ```text
//! key, certificates ─► Signer ─┐
//! file ─► digest ──────────────┴─► PKCS#7 signature ─► new file (temporary, then renamed)
//! file ─► signature, digest, chain to the caller's roots ─► Verdict
//! ```
//!
//! The library reads the files that it is given and nothing else: no clock, no environment, no random source, no network,
//! no trust store. The same file, key and options give the same bytes: RSA signatures are PKCS#1 v1.5, ECDSA takes its
//! nonces from RFC 6979, and no signing time is written. Who attacks what, and what stands against it, is in
//! `THREATS.md`.
#![forbid(unsafe_code)]

mod cab;
mod cms;
mod detached;
mod error;
mod file_kind;
mod hash_algorithm;
mod hashing;
mod key;
mod msi;
mod output;
mod pe;
mod script;
mod seal;
mod sign;
mod target;
mod test_identity;
mod timestamp;
mod verify;
mod worker;

pub use detached::sign_detached;
pub use error::{Error, FileError, KeyError};
pub use file_kind::FileKind;
pub use hash_algorithm::HashAlgorithm;
pub use key::{
    DigestSigner, FIPS_NOTICE, KeyAlgorithm, Password, Signer, certificate_public_key, public_key_algorithm,
    read_certificates, read_public_key, signing_certificate, software_key,
};
pub use sign::{Existing, SignOptions, SignReport, sign_file, strip_file, timestamp_file};
pub use test_identity::{TestIdentity, TestIdentityOptions, TestKey};
pub use timestamp::{
    Timestamp, TimestampError, TimestampKind, TimestampRequest, Timestamper, timestamp_signature,
};
pub use verify::{
    Note, Problem, RevocationLists, Roots, SignatureFacts, SignatureVerdict, Verdict, VerifyOptions,
    inspect_file, inspect_signature, parse_time, unsigned_digest, verify_detached, verify_file,
    verify_file_with,
};
