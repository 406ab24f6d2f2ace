//! The data of one folder, block after block.

use super::ReadError;
use super::header::{Folder, u16_at, u32_at};
use crate::block::checksum;
use lzxd::{Lzxd, WindowSize};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use std::io::{Read, Seek, SeekFrom};

/// The largest block of uncompressed data.
const BLOCK: usize = 32 * 1024;
/// What a compressed block may have at the most: the format's own limit for data that does not shrink.
const PACKED_LIMIT: usize = BLOCK + 6144;

pub struct FolderReader<'r, R> {
    reader: &'r mut R,
    reserve: u8,
    blocks_left: u16,
    decoder: Decoder,
    packed: Vec<u8>,
    /// Position in the folder of the first byte of the present block.
    block_at: u64,
    /// Position in the folder of the next byte.
    at: u64,
}

enum Decoder {
    Stored(Vec<u8>),
    Mszip(Mszip),
    Lzx(Box<Lzxd>, Vec<u8>),
}

impl<'r, R: Read + Seek> FolderReader<'r, R> {
    pub fn new(reader: &'r mut R, folder: &Folder, reserve: u8) -> Result<FolderReader<'r, R>, ReadError> {
        reader.seek(SeekFrom::Start(u64::from(folder.first_block)))?;
        let decoder = match folder.method & 0xf {
            0 => Decoder::Stored(Vec::new()),
            1 => Decoder::Mszip(Mszip::default()),
            3 => Decoder::Lzx(Box::new(Lzxd::new(window(folder.method >> 8)?)), Vec::new()),
            _ => return Err(ReadError::Method(folder.method)),
        };
        let blocks_left = folder.blocks;
        Ok(FolderReader { reader, reserve, blocks_left, decoder, packed: Vec::new(), block_at: 0, at: 0 })
    }

    /// Goes on to a position. Positions only grow: files that overlap but are not the same are refused.
    pub fn skip_to(&mut self, position: u64) -> Result<(), ReadError> {
        if position < self.at {
            return Err(ReadError::Damaged("two files share bytes of a folder"));
        }
        while position > self.at {
            let wanted = usize::try_from(position - self.at).unwrap_or(usize::MAX);
            let len = self.chunk(wanted)?.len();
            self.advance(len);
        }
        Ok(())
    }

    /// The next bytes, at least one and at most `wanted`.
    pub fn chunk(&mut self, wanted: usize) -> Result<&[u8], ReadError> {
        while self.at == self.block_at + self.block().len() as u64 {
            self.block_at = self.at;
            self.next_block()?;
        }
        let from = (self.at - self.block_at) as usize;
        let block = self.block();
        let to = block.len().min(from.saturating_add(wanted));
        Ok(&block[from..to])
    }

    pub fn advance(&mut self, len: usize) {
        self.at += len as u64;
    }

    fn block(&self) -> &[u8] {
        match &self.decoder {
            Decoder::Stored(block) | Decoder::Lzx(_, block) => block,
            Decoder::Mszip(mszip) => mszip.block(),
        }
    }

    fn next_block(&mut self) -> Result<(), ReadError> {
        let Some(left) = self.blocks_left.checked_sub(1) else {
            return Err(ReadError::Damaged("a folder ends before its files do"));
        };
        self.blocks_left = left;
        let mut head = [0; 8];
        self.read(&mut head)?;
        let (packed_len, len) = (usize::from(u16_at(&head, 4)), usize::from(u16_at(&head, 6)));
        if len == 0 {
            return Err(ReadError::Spanning);
        }
        if len > BLOCK || packed_len > PACKED_LIMIT {
            return Err(ReadError::Damaged("a block is larger than the format allows"));
        }
        let mut packed = std::mem::take(&mut self.packed);
        packed.resize(usize::from(self.reserve) + packed_len, 0);
        self.read(&mut packed)?;
        let stored = u32_at(&head, 0);
        if stored != 0 {
            // The sum runs over the reserved area, the data and then the block's two lengths.
            if checksum(&head[4..], checksum(&packed, 0)) != stored {
                return Err(ReadError::Damaged("a block's checksum is wrong"));
            }
        }
        let data = &packed[usize::from(self.reserve)..];
        match &mut self.decoder {
            Decoder::Stored(block) => {
                if data.len() != len {
                    return Err(ReadError::Damaged("a stored block has another length than it says"));
                }
                block.clear();
                block.extend_from_slice(data);
            }
            Decoder::Mszip(mszip) => mszip.decode(data, len)?,
            Decoder::Lzx(decoder, block) => {
                let decoded = decoder
                    .decompress_next(data, len)
                    .map_err(|_| ReadError::Damaged("a block's LZX data is invalid"))?;
                if decoded.len() != len {
                    return Err(ReadError::Damaged("a block has another length than it says"));
                }
                block.clear();
                block.extend_from_slice(decoded);
            }
        }
        self.packed = packed;
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), ReadError> {
        self.reader.read_exact(bytes).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => ReadError::Damaged("it ends inside a block"),
            _ => ReadError::Io(error),
        })
    }
}

/// LZX window sizes go from 2^15 to 2^21.
fn window(bits: u16) -> Result<WindowSize, ReadError> {
    Ok(match bits & 0x1f {
        15 => WindowSize::KB32,
        16 => WindowSize::KB64,
        17 => WindowSize::KB128,
        18 => WindowSize::KB256,
        19 => WindowSize::KB512,
        20 => WindowSize::MB1,
        21 => WindowSize::MB2,
        _ => return Err(ReadError::Damaged("its LZX window has no valid size")),
    })
}

/// MSZIP: each block is a deflate stream that may refer back to the block before.
#[derive(Default)]
struct Mszip {
    /// The block before, if any, then the present one.
    buffer: Vec<u8>,
    /// Where the present block begins.
    start: usize,
}

impl Mszip {
    fn block(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    fn decode(&mut self, data: &[u8], len: usize) -> Result<(), ReadError> {
        let data = data.strip_prefix(b"CK").ok_or(ReadError::Damaged("an MSZIP block has no signature"))?;
        let history = self.buffer.len().saturating_sub(BLOCK);
        self.buffer.drain(..history);
        self.start = self.buffer.len();
        self.buffer.resize(self.start + len, 0);
        let mut decoder = DecompressorOxide::new();
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, _, written) = decompress(&mut decoder, data, &mut self.buffer, self.start, flags);
        if status != TINFLStatus::Done || written != len {
            return Err(ReadError::Damaged("a block's MSZIP data is invalid"));
        }
        Ok(())
    }
}
