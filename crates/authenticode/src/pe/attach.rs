//! Attaches a signature to a PE image while copying it.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};

use super::checksum::Checksum;
use super::digest::{padding, walk};
use super::layout::Layout;
use super::table::{ENTRY_HEADER, Found, REVISION_AND_TYPE, find};
use crate::sign::{AttachError, Attached};
use crate::{FileError, HashAlgorithm, KeyError};

/// Copies `source` to `target` with the signature that `sign` makes over its digest, in place of an older one.
pub(crate) fn sign(
    source: &mut (impl Read + Seek),
    target: &mut File,
    algorithm: HashAlgorithm,
    sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, KeyError>,
) -> Result<Attached, AttachError> {
    let layout = Layout::read(source)?;
    let replaced = check_old_signature(source, &layout)?;
    let mut copy = Copy::new(target);
    let mut hash = algorithm.hasher();
    // Hashed and copied in one pass: nobody can change the input between the digest and the copy.
    walk(source, &layout, |bytes, covered| {
        if covered {
            hash.update(bytes);
            copy.write(bytes)
        } else {
            copy.write(&[0; 8][..bytes.len()])
        }
    })?;
    let digest = hash.finalize().into_vec();
    let signature = sign(&digest)?;

    let start = layout.covered().next_multiple_of(8);
    let entry = (ENTRY_HEADER + signature.len()).next_multiple_of(8);
    let size = start + entry as u64;
    let too_large = |_| FileError::TooLarge { size, limit: "a PE file ends at 4 GiB" };
    u32::try_from(size).map_err(too_large)?;
    let start = u32::try_from(start).map_err(too_large)?.to_le_bytes();
    let entry = u32::try_from(entry).map_err(too_large)?.to_le_bytes();
    copy.write(&entry)?;
    copy.write(&REVISION_AND_TYPE)?;
    copy.write(&signature)?;
    copy.write(&[0; 8][..padding((ENTRY_HEADER + signature.len()) as u64)])?;
    copy.finish(&layout, [start, entry].as_flattened())?;
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

/// The signed file while it is written, with the sum over it.
struct Copy<'a> {
    out: BufWriter<&'a mut File>,
    checksum: Checksum,
}

impl<'a> Copy<'a> {
    fn new(target: &'a mut File) -> Self {
        Self { out: BufWriter::with_capacity(256 * 1024, target), checksum: Checksum::default() }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), AttachError> {
        self.checksum.update(bytes);
        self.out.write_all(bytes).map_err(AttachError::Write)
    }

    /// Fills in the two places that the digest leaves out.
    fn finish(mut self, layout: &Layout, directory: &[u8]) -> Result<(), AttachError> {
        self.checksum.replace_zeros(layout.directory, directory);
        self.put(layout.directory, directory)?;
        let checksum = self.checksum.finish();
        self.put(layout.checksum, &checksum.to_le_bytes())?;
        self.out.flush().map_err(AttachError::Write)
    }

    fn put(&mut self, offset: u64, bytes: &[u8]) -> Result<(), AttachError> {
        self.out
            .seek(SeekFrom::Start(offset))
            .and_then(|_| self.out.write_all(bytes))
            .map_err(AttachError::Write)
    }
}
