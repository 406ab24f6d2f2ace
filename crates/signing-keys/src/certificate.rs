//! Certificates that come as files beside a key that cannot be asked for its own.

use std::path::Path;

use authenticode::{
    KeyAlgorithm, KeyError, certificate_public_key, public_key_algorithm, signing_certificate,
};
use zeroize::Zeroizing;

use crate::Error;

/// A public key with its kind.
#[derive(Clone, Debug)]
pub(crate) struct PublicKey {
    pub(crate) der: Vec<u8>,
    pub(crate) algorithm: KeyAlgorithm,
}

impl PublicKey {
    /// Takes a DER SubjectPublicKeyInfo.
    pub(crate) fn new(der: Vec<u8>) -> Result<Self, KeyError> {
        Ok(Self { algorithm: public_key_algorithm(&der)?, der })
    }

    /// The key of a certificate.
    pub(crate) fn of_certificate(der: &[u8]) -> Result<Self, KeyError> {
        Self::new(certificate_public_key(der)?)
    }
}

/// The key of the signing certificate among a chain in any order.
pub(crate) fn leaf(certificates: &[Vec<u8>]) -> Result<PublicKey, Error> {
    let leaf =
        signing_certificate(certificates).ok_or(KeyError::NoCertificate { container: "certificate file" })?;
    Ok(PublicKey::of_certificate(leaf)?)
}

/// A file's content, wiped when dropped, because it may be a key.
pub(crate) fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, Error> {
    std::fs::read(path).map(Zeroizing::new).map_err(|source| Error::File { path: path.to_owned(), source })
}
