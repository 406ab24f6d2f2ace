//! Verifying a file's signatures: the bytes, the signatures over them, when they were made, and who stands behind them.
//!
//! ```text
//! file ─► opened (format, place, digests) ─┬─► signature ─► signer, timestamps, chain, revocation ─► SignatureVerdict
//!                                          └─► what is wrong around it ─────────────────────────────► Verdict
//! ```
//!
//! Everything is checked even after something failed, so that the verdict names all that is wrong. Only a file in which
//! no signature can be looked for at all is an error.

mod certificate;
mod chain;
mod details;
mod hash;
mod json;
mod opened;
mod public_key;
mod revocation;
mod roots;
mod signature;
mod signer;
mod verdict;

use std::fs::File;
use std::io::Read;
use std::path::Path;

pub use details::{inspect_file, inspect_signature};
pub use revocation::RevocationLists;
pub use roots::Roots;
pub use verdict::{Note, Problem, SignatureFacts, SignatureVerdict, Verdict, parse_time};

use crate::cms;
use crate::{Error, FileError, FileKind};
use opened::{FileDigest, Opened};
use signature::Subject;

pub(crate) use certificate::{Certificate, hex};
pub(crate) use chain::{Chain, Purpose, check as check_chain, is_for_timestamps_alone as timestamps_alone};
pub(crate) use hash::Hash;
pub(crate) use public_key::PublicKey;
pub(crate) use signer::{Fault, check as check_signer};
pub(crate) use verdict::date;

/// More signatures than anybody puts into a file; a bound on the work that a hostile one can cause.
const MOST_NESTED: usize = 16;

/// What signatures are held against.
#[derive(Clone, Copy, Debug)]
pub struct VerifyOptions<'a> {
    /// The root certificates that are trusted for signing code.
    pub roots: &'a Roots,
    /// Those that are trusted for timestamps; without them the same.
    pub timestamp_roots: Option<&'a Roots>,
    /// The time asked about, usually now, in seconds since 1970: certificates must be valid then, unless a timestamp says
    /// when they were used. Without it their dates are not checked, and the verdict says so.
    pub at: Option<u64>,
    /// Lists of revoked certificates.
    pub revocation: &'a RevocationLists,
}

/// Verifies the signatures of the file at `path` against `roots`, without revocation; see [`VerifyOptions`] for `at`.
pub fn verify_file(path: &Path, roots: &Roots, at: Option<u64>) -> Result<Verdict, Error> {
    let revocation = RevocationLists::none();
    verify_file_with(path, &VerifyOptions { roots, timestamp_roots: None, at, revocation: &revocation })
}

/// Verifies the signatures of the file at `path`.
pub fn verify_file_with(path: &Path, options: &VerifyOptions<'_>) -> Result<Verdict, Error> {
    let mut file = File::open(path).map_err(Error::io("open", path))?;
    let kind = FileKind::of(path, &mut file).map_err(Error::file(path))?;
    verify_opened(path, kind, file, options).map_err(Error::file(path))
}

fn verify_opened(
    path: &Path,
    kind: FileKind,
    file: File,
    options: &VerifyOptions<'_>,
) -> Result<Verdict, FileError> {
    let mut opened = Opened::open(path, kind, file)?;
    let mut ders: Vec<Vec<u8>> = opened.der.take().into_iter().collect();
    let mut problems = std::mem::take(&mut opened.problems);
    let nested = ders.first().map(|first| signature::nested(first)).unwrap_or_default();
    if nested.len() > MOST_NESTED {
        problems.push(Problem::Malformed { reason: format!("it has more than {MOST_NESTED} nested ones") });
    }
    ders.extend(nested.into_iter().take(MOST_NESTED));
    let parsed: Vec<_> = ders
        .iter()
        .map(|der| {
            let signature = cms::parse(der)?;
            match &signature.content {
                Some(content) if content.kind == Some(kind) => Ok(signature),
                _ => Err(format!("it is no signature of a {kind}")),
            }
        })
        .collect();
    let mut hashes: Vec<Hash> = Vec::new();
    for hash in parsed.iter().flatten().filter_map(signature::file_hash) {
        if !hashes.contains(&hash) {
            hashes.push(hash);
        }
    }
    let digests = if hashes.is_empty() { Vec::new() } else { opened.digests(&hashes)? };
    let mut signatures = Vec::new();
    for signature in parsed {
        let signature = match signature {
            Ok(signature) => signature,
            Err(reason) => {
                signatures.push(SignatureVerdict::malformed(reason));
                continue;
            }
        };
        let pages = match signature.content.as_ref().and_then(|content| content.page_hashes.as_ref()) {
            Some(said) => opened.check_pages(said)?,
            None => None,
        };
        let subject = Subject {
            digest: signature::file_hash(&signature)
                .and_then(|hash| digests.iter().find(|digest| digest.hash == hash)),
            pages,
            covers_directory: opened.covers_directory,
        };
        signatures.push(signature::check(&signature, subject, options));
    }
    problems.sort();
    Ok(Verdict::new(Some(kind), problems, signatures))
}

/// Verifies the detached signature `der` (PKCS#7, DER or PEM) over the whole file at `path`, whatever its kind.
pub fn verify_detached(path: &Path, der: &[u8], options: &VerifyOptions<'_>) -> Result<Verdict, Error> {
    let unwrapped;
    let der = match crate::key::pem::blocks(der, "signature") {
        Ok(blocks) if !blocks.is_empty() => {
            unwrapped = blocks[0].der.to_vec();
            &unwrapped
        }
        _ => der,
    };
    let signature = match cms::parse(der) {
        Ok(signature) if signature.content.is_none() => signature,
        Ok(_) => {
            let verdict =
                SignatureVerdict::malformed("it is a signature inside a file, not beside one".into());
            return Ok(Verdict::new(None, Vec::new(), vec![verdict]));
        }
        Err(reason) => {
            return Ok(Verdict::new(None, Vec::new(), vec![SignatureVerdict::malformed(reason)]));
        }
    };
    let digest = match signature::file_hash(&signature) {
        None => None,
        Some(hash) => {
            let mut hasher = hash.hasher();
            let mut file = File::open(path).map_err(Error::io("open", path))?;
            let mut buffer = vec![0; 256 * 1024];
            loop {
                match file.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(length) => hasher.update(&buffer[..length]),
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(Error::io("read", path)(error)),
                }
            }
            Some(FileDigest { hash, digest: hasher.finalize().into_vec(), directory_matches: true })
        }
    };
    let subject = Subject { digest: digest.as_ref(), pages: None, covers_directory: true };
    let verdict = signature::check(&signature, subject, options);
    Ok(Verdict::new(None, Vec::new(), vec![verdict]))
}

/// The SHA-256 digest over the content of the file at `path` that a signature by this crate vouches for.
///
/// It leaves the signature out: it is the same before and after signing, so that it shows whether anything but the
/// signature changed. It is not the SHA-256 of the file; for that, hash the file before it is signed.
pub fn unsigned_digest(path: &Path) -> Result<[u8; 32], Error> {
    let mut file = File::open(path).map_err(Error::io("open", path))?;
    let kind = FileKind::of(path, &mut file).map_err(Error::file(path))?;
    Opened::open(path, kind, file).and_then(Opened::unsigned_digest).map_err(Error::file(path))
}
