//! The signature itself: PKCS#7 SignedData around Authenticode's statement of what is signed.

mod attributes;
mod build;
pub(crate) mod oids;
mod parse;
mod spc;
mod tlv;

use der::asn1::AnyRef;
use x509_cert::spki::AlgorithmIdentifierOwned;

pub(crate) use attributes::Statement;
pub(crate) use build::sign;
pub(crate) use parse::{Signature, parse};

/// SHA-256 with the NULL parameters that Windows writes.
fn sha256_identifier() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: oids::SHA256, parameters: Some(AnyRef::NULL.into()) }
}
