//! Page hashes: a digest for each page of an image, so that Windows can check pages as they are loaded.
//!
//! The table holds, for the headers and for each page of each section in the order of the section table, the offset in the
//! file and the digest of the page filled up with zeros; at its end the offset behind the last section and a digest of zeros.
//! The digest of the headers leaves out the same two fields as the digest of the file.

use std::io::{Read, Seek, SeekFrom};

use sha2::digest::DynDigest;

use super::layout::{Layout, malformed};
use crate::FileError;

/// Page hashes go into the signature, which is held in memory: enough for images of 900 MB.
const LARGEST_TABLE: usize = 8 << 20;

/// Sections are loaded in pages of so many bytes everywhere but on machines that are gone.
const PAGE: u32 = 4096;

/// The table for signing; fails for images whose pages could be cut in more than one way.
pub(super) fn for_signing(
    file: &mut (impl Read + Seek),
    layout: &Layout,
    hasher: impl Fn() -> Box<dyn DynDigest + Send>,
) -> Result<Vec<u8>, FileError> {
    if Sections::read(file, layout)?.page != PAGE {
        return Err(malformed(format!(
            "its sections are not aligned to {PAGE} bytes, so that its page hashes are not defined: sign it without them"
        )));
    }
    table(file, layout, hasher)
}

/// The table of an image; offsets are in the order in which they stand in the section table.
pub(crate) fn table<D: DynDigest + ?Sized>(
    file: &mut (impl Read + Seek),
    layout: &Layout,
    hasher: impl Fn() -> Box<D>,
) -> Result<Vec<u8>, FileError> {
    let sections = Sections::read(file, layout)?;
    let page = sections.page as usize;
    let mut bytes = vec![0; page];
    let mut table = Vec::new();
    let mut entry = |offset: u32, digest: &[u8]| {
        table.extend(offset.to_le_bytes());
        table.extend(digest);
        if table.len() > LARGEST_TABLE {
            return Err(malformed("it has too many pages for page hashes: sign it without them".into()));
        }
        Ok(())
    };

    fill(file, 0, &mut bytes[..sections.headers as usize])?;
    let mut hash = hasher();
    hash.update(&bytes[..layout.checksum as usize]);
    hash.update(&bytes[layout.checksum as usize + 4..layout.directory as usize]);
    hash.update(&bytes[layout.directory as usize + 8..]);
    entry(0, &hash.finalize())?;

    let mut end = 0;
    for (start, length) in sections.raw {
        for offset in (0..length).step_by(page) {
            let here = (length - offset).min(sections.page) as usize;
            fill(file, u64::from(start) + u64::from(offset), &mut bytes[..here])?;
            bytes[here..].fill(0);
            let mut hash = hasher();
            hash.update(&bytes);
            entry(start + offset, &hash.finalize())?;
        }
        end = start + length;
    }
    entry(end, &vec![0; hasher().output_size()])?;
    Ok(table)
}

/// What of the headers decides how an image is cut into pages.
struct Sections {
    page: u32,
    headers: u32,
    /// Offset and length in the file of those that have any bytes there.
    raw: Vec<(u32, u32)>,
}

impl Sections {
    fn read(file: &mut (impl Read + Seek), layout: &Layout) -> Result<Self, FileError> {
        // The checksum stands at offset 64 of the optional header, which follows the mark and 20 bytes.
        let optional = layout.checksum - 64;
        let mut fields = [0; 20];
        fill(file, optional - 20, &mut fields)?;
        let count = u16::from_le_bytes([fields[2], fields[3]]);
        let size = u16::from_le_bytes([fields[16], fields[17]]);
        let mut header = [0; 64];
        fill(file, optional, &mut header)?;
        let at = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let (page, headers) = (at(32), at(60));
        if !(512..=4 << 20).contains(&page) || headers > page || u64::from(headers) < layout.directory + 8 {
            return Err(malformed(format!(
                "pages of {page} bytes and headers of {headers} do not fit together, so that there are no page hashes"
            )));
        }
        let mut raw = Vec::new();
        for index in 0..u64::from(count) {
            let mut section = [0; 40];
            fill(file, optional + u64::from(size) + 40 * index, &mut section)?;
            let at = |at: usize| {
                u32::from_le_bytes([section[at], section[at + 1], section[at + 2], section[at + 3]])
            };
            let (length, start) = (at(16), at(20));
            if length == 0 {
                continue;
            }
            if u64::from(start) + u64::from(length) > layout.covered() {
                return Err(malformed(format!("section {index} is not inside the file")));
            }
            raw.push((start, length));
        }
        Ok(Self { page, headers, raw })
    }
}

fn fill(file: &mut (impl Read + Seek), offset: u64, bytes: &mut [u8]) -> Result<(), FileError> {
    file.seek(SeekFrom::Start(offset))?;
    Ok(file.read_exact(bytes)?)
}
