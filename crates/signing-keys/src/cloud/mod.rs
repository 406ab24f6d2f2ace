//! Keys in cloud services, over the services' public REST APIs. Each file names the pages of documentation that it follows.

pub(crate) mod aws_credentials;
pub(crate) mod aws_kms;
mod aws_sigv4;
mod azure_auth;
pub(crate) mod azure_key_vault;
pub(crate) mod azure_trusted_signing;
mod google_auth;
pub(crate) mod google_kms;
pub(crate) mod vault_transit;

use authenticode::{DigestSigner, HashAlgorithm, KeyAlgorithm, KeyError};
use serde_json::Value;

use crate::Error;
use crate::certificate::PublicKey;

/// A key that a service signs with.
struct RemoteKey<S> {
    public: PublicKey,
    service: S,
}

/// What a service does for a [`RemoteKey`]: PKCS#1 v1.5 for RSA, a DER `ECDSA-Sig-Value` for ECDSA.
trait SignRemotely: Send + Sync {
    fn sign(&self, key: KeyAlgorithm, hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<u8>, Error>;
}

impl<S: SignRemotely> DigestSigner for RemoteKey<S> {
    fn algorithm(&self) -> KeyAlgorithm {
        self.public.algorithm
    }

    fn public_key_der(&self) -> Result<Vec<u8>, KeyError> {
        Ok(self.public.der.clone())
    }

    fn sign_digest(&self, hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.service.sign(self.public.algorithm, hash, digest).map_err(Error::into_key_error)
    }
}

/// Services pair each curve with one hash.
fn expect_hash(service: &'static str, key: KeyAlgorithm, hash: HashAlgorithm) -> Result<(), Error> {
    let wanted = match key {
        KeyAlgorithm::Rsa => return Ok(()),
        KeyAlgorithm::EcdsaP256 => HashAlgorithm::Sha256,
        KeyAlgorithm::EcdsaP384 => HashAlgorithm::Sha384,
    };
    if hash == wanted {
        return Ok(());
    }
    let curve = if wanted == HashAlgorithm::Sha256 { "P-256" } else { "P-384" };
    let reason = format!("its keys on {curve} sign {wanted} digests only: choose {wanted}");
    Err(Error::Service { service, reason })
}

/// A text field of an answer.
fn text<'a>(service: &'static str, value: &'a Value, pointer: &str) -> Result<&'a str, Error> {
    value.pointer(pointer).and_then(Value::as_str).ok_or_else(|| {
        let reason = format!("its answer lacks `{}`", pointer.trim_start_matches('/'));
        Error::Service { service, reason }
    })
}
