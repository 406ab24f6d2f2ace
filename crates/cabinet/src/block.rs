//! Data blocks: compressed, measured and summed.

use crate::plan::BLOCK_LEN;
use crate::write::Compression;
use libdeflater::{CompressionLvl, Compressor};

/// What one thread needs to turn bytes into blocks. Blocks do not depend on what was packed before.
pub(crate) struct Packer {
    compressor: Option<Compressor>,
    scratch: Vec<u8>,
}

impl Packer {
    pub(crate) fn new(compression: Compression) -> Packer {
        let compressor = match compression {
            Compression::Stored => None,
            Compression::Mszip(level) => {
                let level = CompressionLvl::new(level.number().into()).expect("levels are 1 to 12");
                Some(Compressor::new(level))
            }
        };
        Packer { compressor, scratch: Vec::new() }
    }

    /// The CFDATA blocks of these bytes, one after the other.
    pub(crate) fn pack(&mut self, segment: &[u8]) -> Vec<u8> {
        let mut packed = Vec::with_capacity(segment.len() / 2);
        for block in segment.chunks(BLOCK_LEN) {
            match &mut self.compressor {
                None => put_block(&mut packed, &[block], block.len()),
                Some(compressor) => {
                    self.scratch.resize(compressor.deflate_compress_bound(block.len()), 0);
                    let len = compressor.deflate_compress(block, &mut self.scratch);
                    let len = len.expect("the buffer is as large as the compressor asked for");
                    put_block(&mut packed, &[b"CK", &self.scratch[..len]], block.len());
                }
            }
        }
        packed
    }
}

fn put_block(packed: &mut Vec<u8>, parts: &[&[u8]], uncompressed: usize) {
    let data: usize = parts.iter().map(|part| part.len()).sum();
    let at = packed.len();
    packed.extend([0; 4]);
    packed.extend((data as u16).to_le_bytes());
    packed.extend((uncompressed as u16).to_le_bytes());
    for part in parts {
        packed.extend_from_slice(part);
    }
    // The sum runs over the data first and then over the two lengths.
    let sum = checksum(&packed[at + 8..], 0);
    let sum = checksum(&packed[at + 4..at + 8], sum);
    packed[at..at + 4].copy_from_slice(&sum.to_le_bytes());
}

/// XOR of the little-endian words; the bytes of a last, shorter word count the other way round.
pub(crate) fn checksum(bytes: &[u8], seed: u32) -> u32 {
    let words = bytes.chunks_exact(4);
    let rest = words.remainder().iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
    words.fold(seed, |sum, word| sum ^ u32::from_le_bytes([word[0], word[1], word[2], word[3]])) ^ rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_of_all_remainders() {
        assert_eq!(checksum(&[], 7), 7);
        assert_eq!(checksum(&[1, 2, 3, 4], 0), 0x0403_0201);
        assert_eq!(checksum(&[1, 2, 3, 4, 5], 0), 0x0403_0201 ^ 0x05);
        assert_eq!(checksum(&[1, 2, 3, 4, 5, 6], 0), 0x0403_0201 ^ 0x0506);
        assert_eq!(checksum(&[1, 2, 3, 4, 5, 6, 7], 0), 0x0403_0201 ^ 0x0005_0607);
    }
}
