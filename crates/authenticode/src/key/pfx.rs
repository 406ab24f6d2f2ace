//! PFX (PKCS#12) files: the key and its certificates under one password.

use p12_keystore::error::Error as P12Error;
use p12_keystore::{KeyStore, KeyStoreEntry};
use zeroize::Zeroizing;

use super::Password;
use crate::KeyError;

/// What a PFX file holds for signing.
pub(super) struct Contents {
    /// The private key as PKCS#8.
    pub(super) pkcs8: Zeroizing<Vec<u8>>,
    /// The certificates as DER, the key's own first.
    pub(super) certificates: Vec<Vec<u8>>,
}

/// Opens a PFX file with modern (AES) or old (3DES, RC2-40) encryption.
pub(super) fn open(bytes: &[u8], password: &Password) -> Result<Contents, KeyError> {
    let store = KeyStore::from_pkcs12(bytes, password.expose()).map_err(|error| match error {
        P12Error::MacError(_) | P12Error::UnpadError => KeyError::WrongPassword { container: "PFX file" },
        P12Error::Pkcs5Error(_) => KeyError::WrongPassword { container: "PFX file" },
        P12Error::UnsupportedEncryptionScheme | P12Error::UnsupportedMacAlgorithm => KeyError::Malformed {
            what: "PFX file",
            reason: "its encryption or integrity algorithm is not supported; export it again with AES-256 and SHA-256"
                .into(),
        },
        error => KeyError::Malformed { what: "PFX file", reason: error.to_string() },
    })?;
    let mut chains = store.entries().filter_map(|(_, entry)| match entry {
        KeyStoreEntry::PrivateKeyChain(chain) => Some(chain),
        _ => None,
    });
    let chain = chains.next().ok_or(KeyError::NoPrivateKey {
        container: "PFX file",
        hint: "export the certificate together with its private key",
    })?;
    let others = chains.count();
    if others > 0 {
        return Err(KeyError::SeveralPrivateKeys { container: "PFX file", count: others + 1 });
    }
    Ok(Contents {
        pkcs8: Zeroizing::new(chain.key().to_vec()),
        certificates: chain.chain().iter().map(|certificate| certificate.as_der().to_vec()).collect(),
    })
}
