//! The structures of a PFX file, as RFC 7292 has them.

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Reader, Sequence, SliceReader, Tag, TagNumber, Tagged};
use pkcs8::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

pub(super) type OctetString<'a> = OctetStringRef<'a>;

/// What stands in the file as identifiers.
pub(super) mod oid {
    use der::asn1::ObjectIdentifier;

    const fn oid(text: &str) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(text)
    }

    pub(in crate::key) const DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.1");
    pub(in crate::key) const ENVELOPED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.3");
    pub(in crate::key) const ENCRYPTED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.6");

    pub(in crate::key) const KEY_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.1");
    pub(in crate::key) const SHROUDED_KEY_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.2");
    pub(in crate::key) const CERT_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.3");
    pub(in crate::key) const SAFE_CONTENTS_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.6");
    pub(in crate::key) const X509_CERTIFICATE: ObjectIdentifier = oid("1.2.840.113549.1.9.22.1");

    pub(in crate::key) const PBES2: ObjectIdentifier = oid("1.2.840.113549.1.5.13");
    pub(in crate::key) const PBMAC1: ObjectIdentifier = oid("1.2.840.113549.1.5.14");
    pub(in crate::key) const THREE_KEY_3DES: ObjectIdentifier = oid("1.2.840.113549.1.12.1.3");
    pub(in crate::key) const TWO_KEY_3DES: ObjectIdentifier = oid("1.2.840.113549.1.12.1.4");
    pub(in crate::key) const RC2_128: ObjectIdentifier = oid("1.2.840.113549.1.12.1.5");
    pub(in crate::key) const RC2_40: ObjectIdentifier = oid("1.2.840.113549.1.12.1.6");

    pub(in crate::key) const HMAC_SHA1: ObjectIdentifier = oid("1.2.840.113549.2.7");
    pub(in crate::key) const HMAC_SHA256: ObjectIdentifier = oid("1.2.840.113549.2.9");
    pub(in crate::key) const HMAC_SHA384: ObjectIdentifier = oid("1.2.840.113549.2.10");
    pub(in crate::key) const HMAC_SHA512: ObjectIdentifier = oid("1.2.840.113549.2.11");
}

#[derive(Sequence)]
pub(super) struct Pfx<'a> {
    pub(super) version: u8,
    pub(super) auth_safe: ContentInfo<'a>,
    #[asn1(optional = "true")]
    pub(super) mac: Option<MacData<'a>>,
}

#[derive(Sequence)]
pub(super) struct ContentInfo<'a> {
    pub(super) kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) content: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
pub(super) struct MacData<'a> {
    pub(super) mac: DigestInfo<'a>,
    pub(super) salt: OctetStringRef<'a>,
    #[asn1(default = "one")]
    pub(super) iterations: u32,
}

fn one() -> u32 {
    1
}

#[derive(Sequence)]
pub(super) struct DigestInfo<'a> {
    pub(super) algorithm: AlgorithmIdentifierRef<'a>,
    pub(super) digest: OctetStringRef<'a>,
}

#[derive(Sequence)]
pub(super) struct Pbmac1Params<'a> {
    pub(super) kdf: AlgorithmIdentifierRef<'a>,
    pub(super) mac: AlgorithmIdentifierRef<'a>,
}

#[derive(Sequence)]
pub(super) struct EncryptedData<'a> {
    pub(super) version: u8,
    pub(super) content: EncryptedContent<'a>,
}

#[derive(Sequence)]
pub(super) struct EncryptedContent<'a> {
    pub(super) kind: ObjectIdentifier,
    pub(super) algorithm: AlgorithmIdentifierRef<'a>,
    pub(super) cipher_text: AnyRef<'a>,
}

impl EncryptedContent<'_> {
    /// `[0] IMPLICIT OCTET STRING`, in one piece or, in BER, several.
    pub(super) fn cipher_text(&self) -> der::Result<Zeroizing<Vec<u8>>> {
        match self.cipher_text.tag() {
            Tag::ContextSpecific { number: TagNumber::N0, constructed: false } => {
                Ok(Zeroizing::new(self.cipher_text.value().to_vec()))
            }
            Tag::ContextSpecific { number: TagNumber::N0, constructed: true } => {
                let mut whole = Zeroizing::new(Vec::with_capacity(self.cipher_text.value().len()));
                let mut reader = SliceReader::new(self.cipher_text.value())?;
                while !reader.is_finished() {
                    whole.extend_from_slice(reader.decode::<OctetStringRef<'_>>()?.as_bytes());
                }
                Ok(whole)
            }
            tag => Err(tag.unexpected_error(None)),
        }
    }
}

#[derive(Sequence)]
pub(super) struct EncryptedKey<'a> {
    pub(super) algorithm: AlgorithmIdentifierRef<'a>,
    pub(super) cipher_text: OctetStringRef<'a>,
}

#[derive(Sequence)]
pub(super) struct PbeParams<'a> {
    pub(super) salt: OctetStringRef<'a>,
    pub(super) iterations: u32,
}

#[derive(Sequence)]
pub(super) struct SafeBag<'a> {
    pub(super) kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) value: AnyRef<'a>,
    /// Names and other marks: the certificate is found by its public key instead.
    #[asn1(optional = "true")]
    pub(super) attributes: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
pub(super) struct CertBag<'a> {
    pub(super) kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) value: AnyRef<'a>,
}
