//! The digest algorithms that signatures are made with.

use std::fmt;

use der::asn1::{AnyRef, ObjectIdentifier};
use sha2::digest::DynDigest;
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::cms::oids;

/// A digest algorithm that this crate signs with. SHA-1 is not among them: it is only good for reading old files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HashAlgorithm {
    /// SHA-256: what every Windows that knows SHA-2 accepts.
    #[default]
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashAlgorithm {
    /// All of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];

    /// The name as people write it, "SHA-256".
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// The algorithm of this name; upper and lower case and the hyphen make no difference.
    pub fn from_name(name: &str) -> Option<Self> {
        let plain = |text: &str| text.replace('-', "").to_ascii_lowercase();
        Self::ALL.into_iter().find(|hash| plain(hash.name()) == plain(name))
    }

    /// The length of a digest in bytes.
    pub fn digest_len(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The digest of `bytes`.
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    /// The object identifier as text, "2.16.840.1.101.3.4.2.1".
    pub fn oid_text(self) -> String {
        self.oid().to_string()
    }

    /// A hasher to feed piece by piece.
    pub(crate) fn hasher(self) -> Box<dyn DynDigest + Send> {
        match self {
            Self::Sha256 => Box::<Sha256>::default(),
            Self::Sha384 => Box::<Sha384>::default(),
            Self::Sha512 => Box::<Sha512>::default(),
        }
    }

    pub(crate) fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha256 => oids::SHA256,
            Self::Sha384 => oids::SHA384,
            Self::Sha512 => oids::SHA512,
        }
    }

    /// The algorithm identifier with the NULL parameters that Windows writes.
    pub(crate) fn identifier(self) -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned { oid: self.oid(), parameters: Some(AnyRef::NULL.into()) }
    }
}

impl fmt::Display for HashAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_and_piecewise_digests_agree_and_have_the_stated_length() {
        for hash in HashAlgorithm::ALL {
            let mut hasher = hash.hasher();
            hasher.update(b"ab");
            hasher.update(b"c");
            let digest = hash.digest(b"abc");
            assert_eq!(hasher.finalize().to_vec(), digest, "{hash}");
            assert_eq!(digest.len(), hash.digest_len(), "{hash}");
        }
    }

    #[test]
    fn names_are_read_as_people_write_them() {
        assert_eq!(HashAlgorithm::from_name("sha256"), Some(HashAlgorithm::Sha256));
        assert_eq!(HashAlgorithm::from_name("SHA-384"), Some(HashAlgorithm::Sha384));
        assert_eq!(HashAlgorithm::from_name("sha1"), None);
    }
}
