//! Attaches a signature to a package while writing its tree anew, and takes one off.

use std::cmp::Ordering;
use std::fs::File;

use compound_file::{Metadata, Observer, WriteError, write, write_observed};

use super::order::compare;
use super::{PREHASH, Package, SIGNATURE, prehash, signature_bytes};
use crate::seal::{Sealed, Sealer, Sealing, Seeds};
use crate::sign::{AttachError, Attached, Existing};
use crate::target::Target;
use crate::{FileError, HashAlgorithm};

/// Writes the package in `source` to `target` with the signature that `sealer` makes over its digest.
pub(crate) fn sign(source: File, target: &mut Target, sealer: &Sealer<'_>) -> Result<Attached, AttachError> {
    let package = Package::read(source)?;
    let old = old_signature(&package)?;
    let seeds = seeds(&package, old.is_some(), sealer)?;
    let prehash = seeds.new.clone();
    let mut digest = Digest { sealing: Some(sealer.begin_with(old, seeds)?), prehash, sealed: None };
    // Hashed and copied in one pass: nobody can change the input between the digest and the copy.
    let size = write_observed(&package.content, package.version, target, &mut digest)?;
    match digest.sealed {
        Some(sealed) => Ok(sealed.attached(size)),
        None => Err(FileError::ChangedSinceSigned.into()),
    }
}

/// The digest over a package while it is written.
struct Digest<'a> {
    sealing: Option<Sealing<'a>>,
    prehash: Option<Vec<u8>>,
    sealed: Option<Sealed>,
}

impl Observer for Digest<'_> {
    type Error = AttachError;

    fn compare(&self, one: &[u16], other: &[u16]) -> Ordering {
        compare(one, other)
    }

    fn content(&mut self, bytes: &[u8]) {
        if let Some(sealing) = &mut self.sealing {
            sealing.update(bytes);
        }
    }

    fn end_of_storage(&mut self, metadata: &Metadata) {
        self.content(&metadata.clsid);
    }

    fn late(&mut self) -> Result<Vec<(String, Vec<u8>)>, AttachError> {
        let Some(sealing) = self.sealing.take() else { return Ok(Vec::new()) };
        let sealed = self.sealed.insert(sealing.seal(None)?);
        let mut streams = vec![(SIGNATURE.to_owned(), sealed.signature.clone())];
        streams.extend(self.prehash.take().map(|bytes| (PREHASH.to_owned(), bytes)));
        Ok(streams)
    }
}

impl From<WriteError> for AttachError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Io(error) => Self::Write(error),
            WriteError::Source { error, .. } => FileError::Read(error).into(),
            WriteError::TooLarge { bytes, .. } => {
                FileError::TooLarge { size: bytes, limit: "its sector size does not reach that far" }.into()
            }
            error => FileError::Compound { reason: error.to_string() }.into(),
        }
    }
}

/// The signature that the package has. Refuses to hide bytes that someone added behind it or behind the compound file.
fn old_signature(package: &Package) -> Result<Option<Vec<u8>>, FileError> {
    if package.trailing > 0 {
        return Err(FileError::TrailingData { extra: package.trailing, part: "the compound file" });
    }
    let Some(node) = &package.signature else { return Ok(None) };
    let unreadable = |reason: &str| FileError::OldSignature { reason: reason.into() };
    let mut bytes =
        signature_bytes(node)?.ok_or_else(|| unreadable("its stream is larger than any signature"))?;
    let end = crate::pe::der_length(&bytes)
        .filter(|end| *end <= bytes.len())
        .ok_or_else(|| unreadable("its stream holds no whole DER structure"))?;
    let rest = bytes.split_off(end);
    if rest.len() >= 8 || rest.iter().any(|byte| *byte != 0) {
        let part = "the signature that the file already has";
        return Err(FileError::TrailingData { extra: rest.len() as u64, part });
    }
    Ok(Some(bytes))
}

/// What the digests begin with: the pre-hash that is to be written, and the one that is there.
fn seeds(package: &Package, signed: bool, sealer: &Sealer<'_>) -> Result<Seeds, AttachError> {
    let old = match &package.prehash {
        Some(node) if signed => Some(signature_bytes(node)?.unwrap_or_default()),
        _ => None,
    };
    let of = |algorithm: HashAlgorithm| {
        let mut names = algorithm.hasher();
        prehash(&package.content, &mut |bytes| names.update(bytes));
        names.finalize().into_vec()
    };
    if let Some(said) = &old {
        let holds = HashAlgorithm::ALL.into_iter().any(|algorithm| of(algorithm) == *said);
        // A pre-hash of twenty bytes is an old SHA-1 one, which the content's digest holds in place.
        if !holds && said.len() != 20 {
            return Err(FileError::ChangedSinceSigned.into());
        }
    }
    if sealer.keeps_signature() {
        return Ok(Seeds { new: old.clone(), old });
    }
    let ours = (!sealer.options.no_msi_prehash).then(|| of(sealer.options.hash));
    if sealer.options.existing == Existing::Append && signed && old != ours {
        let reason = "the signatures of a package share one pre-hash: sign with the digest algorithm, and with or without a pre-hash, as the signature that is there".into();
        return Err(AttachError::Option { field: "append", reason });
    }
    Ok(Seeds { new: ours, old })
}

/// Writes the package in `source` to `target` without its signature. Says whether there was one; without one nothing is
/// written.
pub(crate) fn strip(source: File, target: &mut Target) -> Result<bool, AttachError> {
    let package = Package::read(source)?;
    if package.trailing > 0 {
        return Err(FileError::TrailingData { extra: package.trailing, part: "the compound file" }.into());
    }
    if package.signature.is_none() && package.prehash.is_none() {
        return Ok(false);
    }
    write(&package.content, package.version, target)?;
    Ok(true)
}
