//! Private keys that live in this process's memory: parsing, choosing the algorithm, signing a digest.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use pkcs8::{
    AssociatedOid, DecodePrivateKey, DecodePublicKey, EncodePublicKey, EncryptedPrivateKeyInfo,
    PrivateKeyInfo,
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sec1::{EcParameters, EcPrivateKey};
use sha2::{Digest, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::pem::Block;
use super::protection::Protection;
use super::{DigestSigner, KeyAlgorithm, Password, pfx};
use crate::{HashAlgorithm, KeyError};

const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// A private key in memory, wiped when dropped.
pub(super) enum SoftwareKey {
    Rsa(Box<RsaPrivateKey>),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
}

impl SoftwareKey {
    /// Reads one PEM block; `None` where the block is no private key.
    pub(super) fn from_pem_block(
        block: &Block,
        password: Option<&Password>,
        protection: &mut Protection,
    ) -> Result<Option<Self>, KeyError> {
        let key = match block.label.as_str() {
            "PRIVATE KEY" => Self::from_pkcs8(&block.der)?,
            "ENCRYPTED PRIVATE KEY" => Self::from_encrypted_pkcs8(&block.der, password, protection)?,
            "RSA PRIVATE KEY" => Self::rsa(RsaPrivateKey::from_pkcs1_der(&block.der).map_err(malformed)?)?,
            "EC PRIVATE KEY" => Self::from_sec1(&block.der)?,
            other if other.ends_with("PRIVATE KEY") => {
                return Err(KeyError::Unsupported { what: format!("a key of the form `{other}`") });
            }
            _ => return Ok(None),
        };
        Ok(Some(key))
    }

    /// Reads an unencrypted PKCS#8 key.
    pub(super) fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        let info = PrivateKeyInfo::from_der(der).map_err(malformed)?;
        match info.algorithm.oid {
            RSA_ENCRYPTION => Self::rsa(RsaPrivateKey::from_pkcs8_der(der).map_err(malformed)?),
            EC_PUBLIC_KEY => match info.algorithm.parameters_oid().map_err(malformed)? {
                p256::NistP256::OID => {
                    p256::SecretKey::from_pkcs8_der(der).map(|key| Self::P256(key.into())).map_err(malformed)
                }
                p384::NistP384::OID => {
                    p384::SecretKey::from_pkcs8_der(der).map(|key| Self::P384(key.into())).map_err(malformed)
                }
                curve => Err(KeyError::Unsupported { what: format!("the elliptic curve {curve}") }),
            },
            oid => Err(KeyError::Unsupported { what: format!("a key of the algorithm {oid}") }),
        }
    }

    /// Reads a key in DER: PKCS#8, encrypted PKCS#8, PKCS#1 or SEC1, told apart by their structure.
    pub(super) fn from_der(
        der: &[u8],
        password: Option<&Password>,
        protection: &mut Protection,
    ) -> Result<Self, KeyError> {
        if PrivateKeyInfo::from_der(der).is_ok() {
            Self::from_pkcs8(der)
        } else if EncryptedPrivateKeyInfo::from_der(der).is_ok() {
            Self::from_encrypted_pkcs8(der, password, protection)
        } else if let Ok(key) = RsaPrivateKey::from_pkcs1_der(der) {
            Self::rsa(key)
        } else if EcPrivateKey::from_der(der).is_ok() {
            Self::from_sec1(der)
        } else {
            Err(malformed("it is no private key in DER; a PFX file belongs in another option"))
        }
    }

    fn from_encrypted_pkcs8(
        der: &[u8],
        password: Option<&Password>,
        protection: &mut Protection,
    ) -> Result<Self, KeyError> {
        let password = password.ok_or(KeyError::PasswordNeeded)?;
        let plain = pfx::decrypt_key(der, password, protection)?;
        // A wrong password leaves valid padding once in about 256 tries; what comes out is then no key.
        Self::from_pkcs8(&plain).map_err(|error| match error {
            KeyError::Malformed { .. } => KeyError::WrongPassword { container: "private key" },
            error => error,
        })
    }

    fn from_sec1(der: &[u8]) -> Result<Self, KeyError> {
        let info = EcPrivateKey::from_der(der).map_err(malformed)?;
        let curve =
            info.parameters.and_then(EcParameters::named_curve).ok_or_else(|| KeyError::Malformed {
                what: "private key",
                reason: "the EC key does not name its curve; convert it with `openssl pkcs8 -topk8 -nocrypt`"
                    .into(),
            })?;
        match curve {
            p256::NistP256::OID => {
                p256::SecretKey::from_sec1_der(der).map(|key| Self::P256(key.into())).map_err(malformed)
            }
            p384::NistP384::OID => {
                p384::SecretKey::from_sec1_der(der).map(|key| Self::P384(key.into())).map_err(malformed)
            }
            curve => Err(KeyError::Unsupported { what: format!("the elliptic curve {curve}") }),
        }
    }

    fn rsa(mut key: RsaPrivateKey) -> Result<Self, KeyError> {
        let bits = key.n().bits();
        if !(2048..=4096).contains(&bits) {
            return Err(KeyError::Unsupported { what: format!("an RSA key of {bits} bits") });
        }
        key.validate().map_err(malformed)?;
        // Without the Chinese remainder values a signature takes four times as long.
        key.precompute().map_err(malformed)?;
        Ok(Self::Rsa(Box::new(key)))
    }
}

impl DigestSigner for SoftwareKey {
    fn algorithm(&self) -> KeyAlgorithm {
        match self {
            Self::Rsa(_) => KeyAlgorithm::Rsa,
            Self::P256(_) => KeyAlgorithm::EcdsaP256,
            Self::P384(_) => KeyAlgorithm::EcdsaP384,
        }
    }

    fn public_key_der(&self) -> Result<Vec<u8>, KeyError> {
        let document = match self {
            Self::Rsa(key) => key.to_public_key().to_public_key_der(),
            Self::P256(key) => key.verifying_key().to_public_key_der(),
            Self::P384(key) => key.verifying_key().to_public_key_der(),
        };
        Ok(document.map_err(malformed)?.into_vec())
    }

    fn sign_digest(&self, hash: HashAlgorithm, digest: &[u8]) -> Result<Vec<u8>, KeyError> {
        let failed = |error: &dyn std::fmt::Display| KeyError::Signing { reason: error.to_string() };
        match self {
            Self::Rsa(key) => {
                let padding = match hash {
                    HashAlgorithm::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
                    HashAlgorithm::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
                    HashAlgorithm::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
                };
                key.sign_with_rng(&mut blinding(key, digest), padding, digest).map_err(|error| failed(&error))
            }
            Self::P256(key) => {
                let signature: p256::ecdsa::DerSignature =
                    key.sign_prehash(digest).map_err(|error| failed(&error))?;
                Ok(signature.as_bytes().to_vec())
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::DerSignature =
                    key.sign_prehash(digest).map_err(|error| failed(&error))?;
                Ok(signature.as_bytes().to_vec())
            }
        }
    }
}

/// Random numbers for RSA blinding, derived from the key and the digest as RFC 6979 derives its nonces: the library
/// needs no random source, and timing tells nothing to someone who lacks the key.
fn blinding(key: &RsaPrivateKey, digest: &[u8]) -> ChaCha20Rng {
    let mut hash = Sha256::new();
    hash.update(b"authenticode RSA blinding");
    hash.update(Zeroizing::new(key.d().to_bytes_be()).as_slice());
    hash.update(digest);
    ChaCha20Rng::from_seed(hash.finalize().into())
}

fn malformed(error: impl std::fmt::Display) -> KeyError {
    KeyError::Malformed { what: "private key", reason: error.to_string() }
}

/// The kind of a public key (DER SubjectPublicKeyInfo), where it is one that signs.
pub(super) fn algorithm_of(spki: &[u8]) -> Result<KeyAlgorithm, KeyError> {
    let unreadable = |reason: String| KeyError::Malformed { what: "public key", reason };
    let info = pkcs8::spki::SubjectPublicKeyInfoRef::from_der(spki)
        .map_err(|error| unreadable(error.to_string()))?;
    match info.algorithm.oid {
        RSA_ENCRYPTION => {
            let key = rsa::RsaPublicKey::from_public_key_der(spki)
                .map_err(|error| unreadable(error.to_string()))?;
            match key.n().bits() {
                2048..=4096 => Ok(KeyAlgorithm::Rsa),
                bits => Err(KeyError::Unsupported { what: format!("an RSA key of {bits} bits") }),
            }
        }
        EC_PUBLIC_KEY => match info.algorithm.parameters_oid() {
            Ok(p256::NistP256::OID) => Ok(KeyAlgorithm::EcdsaP256),
            Ok(p384::NistP384::OID) => Ok(KeyAlgorithm::EcdsaP384),
            Ok(curve) => Err(KeyError::Unsupported { what: format!("the elliptic curve {curve}") }),
            Err(error) => Err(unreadable(error.to_string())),
        },
        oid => Err(KeyError::Unsupported { what: format!("a key of the algorithm {oid}") }),
    }
}

/// Whether two SubjectPublicKeyInfo values name the same key. RSA parameters may be NULL or absent, so the
/// algorithm's identifier and the key bits are compared, and the parameters only where they choose a curve.
pub(super) fn same_public_key(one: &[u8], other: &[u8]) -> bool {
    let parts = |der: &[u8]| -> Option<(ObjectIdentifier, Option<Vec<u8>>, Vec<u8>)> {
        let info = pkcs8::spki::SubjectPublicKeyInfoRef::from_der(der).ok()?;
        let parameters = match info.algorithm.oid {
            EC_PUBLIC_KEY => {
                info.algorithm.parameters.map(|any: AnyRef<'_>| any.to_der()).transpose().ok()?
            }
            _ => None,
        };
        Some((info.algorithm.oid, parameters, info.subject_public_key.raw_bytes().to_vec()))
    };
    parts(one).is_some_and(|one| Some(one) == parts(other))
}
