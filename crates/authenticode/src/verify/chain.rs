//! From a signing certificate to a trusted root.
//!
//! A certificate that came with the signature is only a candidate: it counts when its key verifies the one below it and
//! its extensions allow that. The search tries candidates by name, never the same twice on a path, and stops after a
//! fixed number of signature checks, so that a hostile set of certificates costs little.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::oid::AssociatedOid;
use der::{Decode, Tag, Tagged};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

use super::certificate::{Certificate, unreadable};
use super::public_key::{PublicKey, SignatureHash, signature_hash};
use crate::cms::oids;

/// Longer chains than this do not exist.
const LONGEST: usize = 10;
/// Signature checks before the search gives up.
const MOST_CHECKS: usize = 256;

/// More extensions than any certificate has.
const MOST_EXTENSIONS: usize = 64;

/// What a chain is to be good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Signing code.
    CodeSigning,
    /// Giving timestamps.
    TimeStamping,
}

impl Purpose {
    fn oid(self) -> ObjectIdentifier {
        match self {
            Self::CodeSigning => oids::CODE_SIGNING,
            Self::TimeStamping => oids::TIME_STAMPING,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::CodeSigning => "code signing",
            Self::TimeStamping => "time stamping",
        }
    }
}

/// What was found out about a certificate and those above it.
#[derive(Debug, Default)]
pub(crate) struct Chain<'a> {
    /// From the leaf to the root; empty where no chain leads to a trusted one.
    pub(crate) path: Vec<&'a Certificate>,
    /// Why the leaf may not do what it did.
    pub(crate) wrong_purpose: Option<String>,
    /// Why no chain leads to a trusted root.
    pub(crate) untrusted: Option<String>,
    /// The first certificate that is not valid at the time asked about.
    pub(crate) expired: Option<&'a Certificate>,
    /// Algorithms and keys on the chain that no longer protect anything.
    pub(crate) weak: Vec<String>,
}

/// Looks for a chain from `leaf` over `pool` to one of `roots`. `at` is when all of them must be valid, in seconds since
/// 1970.
pub(crate) fn check<'a>(
    leaf: &'a Certificate,
    pool: &'a [Certificate],
    roots: &'a [Certificate],
    purpose: Purpose,
    at: Option<u64>,
) -> Chain<'a> {
    let mut search = Search { pool, roots, purpose, at, checks: 0, reason: None };
    let mut path = vec![leaf];
    let trusted = search.extend(&mut path);
    let untrusted = (!trusted).then(|| {
        search
            .reason
            .unwrap_or_else(|| format!("the issuer {} of {} is not known", leaf.issuer(), leaf.subject()))
    });
    if !trusted {
        path.truncate(1);
    }
    let expired = at.and_then(|at| path.iter().copied().find(|certificate| !certificate.valid_at(at)));
    let mut weak: Vec<String> = path.iter().filter_map(|certificate| weak_key(certificate)).collect();
    // Nobody relies on what a root says about itself.
    for certificate in path.iter().take(path.len().saturating_sub(1)) {
        weak.extend(weak_signature(certificate));
    }
    Chain {
        path: if trusted { path } else { Vec::new() },
        wrong_purpose: leaf_purpose(leaf, purpose).err(),
        untrusted,
        expired,
        weak,
    }
}

struct Search<'a> {
    pool: &'a [Certificate],
    roots: &'a [Certificate],
    purpose: Purpose,
    at: Option<u64>,
    checks: usize,
    /// Why the first candidate failed.
    reason: Option<String>,
}

impl<'a> Search<'a> {
    /// Extends `path` up to a root; leaves it as it was when there is no way.
    fn extend(&mut self, path: &mut Vec<&'a Certificate>) -> bool {
        let Some(&last) = path.last() else { return false };
        if self.roots.contains(last) {
            return true;
        }
        let mut candidates: Vec<&Certificate> =
            self.roots.iter().chain(self.pool).filter(|issuer| last.names_issuer(issuer)).collect();
        // Of two certificates of one issuer the one that is valid at the time comes first, and one that no weak
        // algorithm vouches for; otherwise an expired cross-certificate could hide a good one.
        candidates.sort_by_key(|issuer| {
            (self.at.is_some_and(|at| !issuer.valid_at(at)), weak_signature(issuer).is_some())
        });
        for issuer in candidates {
            if path.len() >= LONGEST || path.contains(&issuer) || self.checks >= MOST_CHECKS {
                continue;
            }
            self.checks += 1;
            let trusted = self.roots.contains(issuer);
            let good =
                may_issue(issuer, path.len() - 1, self.purpose, trusted).and_then(|()| issued(issuer, last));
            if let Err(reason) = good {
                self.reason.get_or_insert(format!("{}: {reason}", issuer.subject()));
                continue;
            }
            path.push(issuer);
            if self.extend(path) {
                return true;
            }
            path.pop();
        }
        if path.len() > 1 {
            let reason = if last.is_self_issued() {
                format!("the root {} is not among the trusted ones", last.subject())
            } else {
                format!("the issuer {} of {} is not known", last.issuer(), last.subject())
            };
            self.reason.get_or_insert(reason);
        }
        false
    }
}

/// Whether `issuer`'s key signed `certificate`.
fn issued(issuer: &Certificate, certificate: &Certificate) -> Result<(), String> {
    let (algorithm, value) =
        certificate.signature().ok_or("a certificate names two signature algorithms, or has odd bits")?;
    if signed_by(issuer, algorithm, certificate.signed_bytes(), value)? {
        Ok(())
    } else {
        Err(format!("its key did not sign the certificate of {}", certificate.subject()))
    }
}

/// Whether `issuer`'s key made the signature `value` over `bytes`.
pub(super) fn signed_by(
    issuer: &Certificate,
    algorithm: ObjectIdentifier,
    bytes: &[u8],
    value: &[u8],
) -> Result<bool, String> {
    let hash = match signature_hash(algorithm) {
        SignatureHash::Named(hash) => hash,
        SignatureHash::Signers => return Err("a certificate's signature does not name its hash".into()),
        SignatureHash::Unusable(what) => return Err(format!("it signs with {what}, which is not accepted")),
    };
    Ok(issuer.key()?.verify(hash, &hash.digest(bytes), value))
}

fn weak_key(certificate: &Certificate) -> Option<String> {
    let key = certificate.key().ok().filter(PublicKey::is_weak)?;
    Some(format!("a key of {} ({})", key.describe(), certificate.subject()))
}

fn weak_signature(certificate: &Certificate) -> Option<String> {
    match signature_hash(certificate.signature()?.0) {
        SignatureHash::Named(hash) if hash.is_weak() => {
            Some(format!("{} in the certificate of {}", hash.name(), certificate.subject()))
        }
        _ => None,
    }
}

/// Whether a certificate may issue others, with `below` authorities between it and the leaf.
fn may_issue(issuer: &Certificate, below: usize, purpose: Purpose, trusted: bool) -> Result<(), String> {
    known_critical_extensions(issuer)?;
    let constraints: Option<BasicConstraints> = issuer.extension()?;
    match constraints {
        Some(BasicConstraints { ca: true, path_len_constraint: Some(most) }) if below > usize::from(most) => {
            return Err("the chain is longer than this authority allows".into());
        }
        Some(BasicConstraints { ca: true, .. }) => {}
        // Roots of the nineties do not say that they are authorities; who trusts them says so.
        None if trusted && issuer.is_self_issued() => {}
        _ => return Err("it is not a certificate authority".into()),
    }
    let usage: Option<KeyUsage> = issuer.extension()?;
    if usage.is_some_and(|usage| !usage.key_cert_sign()) {
        return Err("its key may not sign certificates".into());
    }
    // An authority with purposes cannot issue for others.
    match allows(issuer, purpose.oid())? {
        Some(false) => Err(format!("it may not issue certificates for {}", purpose.name())),
        Some(true) | None => Ok(()),
    }
}

fn leaf_purpose(leaf: &Certificate, purpose: Purpose) -> Result<(), String> {
    known_critical_extensions(leaf)?;
    let usage: Option<KeyUsage> = leaf.extension()?;
    let suits = |usage: KeyUsage| {
        usage.digital_signature() || (purpose == Purpose::TimeStamping && usage.non_repudiation())
    };
    if usage.is_some_and(|usage| !suits(usage)) {
        return Err("its key usage does not include digital signatures".into());
    }
    match allows(leaf, purpose.oid())? {
        Some(true) => Ok(()),
        Some(false) | None => Err(format!("its purposes do not include {}", purpose.name())),
    }
}

/// Whether the signatures of this certificate end with it, whatever their timestamp says.
pub(super) fn ends_with_certificate(leaf: &Certificate) -> bool {
    let purposes = leaf.extension_bytes(oids::EXTENDED_KEY_USAGE);
    purposes.is_some_and(|der| names(der, &[oids::LIFETIME_SIGNING]) == Ok(true))
}

/// RFC 3161: the purpose of an authority's certificate is time stamping alone, and the extension is critical.
pub(crate) fn is_for_timestamps_alone(leaf: &Certificate) -> Result<(), String> {
    let mut extensions = leaf.fields().extensions.iter().flatten();
    let purposes = extensions
        .find(|extension| extension.extn_id == oids::EXTENDED_KEY_USAGE)
        .ok_or("its certificate has no purposes")?;
    let list = Vec::<AnyRef<'_>>::from_der(purposes.extn_value.as_bytes()).map_err(unreadable)?;
    if list.len() != 1 || list[0].value() != oids::TIME_STAMPING.as_bytes() {
        return Err("its certificate is not for time stamping alone".into());
    }
    if purposes.critical { Ok(()) } else { Err("the purpose of its certificate is not critical".into()) }
}

/// Whether the purposes of a certificate include this one; `None` where it names none.
fn allows(certificate: &Certificate, purpose: ObjectIdentifier) -> Result<Option<bool>, String> {
    let purposes = certificate.extension_bytes(oids::EXTENDED_KEY_USAGE);
    purposes.map(|der| names(der, &[purpose, oids::ANY_PURPOSE])).transpose()
}

/// Whether a list of purposes (DER) names one of these. The identifiers are compared as bytes: Microsoft's signing
/// service gives each subscriber a purpose with arcs that the usual identifier types cannot hold.
fn names(der: &[u8], wanted: &[ObjectIdentifier]) -> Result<bool, String> {
    let purposes = Vec::<AnyRef<'_>>::from_der(der).map_err(unreadable)?;
    Ok(purposes.iter().any(|purpose| {
        purpose.tag() == Tag::ObjectIdentifier
            && wanted.iter().any(|wanted| wanted.as_bytes() == purpose.value())
    }))
}

/// RFC 5280: a certificate with a critical extension that is not understood must not be used.
fn known_critical_extensions(certificate: &Certificate) -> Result<(), String> {
    const POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32");
    let known = [BasicConstraints::OID, KeyUsage::OID, oids::EXTENDED_KEY_USAGE, POLICIES];
    let mut seen = Vec::new();
    for extension in certificate.fields().extensions.iter().flatten() {
        if seen.len() >= MOST_EXTENSIONS {
            return Err(format!("it has more than {MOST_EXTENSIONS} extensions"));
        }
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
        assert_eq!(names(&list(&[&long, &code_signing]), &[oids::CODE_SIGNING]), Ok(true));
        assert_eq!(names(&list(&[&long]), &[oids::CODE_SIGNING]), Ok(false));
        assert_eq!(names(&list(&[]), &[oids::CODE_SIGNING]), Ok(false));
        assert!(names(&[0x30, 5, 6], &[oids::CODE_SIGNING]).is_err());
    }
}
