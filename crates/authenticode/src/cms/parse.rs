//! Reads an Authenticode signature from untrusted bytes: a SignedData with what Windows asks of it beyond the standard.

use der::asn1::ObjectIdentifier;

use super::attributes::{self, Attributes};
use super::oids;
use super::signed_data::{SignedData, SignerId};
use super::spc::{self, SignedContent};
use super::tlv::one;

/// A signature, taken apart.
pub(crate) struct Signature<'a> {
    /// The structure as it stands.
    pub(crate) data: SignedData<'a>,
    /// What it says it signs; `None` where it stands beside the content (detached).
    pub(crate) content: Option<SignedContent>,
    /// The bytes that the message digest is over: the content without its tag and length.
    pub(crate) content_bytes: &'a [u8],
    /// The signed attributes.
    pub(crate) attributes: Attributes,
}

/// Who made a signature and how: issuer and serial number of the certificate, and the digest algorithm. Two signatures of
/// one file with the same identity say the same.
pub(crate) fn identity(der: &[u8]) -> Result<(Vec<u8>, Vec<u8>, ObjectIdentifier), String> {
    let signer = parse(der)?.data.signer;
    match signer.id {
        SignerId::Issued { issuer, serial } => Ok((issuer.to_vec(), serial.to_vec(), signer.hash)),
        SignerId::Key(_) => Err("it names the signing certificate by a key identifier".into()),
    }
}

/// What a signature says it signs.
pub(crate) fn signed_content(der: &[u8]) -> Result<SignedContent, String> {
    parse(der)?.content.ok_or_else(|| "the content is missing".into())
}

/// Takes a signature apart; nothing may follow it. The text of an error says what is wrong.
pub(crate) fn parse(der: &[u8]) -> Result<Signature<'_>, String> {
    let data = SignedData::read(der)?;
    // PKCS#7 signatures of Authenticode have version 1, signers too.
    if data.version != 1 || data.signer.version != 1 {
        return Err("its version is not 1".into());
    }
    // Nothing signs this list, so it must say what the signer says and no more.
    if data.hashes != [data.signer.hash] {
        return Err("it names two digest algorithms".into());
    }
    if !matches!(data.signer.id, SignerId::Issued { .. }) {
        return Err("it names the signing certificate by a key identifier".into());
    }
    let attributes = attributes::read(data.signer.signed.ok_or("the signed attributes are missing")?)?;
    let (content, content_bytes) = match (data.content_type, data.content) {
        (oids::SPC_INDIRECT_DATA, Some(content)) => {
            let read = spc::read_indirect_data(content).map_err(|error| error.to_string())?;
            (Some(read), one(content)?.value())
        }
        (oids::DATA, None) => (None, &[][..]),
        (oids::SPC_INDIRECT_DATA | oids::DATA, _) => {
            return Err("the content is missing, or stands where it should not".into());
        }
        (kind, _) => {
            return Err(format!("the content is of the type {kind}, not {}", oids::SPC_INDIRECT_DATA));
        }
    };
    Ok(Signature { data, content, content_bytes, attributes })
}
