//! The Windows certificate store: keys of CNG providers, smart cards among them, through the safe wrapper of `rustls-cng`.

use authenticode::Signer;

use crate::Error;

#[cfg(not(windows))]
pub(crate) fn open(_which: &str, _machine: bool, _certificates: Vec<Vec<u8>>) -> Result<Signer, Error> {
    Err(Error::Store(
        "--store reads the store of Windows, and this is another system: export the certificate to a PFX file, or name its token with --pkcs11"
            .into(),
    ))
}

#[cfg(windows)]
pub(crate) use windows::open;

#[cfg(windows)]
mod windows {
    use authenticode::{DigestSigner, HashAlgorithm, KeyAlgorithm, KeyError};
    use rustls_cng::cert::CertContext;
    use rustls_cng::key::{NCryptKey, SignaturePadding};
    use rustls_cng::store::{CertStore, CertStoreType};

    use super::*;
    use crate::certificate::PublicKey;
    use crate::signature::ecdsa_der;
    use crate::source::signer;

    pub(crate) fn open(which: &str, machine: bool, mut certificates: Vec<Vec<u8>>) -> Result<Signer, Error> {
        let failed = |error: rustls_cng::error::CngError| Error::Store(error.to_string());
        let place = if machine { CertStoreType::LocalMachine } else { CertStoreType::CurrentUser };
        let store = CertStore::open(place, "My").map_err(failed)?;
        let found = match thumbprint(which) {
            Some(bytes) => store.find_by_sha1(bytes),
            None => store.find_by_subject_str(which),
        }
        .map_err(failed)?;
        let mut usable: Vec<(CertContext, NCryptKey)> = found
            .into_iter()
            .filter_map(|cert| cert.acquire_key(false).ok().map(|key| (cert, key)))
            .collect();
        let (certificate, mut key) = match usable.len() {
            1 => usable.remove(0),
            0 => {
                let place = if machine { "the machine's" } else { "the user's" };
                return Err(Error::Store(format!(
                    "{place} store `My` has no certificate `{which}` with a private key"
                )));
            }
            count => {
                return Err(Error::Store(format!(
                    "{count} certificates fit `{which}`: give the thumbprint of one"
                )));
            }
        };
        // A smart card may have to ask for its PIN.
        key.set_silent(false);
        let chain = certificate.as_chain_der().unwrap_or_default();
        certificates.insert(0, certificate.as_der().to_vec());
        certificates.extend(chain);
        let public = PublicKey::of_certificate(certificate.as_der())?;
        signer(Key { key, public }, certificates)
    }

    fn thumbprint(text: &str) -> Option<Vec<u8>> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
        let is_one = digits.len() == 40 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_one.then(|| {
            (0..40).step_by(2).filter_map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok()).collect()
        })
    }

    struct Key {
        key: NCryptKey,
        public: PublicKey,
    }

    impl DigestSigner for Key {
        fn algorithm(&self) -> KeyAlgorithm {
            self.public.algorithm
        }

        fn public_key_der(&self) -> Result<Vec<u8>, KeyError> {
            Ok(self.public.der.clone())
        }

        fn sign_digest(&self, _hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<u8>, KeyError> {
            let padding = match self.public.algorithm {
                KeyAlgorithm::Rsa => SignaturePadding::Pkcs1,
                KeyAlgorithm::EcdsaP256 | KeyAlgorithm::EcdsaP384 => SignaturePadding::None,
            };
            let signature = self
                .key
                .sign(digest, padding)
                .map_err(|error| KeyError::Signing { reason: format!("certificate store: {error}") })?;
            match self.public.algorithm {
                KeyAlgorithm::Rsa => Ok(signature),
                algorithm => ecdsa_der(&signature, algorithm),
            }
        }
    }
}
