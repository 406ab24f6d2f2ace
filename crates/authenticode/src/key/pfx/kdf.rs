//! The key derivation of RFC 7292, appendix B: slow hashing of a password with a salt, for a purpose.

use sha2::Digest;
use sha2::digest::core_api::BlockSizeUser;
use zeroize::{Zeroize, Zeroizing};

/// What the derived bytes are for; the same password and salt give other bytes for each.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Key = 1,
    Iv = 2,
    Mac = 3,
}

/// Derives `length` bytes. `password` is in the encoding of the format, see [`super::decrypt::Secret`].
pub(super) fn derive<D: Digest + BlockSizeUser>(
    password: &[u8],
    salt: &[u8],
    purpose: Purpose,
    iterations: u32,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let block = D::block_size();
    let repeat = |bytes: &[u8]| -> Zeroizing<Vec<u8>> {
        let padded = bytes.len().next_multiple_of(block);
        Zeroizing::new(bytes.iter().copied().cycle().take(padded).collect())
    };
    let mut input = Zeroizing::new(Vec::with_capacity(salt.len() + password.len() + 2 * block));
    input.extend_from_slice(&repeat(salt));
    input.extend_from_slice(&repeat(password));
    let mut out = Zeroizing::new(Vec::with_capacity(length + <D as Digest>::output_size()));
    while out.len() < length {
        let mut round = D::new().chain_update(vec![purpose as u8; block]).chain_update(&*input).finalize();
        for _ in 1..iterations {
            round = D::digest(&round);
        }
        out.extend_from_slice(&round);
        // Each block of the input, as a big-endian number, grows by the round's output and one.
        let step = repeat(&round);
        for chunk in input.chunks_mut(block) {
            let mut carry = 1u16;
            for (byte, add) in chunk.iter_mut().zip(&step[..block]).rev() {
                carry += u16::from(*byte) + u16::from(*add);
                *byte = carry as u8;
                carry >>= 8;
            }
        }
        round.as_mut_slice().zeroize();
    }
    out.truncate(length);
    out
}
