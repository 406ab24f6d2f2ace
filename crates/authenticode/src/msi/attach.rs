//! Attaches a signature to a package while writing its tree anew.

use std::fs::File;
use std::path::Path;

use compound_file::{Node, WriteError, write};

use super::{PREHASH, Package, SIGNATURE, digest, prehash};
use crate::sign::{AttachError, Attached};
use crate::{FileError, HashAlgorithm, KeyError};

/// Writes the package at `input` to `target` with the signature that `sign` makes over its digest, in place of an older
/// one.
pub(crate) fn sign(
    input: &Path,
    target: &mut File,
    algorithm: HashAlgorithm,
    with_prehash: bool,
    sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, KeyError>,
) -> Result<Attached, AttachError> {
    let Package { mut content, signature: old, version, trailing, .. } = Package::open(input)?;
    if trailing > 0 {
        return Err(FileError::TrailingData { extra: trailing, part: "the compound file" }.into());
    }
    let mut hash = algorithm.hasher();
    // The pre-hash is staged first: the digest over the content begins with it.
    let staged = with_prehash.then(|| {
        let mut names = algorithm.hasher();
        prehash(&content, &mut |bytes| names.update(bytes));
        names.finalize().into_vec()
    });
    if let Some(staged) = &staged {
        hash.update(staged);
    }
    digest(&content, &mut |bytes| hash.update(bytes)).map_err(FileError::Read)?;
    let digest = hash.finalize().into_vec();
    let signature = sign(&digest)?;
    let signature_size = signature.len();
    content.insert(SIGNATURE, Node::stream(signature));
    if let Some(staged) = staged {
        content.insert(PREHASH, Node::stream(staged));
    }
    let size = write(&content, version, target).map_err(write_error)?;
    Ok(Attached { digest, replaced: old.is_some(), size, signature_size })
}

fn write_error(error: WriteError) -> AttachError {
    match error {
        WriteError::Io(error) => AttachError::Write(error),
        WriteError::Source { error, .. } => FileError::Read(error).into(),
        WriteError::TooLarge { bytes, .. } => {
            FileError::TooLarge { size: bytes, limit: "its sector size does not reach that far" }.into()
        }
        error => FileError::Compound { reason: error.to_string() }.into(),
    }
}
