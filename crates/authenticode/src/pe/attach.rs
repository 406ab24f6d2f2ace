//! Attaches a signature to a PE image while copying it, and takes one off.

use std::io::{Read, Seek, SeekFrom, Write};

use super::checksum::Checksum;
use super::digest::{padding, walk};
use super::layout::Layout;
use super::pages;
use super::table::{ENTRY_HEADER, Found, REVISION_AND_TYPE, find};
use crate::seal::Sealer;
use crate::sign::{AttachError, Attached};
use crate::target::Target;
use crate::{FileError, HashAlgorithm};

/// Copies `source` to `target` with the signature that `sealer` makes over its digest.
pub(crate) fn sign(
    source: &mut (impl Read + Seek),
    target: &mut Target,
    sealer: &Sealer<'_>,
) -> Result<Attached, AttachError> {
    let layout = Layout::read(source)?;
    let mut hash = sealer.begin(old_signature(source, &layout)?)?;
    let mut copy = Copy::new(target);
    // Hashed and copied in one pass: nobody can change the input between the digest and the copy.
    walk(source, &layout, |bytes, covered| {
        if covered {
            hash.update(bytes);
            copy.write(bytes)
        } else {
            copy.write(&[0; 8][..bytes.len()])
        }
    })?;
    let page_hashes = match sealer.options.page_hashes {
        true => Some(copy.page_hashes(&layout)?),
        false => None,
    };
    let sealed = hash.seal(page_hashes.as_deref())?;
    let signature = &sealed.signature;

    let start = layout.covered().next_multiple_of(8);
    let entry = (ENTRY_HEADER + signature.len()).next_multiple_of(8);
    let size = start + entry as u64;
    let too_large = |_| FileError::TooLarge { size, limit: "a PE file ends at 4 GiB" };
    u32::try_from(size).map_err(too_large)?;
    let start = u32::try_from(start).map_err(too_large)?.to_le_bytes();
    let entry = u32::try_from(entry).map_err(too_large)?.to_le_bytes();
    copy.write(&entry)?;
    copy.write(&REVISION_AND_TYPE)?;
    copy.write(signature)?;
    copy.write(&[0; 8][..padding((ENTRY_HEADER + signature.len()) as u64)])?;
    copy.finish(&layout, [start, entry].as_flattened())?;
    Ok(sealed.attached(size))
}

/// The signature that the image has. Refuses to hide bytes that someone added behind it.
fn old_signature(source: &mut (impl Read + Seek), layout: &Layout) -> Result<Option<Vec<u8>>, FileError> {
    match find(source, layout)? {
        Found::Nothing => Ok(None),
        Found::Signature { stuffed: Some((extra, _)), .. } => {
            Err(FileError::TrailingData { extra, part: "the signature that the file already has" })
        }
        Found::Signature { der, stuffed: None } => Ok(Some(der)),
        Found::Malformed(reason) => Err(FileError::OldSignature { reason }),
    }
}

/// Copies `source` to `target` without its certificate table. Says whether there was one; without one nothing is written.
pub(crate) fn strip(source: &mut (impl Read + Seek), target: &mut Target) -> Result<bool, AttachError> {
    let layout = Layout::read(source)?;
    if !layout.has_table() {
        return Ok(false);
    }
    let behind = layout.file_size - layout.table - layout.table_size;
    if behind > 0 {
        return Err(FileError::TrailingData { extra: behind, part: "the certificate table" }.into());
    }
    let mut copy = Copy::new(target);
    walk(
        source,
        &layout,
        |bytes, covered| {
            if covered { copy.write(bytes) } else { copy.write(&[0; 8][..bytes.len()]) }
        },
    )?;
    copy.finish(&layout, &[0; 8])?;
    Ok(true)
}

/// The new file while it is written, with the sum over it.
struct Copy<'a> {
    out: &'a mut Target,
    checksum: Checksum,
}

impl<'a> Copy<'a> {
    fn new(target: &'a mut Target) -> Self {
        Self { out: target, checksum: Checksum::default() }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), AttachError> {
        self.checksum.update(bytes);
        self.out.write_all(bytes).map_err(AttachError::Write)
    }

    /// Over what has been written, which nobody else can change.
    fn page_hashes(&mut self, layout: &Layout) -> Result<Vec<u8>, AttachError> {
        let table = pages::for_signing(self.out, layout, || HashAlgorithm::Sha256.hasher())?;
        self.out.seek(SeekFrom::End(0)).map_err(AttachError::Write)?;
        Ok(table)
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
