//! Reads the PKCS#7 SignedData of an Authenticode signature from untrusted bytes.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode, Tag, Tagged};
use x509_cert::Certificate;

use super::attributes::{self, Attributes};
use super::oids;
use super::spc::{self, SignedContent};
use super::tlv::{Elements, elements, one, set};

/// More certificates than any chain needs; a bound on the work that a hostile signature can cause.
const MOST_CERTIFICATES: usize = 64;

/// A signature, taken apart.
pub(crate) struct Signature {
    /// What it says it signs.
    pub(crate) content: SignedContent,
    /// The bytes that the message digest is over: the content without its tag and length.
    pub(crate) content_bytes: Vec<u8>,
    /// The certificates that came with it, as far as they can be read.
    pub(crate) certificates: Vec<Certificate>,
    /// The issuer (DER) and serial number (content bytes) that name the signing certificate.
    pub(crate) issuer: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    /// The digest algorithm of the signer.
    pub(crate) hash: ObjectIdentifier,
    /// The signed attributes, and the bytes of them that are signed.
    pub(crate) attributes: Attributes,
    pub(crate) signed_bytes: Vec<u8>,
    /// The signature's algorithm and value.
    pub(crate) algorithm: ObjectIdentifier,
    pub(crate) value: Vec<u8>,
}

/// Takes a signature apart; nothing may follow it. The text of an error says what is wrong.
pub(crate) fn parse(der: &[u8]) -> Result<Signature, String> {
    let mut outer = fields(one(der)?, "PKCS#7 structure")?;
    expect_oid(outer.need("content type")?, oids::SIGNED_DATA, "PKCS#7 structure")?;
    let wrapped = outer.take_context(0)?.ok_or("the signed data is missing")?;
    outer.end("signed data")?;

    let mut data = fields(one(wrapped.value())?, "signed data")?;
    expect_version(&mut data)?;
    let hashes = data.take_tagged(Tag::Set, "list of digest algorithms")?;
    let content_info = data.need("content")?;
    let certificates = data.take_context(0)?;
    data.take_context(1)?;
    let signers = data.take_tagged(Tag::Set, "list of signers")?;
    data.end("list of signers")?;

    let (content, content_bytes) = parse_content(content_info)?;
    let mut signers = elements(signers.value());
    let signer = signers.need("signer")?;
    signers.end("first signer")?;
    let signature = parse_signer(signer, content, content_bytes, parse_certificates(certificates)?)?;

    // Nothing signs this list, so it must say what the signer says and no more.
    let mut hashes = elements(hashes.value());
    let first = algorithm(hashes.need("digest algorithm")?)?;
    hashes.end("digest algorithm")?;
    if first != signature.hash {
        return Err("it names two digest algorithms".into());
    }
    Ok(signature)
}

fn parse_content(info: AnyRef<'_>) -> Result<(SignedContent, Vec<u8>), String> {
    let mut info = fields(info, "content")?;
    expect_oid(info.need("type of the content")?, oids::SPC_INDIRECT_DATA, "content")?;
    let wrapped = info.take_context(0)?.ok_or("the content is missing")?;
    info.end("content")?;
    let inner = one(wrapped.value())?;
    let content = spc::read_indirect_data(wrapped.value()).map_err(|error| error.to_string())?;
    Ok((content, inner.value().to_vec()))
}

fn parse_certificates(field: Option<AnyRef<'_>>) -> Result<Vec<Certificate>, String> {
    let mut certificates = Vec::new();
    let Some(field) = field else { return Ok(certificates) };
    for (index, item) in elements(field.value()).enumerate() {
        if index >= MOST_CERTIFICATES {
            return Err(format!("it carries more than {MOST_CERTIFICATES} certificates"));
        }
        let der = item?.to_der().map_err(|error| error.to_string())?;
        // Certificates of forms that cannot be read are of no use to a chain, but do no harm either.
        certificates.extend(Certificate::from_der(&der).ok());
    }
    Ok(certificates)
}

fn parse_signer(
    signer: AnyRef<'_>,
    content: SignedContent,
    content_bytes: Vec<u8>,
    certificates: Vec<Certificate>,
) -> Result<Signature, String> {
    let mut fields_of_signer = fields(signer, "signer")?;
    expect_version(&mut fields_of_signer)?;
    let mut id =
        fields(fields_of_signer.need("name of the signing certificate")?, "name of the signing certificate")?;
    let issuer = id.need("issuer")?.to_der().map_err(|error| error.to_string())?;
    let serial = id.take_tagged(Tag::Integer, "serial number")?.value().to_vec();
    id.end("serial number")?;
    let hash = algorithm(fields_of_signer.need("digest algorithm")?)?;
    let attributes = fields_of_signer.take_context(0)?.ok_or("the signed attributes are missing")?;
    let signature_algorithm = algorithm(fields_of_signer.need("signature algorithm")?)?;
    let value = fields_of_signer.take_tagged(Tag::OctetString, "signature value")?.value().to_vec();
    fields_of_signer.take_context(1)?;
    fields_of_signer.end("signer")?;
    Ok(Signature {
        content,
        content_bytes,
        certificates,
        issuer,
        serial,
        hash,
        attributes: attributes::read(attributes.value())?,
        signed_bytes: set(attributes.value()),
        algorithm: signature_algorithm,
        value,
    })
}

fn fields<'a>(element: AnyRef<'a>, what: &str) -> Result<Elements<'a>, String> {
    if element.tag() == Tag::Sequence {
        Ok(elements(element.value()))
    } else {
        Err(format!("the {what} is a {}, not a SEQUENCE", element.tag()))
    }
}

/// The identifier of an algorithm; its parameters may be absent or NULL, and for a key that names it, a curve.
fn algorithm(identifier: AnyRef<'_>) -> Result<ObjectIdentifier, String> {
    let mut parts = fields(identifier, "algorithm")?;
    let oid = parts.need("algorithm")?.decode_as().map_err(|error| error.to_string())?;
    match parts.next().transpose()? {
        None => {}
        Some(parameters) if parameters.is_null() => {}
        Some(parameters) if oid == oids::EC_PUBLIC_KEY && parameters.tag() == Tag::ObjectIdentifier => {}
        Some(_) => return Err(format!("the algorithm {oid} has parameters")),
    }
    parts.end("algorithm")?;
    Ok(oid)
}

/// PKCS#7 signatures of Authenticode have version 1, signers too.
fn expect_version(fields: &mut Elements<'_>) -> Result<(), String> {
    match fields.take_tagged(Tag::Integer, "version")?.value() {
        [1] => Ok(()),
        _ => Err("its version is not 1".into()),
    }
}

fn expect_oid(found: AnyRef<'_>, wanted: ObjectIdentifier, what: &str) -> Result<(), String> {
    match found.decode_as::<ObjectIdentifier>() {
        Ok(oid) if oid == wanted => Ok(()),
        Ok(oid) => Err(format!("the {what} is of the type {oid}, not {wanted}")),
        Err(error) => Err(error.to_string()),
    }
}
