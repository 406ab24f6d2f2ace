//! Builds the PKCS#7 SignedData of an Authenticode signature.
//!
//! Version 1 throughout (PKCS#7 1.5, not CMS): the content is the SEQUENCE itself and no OCTET STRING around it, and the
//! digest over it leaves out its tag and length. Without a signing time, so that the same input gives the same bytes.

use der::asn1::AnyRef;
use der::{Encode, Tag};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::attributes::{self, Statement};
use super::tlv::{context, one, sequence, set};
use super::{oids, spc};
use crate::{FileKind, HashAlgorithm, KeyAlgorithm, KeyError, Signer};

/// What is to be signed, and by whom.
pub(crate) struct Request<'a> {
    /// The kind of file.
    pub(crate) kind: FileKind,
    /// The algorithm of the file's digest and of the signature.
    pub(crate) hash: HashAlgorithm,
    /// The digest over the file.
    pub(crate) digest: &'a [u8],
    /// The page hashes (SHA-256) of an image.
    pub(crate) page_hashes: Option<&'a [u8]>,
    pub(crate) statement: &'a Statement,
    pub(crate) signer: &'a Signer,
}

/// Signs the digest of a file; gives the whole signature as DER.
pub(crate) fn sign(request: &Request<'_>) -> Result<Vec<u8>, KeyError> {
    let Request { kind, hash, digest, page_hashes, statement, signer } = *request;
    let encoding = |error: der::Error| KeyError::Signing { reason: error.to_string() };
    let content = spc::indirect_data(kind, hash, digest, page_hashes).map_err(encoding)?;
    let inner = one(&content).map_err(|reason| KeyError::Signing { reason })?;
    let attributes = statement.attributes(&hash.digest(inner.value())).map_err(encoding)?;
    // What is signed is the attributes under a SET tag, though they stand under an implicit [0].
    let signature = signer.sign_digest(hash, &hash.digest(&set(&attributes)))?;
    signed_data(hash, &content, &attributes, &signature, signer).map_err(encoding)
}

/// Signs data by its digest, which are not in the signature: PKCS#7 as everybody reads it.
pub(crate) fn sign_data(digest: &[u8], signer: &Signer, hash: HashAlgorithm) -> Result<Vec<u8>, KeyError> {
    let encoding = |error: der::Error| KeyError::Signing { reason: error.to_string() };
    let attributes = attributes::of_data(digest).map_err(encoding)?;
    let signature = signer.sign_digest(hash, &hash.digest(&set(&attributes)))?;
    let content = oids::DATA.to_der().map(|oid| sequence(&[oid])).map_err(encoding)?;
    enveloped(hash, &content, &attributes, &signature, signer).map_err(encoding)
}

fn signed_data(
    hash: HashAlgorithm,
    content: &[u8],
    attributes: &[u8],
    signature: &[u8],
    signer: &Signer,
) -> der::Result<Vec<u8>> {
    let content = sequence(&[oids::SPC_INDIRECT_DATA.to_der()?, context(0, true, content)]);
    enveloped(hash, &content, attributes, signature, signer)
}

/// `content` is the whole ContentInfo.
fn enveloped(
    hash: HashAlgorithm,
    content: &[u8],
    attributes: &[u8],
    signature: &[u8],
    signer: &Signer,
) -> der::Result<Vec<u8>> {
    let tbs = &signer.leaf().tbs_certificate;
    let signer_info = sequence(&[
        1u8.to_der()?,
        sequence(&[tbs.issuer.to_der()?, tbs.serial_number.to_der()?]),
        hash.identifier().to_der()?,
        context(0, true, attributes),
        signature_algorithm(signer.algorithm(), hash).to_der()?,
        AnyRef::new(Tag::OctetString, signature)?.to_der()?,
    ]);
    let mut certificates: Vec<&[u8]> = signer.certificates().collect();
    certificates.sort_unstable();
    let signed_data = sequence(&[
        1u8.to_der()?,
        set(&hash.identifier().to_der()?),
        content.to_vec(),
        context(0, true, &certificates.concat()),
        set(&signer_info),
    ]);
    Ok(sequence(&[oids::SIGNED_DATA.to_der()?, context(0, true, &signed_data)]))
}

/// RSA is named by its key alone, as Microsoft's tool does; ECDSA with its hash.
fn signature_algorithm(algorithm: KeyAlgorithm, hash: HashAlgorithm) -> AlgorithmIdentifierOwned {
    match algorithm {
        KeyAlgorithm::Rsa => {
            AlgorithmIdentifierOwned { oid: oids::RSA_ENCRYPTION, parameters: Some(AnyRef::NULL.into()) }
        }
        KeyAlgorithm::EcdsaP256 | KeyAlgorithm::EcdsaP384 => {
            let oid = match hash {
                HashAlgorithm::Sha256 => oids::ECDSA_WITH_SHA256,
                HashAlgorithm::Sha384 => oids::ECDSA_WITH_SHA384,
                HashAlgorithm::Sha512 => oids::ECDSA_WITH_SHA512,
            };
            AlgorithmIdentifierOwned { oid, parameters: None }
        }
    }
}
