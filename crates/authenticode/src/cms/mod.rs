//! The signature itself: PKCS#7 SignedData around Authenticode's statement of what is signed.

mod attributes;
mod build;
pub(crate) mod oids;
mod parse;
mod spc;
mod tlv;

pub(crate) use attributes::Statement;
pub(crate) use build::sign;
pub(crate) use parse::{Signature, parse};
