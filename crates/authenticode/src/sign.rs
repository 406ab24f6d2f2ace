//! Signing a file: digest, signature, a new file beside the old one, a rename.

use std::fmt;
use std::fs::File;
use std::path::Path;

use crate::seal::Sealer;
use crate::timestamp::{Timestamp, TimestampError, Timestamper};
use crate::{Error, FileKind, HashAlgorithm, Signer, cab, msi, output, pe, script};

/// What a signature says beside who signed.
#[derive(Clone, Default)]
pub struct SignOptions<'a> {
    /// What Windows shows as the program's name when it asks for consent.
    pub description: Option<String>,
    /// The address that goes with the description; `http:` or `https:`.
    pub url: Option<String>,
    /// For Windows Installer packages: leave out the pre-hash over names, sizes and times (`MsiDigitalSignatureEx`).
    /// Windows accepts both; the default covers more.
    pub no_msi_prehash: bool,
    /// The digest algorithm, over the file and over what the key signs.
    pub hash: HashAlgorithm,
    /// What becomes of signatures that the file has already.
    pub existing: Existing,
    /// For PE images: digests page by page (SHA-256) beside the one over the file, by which Windows can check an image
    /// while it loads.
    pub page_hashes: bool,
    /// Who says when it was signed; without one the signature ends with its certificate.
    pub timestamper: Option<&'a dyn Timestamper>,
}

/// What becomes of signatures that a file has already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// The new one takes their place.
    #[default]
    Replace,
    /// The new one is nested beside them; one by the same certificate with the same digest algorithm is replaced.
    Append,
}

impl fmt::Debug for SignOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignOptions")
            .field("description", &self.description)
            .field("url", &self.url)
            .field("no_msi_prehash", &self.no_msi_prehash)
            .field("hash", &self.hash)
            .field("existing", &self.existing)
            .field("page_hashes", &self.page_hashes)
            .field("timestamped", &self.timestamper.is_some())
            .finish()
    }
}

/// What signing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignReport {
    /// What kind of file was signed.
    pub kind: FileKind,
    /// The digest over the file's content that the signature vouches for. It is the same before and after signing; with
    /// SHA-256 it equals [`crate::unsigned_digest`].
    pub digest: Vec<u8>,
    /// Whether an older signature was replaced.
    pub replaced: bool,
    /// The size of the signed file.
    pub size: u64,
    /// The size of the signature (DER) in it.
    pub signature_size: usize,
    /// What the timestamps say that were got for it; none where no timestamper was given.
    pub timestamps: Vec<Timestamp>,
}

/// Signs `input` into `output`, which may be the same path.
///
/// An older signature is replaced, or kept beside the new one; a file that was changed after it was signed is refused. The
/// same file, key and options give the same bytes, but for a timestamp. `output` is written as a temporary file beside it
/// and renamed when complete, so that it is either as it was or signed.
pub fn sign_file(
    input: &Path,
    output: &Path,
    signer: &Signer,
    options: &SignOptions<'_>,
) -> Result<SignReport, Error> {
    attach(input, output, |kind| Sealer::new(kind, signer, options))
}

/// Adds timestamps to the signatures of `input`, nested ones included, and writes the file to `output`, which may be the
/// same path. Nothing else of the file changes; one that was changed after it was signed is refused.
///
/// Signatures that have a timestamp are left as they are; with `replace` they get a new one in its place.
pub fn timestamp_file(
    input: &Path,
    output: &Path,
    hash: HashAlgorithm,
    timestamper: &dyn Timestamper,
    replace: bool,
) -> Result<SignReport, Error> {
    let options = SignOptions { hash, ..SignOptions::default() };
    attach(input, output, |kind| Ok(Sealer::for_timestamps(kind, timestamper, replace, &options)))
}

fn attach<'a>(
    input: &Path,
    output: &Path,
    sealer: impl FnOnce(FileKind) -> Result<Sealer<'a>, Error>,
) -> Result<SignReport, Error> {
    let mut source = File::open(input).map_err(Error::io("open", input))?;
    let kind = FileKind::of(input, &mut source).map_err(Error::file(input))?;
    let sealer = sealer(kind)?;
    // The source is closed before the rename: Windows does not replace a file that is open.
    output::replace(input, output, move |target| {
        match kind {
            FileKind::Pe => pe::sign(&mut source, target, &sealer),
            FileKind::Msi => msi::sign(source, target, &sealer),
            FileKind::Cab => cab::sign(&mut source, target, &sealer),
            FileKind::Script => script::sign(&mut source, target, &sealer),
        }
        .map_err(|error| error.into_error(input))
        .map(|attached| SignReport {
            kind,
            digest: attached.digest,
            replaced: attached.replaced,
            size: attached.size,
            signature_size: attached.signature_size,
            timestamps: attached.timestamps,
        })
    })
}

/// Takes all signatures off `input` and writes what remains to `output`, which may be the same path. Says whether there
/// were any; without one `output` is not touched.
///
/// A cabinet that got its reserved area when it was signed, and a script, are byte for byte what they were before. So is an
/// image whose length was a multiple of eight and whose checksum was right, and a package as this workspace writes it;
/// others have the same content.
pub fn strip_file(input: &Path, output: &Path) -> Result<bool, Error> {
    let mut source = File::open(input).map_err(Error::io("open", input))?;
    let kind = FileKind::of(input, &mut source).map_err(Error::file(input))?;
    output::replace_if(input, output, move |target| {
        match kind {
            FileKind::Pe => pe::strip(&mut source, target),
            FileKind::Msi => msi::strip(source, target),
            FileKind::Cab => cab::strip(&mut source, target),
            FileKind::Script => script::strip(&mut source, target),
        }
        .map_err(|error| error.into_error(input))
        .map(|stripped| (stripped, stripped))
    })
}

/// What a format's module did to attach a signature.
pub(crate) struct Attached {
    pub(crate) digest: Vec<u8>,
    pub(crate) replaced: bool,
    pub(crate) size: u64,
    pub(crate) signature_size: usize,
    pub(crate) timestamps: Vec<Timestamp>,
}

/// Why a format's module could not attach a signature.
pub(crate) enum AttachError {
    /// The input is at fault.
    File(crate::FileError),
    /// The output could not be written.
    Write(std::io::Error),
    /// The key is at fault.
    Key(crate::KeyError),
    /// There is no timestamp.
    Timestamp(TimestampError),
    /// The options do not fit the file.
    Option { field: &'static str, reason: String },
}

impl AttachError {
    pub(crate) fn into_error(self, input: &Path) -> Error {
        match self {
            Self::File(error) => Error::file(input)(error),
            Self::Write(error) => Error::io("write the signed copy of", input)(error),
            Self::Key(error) => Error::Key(error),
            Self::Timestamp(error) => Error::Timestamp(error),
            Self::Option { field, reason } => Error::Option { field, reason },
        }
    }
}

impl From<crate::FileError> for AttachError {
    fn from(error: crate::FileError) -> Self {
        Self::File(error)
    }
}

impl From<crate::KeyError> for AttachError {
    fn from(error: crate::KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<TimestampError> for AttachError {
    fn from(error: TimestampError) -> Self {
        Self::Timestamp(error)
    }
}

impl From<std::io::Error> for AttachError {
    fn from(error: std::io::Error) -> Self {
        Self::File(error.into())
    }
}
