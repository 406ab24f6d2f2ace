//! Signing a file: digest, signature, a new file beside the old one, a rename.

use std::fs::File;
use std::path::Path;

use crate::cms::{self, Statement};
use crate::{Error, FileKind, HashAlgorithm, Signer, msi, output, pe};

/// What a signature says beside who signed.
#[derive(Clone, Debug, Default)]
pub struct SignOptions {
    /// What Windows shows as the program's name when it asks for consent.
    pub description: Option<String>,
    /// The address that goes with the description; `http:` or `https:`.
    pub url: Option<String>,
    /// For Windows Installer packages: leave out the pre-hash over names, sizes and times (`MsiDigitalSignatureEx`).
    /// Windows accepts both; the default covers more.
    pub no_msi_prehash: bool,
    /// The digest algorithm, over the file and over what the key signs.
    pub hash: HashAlgorithm,
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
}

/// Signs `input` into `output`, which may be the same path.
///
/// An older signature is replaced. The same file, key and options give the same bytes. `output` is written as a
/// temporary file beside it and renamed when complete, so that it is either as it was or signed.
pub fn sign_file(
    input: &Path,
    output: &Path,
    signer: &Signer,
    options: &SignOptions,
) -> Result<SignReport, Error> {
    let hash = options.hash;
    let statement = Statement::new(options.description.as_deref(), options.url.as_deref())?;
    let mut source = File::open(input).map_err(Error::io("open", input))?;
    let kind = FileKind::of(&mut source).map_err(Error::file(input))?;
    // The source is closed before the rename: Windows does not replace a file that is open.
    output::replace(input, output, move |target| {
        match kind {
            FileKind::Pe => pe::sign(&mut source, target, hash, |digest| {
                cms::sign(kind, hash, digest, signer, &statement)
            }),
            FileKind::Msi => msi::sign(input, target, hash, !options.no_msi_prehash, |digest| {
                cms::sign(kind, hash, digest, signer, &statement)
            }),
        }
        .map_err(|error| error.into_error(input))
        .map(|attached| SignReport {
            kind,
            digest: attached.digest,
            replaced: attached.replaced,
            size: attached.size,
            signature_size: attached.signature_size,
        })
    })
}

/// What a format's module did to attach a signature.
pub(crate) struct Attached {
    pub(crate) digest: Vec<u8>,
    pub(crate) replaced: bool,
    pub(crate) size: u64,
    pub(crate) signature_size: usize,
}

/// Why a format's module could not attach a signature.
pub(crate) enum AttachError {
    /// The input is at fault.
    File(crate::FileError),
    /// The output could not be written.
    Write(std::io::Error),
    /// The key is at fault.
    Key(crate::KeyError),
}

impl AttachError {
    fn into_error(self, input: &Path) -> Error {
        match self {
            Self::File(error) => Error::file(input)(error),
            Self::Write(error) => Error::io("write the signed copy of", input)(error),
            Self::Key(error) => Error::Key(error),
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

impl From<std::io::Error> for AttachError {
    fn from(error: std::io::Error) -> Self {
        Self::File(error.into())
    }
}
