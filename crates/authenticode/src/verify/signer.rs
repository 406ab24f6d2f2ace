//! Checks one SignerInfo: that the key of its certificate signed its attributes, and that these name the content.

use der::asn1::ObjectIdentifier;

use super::certificate::Certificate;
use super::hash::Hash;
use super::public_key::{SignatureHash, signature_hash};
use crate::cms::{SignerInfo, attributes, octets, oids, tlv};

/// What was found out about a signer.
pub(crate) struct Signer<'a> {
    /// The signing certificate; `None` where it is not among those that came along.
    pub(crate) certificate: Option<&'a Certificate>,
    /// What is wrong.
    pub(crate) faults: Vec<Fault>,
}

/// One thing that is wrong with a signer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A field contradicts another, or something is missing.
    Malformed(String),
    /// The content is not the one that was signed.
    Changed,
    /// The key did not sign.
    BadSignature,
    /// An algorithm or key that protects nothing.
    Weak(String),
}

/// Checks a signer. `digest` gives the digest over the content with one algorithm.
pub(crate) fn check<'a>(
    signer: &SignerInfo<'_>,
    pool: &'a [Certificate],
    content_type: Option<ObjectIdentifier>,
    digest: impl FnOnce(Hash) -> Vec<u8>,
) -> Signer<'a> {
    let certificate = pool.iter().find(|certificate| certificate.is_named_by(&signer.id));
    let mut faults = Vec::new();
    if let Err(fault) = check_value(signer, certificate, content_type, digest, &mut faults) {
        faults.push(fault);
    }
    Signer { certificate, faults }
}

fn check_value(
    signer: &SignerInfo<'_>,
    certificate: Option<&Certificate>,
    content_type: Option<ObjectIdentifier>,
    digest: impl FnOnce(Hash) -> Vec<u8>,
    faults: &mut Vec<Fault>,
) -> Result<(), Fault> {
    let malformed = |reason: &str| Fault::Malformed(reason.to_owned());
    let certificate = certificate
        .ok_or_else(|| malformed("the certificate of the signer is not among those that came with it"))?;
    let key = certificate.key().map_err(Fault::Malformed)?;
    if key.is_weak() {
        faults.push(Fault::Weak(format!("a key of {}", key.describe())));
    }
    let hash =
        Hash::of(signer.hash).ok_or_else(|| Fault::Weak(format!("the digest algorithm {}", signer.hash)))?;
    if hash.is_weak() {
        faults.push(Fault::Weak(hash.name().into()));
    }
    let signed = signer.signed.ok_or_else(|| malformed("the signed attributes are missing"))?;
    let attributes = attributes(signed).map_err(Fault::Malformed)?;
    let single = |kind| -> Result<&[u8], Fault> {
        let mut of_kind = attributes.iter().filter(|attribute| attribute.kind == kind);
        match (of_kind.next().map(|attribute| attribute.values.as_slice()), of_kind.next()) {
            (Some([value]), None) => Ok(*value),
            _ => Err(Fault::Malformed(format!("the attribute {kind} is not there once with one value"))),
        }
    };
    if let Some(wanted) = content_type {
        let found = tlv::one(single(oids::CONTENT_TYPE)?).and_then(crate::cms::oid);
        if found != Ok(wanted) {
            faults.push(malformed("its attributes name another type of content"));
        }
    }
    if octets(single(oids::MESSAGE_DIGEST)?).map_err(Fault::Malformed)? != digest(hash) {
        faults.push(Fault::Changed);
    }
    let value_hash = match signature_hash(signer.algorithm) {
        SignatureHash::Named(named) if named == hash => named,
        SignatureHash::Signers => hash,
        SignatureHash::Named(_) => {
            return Err(malformed("it names two digest algorithms for one signature"));
        }
        SignatureHash::Unusable(algorithm) => return Err(Fault::Weak(algorithm)),
    };
    // What is signed is the attributes under a SET tag, though they stand under an implicit [0].
    if key.verify(value_hash, &value_hash.digest(&tlv::set(signed)), signer.value) {
        Ok(())
    } else {
        Err(Fault::BadSignature)
    }
}
