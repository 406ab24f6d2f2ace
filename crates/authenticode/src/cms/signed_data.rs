//! Takes a SignedData apart without judging it: what Authenticode signatures and timestamp tokens have in common.
//!
//! ```text
//! SignedData ::= SEQUENCE { version, digestAlgorithms SET, encapContentInfo, certificates [0] OPTIONAL, crls [1] OPTIONAL,
//!                           signerInfos SET }
//! SignerInfo ::= SEQUENCE { version, sid, digestAlgorithm, signedAttrs [0] OPTIONAL, signatureAlgorithm, signature,
//!                           unsignedAttrs [1] OPTIONAL }
//! ```

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Tag, TagNumber, Tagged};

use super::oids;
use super::tlv::{Elements, elements, one};

/// More certificates than any chain needs; a bound on the work that a hostile signature can cause.
const MOST_CERTIFICATES: usize = 64;

/// A SignedData with one signer, as slices of the bytes that were read.
pub(crate) struct SignedData<'a> {
    pub(crate) version: u8,
    /// The digest algorithms that it says it uses.
    pub(crate) hashes: Vec<ObjectIdentifier>,
    pub(crate) content_type: ObjectIdentifier,
    /// The content with its tag, as whole bytes; `None` where it is detached.
    pub(crate) content: Option<&'a [u8]>,
    /// The certificates as whole bytes, whatever their form.
    pub(crate) certificates: Vec<&'a [u8]>,
    pub(crate) signer: SignerInfo<'a>,
}

/// The one signer.
pub(crate) struct SignerInfo<'a> {
    pub(crate) version: u8,
    pub(crate) id: SignerId<'a>,
    pub(crate) hash: ObjectIdentifier,
    /// The content of the SET of signed attributes.
    pub(crate) signed: Option<&'a [u8]>,
    pub(crate) algorithm: ObjectIdentifier,
    pub(crate) value: &'a [u8],
    /// The content of the SET of unsigned attributes.
    pub(crate) unsigned: Option<&'a [u8]>,
}

/// What names the signing certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignerId<'a> {
    /// Issuer (whole bytes) and serial number (content bytes).
    Issued { issuer: &'a [u8], serial: &'a [u8] },
    /// The subject key identifier.
    Key(&'a [u8]),
}

impl<'a> SignedData<'a> {
    /// Reads a ContentInfo that holds a SignedData; nothing may follow it. The text of an error says what is wrong.
    pub(crate) fn read(der: &'a [u8]) -> Result<Self, String> {
        let mut outer = fields(one(der)?, "PKCS#7 structure")?;
        expect_oid(outer.need("content type")?, oids::SIGNED_DATA, "PKCS#7 structure")?;
        let wrapped = outer.take_context(0)?.ok_or("the signed data is missing")?;
        outer.end("signed data")?;

        let mut data = fields(one(wrapped.value())?, "signed data")?;
        let version = version(&mut data)?;
        let hashes = data.take_tagged(Tag::Set, "list of digest algorithms")?;
        let hashes = elements(hashes.value()).map(|item| algorithm(item?)).collect::<Result<_, _>>()?;
        let mut content_info = fields(data.need("content")?, "content")?;
        let content_type = oid(content_info.need("type of the content")?)?;
        let content = content_info.take_context(0)?;
        content_info.end("content")?;
        let content = content.map(|wrapped| one(wrapped.value()).map(|_| wrapped.value())).transpose()?;
        let certificates = certificates(data.take_context(0)?)?;
        data.take_context(1)?;
        let signers = data.take_tagged(Tag::Set, "list of signers")?;
        data.end("list of signers")?;

        let mut signers = elements(signers.value());
        let signer = SignerInfo::read(signers.need("signer")?)?;
        signers.end("first signer")?;
        Ok(Self { version, hashes, content_type, content, certificates, signer })
    }
}

impl<'a> SignerInfo<'a> {
    /// Reads one SignerInfo. Old countersignatures are one without a SignedData around it.
    pub(crate) fn read(signer: AnyRef<'a>) -> Result<Self, String> {
        let mut parts = fields(signer, "signer")?;
        let version = version(&mut parts)?;
        let id = parts.need("name of the signing certificate")?;
        let id = match id.tag() {
            Tag::ContextSpecific { constructed: false, number: TagNumber::N0 } => SignerId::Key(id.value()),
            _ => {
                let mut id = fields(id, "name of the signing certificate")?;
                let issuer = id.raw().ok_or("the issuer is missing")??;
                let serial = id.take_tagged(Tag::Integer, "serial number")?.value();
                id.end("serial number")?;
                SignerId::Issued { issuer, serial }
            }
        };
        let hash = algorithm(parts.need("digest algorithm")?)?;
        let signed = parts.take_context(0)?.map(AnyRef::value);
        let algorithm = algorithm(parts.need("signature algorithm")?)?;
        let value = parts.take_tagged(Tag::OctetString, "signature value")?.value();
        let unsigned = parts.take_context(1)?.map(AnyRef::value);
        parts.end("signer")?;
        Ok(Self { version, id, hash, signed, algorithm, value, unsigned })
    }
}

/// One attribute: its type and the whole bytes of its values.
pub(crate) struct Attribute<'a> {
    pub(crate) kind: ObjectIdentifier,
    pub(crate) values: Vec<&'a [u8]>,
}

/// More values or attributes than anything writes.
const MOST_ATTRIBUTES: usize = 64;

/// Reads the content of a SET of attributes.
pub(crate) fn attributes(content: &[u8]) -> Result<Vec<Attribute<'_>>, String> {
    let mut found = Vec::new();
    for item in elements(content) {
        let mut parts = fields(item?, "attribute")?;
        let kind = oid(parts.need("type of an attribute")?)?;
        let set = parts.take_tagged(Tag::Set, "set of an attribute's values")?;
        parts.end("value of an attribute")?;
        let mut values = Vec::new();
        let mut items = elements(set.value());
        while let Some(value) = items.raw() {
            values.push(value?);
            if values.len() > MOST_ATTRIBUTES {
                return Err(format!("the attribute {kind} has more than {MOST_ATTRIBUTES} values"));
            }
        }
        found.push(Attribute { kind, values });
        if found.len() > MOST_ATTRIBUTES {
            return Err(format!("it has more than {MOST_ATTRIBUTES} attributes"));
        }
    }
    Ok(found)
}

fn certificates(field: Option<AnyRef<'_>>) -> Result<Vec<&[u8]>, String> {
    let mut found = Vec::new();
    let Some(field) = field else { return Ok(found) };
    let mut items = elements(field.value());
    while let Some(item) = items.raw() {
        if found.len() >= MOST_CERTIFICATES {
            return Err(format!("it carries more than {MOST_CERTIFICATES} certificates"));
        }
        found.push(item?);
    }
    Ok(found)
}

/// The fields of a SEQUENCE.
pub(crate) fn fields<'a>(element: AnyRef<'a>, what: &str) -> Result<Elements<'a>, String> {
    if element.tag() == Tag::Sequence {
        Ok(elements(element.value()))
    } else {
        Err(format!("the {what} is a {}, not a SEQUENCE", element.tag()))
    }
}

/// The identifier of an algorithm; its parameters may be absent or NULL, and for a key that names it, a curve.
pub(crate) fn algorithm(identifier: AnyRef<'_>) -> Result<ObjectIdentifier, String> {
    let mut parts = fields(identifier, "algorithm")?;
    let oid = oid(parts.need("algorithm")?)?;
    match parts.next().transpose()? {
        None => {}
        Some(parameters) if parameters.is_null() => {}
        Some(parameters) if oid == oids::EC_PUBLIC_KEY && parameters.tag() == Tag::ObjectIdentifier => {}
        Some(_) => return Err(format!("the algorithm {oid} has parameters")),
    }
    parts.end("algorithm")?;
    Ok(oid)
}

/// An object identifier.
pub(crate) fn oid(element: AnyRef<'_>) -> Result<ObjectIdentifier, String> {
    element.decode_as().map_err(|error| error.to_string())
}

fn version(fields: &mut Elements<'_>) -> Result<u8, String> {
    match fields.take_tagged(Tag::Integer, "version")?.value() {
        [version @ 0..=0x7F] => Ok(*version),
        _ => Err("its version is none that exists".into()),
    }
}

fn expect_oid(found: AnyRef<'_>, wanted: ObjectIdentifier, what: &str) -> Result<(), String> {
    let found = oid(found)?;
    if found == wanted { Ok(()) } else { Err(format!("the {what} is of the type {found}, not {wanted}")) }
}

/// The content of an OCTET STRING.
pub(crate) fn octets(der: &[u8]) -> Result<&[u8], String> {
    let element = one(der)?;
    element.tag().assert_eq(Tag::OctetString).map_err(|error| error.to_string())?;
    Ok(AnyRef::from_der(der).map_err(|error| error.to_string())?.value())
}
