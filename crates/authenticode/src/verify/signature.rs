//! One signature: everything about it but where it stands in the file.

use super::certificate::{Certificate, hex};
use super::chain::{self, Chain, Purpose, ends_with_certificate};
use super::hash::Hash;
use super::opened::FileDigest;
use super::revocation::Standing;
use super::signer::{self, Fault};
use super::verdict::{Note, SignatureFacts, SignatureVerdict};
use super::{Problem, VerifyOptions};
use crate::cms::{self, Signature, attributes, oids};
use crate::timestamp::{self, Checked};

/// More timestamps than anybody puts into a signature.
const MOST_TIMESTAMPS: usize = 8;

/// What the verifier knows when it comes to one signature.
pub(super) struct Subject<'a> {
    /// The digest that the file has, by the algorithm of the signature; `None` where it is unknown.
    pub(super) digest: Option<&'a FileDigest>,
    /// What is wrong with the page hashes.
    pub(super) pages: Option<Problem>,
    pub(super) covers_directory: bool,
}

/// Judges a signature that was taken apart.
pub(super) fn check(
    signature: &Signature<'_>,
    subject: Subject<'_>,
    options: &VerifyOptions<'_>,
) -> SignatureVerdict {
    let mut problems: Vec<Problem> = subject.pages.into_iter().collect();
    let mut notes = Vec::new();
    let certificates = read_certificates(signature, &mut notes);
    let mut facts = SignatureFacts {
        description: signature.attributes.description.clone(),
        url: signature.attributes.url.clone(),
        covers_directory: subject.covers_directory,
        page_hashes: signature.content.as_ref().is_some_and(|content| content.page_hashes.is_some()),
        checked_at: options.at,
        ..SignatureFacts::default()
    };
    check_digest(signature, subject.digest, &mut facts, &mut problems);

    let content_type = match signature.content {
        Some(_) => oids::SPC_INDIRECT_DATA,
        None => oids::DATA,
    };
    // A detached signature vouches for the file itself, the others for their statement about it.
    let detached = signature.content.is_none().then_some(subject.digest).flatten();
    let signer = signer::check(&signature.data.signer, &certificates, Some(content_type), |hash| {
        detached.map_or_else(|| hash.digest(signature.content_bytes), |file| file.digest.clone())
    });
    problems.extend(signer.faults.into_iter().map(|fault| match fault {
        Fault::Malformed(reason) => Problem::Malformed { reason },
        Fault::Changed if detached.is_some() => Problem::BadDigest { part: "content" },
        Fault::Changed => Problem::BadDigest { part: "statement about the file" },
        Fault::BadSignature => Problem::BadSignature,
        Fault::Weak(algorithm) => Problem::WeakAlgorithm { algorithm },
    }));

    let timestamps = read_timestamps(signature, &certificates, options, &mut problems, &mut notes);
    let trusted = trusted_timestamp(timestamps, options, &mut facts, &mut problems);
    if let Some(leaf) = signer.certificate {
        describe(leaf, &mut facts);
        check_leaf(leaf, &certificates, trusted, options, &mut facts, &mut problems, &mut notes);
    }
    problems.sort();
    problems.dedup();
    notes.dedup();
    SignatureVerdict { facts, problems, notes }
}

fn read_certificates(signature: &Signature<'_>, notes: &mut Vec<Note>) -> Vec<Certificate> {
    let mut certificates = Vec::new();
    for der in &signature.data.certificates {
        // Certificates of forms that cannot be read are of no use to a chain, but do no harm either.
        match Certificate::read(der) {
            Ok(certificate) => certificates.push(certificate),
            Err(_) => notes.push(Note::UnreadableCertificate { bytes: der.len() }),
        }
    }
    certificates
}

fn check_digest(
    signature: &Signature<'_>,
    found: Option<&FileDigest>,
    facts: &mut SignatureFacts,
    problems: &mut Vec<Problem>,
) {
    let Some(content) = &signature.content else {
        facts.digest_algorithm = Hash::of(signature.data.signer.hash).map_or("", Hash::name);
        facts.digest = signature.attributes.message_digest.clone().unwrap_or_default();
        return;
    };
    facts.digest.clone_from(&content.digest);
    let Some(hash) = Hash::of(content.hash) else {
        let algorithm = format!("the digest algorithm {}", content.hash);
        problems.push(Problem::WeakAlgorithm { algorithm });
        return;
    };
    facts.digest_algorithm = hash.name();
    if hash.is_weak() {
        problems.push(Problem::WeakAlgorithm { algorithm: hash.name().into() });
    }
    match found {
        Some(found) => {
            if content.digest != found.digest {
                problems.push(Problem::BadDigest { part: "content" });
            }
            if !found.directory_matches {
                problems.push(Problem::BadDigest { part: "directory (names, sizes, times)" });
            }
        }
        None => problems.push(Problem::BadDigest { part: "content" }),
    }
}

fn describe(leaf: &Certificate, facts: &mut SignatureFacts) {
    facts.subject = leaf.subject();
    facts.issuer = leaf.issuer();
    facts.serial = hex(leaf.serial());
    facts.thumbprint = leaf.thumbprint();
    facts.validity = leaf.validity();
    facts.key = leaf.key().map(|key| key.describe()).unwrap_or_default();
}

/// The timestamps among the unsigned attributes; what else stands there is reported, because nothing covers it.
fn read_timestamps(
    signature: &Signature<'_>,
    certificates: &[Certificate],
    options: &VerifyOptions<'_>,
    problems: &mut Vec<Problem>,
    notes: &mut Vec<Note>,
) -> Vec<Checked> {
    let Some(unsigned) = signature.data.signer.unsigned else { return Vec::new() };
    let all = match attributes(unsigned) {
        Ok(all) => all,
        Err(reason) => {
            problems.push(Problem::Malformed { reason });
            return Vec::new();
        }
    };
    let value = signature.data.signer.value;
    let roots = options.timestamp_roots.unwrap_or(options.roots).certificates();
    let mut found = Vec::new();
    for attribute in all {
        for der in attribute.values {
            let checked = match attribute.kind {
                oids::TIMESTAMP_TOKEN => {
                    timestamp::check_token(der, |hash| hash.digest(value), certificates, roots)
                }
                oids::COUNTER_SIGNATURE => timestamp::check_countersignature(der, value, certificates, roots),
                oids::NESTED_SIGNATURE => continue,
                kind => {
                    notes.push(Note::UnsignedAttribute { kind: kind.to_string(), bytes: der.len() });
                    continue;
                }
            };
            match checked {
                Ok(checked) => found.push(checked),
                Err(reason) => problems.push(Problem::BadTimestamp { reason }),
            }
            if found.len() >= MOST_TIMESTAMPS {
                let reason = format!("there are more than {MOST_TIMESTAMPS}");
                problems.push(Problem::BadTimestamp { reason });
                return found;
            }
        }
    }
    found
}

/// Notes what is wrong with the timestamps; gives the earliest time that can be believed.
fn trusted_timestamp(
    timestamps: Vec<Checked>,
    options: &VerifyOptions<'_>,
    facts: &mut SignatureFacts,
    problems: &mut Vec<Problem>,
) -> Option<u64> {
    let mut trusted: Option<u64> = None;
    for checked in timestamps {
        let time = checked.timestamp.time;
        let revoked = revoked(&checked.path, time, true, options);
        if let Some(reason) = checked.fault {
            problems.push(Problem::BadTimestamp { reason });
        } else if let Some((subject, _)) = revoked {
            let reason = format!("the certificate of {subject} is revoked");
            problems.push(Problem::BadTimestamp { reason });
        } else if let Some(reason) = checked.untrusted {
            problems.push(Problem::UntrustedTimestamp { reason });
        } else {
            trusted = Some(trusted.map_or(time, |earlier| earlier.min(time)));
        }
        problems.extend(checked.weak.into_iter().map(|algorithm| Problem::WeakAlgorithm { algorithm }));
        facts.timestamps.push(checked.timestamp);
    }
    facts.timestamps.sort_by_key(|timestamp| timestamp.time);
    trusted
}

fn check_leaf(
    leaf: &Certificate,
    pool: &[Certificate],
    trusted: Option<u64>,
    options: &VerifyOptions<'_>,
    facts: &mut SignatureFacts,
    problems: &mut Vec<Problem>,
    notes: &mut Vec<Note>,
) {
    let kept = trusted.filter(|_| !ends_with_certificate(leaf));
    // With a timestamp, certificates must have been valid at its time; without one, at the time asked about.
    let at = kept.or(options.at);
    facts.checked_at = at;
    facts.by_timestamp = kept.is_some();
    let roots = options.roots.certificates();
    let Chain { path, wrong_purpose, untrusted, expired, weak } =
        chain::check(leaf, pool, roots, Purpose::CodeSigning, at);
    problems.extend(wrong_purpose.map(|reason| Problem::WrongPurpose { reason }));
    problems.extend(untrusted.map(|reason| Problem::Untrusted { reason }));
    problems.extend(weak.into_iter().map(|algorithm| Problem::WeakAlgorithm { algorithm }));
    problems.extend(expired.map(|certificate| {
        let (not_before, not_after) = certificate.validity();
        Problem::Expired { subject: certificate.subject(), not_before, not_after }
    }));
    facts.chain = path.iter().map(|certificate| certificate.subject()).collect();
    let owned: Vec<Certificate> = path.into_iter().cloned().collect();
    let time = at.unwrap_or(u64::MAX);
    if let Some((subject, since)) = revoked(&owned, time, kept.is_some(), options) {
        problems.push(Problem::Revoked { subject, since });
    }
    if !options.revocation.is_empty() {
        for pair in owned.windows(2) {
            let [certificate, issuer] = pair else { continue };
            match options.revocation.standing(certificate, issuer, options.at) {
                Standing::Unknown => notes.push(Note::NoRevocationList { subject: certificate.subject() }),
                Standing::NotNamed { current: false } => {
                    notes.push(Note::OldRevocationList { subject: certificate.subject() });
                }
                _ => {}
            }
        }
    }
}

/// The first certificate of a chain that is revoked. A revocation after `time` does not count where `proven` says that the
/// certificate was used at that time and no later.
fn revoked(
    path: &[Certificate],
    time: u64,
    proven: bool,
    options: &VerifyOptions<'_>,
) -> Option<(String, u64)> {
    path.windows(2).find_map(|pair| {
        let [certificate, issuer] = pair else { return None };
        match options.revocation.standing(certificate, issuer, options.at) {
            Standing::Revoked(since) if !proven || since <= time => Some((certificate.subject(), since)),
            _ => None,
        }
    })
}

/// The digest algorithms that a signature needs the file hashed with.
pub(super) fn file_hash(signature: &Signature<'_>) -> Option<Hash> {
    match &signature.content {
        Some(content) => Hash::of(content.hash),
        None => Hash::of(signature.data.signer.hash),
    }
}

/// The further signatures that a first one carries, as DER.
pub(super) fn nested(der: &[u8]) -> Vec<Vec<u8>> {
    cms::nested(der).unwrap_or_default()
}
