//! Who signs: a private key, wherever it lives, with the certificates that say whose it is.

mod password;
pub(crate) mod pem;
mod pfx;
mod private;

use der::{Decode, Encode};
use sha1::{Digest as _, Sha1};
use x509_cert::Certificate;

pub use password::Password;

use crate::verify::PublicKey;
use crate::{HashAlgorithm, KeyError};
use private::SoftwareKey;

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
}

impl Signer {
    /// Takes a key and certificates from PEM text.
    ///
    /// The key may be PKCS#8, encrypted PKCS#8 (with `password`), PKCS#1 or SEC1. The certificates come in any
    /// order; the one that belongs to the key is found by its public key, the others become the chain. `certs_pem`
    /// may be the same text as `key_pem`.
    pub fn from_pem(key_pem: &[u8], certs_pem: &[u8], password: Option<&Password>) -> Result<Self, KeyError> {
        let mut keys = Vec::new();
        for block in pem::blocks(key_pem, "private key file")? {
            keys.extend(SoftwareKey::from_pem_block(&block, password)?);
        }
        let count = keys.len();
        let key = keys.pop().ok_or(KeyError::NoPrivateKey {
            container: "key file",
            hint: "give a PEM file with a PRIVATE KEY block",
        })?;
        if count > 1 {
            return Err(KeyError::SeveralPrivateKeys { container: "key file", count });
        }
        Self::new(Box::new(key), certificates_from_pem(certs_pem, "certificate file")?)
    }

    /// Takes a key and its certificates from a PFX (PKCS#12) file.
    pub fn from_pfx(bytes: &[u8], password: &Password) -> Result<Self, KeyError> {
        let contents = pfx::open(bytes, password)?;
        Self::new(Box::new(SoftwareKey::from_pkcs8(&contents.pkcs8)?), contents.certificates)
    }

    /// Takes a key that lives elsewhere, with certificates as DER in any order.
    pub fn new(key: Box<dyn DigestSigner>, certificates: Vec<Vec<u8>>) -> Result<Self, KeyError> {
        let public_key = key.public_key_der()?;
        let mut first_subject = None;
        let mut leaf = None;
        let mut intermediates: Vec<Vec<u8>> = Vec::new();
        for der in certificates {
            let certificate = Certificate::from_der(&der)
                .map_err(|error| KeyError::Malformed { what: "certificate", reason: error.to_string() })?;
            let tbs = &certificate.tbs_certificate;
            first_subject.get_or_insert_with(|| tbs.subject.to_string());
            let info = tbs.subject_public_key_info.to_der().unwrap_or_default();
            if leaf.is_none() && private::same_public_key(&info, &public_key) {
                leaf = Some((certificate, der));
            } else if tbs.subject != tbs.issuer && !intermediates.contains(&der) {
                // A root is left out: who verifies must have it already, and trusting the file's own means nothing.
                intermediates.push(der);
            }
        }
        let subject = first_subject.ok_or(KeyError::NoCertificate { container: "certificate file" })?;
        let (leaf, leaf_der) = leaf.ok_or(KeyError::KeyDoesNotMatch { subject })?;
        intermediates.retain(|der| *der != leaf_der);
        Ok(Self { key, leaf, leaf_der, intermediates })
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

    /// The kind of the signing key.
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.key.algorithm()
    }

    /// Has the key sign a digest, and checks the answer against the certificate: a token or a service that errs, or
    /// somebody between, must not get a signature into a file that Windows would reject.
    pub(crate) fn sign_digest(&self, hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<u8>, KeyError> {
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

    /// The leaf and the intermediates, as DER.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &[u8]> {
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

/// The certificates of a PEM text, as DER.
pub(crate) fn certificates_from_pem(text: &[u8], what: &'static str) -> Result<Vec<Vec<u8>>, KeyError> {
    Ok(pem::blocks(text, what)?
        .into_iter()
        .filter(|block| matches!(block.label.as_str(), "CERTIFICATE" | "X509 CERTIFICATE"))
        .map(|block| block.der.to_vec())
        .collect())
}
