//! Checks a signature value against the public key of a certificate.

use der::{Decode, Encode};
use md5::Md5;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use pkcs8::DecodePublicKey;
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, RsaPublicKey};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::hash::Hash;
use crate::cms::oids;
use der::asn1::ObjectIdentifier;

/// A public key that signatures can be checked with.
pub(crate) enum PublicKey {
    Rsa(RsaPublicKey),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
}

impl PublicKey {
    /// Takes the key of a certificate; the error names what kind it is instead.
    pub(crate) fn of(info: &SubjectPublicKeyInfoOwned) -> Result<Self, String> {
        let der = info.to_der().map_err(|error| error.to_string())?;
        match info.algorithm.oid {
            oids::RSA_ENCRYPTION => {
                RsaPublicKey::from_public_key_der(&der).map(Self::Rsa).map_err(|error| error.to_string())
            }
            oids::EC_PUBLIC_KEY => {
                let curve = info
                    .algorithm
                    .parameters
                    .as_ref()
                    .and_then(|any| any.to_der().ok())
                    .and_then(|der| ObjectIdentifier::from_der(&der).ok());
                match curve {
                    Some(oids::P256) => p256::ecdsa::VerifyingKey::from_public_key_der(&der)
                        .map(Self::P256)
                        .map_err(|error| error.to_string()),
                    Some(oids::P384) => p384::ecdsa::VerifyingKey::from_public_key_der(&der)
                        .map(Self::P384)
                        .map_err(|error| error.to_string()),
                    _ => Err("the key is on an elliptic curve that is not supported".into()),
                }
            }
            oid => Err(format!("the key is of the algorithm {oid}, which is not supported")),
        }
    }

    /// The kind and size, as shown to people.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Rsa(key) => format!("RSA {}", key.n().bits()),
            Self::P256(_) => "ECDSA P-256".into(),
            Self::P384(_) => "ECDSA P-384".into(),
        }
    }

    /// Whether the key is too small to protect anything.
    pub(crate) fn is_weak(&self) -> bool {
        matches!(self, Self::Rsa(key) if key.n().bits() < 2048)
    }

    /// Whether `signature` was made by this key over a message with this digest.
    pub(crate) fn verify(&self, hash: Hash, digest: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Rsa(key) => {
                let padding = match hash {
                    Hash::Md5 => Pkcs1v15Sign::new::<Md5>(),
                    Hash::Sha1 => Pkcs1v15Sign::new::<Sha1>(),
                    Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
                    Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
                    Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
                };
                key.verify(padding, digest, signature).is_ok()
            }
            Self::P256(key) => p256::ecdsa::DerSignature::from_bytes(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
            Self::P384(key) => p384::ecdsa::DerSignature::from_bytes(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
        }
    }
}

/// What a signature algorithm identifier says about the hash.
pub(crate) enum SignatureHash {
    /// The identifier names it.
    Named(Hash),
    /// The identifier names the key alone: the hash is the one of the signer.
    Signers,
    /// One that protects nothing or is not known.
    Unusable(String),
}

/// The hash that belongs to a signature algorithm. Whether the key is of the right kind shows when it verifies.
pub(crate) fn signature_hash(algorithm: ObjectIdentifier) -> SignatureHash {
    SignatureHash::Named(match algorithm {
        oids::RSA_ENCRYPTION | oids::EC_PUBLIC_KEY => return SignatureHash::Signers,
        oids::SHA1_WITH_RSA | oids::OIW_SHA1_WITH_RSA | oids::ECDSA_WITH_SHA1 => Hash::Sha1,
        oids::SHA256_WITH_RSA | oids::ECDSA_WITH_SHA256 => Hash::Sha256,
        oids::SHA384_WITH_RSA | oids::ECDSA_WITH_SHA384 => Hash::Sha384,
        oids::SHA512_WITH_RSA | oids::ECDSA_WITH_SHA512 => Hash::Sha512,
        oids::MD5_WITH_RSA => Hash::Md5,
        oid => return SignatureHash::Unusable(format!("the signature algorithm {oid}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_new_names_of_sha1_signatures_mean_the_same() {
        for name in [oids::SHA1_WITH_RSA, oids::OIW_SHA1_WITH_RSA] {
            assert!(matches!(signature_hash(name), SignatureHash::Named(Hash::Sha1)), "{name}");
        }
    }
}
