//! Verifying a file's signature: the bytes, the signature over them, and who stands behind it.
//!
//! Everything is checked even after something failed, so that the verdict names all that is wrong. Only a file in which
//! no signature can be looked for at all is an error.

mod chain;
mod hash;
mod public_key;
mod roots;
mod verdict;

use std::fs::File;
use std::path::Path;

use der::Encode;
use sha1::{Digest as _, Sha1};
use x509_cert::Certificate;

pub use roots::Roots;
pub use verdict::{Problem, SignatureFacts, Verdict};

use crate::cms::{self, Signature};
use crate::{Error, FileError, FileKind, cab, msi, pe, script};
pub(crate) use hash::Hash;
pub(crate) use public_key::PublicKey;
use public_key::{SignatureHash, signature_hash};

/// Verifies the signature of the file at `path` against `roots`.
///
/// `at` is the time at which the certificates must be valid, in seconds since 1970; without it their dates are not
/// checked, and the verdict says so.
pub fn verify_file(path: &Path, roots: &Roots, at: Option<u64>) -> Result<Verdict, Error> {
    let mut file = File::open(path).map_err(Error::io("open", path))?;
    let kind = FileKind::of(path, &mut file).map_err(Error::file(path))?;
    let mut problems = Vec::new();
    let found = match kind {
        FileKind::Pe => verify_pe(&mut file, &mut problems),
        FileKind::Msi => verify_msi(path, &mut problems),
        FileKind::Cab => verify_cab(&mut file, &mut problems),
        FileKind::Script => verify_script(&mut file, &mut problems),
    }
    .map_err(Error::file(path))?;
    let signature = found.map(|Found { signature, covers_directory }| SignatureFacts {
        covers_directory,
        ..check_signer(&signature, roots, at, &mut problems)
    });
    problems.sort();
    problems.dedup();
    Ok(Verdict { kind, signature, problems })
}

/// The SHA-256 digest over the content of the file at `path` that a signature by this crate vouches for.
///
/// It leaves the signature out: it is the same before and after signing, so that it shows whether anything but the
/// signature changed. It is not the SHA-256 of the file; for that, hash the file before it is signed.
pub fn unsigned_digest(path: &Path) -> Result<[u8; 32], Error> {
    use sha2::Sha256;
    let mut file = File::open(path).map_err(Error::io("open", path))?;
    let mut hash = Sha256::new();
    match FileKind::of(path, &mut file).map_err(Error::file(path))? {
        FileKind::Pe => pe::Layout::read(&mut file)
            .and_then(|layout| pe::digest(&mut file, &layout, |bytes| hash.update(bytes))),
        FileKind::Msi => msi::Package::open(path).and_then(|package| {
            let mut names = Sha256::new();
            msi::prehash(&package.content, &mut |bytes| names.update(bytes));
            hash.update(names.finalize());
            msi::digest(&package.content, &mut |bytes| hash.update(bytes)).map_err(FileError::Read)
        }),
        FileKind::Cab => cab::Layout::read(&mut file)
            .and_then(|layout| cab::digest(&mut file, &layout, |bytes| hash.update(bytes))),
        FileKind::Script => {
            script::Script::read(&mut file).map(|script| script.digest(|bytes| hash.update(bytes)))
        }
    }
    .map_err(Error::file(path))?;
    Ok(hash.finalize().into())
}

/// A signature that could be read, with what only the file's format knows of it.
struct Found {
    signature: Signature,
    covers_directory: bool,
}

fn verify_pe(file: &mut File, problems: &mut Vec<Problem>) -> Result<Option<Found>, FileError> {
    let layout = pe::Layout::read(file)?;
    let (der, stuffed) = match pe::find(file, &layout)? {
        pe::Found::Nothing => {
            problems.push(Problem::Unsigned);
            return Ok(None);
        }
        pe::Found::Malformed(reason) => {
            problems.push(Problem::Malformed { reason });
            return Ok(None);
        }
        pe::Found::Signature { der, stuffed } => (der, stuffed),
    };
    problems.extend(stuffed.map(|(bytes, place)| Problem::Stuffed { bytes, place }));
    let Some((signature, hash)) = read_signature(&der, FileKind::Pe, problems) else { return Ok(None) };
    let mut hasher = hash.hasher();
    pe::digest(file, &layout, |bytes| hasher.update(bytes))?;
    check_digest(&signature, &hasher.finalize(), problems);
    if let Some(said) = &signature.content.page_hashes {
        check_page_hashes(file, &layout, said, problems)?;
    }
    Ok(Some(Found { signature, covers_directory: true }))
}

fn check_page_hashes(
    file: &mut File,
    layout: &pe::Layout,
    said: &cms::PageHashes,
    problems: &mut Vec<Problem>,
) -> Result<(), FileError> {
    let hash = match said.kind {
        cms::oids::SPC_PE_PAGE_HASHES_V2 => Hash::Sha256,
        cms::oids::SPC_PE_PAGE_HASHES_V1 => Hash::Sha1,
        _ => {
            problems.push(Problem::Malformed { reason: "its page hashes are of an unknown kind".into() });
            return Ok(());
        }
    };
    match pe::page_hashes(file, layout, || hash.hasher()) {
        Ok(table) if table == said.table => {}
        Ok(_) | Err(FileError::Pe { .. }) => {
            problems.push(Problem::BadDigest { part: "list of page hashes" })
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

fn verify_cab(file: &mut File, problems: &mut Vec<Problem>) -> Result<Option<Found>, FileError> {
    let layout = cab::Layout::read(file)?;
    let der = match cab::find(file, &layout)? {
        cab::Found::Nothing => {
            problems.push(Problem::Unsigned);
            return Ok(None);
        }
        cab::Found::Malformed(reason) => {
            problems.push(Problem::Malformed { reason });
            return Ok(None);
        }
        cab::Found::Signature { der, stuffed } => {
            if stuffed > 0 {
                problems.push(Problem::Stuffed { bytes: stuffed, place: "after the signature" });
            }
            der
        }
    };
    let unsigned = cab::unsigned_parts(file, &layout)?;
    problems.extend(unsigned.map(|(bytes, place)| Problem::Stuffed { bytes, place }));
    let Some((signature, hash)) = read_signature(&der, FileKind::Cab, problems) else { return Ok(None) };
    let mut hasher = hash.hasher();
    cab::digest(file, &layout, |bytes| hasher.update(bytes))?;
    check_digest(&signature, &hasher.finalize(), problems);
    Ok(Some(Found { signature, covers_directory: true }))
}

fn verify_script(file: &mut File, problems: &mut Vec<Problem>) -> Result<Option<Found>, FileError> {
    let script = script::Script::read(file)?;
    let der = match &script.found {
        script::Found::Nothing => {
            problems.push(Problem::Unsigned);
            return Ok(None);
        }
        script::Found::Malformed(reason) => {
            problems.push(Problem::Malformed { reason: reason.clone() });
            return Ok(None);
        }
        script::Found::Signature { der, stuffed } => {
            if *stuffed > 0 {
                problems.push(Problem::Stuffed { bytes: *stuffed, place: "after the signature" });
            }
            der
        }
    };
    let Some((signature, hash)) = read_signature(der, FileKind::Script, problems) else { return Ok(None) };
    let mut hasher = hash.hasher();
    script.digest(|bytes| hasher.update(bytes));
    check_digest(&signature, &hasher.finalize(), problems);
    Ok(Some(Found { signature, covers_directory: true }))
}

fn verify_msi(path: &Path, problems: &mut Vec<Problem>) -> Result<Option<Found>, FileError> {
    let package = msi::Package::open(path)?;
    let Some(node) = &package.signature else {
        problems.push(Problem::Unsigned);
        return Ok(None);
    };
    if package.trailing > 0 {
        problems
            .push(Problem::Stuffed { bytes: package.trailing, place: "past the end of the compound file" });
    }
    let Some(bytes) = msi::signature_bytes(node)? else {
        problems.push(Problem::Malformed { reason: "its stream is larger than any signature".into() });
        return Ok(None);
    };
    // The stream may be padded with zeros, but with nothing else.
    let length = pe::der_length(&bytes).unwrap_or(bytes.len()).min(bytes.len());
    let (der, rest) = bytes.split_at(length);
    if rest.len() >= 8 || rest.iter().any(|byte| *byte != 0) {
        let place = "after the signature, inside its stream";
        problems.push(Problem::Stuffed { bytes: rest.len() as u64, place });
    }
    let Some((signature, hash)) = read_signature(der, FileKind::Msi, problems) else { return Ok(None) };
    let mut hasher = hash.hasher();
    if let Some(node) = &package.prehash {
        let said = msi::signature_bytes(node)?.unwrap_or_default();
        let mut names = hash.hasher();
        msi::prehash(&package.content, &mut |bytes| names.update(bytes));
        if *names.finalize() != *said {
            problems.push(Problem::BadDigest { part: "directory (names, sizes, times)" });
        }
        hasher.update(&said);
    }
    msi::digest(&package.content, &mut |bytes| hasher.update(bytes))?;
    check_digest(&signature, &hasher.finalize(), problems);
    Ok(Some(Found { signature, covers_directory: package.prehash.is_some() }))
}

/// Takes the signature apart and finds its hash.
fn read_signature(der: &[u8], kind: FileKind, problems: &mut Vec<Problem>) -> Option<(Signature, Hash)> {
    let signature = match cms::parse(der) {
        Ok(signature) => signature,
        Err(reason) => {
            problems.push(Problem::Malformed { reason });
            return None;
        }
    };
    if signature.content.kind != Some(kind) {
        problems.push(Problem::Malformed { reason: format!("it is no signature of a {kind}") });
        return None;
    }
    let Some(hash) = Hash::of(signature.content.hash) else {
        let algorithm = format!("the digest algorithm {}", signature.content.hash);
        problems.push(Problem::WeakAlgorithm { algorithm });
        return None;
    };
    Some((signature, hash))
}

fn check_digest(signature: &Signature, digest: &[u8], problems: &mut Vec<Problem>) {
    if signature.content.digest != digest {
        problems.push(Problem::BadDigest { part: "content" });
    }
}

/// Checks everything about a signature but the file's digest.
fn check_signer(
    signature: &Signature,
    roots: &Roots,
    at: Option<u64>,
    problems: &mut Vec<Problem>,
) -> SignatureFacts {
    let file_hash = Hash::of(signature.content.hash);
    let mut facts = SignatureFacts {
        digest_algorithm: file_hash.map_or("", Hash::name),
        digest: signature.content.digest.clone(),
        description: signature.attributes.description.clone(),
        url: signature.attributes.url.clone(),
        checked_at: at,
        ..SignatureFacts::default()
    };
    if let Some(hash) = file_hash.filter(|hash| hash.is_weak()) {
        problems.push(Problem::WeakAlgorithm { algorithm: hash.name().into() });
    }
    let Some(leaf) = signature.certificates.iter().find(|certificate| is_signer(certificate, signature))
    else {
        let reason = "the certificate of the signer is not among those that came with it".into();
        problems.push(Problem::Malformed { reason });
        return facts;
    };
    let tbs = &leaf.tbs_certificate;
    facts.subject = tbs.subject.to_string();
    facts.issuer = tbs.issuer.to_string();
    facts.thumbprint =
        Sha1::digest(leaf.to_der().unwrap_or_default()).iter().map(|byte| format!("{byte:02X}")).collect();
    match PublicKey::of(&tbs.subject_public_key_info) {
        Ok(key) => {
            facts.key = key.describe();
            if key.is_weak() {
                problems.push(Problem::WeakAlgorithm { algorithm: format!("a key of {}", key.describe()) });
            }
            check_value(signature, &key, problems);
        }
        Err(reason) => problems.push(Problem::Malformed { reason }),
    }
    let (chain, found) = chain::check(leaf, &signature.certificates, roots, at);
    problems.extend(found);
    facts.chain = chain.iter().map(|certificate| certificate.tbs_certificate.subject.to_string()).collect();
    facts
}

/// Checks the attributes against the content, and the signature over the attributes.
fn check_value(signature: &Signature, key: &PublicKey, problems: &mut Vec<Problem>) {
    let Some(hash) = Hash::of(signature.hash) else {
        problems
            .push(Problem::WeakAlgorithm { algorithm: format!("the digest algorithm {}", signature.hash) });
        return;
    };
    if hash.is_weak() {
        problems.push(Problem::WeakAlgorithm { algorithm: hash.name().into() });
    }
    if signature.attributes.content_type != Some(cms::oids::SPC_INDIRECT_DATA) {
        problems.push(Problem::Malformed { reason: "its attributes name another type of content".into() });
    }
    if signature.attributes.message_digest.as_deref() != Some(&hash.digest(&signature.content_bytes)) {
        problems.push(Problem::BadDigest { part: "statement about the file" });
    }
    let value_hash = match signature_hash(signature.algorithm) {
        SignatureHash::Named(named) if named == hash => named,
        SignatureHash::Signers => hash,
        SignatureHash::Named(_) => {
            problems.push(Problem::Malformed {
                reason: "it names two digest algorithms for one signature".into(),
            });
            return;
        }
        SignatureHash::Unusable(algorithm) => {
            problems.push(Problem::WeakAlgorithm { algorithm });
            return;
        }
    };
    if !key.verify(value_hash, &value_hash.digest(&signature.signed_bytes), &signature.value) {
        problems.push(Problem::BadSignature);
    }
}

fn is_signer(certificate: &Certificate, signature: &Signature) -> bool {
    let tbs = &certificate.tbs_certificate;
    tbs.serial_number.as_bytes() == signature.serial
        && tbs.issuer.to_der().is_ok_and(|issuer| issuer == signature.issuer)
}
