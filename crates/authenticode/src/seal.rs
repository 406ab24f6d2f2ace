//! From the bytes of a file to its signature: hashing, the check of an older signature, signing, timestamp, nesting.
//!
//! What is the same for every format stands here; where the bytes come from and where the signature goes, the format's
//! module knows.

use crate::cms::{self, Request, Statement, oids};
use crate::hashing::Hashing;
use crate::sign::{AttachError, Attached, Existing, SignOptions};
use crate::timestamp::{self, Timestamp, Timestamper};
use crate::verify::Hash;
use crate::{Error, FileError, FileKind, Signer};

/// Makes the signatures of one file.
pub(crate) struct Sealer<'a> {
    kind: FileKind,
    work: Work<'a>,
    pub(crate) options: &'a SignOptions<'a>,
}

/// What becomes of the digest.
enum Work<'a> {
    /// A new signature.
    Sign { signer: &'a Signer, statement: Statement },
    /// The signature that is there, with timestamps in it.
    Timestamp { timestamper: &'a dyn Timestamper, replace: bool },
}

/// What the digests begin with before the first byte of content: the pre-hash of a package.
#[derive(Default)]
pub(crate) struct Seeds {
    pub(crate) new: Option<Vec<u8>>,
    pub(crate) old: Option<Vec<u8>>,
}

/// A file on its way through the hashers.
pub(crate) struct Sealing<'a> {
    sealer: &'a Sealer<'a>,
    hashing: Hashing,
    old: Option<Old>,
}

struct Old {
    der: Vec<u8>,
    /// The digest that it vouches for.
    said: Vec<u8>,
    /// Which hasher makes the digest to compare with.
    hasher: usize,
}

/// A finished signature.
pub(crate) struct Sealed {
    pub(crate) digest: Vec<u8>,
    /// What goes into the file; nested signatures included.
    pub(crate) signature: Vec<u8>,
    replaced: bool,
    timestamps: Vec<Timestamp>,
}

impl<'a> Sealer<'a> {
    /// Checks the options.
    pub(crate) fn new(
        kind: FileKind,
        signer: &'a Signer,
        options: &'a SignOptions<'a>,
    ) -> Result<Self, Error> {
        let statement = Statement::new(options.description.as_deref(), options.url.as_deref())?;
        if options.page_hashes && kind != FileKind::Pe {
            let reason = format!("a {kind} has no pages, only a PE file does");
            return Err(Error::Option { field: "page hashes", reason });
        }
        Ok(Self { kind, work: Work::Sign { signer, statement }, options })
    }

    /// Leaves the signatures of a file as they are but for timestamps.
    pub(crate) fn for_timestamps(
        kind: FileKind,
        timestamper: &'a dyn Timestamper,
        replace: bool,
        options: &'a SignOptions<'a>,
    ) -> Self {
        Self { kind, work: Work::Timestamp { timestamper, replace }, options }
    }

    /// Whether the signature that is there stays, and with it what belongs to it.
    pub(crate) fn keeps_signature(&self) -> bool {
        matches!(self.work, Work::Timestamp { .. })
    }

    /// Begins with a file that carries the signature `old`, which is held to its word: a file that was changed after it was
    /// signed is not signed again.
    pub(crate) fn begin(&self, old: Option<Vec<u8>>) -> Result<Sealing<'_>, FileError> {
        self.begin_with(old, Seeds::default())
    }

    /// As [`Self::begin`], with digests that begin with something before the content.
    pub(crate) fn begin_with(&self, old: Option<Vec<u8>>, seeds: Seeds) -> Result<Sealing<'_>, FileError> {
        let ours = Hash::from(self.options.hash);
        let seeded = |hash: Hash, seed: &Option<Vec<u8>>| {
            let mut hasher = hash.hasher();
            hasher.update(seed.as_deref().unwrap_or_default());
            hasher
        };
        let mut hashers = vec![seeded(ours, &seeds.new)];
        let old = match old {
            None => None,
            Some(der) => {
                let content =
                    cms::signed_content(&der).map_err(|reason| FileError::OldSignature { reason })?;
                let hash = Hash::of(content.hash).ok_or_else(|| FileError::OldSignature {
                    reason: format!("its digest algorithm is {}", content.hash),
                })?;
                if hash != ours || seeds.new != seeds.old {
                    hashers.push(seeded(hash, &seeds.old));
                }
                Some(Old { der, said: content.digest, hasher: hashers.len() - 1 })
            }
        };
        Ok(Sealing { sealer: self, hashing: Hashing::new(hashers), old })
    }
}

impl Sealing<'_> {
    /// Takes the next bytes that the signature covers.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.hashing.update(bytes);
    }

    /// Signs. `page_hashes` are of an image.
    pub(crate) fn seal(self, page_hashes: Option<&[u8]>) -> Result<Sealed, AttachError> {
        let Sealer { kind, work, options } = self.sealer;
        let digests = self.hashing.finish().map_err(FileError::Read)?;
        let [digest, ..] = digests.as_slice() else { return Err(FileError::ChangedSinceSigned.into()) };
        if let Some(old) = &self.old
            && digests.get(old.hasher) != Some(&old.said)
        {
            return Err(FileError::ChangedSinceSigned.into());
        }
        let (signer, statement) = match work {
            Work::Sign { signer, statement } => (signer, statement),
            Work::Timestamp { timestamper, replace } => {
                let old = self.old.ok_or(FileError::NotSigned)?;
                let (signature, timestamps) =
                    timestamp::attach_to_all(&old.der, options.hash, *timestamper, *replace)?;
                return Ok(Sealed { digest: old.said, signature, replaced: true, timestamps });
            }
        };
        let request = Request { kind: *kind, hash: options.hash, digest, page_hashes, statement, signer };
        let mut signature = cms::sign(&request)?;
        let mut timestamps = Vec::new();
        if let Some(timestamper) = options.timestamper {
            let (stamped, timestamp) = timestamp::attach(&signature, options.hash, timestamper)?;
            signature = stamped;
            timestamps.push(timestamp);
        }
        let mut replaced = self.old.is_some();
        if let (Existing::Append, Some(old)) = (options.existing, &self.old) {
            let reason = |reason| FileError::OldSignature { reason };
            (signature, replaced) = append(&old.der, signature).map_err(reason)?;
        }
        Ok(Sealed { digest: digest.clone(), signature, replaced, timestamps })
    }
}

impl Sealed {
    pub(crate) fn attached(self, size: u64) -> Attached {
        let Self { digest, signature, replaced, timestamps } = self;
        Attached { digest, replaced, size, signature_size: signature.len(), timestamps }
    }
}

/// Puts `new` beside the signatures in `old`. One that the same certificate made with the same digest algorithm is
/// replaced where it stands, so that signing again does not make the file grow. Says whether one was replaced.
fn append(old: &[u8], new: Vec<u8>) -> Result<(Vec<u8>, bool), String> {
    let ours = cms::identity(&new)?;
    let mut nested = cms::nested(old)?;
    let (mut outer, mut replaced) = (cms::remove_unsigned(old, oids::NESTED_SIGNATURE)?, false);
    if cms::identity(old)? == ours {
        (outer, replaced) = (new, true);
    } else {
        // A nested signature that cannot be read stays: it is not ours to judge here.
        match nested.iter_mut().find(|der| cms::identity(der).as_ref() == Ok(&ours)) {
            Some(same) => (*same, replaced) = (new, true),
            None => nested.push(new),
        }
    }
    for der in nested {
        outer = cms::add_nested(&outer, &der)?;
    }
    Ok((outer, replaced))
}
