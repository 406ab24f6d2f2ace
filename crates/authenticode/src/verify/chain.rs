//! From the signing certificate to a trusted root.
//!
//! A certificate that came with the signature is only a candidate: it counts when its key verifies the one below it and
//! its extensions allow that. The search tries candidates by name, never the same twice on a path, and stops after a
//! fixed number of signature checks, so that a hostile set of certificates costs little.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::oid::AssociatedOid;
use der::{Decode, Encode, Tag, Tagged};
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};

use super::public_key::{PublicKey, SignatureHash, signature_hash};
use super::{Problem, Roots};
use crate::cms::oids;

/// Longer chains than this do not exist.
const LONGEST: usize = 10;
/// Signature checks before the search gives up.
const MOST_CHECKS: usize = 256;

/// Looks for a chain from `leaf` over `pool` to one of `roots`. Gives the chain, leaf first, and what is wrong with the
/// leaf and the chain. `at` is when all of them must be valid, in seconds since 1970.
pub(super) fn check<'a>(
    leaf: &'a Certificate,
    pool: &'a [Certificate],
    roots: &'a Roots,
    at: Option<u64>,
) -> (Vec<&'a Certificate>, Vec<Problem>) {
    let mut problems = Vec::new();
    problems.extend(leaf_purpose(leaf).err().map(|reason| Problem::WrongPurpose { reason }));
    let mut search = Search { pool, roots, at, checks: 0, reason: None };
    let mut path = vec![leaf];
    let trusted = search.extend(&mut path);
    if !trusted {
        let reason = search.reason.unwrap_or_else(|| {
            format!(
                "the issuer {} of {} is not known",
                leaf.tbs_certificate.issuer, leaf.tbs_certificate.subject
            )
        });
        problems.push(Problem::Untrusted { reason });
        path.truncate(1);
    }
    if let Some(at) = at {
        problems.extend(path.iter().find(|certificate| !valid_at(certificate, at)).map(|certificate| {
            let (not_before, not_after) = validity(certificate);
            let subject = certificate.tbs_certificate.subject.to_string();
            Problem::Expired { subject, not_before, not_after }
        }));
    }
    (if trusted { path } else { Vec::new() }, problems)
}

struct Search<'a> {
    pool: &'a [Certificate],
    roots: &'a Roots,
    at: Option<u64>,
    checks: usize,
    /// Why the first candidate failed.
    reason: Option<String>,
}

impl<'a> Search<'a> {
    /// Extends `path` up to a root; leaves it as it was when there is no way.
    fn extend(&mut self, path: &mut Vec<&'a Certificate>) -> bool {
        let Some(&last) = path.last() else { return false };
        if self.roots.certificates().contains(last) {
            return true;
        }
        let mut candidates: Vec<&Certificate> = self
            .roots
            .certificates()
            .iter()
            .chain(self.pool)
            .filter(|issuer| issuer.tbs_certificate.subject == last.tbs_certificate.issuer)
            .collect();
        // Of two certificates of one issuer the one that is valid at the time comes first; otherwise an expired
        // cross-certificate could hide a good one.
        candidates.sort_by_key(|issuer| self.at.is_some_and(|at| !valid_at(issuer, at)));
        for issuer in candidates {
            if path.len() >= LONGEST || path.contains(&issuer) || self.checks >= MOST_CHECKS {
                continue;
            }
            self.checks += 1;
            if let Err(reason) = may_issue(issuer, path.len() - 1).and_then(|()| issued(issuer, last)) {
                self.reason.get_or_insert(format!("{}: {reason}", issuer.tbs_certificate.subject));
                continue;
            }
            path.push(issuer);
            if self.extend(path) {
                return true;
            }
            path.pop();
        }
        if path.len() > 1 {
            let certificate = &last.tbs_certificate;
            let reason = if certificate.issuer == certificate.subject {
                format!("the root {} is not among the trusted ones", certificate.subject)
            } else {
                format!("the issuer {} of {} is not known", certificate.issuer, certificate.subject)
            };
            self.reason.get_or_insert(reason);
        }
        false
    }
}

/// Whether `issuer`'s key signed `certificate`.
fn issued(issuer: &Certificate, certificate: &Certificate) -> Result<(), String> {
    if certificate.signature_algorithm != certificate.tbs_certificate.signature {
        return Err("a certificate names two signature algorithms".into());
    }
    let hash = match signature_hash(certificate.signature_algorithm.oid) {
        SignatureHash::Named(hash) if hash.is_weak() => {
            Err(format!("it signs with {}, which is too weak", hash.name()))
        }
        SignatureHash::Named(hash) => Ok(hash),
        SignatureHash::Signers => Err("a certificate's signature does not name its hash".into()),
        SignatureHash::Unusable(what) => Err(format!("it signs with {what}, which is not accepted")),
    }?;
    let key = PublicKey::of(&issuer.tbs_certificate.subject_public_key_info)?;
    if key.is_weak() {
        return Err(format!("its key ({}) is too small", key.describe()));
    }
    let signed = certificate.tbs_certificate.to_der().map_err(|error| error.to_string())?;
    let value = certificate.signature.as_bytes().ok_or("a signature has odd bits")?;
    if key.verify(hash, &hash.digest(&signed), value) {
        Ok(())
    } else {
        Err(format!("its key did not sign the certificate of {}", certificate.tbs_certificate.subject))
    }
}

/// Whether a certificate may issue others, with `below` authorities between it and the leaf.
fn may_issue(issuer: &Certificate, below: usize) -> Result<(), String> {
    known_critical_extensions(issuer)?;
    let constraints: Option<BasicConstraints> = extension(issuer)?;
    match constraints {
        Some(BasicConstraints { ca: true, path_len_constraint: Some(most) }) if below > usize::from(most) => {
            return Err("the chain is longer than this authority allows".into());
        }
        Some(BasicConstraints { ca: true, .. }) => {}
        _ => return Err("it is not a certificate authority".into()),
    }
    let usage: Option<KeyUsage> = extension(issuer)?;
    if usage.is_some_and(|usage| !usage.key_cert_sign()) {
        return Err("its key may not sign certificates".into());
    }
    // An authority with purposes cannot issue for others.
    match allows_code_signing(issuer)? {
        Some(false) => Err("it may not issue code-signing certificates".into()),
        Some(true) | None => Ok(()),
    }
}

fn leaf_purpose(leaf: &Certificate) -> Result<(), String> {
    known_critical_extensions(leaf)?;
    let usage: Option<KeyUsage> = extension(leaf)?;
    if usage.is_some_and(|usage| !usage.digital_signature()) {
        return Err("its key usage does not include digital signatures".into());
    }
    match allows_code_signing(leaf)? {
        Some(true) => Ok(()),
        Some(false) | None => Err("its purposes do not include code signing".into()),
    }
}

/// Whether the purposes of a certificate include code signing; `None` where it names none.
fn allows_code_signing(certificate: &Certificate) -> Result<Option<bool>, String> {
    extension_bytes(certificate, ExtendedKeyUsage::OID).map(names_code_signing).transpose()
}

/// Whether a list of purposes (DER) names code signing or any purpose. The identifiers are compared as bytes: Microsoft's
/// signing service gives each subscriber a purpose with arcs that the usual identifier types cannot hold.
fn names_code_signing(der: &[u8]) -> Result<bool, String> {
    const ANY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
    let purposes = Vec::<AnyRef<'_>>::from_der(der).map_err(unreadable)?;
    Ok(purposes.iter().any(|purpose| {
        purpose.tag() == Tag::ObjectIdentifier
            && [oids::CODE_SIGNING.as_bytes(), ANY.as_bytes()].contains(&purpose.value())
    }))
}

/// RFC 5280: a certificate with a critical extension that is not understood must not be used.
fn known_critical_extensions(certificate: &Certificate) -> Result<(), String> {
    const POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32");
    let known = [BasicConstraints::OID, KeyUsage::OID, ExtendedKeyUsage::OID, POLICIES];
    let mut seen = Vec::new();
    for extension in certificate.tbs_certificate.extensions.iter().flatten() {
        if extension.critical && !known.contains(&extension.extn_id) {
            return Err(format!(
                "it has the critical extension {}, which is not supported",
                extension.extn_id
            ));
        }
        if seen.contains(&extension.extn_id) {
            return Err(format!("it has the extension {} twice", extension.extn_id));
        }
        seen.push(extension.extn_id);
    }
    Ok(())
}

fn extension<'a, T: AssociatedOid + Decode<'a>>(certificate: &'a Certificate) -> Result<Option<T>, String> {
    extension_bytes(certificate, T::OID).map(T::from_der).transpose().map_err(unreadable)
}

fn extension_bytes(certificate: &Certificate, oid: ObjectIdentifier) -> Option<&[u8]> {
    let mut extensions = certificate.tbs_certificate.extensions.iter().flatten();
    extensions.find(|extension| extension.extn_id == oid).map(|extension| extension.extn_value.as_bytes())
}

fn unreadable(error: der::Error) -> String {
    format!("one of its extensions cannot be read: {error}")
}

fn validity(certificate: &Certificate) -> (u64, u64) {
    let validity = &certificate.tbs_certificate.validity;
    (validity.not_before.to_unix_duration().as_secs(), validity.not_after.to_unix_duration().as_secs())
}

fn valid_at(certificate: &Certificate, at: u64) -> bool {
    let (not_before, not_after) = validity(certificate);
    (not_before..=not_after).contains(&at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_of_any_length_are_read() {
        // 1.3.6.1.5.5.7.3.3 after 1.3.6.1.4.1.311.97.<an arc of 70 bits>.
        let long = [
            0x06, 0x13, 0x2B, 6, 1, 4, 1, 0x82, 0x37, 0x61, 0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
            0xFF, 0xFF, 0x7F,
        ];
        let code_signing = [0x06, 0x08, 0x2B, 6, 1, 5, 5, 7, 3, 3];
        let list = |parts: &[&[u8]]| {
            let content = parts.concat();
            [&[0x30, content.len() as u8][..], &content].concat()
        };
        assert_eq!(names_code_signing(&list(&[&long, &code_signing])), Ok(true));
        assert_eq!(names_code_signing(&list(&[&long])), Ok(false));
        assert_eq!(names_code_signing(&list(&[])), Ok(false));
        assert!(names_code_signing(&[0x30, 5, 6]).is_err());
    }
}
