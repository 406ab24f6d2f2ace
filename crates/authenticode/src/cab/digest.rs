//! The digest over a cabinet, and the places that it leaves out.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use super::layout::{FIXED, Layout, POINTER, RESERVE, SIZES, exact, malformed};
use crate::FileError;

/// A cabinet as it is when it is signed: what to write and what of it to digest.
pub(super) struct Signed {
    /// By how much everything behind the header moves.
    pub(super) shift: u32,
    /// The header, with zeros for the signature's offset and length.
    pub(super) header: Vec<u8>,
    /// Where the signature's offset and length stand in the header.
    pub(super) pointer: usize,
    /// What of the header is digested.
    covered: Vec<u8>,
}

impl Signed {
    pub(super) fn plan(layout: &Layout) -> Result<Self, FileError> {
        let needed = 4 + layout.foreign.len() + POINTER;
        let area = needed.max(layout.reserve.0.into());
        let area = u16::try_from(area)
            .ok()
            .filter(|area| *area <= 60_000)
            .ok_or_else(|| malformed("its reserved area has no room for a signature".into()))?;
        let old = layout.header_size();
        let new = FIXED + SIZES + usize::from(area) + layout.names.len();
        // Headers grow only: an area is never made smaller.
        let shift = (new - old) as u32;
        let mut fixed = layout.fixed;
        let grow = |field: u64| {
            u32::try_from(field + u64::from(shift)).map(u32::to_le_bytes).map_err(|_| FileError::TooLarge {
                size: field + u64::from(shift),
                limit: "a cabinet ends at 4 GiB",
            })
        };
        fixed[8..12].copy_from_slice(&grow(layout.end())?);
        fixed[16..20].copy_from_slice(&grow(layout.files_offset().into())?);
        fixed[30..32].copy_from_slice(&(layout.flags() | RESERVE).to_le_bytes());
        let foreign_len = (layout.foreign.len() as u16).to_le_bytes();

        let mut header = fixed.to_vec();
        header.extend(area.to_le_bytes());
        header.extend([layout.reserve.1, layout.reserve.2]);
        header.extend(foreign_len);
        header.extend((POINTER as u16).to_le_bytes());
        header.extend(&layout.foreign);
        let pointer = header.len();
        header.resize(FIXED + SIZES + usize::from(area), 0);
        header.extend(&layout.names);

        let covered = [&fixed[..4], &fixed[8..], &foreign_len, &layout.foreign, &layout.names].concat();
        Ok(Self { shift, header, pointer, covered })
    }
}

/// Feeds `hash` with everything that a signature covers.
pub(crate) fn digest(
    file: &mut (impl Read + Seek),
    layout: &Layout,
    mut hash: impl FnMut(&[u8]),
) -> Result<(), FileError> {
    let signed = Signed::plan(layout)?;
    walk(file, layout, &signed, |bytes, covered| {
        if covered {
            hash(bytes);
        }
        Ok::<(), FileError>(())
    })
}

/// Gives the cabinet as it is when signed, in order and in pieces, each with whether the digest covers it; what is
/// covered of the header is given as if it stood before it, and not to be written.
pub(super) fn walk<E: From<FileError> + From<io::Error>>(
    file: &mut (impl Read + Seek),
    layout: &Layout,
    signed: &Signed,
    mut take: impl FnMut(&[u8], bool) -> Result<(), E>,
) -> Result<(), E> {
    take(&signed.covered, true)?;
    file.seek(SeekFrom::Start(layout.header_size() as u64))?;
    let mut reader = BufReader::with_capacity(256 * 1024, file);
    for _ in 0..layout.folders() {
        let mut folder = exact(&mut reader, layout.folder_size(), "folders")?;
        let start = u32::from_le_bytes([folder[0], folder[1], folder[2], folder[3]]);
        let moved = start
            .checked_add(signed.shift)
            .ok_or_else(|| malformed(format!("a folder is said to start at offset {start}")))?;
        folder[..4].copy_from_slice(&moved.to_le_bytes());
        take(&folder, true)?;
    }
    let mut left = layout.end() - layout.header_size() as u64 - layout.folders_size();
    let mut buffer = vec![0; 256 * 1024];
    while left > 0 {
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        reader.read_exact(&mut buffer[..wanted])?;
        take(&buffer[..wanted], true)?;
        left -= wanted as u64;
    }
    Ok(())
}

/// What of a signed cabinet no digest covers and is not what it has to be, in words.
pub(crate) fn unsigned_parts(
    file: &mut (impl Read + Seek),
    layout: &Layout,
) -> Result<Option<(u64, &'static str)>, FileError> {
    if layout.fixed[4..8] != [0; 4] {
        return Ok(Some((4, "in the header's unused checksum")));
    }
    if layout.pointer.is_some_and(|pointer| pointer[8..] != [0; 8]) {
        return Ok(Some((8, "behind the signature's place in the header")));
    }
    if layout.filling.iter().any(|byte| *byte != 0) {
        return Ok(Some((layout.filling.len() as u64, "in the header's reserved area")));
    }
    if !sizes_fit(file, layout)? {
        return Ok(Some((2, "in the sizes of the reserved areas")));
    }
    Ok(None)
}

/// Whether the folders end where the files are listed, and the blocks of every folder where the next one or the cabinet
/// ends: so that the sizes of the reserved areas, which no digest covers, are what they were when it was signed.
fn sizes_fit(file: &mut (impl Read + Seek), layout: &Layout) -> Result<bool, FileError> {
    if layout.header_size() as u64 + layout.folders_size() != u64::from(layout.files_offset()) {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(layout.header_size() as u64))?;
    let mut folders = Vec::new();
    let mut reader = BufReader::new(file);
    for _ in 0..layout.folders() {
        let folder = exact(&mut reader, layout.folder_size(), "folders")?;
        let start = u32::from_le_bytes([folder[0], folder[1], folder[2], folder[3]]);
        folders.push((u64::from(start), u16::from_le_bytes([folder[4], folder[5]])));
    }
    // The starts of all folders, to compare ends with; each block is visited once for each folder that claims it, so
    // that folders which share blocks are not followed.
    folders.sort_unstable();
    for index in 0..folders.len() {
        let (start, blocks) = folders[index];
        let until = folders.get(index + 1).map_or(layout.end(), |next| next.0);
        let mut at = start;
        for _ in 0..blocks {
            if at >= until {
                return Ok(false);
            }
            reader.seek(SeekFrom::Start(at))?;
            let block = exact(&mut reader, 8, "blocks")?;
            at += 8 + u64::from(layout.reserve.2) + u64::from(u16::from_le_bytes([block[4], block[5]]));
        }
        if at != until {
            return Ok(false);
        }
    }
    Ok(true)
}
