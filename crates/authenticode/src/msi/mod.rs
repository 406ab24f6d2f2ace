//! Windows Installer packages: what the digest covers, how a signature is attached.
//!
//! No page of Microsoft's describes it; two independent signers agree on the following. The signature is the root stream
//! `\u{5}DigitalSignature`. Its digest covers, storage by storage, the bytes of every stream in the order of the raw
//! UTF-16LE names, then the storage's class id; the signature's own streams are left out. Names, sizes and times are
//! covered only by a second digest, the pre-hash, which stands in the root stream `\u{5}MsiDigitalSignatureEx`; where it
//! is there, the first digest begins with it.
//!
//! Signing does not edit the file: it reads the tree and writes it anew with the signature in it. So free sectors, gaps
//! in the mini FAT and leftovers of an older signature are gone, whatever wrote them.

mod attach;
mod digest;
mod order;
mod prehash;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use compound_file::{CompoundFile, Metadata, Node, ReadError, Storage, Version};

pub(crate) use attach::{sign, strip};
pub(crate) use digest::digest;
pub(crate) use prehash::prehash;

use crate::FileError;

const SIGNATURE: &str = "\u{5}DigitalSignature";
const PREHASH: &str = "\u{5}MsiDigitalSignatureEx";

/// No signature with its certificates and countersignatures comes near this.
const LARGEST_SIGNATURE: u64 = 16 << 20;

/// An opened package.
pub(crate) struct Package {
    /// The tree without the signature's streams.
    pub(crate) content: Storage<'static>,
    /// The signature's two streams.
    pub(crate) signature: Option<Node<'static>>,
    pub(crate) prehash: Option<Node<'static>>,
    /// The sector size, which a signature does not change.
    version: Version,
    /// How many bytes follow the end of the compound file.
    pub(crate) trailing: u64,
}

impl Package {
    /// Opens the package at `path`.
    pub(crate) fn open(path: &Path) -> Result<Self, FileError> {
        Self::read(File::open(path)?)
    }

    /// Reads an opened package.
    fn read(file: File) -> Result<Self, FileError> {
        let file = CompoundFile::open(file).map_err(|error| match error {
            ReadError::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
                FileError::Read(error)
            }
            error => FileError::Compound { reason: error.to_string() },
        })?;
        let trailing = file.file_len().saturating_sub(file.used_len());
        let version = file.version();
        let mut content = file.into_storage();
        let signature = take(&mut content, SIGNATURE);
        let prehash = take(&mut content, PREHASH);
        Ok(Self { content, signature, prehash, version, trailing })
    }
}

/// The bytes of a stream of the signature; `None` where it is too large to be one, or no stream.
pub(crate) fn signature_bytes(node: &Node<'_>) -> Result<Option<Vec<u8>>, FileError> {
    match node {
        Node::Stream { source, .. } if source.len() <= LARGEST_SIGNATURE => {
            let mut bytes = Vec::new();
            source.open()?.read_to_end(&mut bytes)?;
            Ok(Some(bytes))
        }
        _ => Ok(None),
    }
}

/// Whether a stream's entry has a class, state bits or times, which streams have not.
pub(crate) fn entry_says_something(node: &Node<'_>) -> bool {
    match node {
        Node::Stream { metadata, .. } => *metadata != Metadata::default(),
        Node::Storage(_) => true,
    }
}

fn take<'a>(root: &mut Storage<'a>, name: &str) -> Option<Node<'a>> {
    let name: Vec<u16> = name.encode_utf16().collect();
    root.children.remove(&name)
}
