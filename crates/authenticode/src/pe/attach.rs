//! Attaches a signature to a PE image while copying it.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};

use sha2::{Digest, Sha256};

use super::checksum::Checksum;
use super::digest::{digest, padding, walk};
use super::layout::{LARGEST, Layout};
use super::table::{ENTRY_HEADER, Found, REVISION_AND_TYPE, find};
use crate::sign::{AttachError, Attached};
use crate::{FileError, KeyError};

/// Copies `source` to `target` with the signature that `sign` makes over its digest, in place of an older one.
pub(crate) fn sign(
    source: &mut (impl Read + Seek),
    target: &mut File,
    sign: impl FnOnce(&[u8; 32]) -> Result<Vec<u8>, KeyError>,
) -> Result<Attached, AttachError> {
    let layout = Layout::read(source)?;
    let replaced = check_old_signature(source, &layout)?;
    let mut hash = Sha256::new();
    digest(source, &layout, |bytes| hash.update(bytes))?;
    let digest = hash.finalize().into();
    let signature = sign(&digest)?;

    let start = layout.covered().next_multiple_of(8);
    let entry = (ENTRY_HEADER + signature.len()).next_multiple_of(8);
    let size = start + entry as u64;
    if size > LARGEST {
        return Err(FileError::TooLarge { size, limit: "a PE file ends at 4 GiB" }.into());
    }
    let place = u32::try_from(start).and_then(|start| Ok((start, u32::try_from(entry)?)));
    let (start, entry) = place.map_err(|_| FileError::TooLarge { size, limit: "a PE file ends at 4 GiB" })?;
    copy(source, target, &layout, start, entry, &signature)?;
    Ok(Attached { digest, replaced, size, signature_size: signature.len() })
}

/// Refuses to hide bytes that someone added behind an older signature. Says whether there is one.
fn check_old_signature(source: &mut (impl Read + Seek), layout: &Layout) -> Result<bool, FileError> {
    match find(source, layout)? {
        Found::Nothing => Ok(false),
        Found::Signature { stuffed: Some((extra, _)), .. } => {
            Err(FileError::TrailingData { extra, part: "the signature that the file already has" })
        }
        Found::Signature { .. } => Ok(true),
        Found::Malformed(reason) => {
            Err(super::layout::malformed(format!("it has a signature that cannot be replaced: {reason}")))
        }
    }
}

fn copy(
    source: &mut (impl Read + Seek),
    target: &mut File,
    layout: &Layout,
    start: u32,
    entry: u32,
    signature: &[u8],
) -> Result<(), AttachError> {
    let mut out = BufWriter::with_capacity(256 * 1024, target);
    let mut checksum = Checksum::default();
    let mut directory = [0; 8];
    directory[..4].copy_from_slice(&start.to_le_bytes());
    directory[4..].copy_from_slice(&entry.to_le_bytes());
    // The two places that the digest leaves out come in this order: CheckSum, still zero, and the directory entry.
    let mut replacements = [&[0; 4][..], &directory].into_iter();
    let mut write = |bytes: &[u8]| {
        checksum.update(bytes);
        out.write_all(bytes).map_err(AttachError::Write)
    };
    walk(source, layout, |bytes, covered| match covered {
        true => write(bytes),
        // Both places are shorter than a piece, so each comes whole.
        false => replacements.next().map_or(Ok(()), &mut write),
    })?;
    write(&entry.to_le_bytes())?;
    write(&REVISION_AND_TYPE)?;
    write(signature)?;
    write(&[0; 8][..padding((ENTRY_HEADER + signature.len()) as u64)])?;
    let checksum = checksum.finish();
    out.seek(SeekFrom::Start(layout.checksum)).map_err(AttachError::Write)?;
    out.write_all(&checksum.to_le_bytes()).map_err(AttachError::Write)?;
    out.flush().map_err(AttachError::Write)
}
