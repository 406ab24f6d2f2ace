//! Cabinets: where the signature stands, what its digest covers, how one is attached and taken off.
//!
//! No page of Microsoft's describes it; two independent signers agree on the following. The header's reserved area holds two
//! lengths of 16 bits and two structures. The first structure belongs to others; the second one, of 16 bytes, holds the
//! offset and the length of the signature, which follows the cabinet as its header measures it. A cabinet without such
//! an area gets one, and with it every offset in the headers moves.
//!
//! The digest covers the cabinet with that area in it, but for four places: the header's unused checksum, the sizes of
//! the three reserved areas, the second structure with its length, and what fills up the area behind it. A verifier has
//! to hold these to the one value that they may have.

mod attach;
mod digest;
mod layout;

pub(crate) use attach::{sign, strip};
pub(crate) use digest::{digest, unsigned_parts};
pub(crate) use layout::{Found, Layout, find};
