//! Who signs: a private key, wherever it lives, with the certificates that say whose it is.

mod ber;
pub(crate) mod certificates;
mod fips;
mod password;
pub(crate) mod pem;
mod pfx;
mod private;
mod protection;

use der::{Decode, Encode};
use sha1::{Digest as _, Sha1};
use x509_cert::Certificate;

pub use fips::FIPS_NOTICE;
pub use password::Password;

use crate::verify::PublicKey;
use crate::{HashAlgorithm, KeyError};
use private::SoftwareKey;
use protection::Protection;

/// The kind of a signing key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyAlgorithm {
    /// RSA with PKCS#1 v1.5 padding.
    Rsa,
    /// ECDSA on the curve P-256.
    EcdsaP256,
    /// ECDSA on the curve P-384.
    EcdsaP384,
}

/// A key that signs digests: in memory, on a token, in a cloud. The key never leaves it.
pub trait DigestSigner: Send + Sync {
    /// The kind of the key.
    fn algorithm(&self) -> KeyAlgorithm;

    /// The public key as a DER SubjectPublicKeyInfo, to find the certificate that belongs to it.
    fn public_key_der(&self) -> Result<Vec<u8>, KeyError>;

    /// Signs a digest made with `hash`: PKCS#1 v1.5 with its DigestInfo for RSA, a DER `ECDSA-Sig-Value` for ECDSA.
    fn sign_digest(&self, hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<u8>, KeyError>;
}

/// A signing key with its certificate chain.
pub struct Signer {
    key: Box<dyn DigestSigner>,
    leaf: Certificate,
    leaf_der: Vec<u8>,
    /// What goes into the signature beside the leaf: intermediates, no roots, no doubles.
    intermediates: Vec<Vec<u8>>,
    /// How the key was protected in its file.
    protection: Protection,
}

impl Signer {
    /// Takes a key and certificates from files' contents, PEM or DER.
    ///
    /// The key may be PKCS#8, encrypted PKCS#8 (with `password`), PKCS#1 or SEC1; the certificates PEM blocks, one in DER, or a
    /// PKCS#7 bundle. They come in any order: the one that belongs to the key is found by its public key, the others become
    /// the chain. `certificates` may be the same text as `key`.
    pub fn from_pem(key: &[u8], certs: &[u8], password: Option<&Password>) -> Result<Self, KeyError> {
        Self::from_key(key, certificates::read(certs, "certificate file")?, password)
    }

    /// Like [`Self::from_pem`], with the certificates as DER.
    pub fn from_key(
        key: &[u8],
        certificates: Vec<Vec<u8>>,
        password: Option<&Password>,
    ) -> Result<Self, KeyError> {
        let (key, protection) = read_key(key, password)?;
        Ok(Self { protection, ..Self::new(Box::new(key), certificates)? })
    }

    /// Takes a key and its certificates from a PFX (PKCS#12) file.
    pub fn from_pfx(bytes: &[u8], password: &Password) -> Result<Self, KeyError> {
        Self::from_pfx_and(bytes, password, Vec::new())
    }

    /// Like [`Self::from_pfx`]; `more` are certificates that the file lacks, as DER.
    pub fn from_pfx_and(bytes: &[u8], password: &Password, more: Vec<Vec<u8>>) -> Result<Self, KeyError> {
        let mut contents = pfx::open(bytes, password)?;
        let key = SoftwareKey::from_pkcs8(&contents.key()?)?;
        let mut certificates = contents.certificates;
        certificates.extend(more);
        if certificates.is_empty() {
            return Err(KeyError::NoCertificate { container: "PFX file" });
        }
        Ok(Self { protection: contents.protection, ..Self::new(Box::new(key), certificates)? })
    }

    /// Takes a key that lives elsewhere, with certificates as DER in any order.
    pub fn new(key: Box<dyn DigestSigner>, certificates: Vec<Vec<u8>>) -> Result<Self, KeyError> {
        let public_key = key.public_key_der()?;
        let mut first_subject = None;
        let mut leaf = None;
        let mut others: Vec<(Certificate, Vec<u8>)> = Vec::new();
        for der in certificates {
            let certificate = Certificate::from_der(&der)
                .map_err(|error| KeyError::Malformed { what: "certificate", reason: error.to_string() })?;
            let tbs = &certificate.tbs_certificate;
            first_subject.get_or_insert_with(|| tbs.subject.to_string());
            let info = tbs.subject_public_key_info.to_der().unwrap_or_default();
            if leaf.is_none() && private::same_public_key(&info, &public_key) {
                leaf = Some((certificate, der));
            } else if tbs.subject != tbs.issuer {
                // A root is left out: who verifies must have it already, and trusting the file's own means nothing.
                others.push((certificate, der));
            }
        }
        let subject = first_subject.ok_or(KeyError::NoCertificate { container: "certificate file" })?;
        let (leaf, leaf_der) = leaf.ok_or(KeyError::KeyDoesNotMatch { subject })?;
        let intermediates = issuers_of(&leaf, &leaf_der, others);
        Ok(Self { key, leaf, leaf_der, intermediates, protection: Protection::default() })
    }

    /// The SHA-1 thumbprint of the signing certificate in upper-case hexadecimal, as Windows shows it.
    pub fn thumbprint(&self) -> String {
        Sha1::digest(&self.leaf_der).iter().map(|byte| format!("{byte:02X}")).collect()
    }

    /// The subject of the signing certificate, in the order of RFC 4514.
    pub fn subject(&self) -> String {
        self.leaf.tbs_certificate.subject.to_string()
    }

    /// When the signing certificate is valid: not before and not after, in seconds since 1970.
    pub fn validity(&self) -> (u64, u64) {
        let validity = &self.leaf.tbs_certificate.validity;
        (validity.not_before.to_unix_duration().as_secs(), validity.not_after.to_unix_duration().as_secs())
    }

    /// What about this signer and `hash` FIPS 140 does not approve, in words; empty means that all is approved. Show
    /// [`FIPS_NOTICE`] beside it.
    pub fn fips_violations(&self, hash: HashAlgorithm) -> Vec<String> {
        fips::violations(self, hash)
    }

    /// The kind of the signing key.
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.key.algorithm()
    }

    /// Has the key sign a digest, and checks the answer against the certificate: a token or a service that errs, or
    /// somebody between, must not get a signature into a file that Windows would reject.
    pub fn sign_digest(&self, hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<u8>, KeyError> {
        let signature = self.key.sign_digest(hash, digest)?;
        let key = PublicKey::of(&self.leaf.tbs_certificate.subject_public_key_info)
            .map_err(|reason| KeyError::Malformed { what: "certificate", reason })?;
        if key.verify(hash.into(), digest, &signature) {
            Ok(signature)
        } else {
            Err(KeyError::BadAnswer { subject: self.subject() })
        }
    }

    pub(crate) fn leaf(&self) -> &Certificate {
        &self.leaf
    }

    /// The signing certificate and the intermediates that go into a signature, as DER.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        std::iter::once(self.leaf_der.as_slice()).chain(self.intermediates.iter().map(Vec::as_slice))
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer")
            .field("subject", &self.subject())
            .field("algorithm", &self.algorithm())
            .finish_non_exhaustive()
    }
}

/// A private key from a file's content, PEM or DER, to sign with in memory.
pub fn software_key(bytes: &[u8], password: Option<&Password>) -> Result<Box<dyn DigestSigner>, KeyError> {
    Ok(Box::new(read_key(bytes, password)?.0))
}

/// The certificates of a file's content, as DER: PEM blocks, one certificate in DER, or a PKCS#7 bundle in either form.
pub fn read_certificates(bytes: &[u8]) -> Result<Vec<Vec<u8>>, KeyError> {
    certificates::read(bytes, "certificate file")
}

/// A public key from PEM text (`PUBLIC KEY`), as a DER SubjectPublicKeyInfo.
pub fn read_public_key(pem: &[u8]) -> Result<Vec<u8>, KeyError> {
    let blocks = pem::blocks(pem, "public key")?;
    let block = blocks.into_iter().find(|block| block.label == "PUBLIC KEY");
    let missing =
        || KeyError::Malformed { what: "public key", reason: "there is no PUBLIC KEY block".into() };
    Ok(block.ok_or_else(missing)?.der.to_vec())
}

/// Which of `certificates` (DER) issued none of the others, and so is the signing one of a chain in any order.
pub fn signing_certificate(certificates: &[Vec<u8>]) -> Option<&[u8]> {
    let names = |der: &Vec<u8>| {
        Certificate::from_der(der)
            .ok()
            .map(|read| (read.tbs_certificate.subject, read.tbs_certificate.issuer))
    };
    let all: Vec<_> = certificates.iter().map(names).collect();
    let issued_another = |index: usize| {
        all.iter().enumerate().any(|(other, names)| {
            let issuer = names.as_ref().map(|(_, issuer)| issuer);
            other != index && issuer == all[index].as_ref().map(|(subject, _)| subject)
        })
    };
    (0..certificates.len())
        .find(|index| all[*index].is_some() && !issued_another(*index))
        .map(|index| certificates[index].as_slice())
}

/// The public key of a certificate (DER), as a DER SubjectPublicKeyInfo.
pub fn certificate_public_key(der: &[u8]) -> Result<Vec<u8>, KeyError> {
    let unreadable =
        |error: der::Error| KeyError::Malformed { what: "certificate", reason: error.to_string() };
    let certificate = Certificate::from_der(der).map_err(unreadable)?;
    certificate.tbs_certificate.subject_public_key_info.to_der().map_err(unreadable)
}

/// The kind of a public key, from a DER SubjectPublicKeyInfo; refuses what this crate does not sign with.
pub fn public_key_algorithm(spki: &[u8]) -> Result<KeyAlgorithm, KeyError> {
    private::algorithm_of(spki)
}

fn read_key(bytes: &[u8], password: Option<&Password>) -> Result<(SoftwareKey, Protection), KeyError> {
    let mut protection = Protection::default();
    if certificates::looks_like_der(bytes) {
        return Ok((SoftwareKey::from_der(bytes, password, &mut protection)?, protection));
    }
    let mut keys = Vec::new();
    for block in pem::blocks(bytes, "private key file")? {
        keys.extend(SoftwareKey::from_pem_block(&block, password, &mut protection)?);
    }
    let count = keys.len();
    let key = keys.pop().ok_or(KeyError::NoPrivateKey {
        container: "key file",
        hint: "give a PEM file with a PRIVATE KEY block",
    })?;
    if count > 1 {
        return Err(KeyError::SeveralPrivateKeys { container: "key file", count });
    }
    Ok((key, protection))
}

/// Those of `others` that a chain from `leaf` can lead over, nearest first. Each is looked at once per step, and taken once,
/// so that certificates that name each other do no harm.
fn issuers_of(leaf: &Certificate, leaf_der: &[u8], mut others: Vec<(Certificate, Vec<u8>)>) -> Vec<Vec<u8>> {
    others.retain(|(_, der)| der != leaf_der);
    let mut wanted = vec![leaf.tbs_certificate.issuer.clone()];
    let mut chain: Vec<Vec<u8>> = Vec::new();
    while let Some(name) = wanted.pop() {
        let (found, rest) =
            others.into_iter().partition(|(issuer, _)| issuer.tbs_certificate.subject == name);
        others = rest;
        let found: Vec<(Certificate, Vec<u8>)> = found;
        for (issuer, der) in found {
            if !chain.contains(&der) {
                wanted.push(issuer.tbs_certificate.issuer);
                chain.push(der);
            }
        }
    }
    chain
}
