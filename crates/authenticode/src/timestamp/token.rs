//! Reads and checks a timestamp token (RFC 3161, RFC 5816): a SignedData over a TSTInfo.
//!
//! ```text
//! TSTInfo ::= SEQUENCE { version INTEGER (1), policy OBJECT IDENTIFIER, messageImprint SEQUENCE { algorithm, OCTET STRING },
//!                        serialNumber INTEGER, genTime GeneralizedTime, accuracy SEQUENCE OPTIONAL,
//!                        ordering BOOLEAN DEFAULT FALSE, nonce INTEGER OPTIONAL, tsa [0] OPTIONAL, extensions [1] OPTIONAL }
//! SigningCertificate(V2) ::= SEQUENCE { certs SEQUENCE OF ESSCertID(v2), policies OPTIONAL }
//! ESSCertIDv2 ::= SEQUENCE { hashAlgorithm DEFAULT sha256, certHash OCTET STRING, issuerSerial OPTIONAL }
//! ```

use der::Tag;

use super::time;
use super::{Checked, Timestamp, TimestampKind};
use crate::cms::tlv::one;
use crate::cms::{SignedData, algorithm, attributes, fields, octets, oid, oids};
use crate::verify::{
    Certificate, Chain, Fault, Hash, Purpose, check_chain, check_signer, hex, timestamps_alone,
};

/// What a token says, believed only after [`check`].
pub(crate) struct TstInfo<'a> {
    pub(crate) policy: String,
    pub(crate) hash: Option<Hash>,
    pub(crate) imprint: &'a [u8],
    pub(crate) serial: &'a [u8],
    pub(crate) time: u64,
    /// The content bytes of the nonce.
    pub(crate) nonce: Option<&'a [u8]>,
}

impl<'a> TstInfo<'a> {
    /// Reads the content of a token.
    pub(crate) fn read(der: &'a [u8]) -> Result<Self, String> {
        let mut info = fields(one(der)?, "timestamp's statement")?;
        if info.take_tagged(Tag::Integer, "version")?.value() != [1] {
            return Err("the timestamp's version is not 1".into());
        }
        let policy = oid(info.need("policy")?)?.to_string();
        let mut imprint = fields(info.need("imprint")?, "imprint")?;
        let hash = Hash::of(algorithm(imprint.need("algorithm of the imprint")?)?);
        let imprint_value = imprint.take_tagged(Tag::OctetString, "imprint")?.value();
        imprint.end("imprint")?;
        let serial = info.take_tagged(Tag::Integer, "serial number of the timestamp")?.value();
        let time = time::generalized(info.take_tagged(Tag::GeneralizedTime, "time")?.value())?;
        if info.peek() == Some(u8::from(Tag::Sequence)) {
            info.need("accuracy")?;
        }
        if info.peek() == Some(u8::from(Tag::Boolean)) {
            info.need("ordering")?;
        }
        let nonce = match info.peek() {
            Some(tag) if tag == u8::from(Tag::Integer) => Some(info.need("nonce")?.value()),
            _ => None,
        };
        info.take_context(0)?;
        info.take_context(1)?;
        info.end("timestamp's statement")?;
        Ok(Self { policy, hash, imprint: imprint_value, serial, time, nonce })
    }
}

/// Checks a token over a message that is given by its digests. The chain to `roots` is checked at the token's own time;
/// the certificates in `pool` help to build it. Fails where the token cannot be read at all.
pub(crate) fn check(
    der: &[u8],
    message: impl Fn(Hash) -> Vec<u8>,
    pool: &[Certificate],
    roots: &[Certificate],
) -> Result<Checked, String> {
    let data = SignedData::read(der)?;
    if data.content_type != oids::TST_INFO {
        return Err(format!("the timestamp is of the type {}, not {}", data.content_type, oids::TST_INFO));
    }
    let content = octets(data.content.ok_or("the timestamp has no content")?)?;
    let info = TstInfo::read(content)?;
    let mut certificates: Vec<Certificate> =
        data.certificates.iter().filter_map(|der| Certificate::read(der).ok()).collect();
    certificates.extend_from_slice(pool);

    let mut faults = Vec::new();
    let mut weak = Vec::new();
    match info.hash {
        None => faults.push("its imprint is made with an unknown algorithm".into()),
        Some(hash) => {
            if hash.is_weak() {
                weak.push(format!("{} in the timestamp", hash.name()));
            }
            if message(hash) != info.imprint {
                faults.push("it is for another signature".into());
            }
        }
    }
    let signer = check_signer(&data.signer, &certificates, Some(oids::TST_INFO), |hash| hash.digest(content));
    super::sort_faults(signer.faults, &mut faults, &mut weak);
    let mut chain = Chain::default();
    if let Some(certificate) = signer.certificate {
        faults.extend(names_certificate(data.signer.signed.unwrap_or_default(), certificate).err());
        faults.extend(timestamps_alone(certificate).err());
        chain = check_chain(certificate, &certificates, roots, Purpose::TimeStamping, Some(info.time));
    }
    let timestamp = Timestamp {
        kind: TimestampKind::Rfc3161,
        time: info.time,
        authority: signer.certificate.map(Certificate::subject).unwrap_or_default(),
        hash: info.hash.map_or("", Hash::name),
        serial: hex(info.serial),
        policy: Some(info.policy),
        chain: Vec::new(),
    };
    Ok(Checked::new(timestamp, faults, weak, &chain))
}

/// The nonce that a token carries: the content bytes of its INTEGER.
pub(crate) fn nonce(der: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let data = SignedData::read(der)?;
    let info = TstInfo::read(octets(data.content.ok_or("the timestamp has no content")?)?)?;
    Ok(info.nonce.map(<[u8]>::to_vec))
}

/// The signed attributes must name the certificate, or else another one with the same key could be put in its place.
fn names_certificate(signed: &[u8], certificate: &Certificate) -> Result<(), String> {
    let attributes = attributes(signed)?;
    let mut named = false;
    for attribute in &attributes {
        let v2 = attribute.kind == oids::SIGNING_CERTIFICATE_V2;
        if !v2 && attribute.kind != oids::SIGNING_CERTIFICATE {
            continue;
        }
        let value = attribute.values.first().ok_or("its signing certificate attribute is empty")?;
        let mut outer = fields(one(value)?, "signing certificate attribute")?;
        let mut list = fields(outer.need("certificates")?, "list of signing certificates")?;
        let mut first = fields(list.need("signing certificate")?, "signing certificate")?;
        let mut hash = if v2 { Hash::Sha256 } else { Hash::Sha1 };
        if v2 && first.peek() == Some(u8::from(Tag::Sequence)) {
            let named = algorithm(first.need("digest algorithm")?)?;
            hash = Hash::of(named).ok_or("its signing certificate is named with an unknown algorithm")?;
        }
        let digest = first.take_tagged(Tag::OctetString, "digest of the signing certificate")?.value();
        if digest != hash.digest(certificate.der()) {
            return Err("its signed attributes name another certificate".into());
        }
        named = true;
    }
    if named { Ok(()) } else { Err("its signed attributes do not name the certificate".into()) }
}

impl From<Fault> for String {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Malformed(reason) => reason,
            Fault::Changed => "its statement is not what was signed".into(),
            Fault::BadSignature => "the key of its certificate did not sign it".into(),
            Fault::Weak(what) => format!("{what} in the timestamp"),
        }
    }
}
