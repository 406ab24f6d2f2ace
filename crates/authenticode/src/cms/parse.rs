//! Reads the PKCS#7 SignedData of an Authenticode signature from untrusted bytes.

use der::Decode;
use der::asn1::ObjectIdentifier;
use x509_cert::Certificate;

use super::attributes::{self, Attributes};
use super::oids;
use super::signed_data::{SignedData, SignerId};
use super::spc::{self, SignedContent};
use super::tlv::{one, set};

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
    let data = SignedData::read(der)?;
    let signer = data.signer;
    // PKCS#7 signatures of Authenticode have version 1, signers too.
    if data.version != 1 || signer.version != 1 {
        return Err("its version is not 1".into());
    }
    if data.content_type != oids::SPC_INDIRECT_DATA {
        return Err(format!(
            "the content is of the type {}, not {}",
            data.content_type,
            oids::SPC_INDIRECT_DATA
        ));
    }
    let content = data.content.ok_or("the content is missing")?;
    // Nothing signs this list, so it must say what the signer says and no more.
    if data.hashes != [signer.hash] {
        return Err("it names two digest algorithms".into());
    }
    let SignerId::Issued { issuer, serial } = signer.id else {
        return Err("it names the signing certificate by a key identifier".into());
    };
    let signed = signer.signed.ok_or("the signed attributes are missing")?;
    Ok(Signature {
        content: spc::read_indirect_data(content).map_err(|error| error.to_string())?,
        content_bytes: one(content)?.value().to_vec(),
        // Certificates of forms that cannot be read are of no use to a chain, but do no harm either.
        certificates: data.certificates.iter().filter_map(|der| Certificate::from_der(der).ok()).collect(),
        issuer: issuer.to_vec(),
        serial: serial.to_vec(),
        hash: signer.hash,
        attributes: attributes::read(signed)?,
        signed_bytes: set(signed),
        algorithm: signer.algorithm,
        value: signer.value.to_vec(),
    })
}
