//! What PE files say of themselves: version resources and .NET assembly names.
//!
//! The files are anybody's: every offset is checked by reading at it, nothing is allocated by a length that a file states beyond
//! fixed limits, and tables are walked up to fixed limits.

pub mod assembly;
pub mod version;

use std::io::{self, Read, Seek, SeekFrom};

/// Most sections that the Windows loader takes.
const MAX_SECTIONS: u16 = 96;

/// The headers of a PE file, as far as they lead to data.
pub(crate) struct Image {
    pub machine: u16,
    /// PE32+, the format of 64-bit images.
    pub wide: bool,
    directories: u64,
    directories_end: u64,
    sections: Vec<Section>,
}

struct Section {
    address: u32,
    len: u32,
    offset: u32,
}

impl Image {
    /// Reads the headers; `None` for files that are no PE files.
    pub fn read(file: &mut (impl Read + Seek)) -> io::Result<Option<Image>> {
        let dos: [u8; 64] = at(file, 0)?;
        if dos[..2] != *b"MZ" {
            return Ok(None);
        }
        let pe = u64::from(u32_of(&dos, 60));
        let header: [u8; 26] = at(file, pe)?;
        if header[..4] != *b"PE\0\0" {
            return Ok(None);
        }
        let count = u16_of(&header, 6);
        let optional_len = u64::from(u16_of(&header, 20));
        // The data directories start behind fields whose width the magic number tells.
        let (wide, directories) = match u16_of(&header, 24) {
            0x10b => (false, 96),
            0x20b => (true, 112),
            _ => return Ok(None),
        };
        if count > MAX_SECTIONS {
            return Ok(None);
        }
        let optional = pe + 24;
        let mut sections = Vec::new();
        for number in 0..u64::from(count) {
            let section: [u8; 40] = at(file, optional + optional_len + number * 40)?;
            sections.push(Section {
                address: u32_of(&section, 12),
                len: u32_of(&section, 8).max(u32_of(&section, 16)),
                offset: u32_of(&section, 20),
            });
        }
        Ok(Some(Image {
            machine: u16_of(&header, 4),
            wide,
            directories: optional + directories,
            directories_end: optional + optional_len,
            sections,
        }))
    }

    /// Address and length of a data directory, if the headers have it.
    pub fn directory(&self, file: &mut (impl Read + Seek), number: u64) -> io::Result<Option<(u32, u32)>> {
        let place = self.directories + number * 8;
        if place + 8 > self.directories_end {
            return Ok(None);
        }
        let entry: [u8; 8] = at(file, place)?;
        let (address, len) = (u32_of(&entry, 0), u32_of(&entry, 4));
        Ok((address != 0).then_some((address, len)))
    }

    /// Where an address of the loaded image lies in the file.
    pub fn offset_of(&self, address: u32) -> Option<u64> {
        let section = self.sections.iter().find(|section| {
            address.checked_sub(section.address).is_some_and(|inside| inside < section.len)
        })?;
        Some(u64::from(section.offset) + u64::from(address - section.address))
    }
}

/// Reads a fixed number of bytes at an offset.
pub(crate) fn at<const N: usize>(file: &mut (impl Read + Seek), offset: u64) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Reads what is there of `len` bytes at an offset. The caller has bounded `len`.
pub(crate) fn read_up_to(file: &mut (impl Read + Seek), offset: u64, len: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(len).read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub(crate) fn u16_of(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

pub(crate) fn u32_of(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
