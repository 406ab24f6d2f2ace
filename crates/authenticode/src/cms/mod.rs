//! The signature itself: PKCS#7 SignedData around Authenticode's statement of what is signed.

mod attributes;
mod build;
pub(crate) mod oids;
mod parse;
mod signed_data;
mod spc;
pub(crate) mod tlv;
mod unsigned;

pub(crate) use attributes::Statement;
pub(crate) use build::{Request, sign, sign_data};
pub(crate) use parse::{Signature, identity, parse, signed_content};
pub(crate) use signed_data::{
    Attribute, SignedData, SignerId, SignerInfo, algorithm, attributes, fields, octets, oid,
};
pub(crate) use spc::PageHashes;
pub(crate) use unsigned::{add_nested, add_unsigned, nested, remove_unsigned};
