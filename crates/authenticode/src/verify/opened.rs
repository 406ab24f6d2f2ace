//! A file as a verifier sees it, whatever its format: where its signature is, and what the digests over it are.

use std::fs::File;
use std::path::Path;

use sha2::digest::DynDigest;
use sha2::{Digest, Sha256};

use super::Problem;
use super::hash::Hash;
use crate::cms::{PageHashes, oids};
use crate::{FileError, FileKind, cab, msi, pe, script};

/// A file in which a signature was looked for.
pub(super) struct Opened {
    source: Source,
    /// The signature as it stands in the file.
    pub(super) der: Option<Vec<u8>>,
    /// What is wrong with the file around the signature.
    pub(super) problems: Vec<Problem>,
    /// Whether names, sizes and times are covered beside the content.
    pub(super) covers_directory: bool,
}

enum Source {
    Pe { file: File, layout: pe::Layout },
    Msi { package: Box<msi::Package>, prehash: Option<Vec<u8>> },
    Cab { file: File, layout: Box<cab::Layout> },
    Script(script::Script),
}

/// A digest over the file.
pub(super) struct FileDigest {
    pub(super) hash: Hash,
    pub(super) digest: Vec<u8>,
    /// Whether names, sizes and times are those that the package says were signed.
    pub(super) directory_matches: bool,
}

impl Opened {
    pub(super) fn open(path: &Path, kind: FileKind, file: File) -> Result<Self, FileError> {
        match kind {
            FileKind::Pe => Self::pe(file),
            FileKind::Msi => Self::msi(path),
            FileKind::Cab => Self::cab(file),
            FileKind::Script => Self::script(file),
        }
    }

    fn new(source: Source, der: Option<Vec<u8>>, problems: Vec<Problem>) -> Self {
        Self { source, der, problems, covers_directory: true }
    }

    fn pe(mut file: File) -> Result<Self, FileError> {
        let layout = pe::Layout::read(&mut file)?;
        let (der, problems) = match pe::find(&mut file, &layout)? {
            pe::Found::Nothing => (None, vec![Problem::Unsigned]),
            pe::Found::Malformed(reason) => (None, vec![Problem::Malformed { reason }]),
            pe::Found::Signature { der, stuffed } => {
                let problem = stuffed.map(|(bytes, place)| Problem::Stuffed { bytes, place });
                (Some(der), problem.into_iter().collect())
            }
        };
        Ok(Self::new(Source::Pe { file, layout }, der, problems))
    }

    fn msi(path: &Path) -> Result<Self, FileError> {
        let package = msi::Package::open(path)?;
        let mut problems = Vec::new();
        let mut der = None;
        if let Some(node) = &package.signature {
            if package.trailing > 0 {
                let place = "past the end of the compound file";
                problems.push(Problem::Stuffed { bytes: package.trailing, place });
            }
            match msi::signature_bytes(node)? {
                None => {
                    let reason = "its stream is larger than any signature".into();
                    problems.push(Problem::Malformed { reason });
                }
                Some(mut bytes) => {
                    // The stream may be padded with zeros, but with nothing else.
                    let length = pe::der_length(&bytes).unwrap_or(bytes.len()).min(bytes.len());
                    let rest = bytes.split_off(length);
                    if rest.len() >= 8 || rest.iter().any(|byte| *byte != 0) {
                        let place = "after the signature, inside its stream";
                        problems.push(Problem::Stuffed { bytes: rest.len() as u64, place });
                    }
                    der = Some(bytes);
                }
            }
        } else {
            problems.push(Problem::Unsigned);
        }
        // The entries of the two streams are the only ones that nothing covers; the format wants nothing in them.
        if [&package.signature, &package.prehash].into_iter().flatten().any(msi::entry_says_something) {
            let place = "in the directory entry of the signature's stream";
            problems.push(Problem::Stuffed { bytes: 36, place });
        }
        let prehash = package.prehash.as_ref().map(msi::signature_bytes).transpose()?;
        let prehash = prehash.map(Option::unwrap_or_default);
        let covers_directory = prehash.is_some();
        let source = Source::Msi { package: Box::new(package), prehash };
        Ok(Self { covers_directory, ..Self::new(source, der, problems) })
    }

    fn cab(mut file: File) -> Result<Self, FileError> {
        let layout = cab::Layout::read(&mut file)?;
        let (der, mut problems) = match cab::find(&mut file, &layout)? {
            cab::Found::Nothing => (None, vec![Problem::Unsigned]),
            cab::Found::Malformed(reason) => (None, vec![Problem::Malformed { reason }]),
            cab::Found::Signature { der, stuffed } => (Some(der), stuffed_behind(stuffed)),
        };
        if der.is_some() {
            let unsigned = cab::unsigned_parts(&mut file, &layout)?;
            problems.extend(unsigned.map(|(bytes, place)| Problem::Stuffed { bytes, place }));
        }
        Ok(Self::new(Source::Cab { file, layout: Box::new(layout) }, der, problems))
    }

    fn script(mut file: File) -> Result<Self, FileError> {
        let script = script::Script::read(&mut file)?;
        let (der, problems) = match &script.found {
            script::Found::Nothing => (None, vec![Problem::Unsigned]),
            script::Found::Malformed(reason) => (None, vec![Problem::Malformed { reason: reason.clone() }]),
            script::Found::Signature { der, stuffed } => (Some(der.clone()), stuffed_behind(*stuffed)),
        };
        Ok(Self::new(Source::Script(script), der, problems))
    }

    /// The digests over the content, all in one pass.
    pub(super) fn digests(&mut self, hashes: &[Hash]) -> Result<Vec<FileDigest>, FileError> {
        let mut hashers: Vec<Box<dyn DynDigest + Send>> = hashes.iter().map(|hash| hash.hasher()).collect();
        let mut directory_matches = vec![true; hashes.len()];
        let mut feed = |bytes: &[u8]| hashers.iter_mut().for_each(|hasher| hasher.update(bytes));
        match &mut self.source {
            Source::Pe { file, layout } => pe::digest(file, layout, &mut feed)?,
            Source::Cab { file, layout } => cab::digest(file, layout, &mut feed)?,
            Source::Script(script) => script.digest(&mut feed),
            Source::Msi { package, prehash } => {
                if let Some(said) = prehash {
                    for (hash, matches) in hashes.iter().zip(&mut directory_matches) {
                        let mut names = hash.hasher();
                        msi::prehash(&package.content, &mut |bytes| names.update(bytes));
                        *matches = *names.finalize() == **said;
                    }
                    feed(said);
                }
                msi::digest(&package.content, &mut feed)?;
            }
        }
        let finished = hashers.into_iter().zip(hashes).zip(directory_matches);
        Ok(finished
            .map(|((hasher, hash), directory_matches)| FileDigest {
                hash: *hash,
                digest: hasher.finalize().into_vec(),
                directory_matches,
            })
            .collect())
    }

    /// The digest with which this crate would sign, by SHA-256 and with the pre-hash of a package.
    pub(super) fn unsigned_digest(mut self) -> Result<[u8; 32], FileError> {
        if let Source::Msi { package, prehash } = &mut self.source {
            let mut names = Sha256::new();
            msi::prehash(&package.content, &mut |bytes| Digest::update(&mut names, bytes));
            *prehash = Some(names.finalize().to_vec());
        }
        let digest = self.digests(&[Hash::Sha256])?.pop().map(|found| found.digest);
        Ok(digest.and_then(|digest| digest.try_into().ok()).unwrap_or_default())
    }

    /// Checks page hashes, which only images have.
    pub(super) fn check_pages(&mut self, said: &PageHashes) -> Result<Option<Problem>, FileError> {
        let Source::Pe { file, layout } = &mut self.source else { return Ok(None) };
        let hash = match said.kind {
            oids::SPC_PE_PAGE_HASHES_V2 => Hash::Sha256,
            oids::SPC_PE_PAGE_HASHES_V1 => Hash::Sha1,
            _ => {
                let reason = "its page hashes are of an unknown kind".into();
                return Ok(Some(Problem::Malformed { reason }));
            }
        };
        let wrong = Problem::BadDigest { part: "list of page hashes" };
        match pe::page_hashes(file, layout, || hash.hasher()) {
            Ok(table) if table == said.table => Ok(None),
            Ok(_) | Err(FileError::Pe { .. }) => Ok(Some(wrong)),
            Err(error) => Err(error),
        }
    }
}

fn stuffed_behind(bytes: u64) -> Vec<Problem> {
    if bytes > 0 { vec![Problem::Stuffed { bytes, place: "after the signature" }] } else { Vec::new() }
}
