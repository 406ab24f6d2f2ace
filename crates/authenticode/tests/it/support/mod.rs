//! What the tests share: keys, generated files, the independent signer, a small random source.

pub mod cab;
pub mod keys;
pub mod msi;
pub mod openssl;
pub mod osslsigncode;
pub mod pe;
pub mod random;
pub mod tsa;

/// 2030-01-01, a moment at which the test certificates are valid.
pub const NOW: u64 = 1_893_456_000;
