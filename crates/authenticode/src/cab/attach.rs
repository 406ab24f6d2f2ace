//! Attaches a signature to a cabinet while copying it, and takes one off.

use std::io::{Read, Seek, SeekFrom, Write};

use super::digest::{Signed, unsigned_parts, walk};
use super::layout::{FIXED, Found, Layout, POINTER, RESERVE, SIZES, exact, find, malformed};
use crate::FileError;
use crate::seal::Sealer;
use crate::sign::{AttachError, Attached};
use crate::target::Target;

/// Copies `source` to `target` with the signature that `sealer` makes over its digest.
pub(crate) fn sign(
    source: &mut (impl Read + Seek),
    target: &mut Target,
    sealer: &Sealer<'_>,
) -> Result<Attached, AttachError> {
    let layout = Layout::read(source)?;
    let old = old_signature(source, &layout)?;
    // What a verifier would object to is not signed.
    if let Some((bytes, place)) = unsigned_parts(source, &layout)? {
        let reason =
            format!("{bytes} bytes {place} are not what they have to be, and no signature covers them");
        return Err(malformed(reason).into());
    }
    let signed = Signed::plan(&layout)?;
    let out = target;
    out.write_all(&signed.header).map_err(AttachError::Write)?;
    let mut hash = sealer.begin(old)?;
    let mut header = true;
    // Hashed and copied in one pass: nobody can change the input between the digest and the copy.
    walk(source, &layout, &signed, |bytes, _| {
        hash.update(bytes);
        if std::mem::replace(&mut header, false) {
            return Ok(());
        }
        out.write_all(bytes).map_err(AttachError::Write)
    })?;
    let sealed = hash.seal(None)?;
    let length = sealed.signature.len().next_multiple_of(8);
    let start = layout.end() + u64::from(signed.shift);
    let size = start + length as u64;
    if u32::try_from(size).is_err() {
        return Err(FileError::TooLarge { size, limit: "a cabinet ends at 4 GiB" }.into());
    }
    let mut finish = || {
        out.write_all(&sealed.signature)?;
        out.write_all(&[0; 8][..length - sealed.signature.len()])?;
        out.seek(SeekFrom::Start(signed.pointer as u64))?;
        out.write_all(&(start as u32).to_le_bytes())?;
        out.write_all(&(length as u32).to_le_bytes())?;
        out.flush()
    };
    finish().map_err(AttachError::Write)?;
    Ok(sealed.attached(size))
}

/// The signature that the cabinet has. Refuses to hide bytes that someone added behind it or behind the cabinet.
fn old_signature(source: &mut (impl Read + Seek), layout: &Layout) -> Result<Option<Vec<u8>>, FileError> {
    match find(source, layout)? {
        Found::Nothing if layout.behind() > 0 => {
            Err(FileError::TrailingData { extra: layout.behind(), part: "the cabinet" })
        }
        Found::Nothing => Ok(None),
        Found::Signature { der, stuffed: 0 } => Ok(Some(der)),
        Found::Signature { stuffed, .. } => {
            Err(FileError::TrailingData { extra: stuffed, part: "the signature that the file already has" })
        }
        Found::Malformed(reason) => {
            Err(malformed(format!("it has a signature that cannot be replaced: {reason}")))
        }
    }
}

/// Copies `source` to `target` without its signature. Says whether there was one; without one nothing is written.
pub(crate) fn strip(source: &mut (impl Read + Seek), target: &mut Target) -> Result<bool, AttachError> {
    let layout = Layout::read(source)?;
    if !layout.has_signature() {
        return Ok(false);
    }
    // The area goes where it was made for the signature. One that had another use or another size stays, without it.
    let own = 4 + layout.foreign.len() + POINTER;
    let area = match usize::from(layout.reserve.0) {
        size if size > own => size,
        _ if layout.foreign.is_empty() => 0,
        _ => own - POINTER,
    };
    let keep_sizes = area > 0 || layout.reserve.1 > 0 || layout.reserve.2 > 0;
    let mut header = layout.fixed.to_vec();
    if keep_sizes {
        header.extend((area as u16).to_le_bytes());
        header.extend([layout.reserve.1, layout.reserve.2]);
        if area > 0 {
            header.extend((layout.foreign.len() as u16).to_le_bytes());
            header.extend([0, 0]);
            header.extend(&layout.foreign);
            header.resize(FIXED + SIZES + area, 0);
        }
    } else {
        header[30..32].copy_from_slice(&(layout.flags() & !RESERVE).to_le_bytes());
    }
    header.extend(&layout.names);
    let shift = (layout.header_size() - header.len()) as u32;
    header[8..12].copy_from_slice(&(layout.end() as u32 - shift).to_le_bytes());
    header[16..20].copy_from_slice(&(layout.files_offset() - shift).to_le_bytes());

    let out = target;
    out.write_all(&header).map_err(AttachError::Write)?;
    source.seek(SeekFrom::Start(layout.header_size() as u64))?;
    for _ in 0..layout.folders() {
        let mut folder = exact(source, layout.folder_size(), "folders")?;
        let start = u32::from_le_bytes([folder[0], folder[1], folder[2], folder[3]]);
        let moved = start
            .checked_sub(shift)
            .ok_or_else(|| malformed(format!("a folder is said to start at offset {start}")))?;
        folder[..4].copy_from_slice(&moved.to_le_bytes());
        out.write_all(&folder).map_err(AttachError::Write)?;
    }
    let left = layout.end() - layout.header_size() as u64 - layout.folders_size();
    crate::output::copy(&mut source.by_ref().take(left), out)?;
    out.flush().map_err(AttachError::Write)?;
    Ok(true)
}
