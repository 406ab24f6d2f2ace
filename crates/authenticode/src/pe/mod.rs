//! PE images: where the signature stands, what its digest covers, how one is attached.
//!
//! The digest covers every byte of the file but three places: the CheckSum field, the directory entry of the certificate
//! table, and the table itself, which must be the last thing in the file. A file whose length is no multiple of eight is
//! digested with zero bytes up to the next multiple, because that is where its table will start.

mod attach;
mod checksum;
mod digest;
mod layout;
mod pages;
mod table;

pub(crate) use attach::{sign, strip};
pub(crate) use digest::digest;
pub(crate) use layout::Layout;
pub(crate) use pages::table as page_hashes;
pub(crate) use table::{Found, der_length, find};
