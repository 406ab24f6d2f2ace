//! A certificate together with the bytes that it was read from: signatures are over bytes, not over what they mean.

use std::fmt::Write as _;

use der::asn1::ObjectIdentifier;
use der::oid::AssociatedOid;
use der::{Decode, Tag};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use super::public_key::PublicKey;
use crate::cms::tlv::{elements, one};
use crate::cms::{SignerId, fields, oids};

/// A certificate that was read.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    der: Vec<u8>,
    /// Where the signed part ends and starts in `der`.
    tbs: std::ops::Range<usize>,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    serial: Vec<u8>,
    parsed: x509_cert::Certificate,
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Certificate {
    /// Reads one certificate; nothing may follow it.
    pub(crate) fn read(der: &[u8]) -> Result<Self, String> {
        let parsed = x509_cert::Certificate::from_der(der).map_err(|error| error.to_string())?;
        let outer = one(der)?;
        let tbs = elements(outer.value()).raw().ok_or("the certificate is empty")??;
        let start = der.len() - outer.value().len();
        let mut parts = fields(one(tbs)?, "certificate")?;
        parts.take_context(0)?;
        let serial = parts.take_tagged(Tag::Integer, "serial number")?.value().to_vec();
        parts.need("signature algorithm")?;
        let issuer = parts.raw().ok_or("the issuer is missing")??.to_vec();
        parts.need("validity")?;
        let subject = parts.raw().ok_or("the subject is missing")??.to_vec();
        Ok(Self { der: der.to_vec(), tbs: start..start + tbs.len(), issuer, subject, serial, parsed })
    }

    /// All of its bytes.
    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    /// The part that its issuer signed.
    pub(crate) fn signed_bytes(&self) -> &[u8] {
        &self.der[self.tbs.clone()]
    }

    /// Its fields.
    pub(crate) fn fields(&self) -> &x509_cert::TbsCertificate {
        &self.parsed.tbs_certificate
    }

    /// The algorithm and the value of its issuer's signature; `None` where it names two algorithms or has odd bits.
    pub(crate) fn signature(&self) -> Option<(ObjectIdentifier, &[u8])> {
        if self.parsed.signature_algorithm != self.fields().signature {
            return None;
        }
        Some((self.parsed.signature_algorithm.oid, self.parsed.signature.as_bytes()?))
    }

    /// The subject, as people read it.
    pub(crate) fn subject(&self) -> String {
        self.fields().subject.to_string()
    }

    /// The issuer, as people read it.
    pub(crate) fn issuer(&self) -> String {
        self.fields().issuer.to_string()
    }

    /// The serial number's content bytes.
    pub(crate) fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// The issuer's name as whole bytes.
    pub(crate) fn issuer_bytes(&self) -> &[u8] {
        &self.issuer
    }

    /// Whether it says that it was issued under this certificate's name. Who issued it shows only when the key verifies.
    pub(crate) fn names_issuer(&self, issuer: &Self) -> bool {
        // Some authorities write one name with two kinds of string.
        self.issuer == issuer.subject
            || (self.issuer.len().max(issuer.subject.len()) < 1024
                && self.fields().issuer.to_string() == issuer.fields().subject.to_string())
    }

    /// Whether issuer and subject are one.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// Whether a signer with this name means it.
    pub(crate) fn is_named_by(&self, id: &SignerId<'_>) -> bool {
        match *id {
            SignerId::Issued { issuer, serial } => self.serial == serial && self.issuer == issuer,
            SignerId::Key(key) => {
                let value = self.extension_bytes(oids::SUBJECT_KEY_IDENTIFIER);
                value.and_then(|der| crate::cms::octets(der).ok()) == Some(key)
            }
        }
    }

    /// Its key; the error names what kind it is instead.
    pub(crate) fn key(&self) -> Result<PublicKey, String> {
        PublicKey::of(&self.fields().subject_public_key_info)
    }

    /// From when until when it is valid, in seconds since 1970.
    pub(crate) fn validity(&self) -> (u64, u64) {
        let validity = &self.fields().validity;
        (validity.not_before.to_unix_duration().as_secs(), validity.not_after.to_unix_duration().as_secs())
    }

    /// Whether it is valid at a time.
    pub(crate) fn valid_at(&self, at: u64) -> bool {
        let (not_before, not_after) = self.validity();
        (not_before..=not_after).contains(&at)
    }

    /// The SHA-1 thumbprint in upper-case hexadecimal, as Windows shows it.
    pub(crate) fn thumbprint(&self) -> String {
        hex(&Sha1::digest(&self.der))
    }

    /// The SHA-256 fingerprint in upper-case hexadecimal.
    pub(crate) fn fingerprint(&self) -> String {
        hex(&Sha256::digest(&self.der))
    }

    /// One of its extensions.
    pub(crate) fn extension<'a, T: AssociatedOid + Decode<'a>>(&'a self) -> Result<Option<T>, String> {
        self.extension_bytes(T::OID).map(T::from_der).transpose().map_err(unreadable)
    }

    /// The value of an extension.
    pub(crate) fn extension_bytes(&self, oid: ObjectIdentifier) -> Option<&[u8]> {
        let mut extensions = self.fields().extensions.iter().flatten();
        extensions.find(|extension| extension.extn_id == oid).map(|extension| extension.extn_value.as_bytes())
    }
}

/// An extension that is not what it should be.
pub(super) fn unreadable(error: der::Error) -> String {
    format!("one of its extensions cannot be read: {error}")
}

/// Bytes in upper-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}
