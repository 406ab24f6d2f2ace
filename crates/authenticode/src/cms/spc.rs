//! What an Authenticode signature signs: SpcIndirectDataContent, which names the kind of file and its digest.
//!
//! ```text
//! SpcIndirectDataContent ::= SEQUENCE { data SpcAttributeTypeAndOptionalValue, messageDigest DigestInfo }
//! SpcAttributeTypeAndOptionalValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY OPTIONAL }
//! SpcPeImageData ::= SEQUENCE { flags BIT STRING, file [0] EXPLICIT SpcLink }
//! SpcSipInfo ::= SEQUENCE { version INTEGER, uuid OCTET STRING, five reserved INTEGERs of 0 }
//! ```

use der::asn1::{Any, ObjectIdentifier, OctetString};
use der::{Decode, Encode, Sequence};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::oids;
use crate::{FileKind, HashAlgorithm};

/// The class id by which Windows finds the provider for Windows Installer packages, in the byte order of the signature.
const MSI_SIP_UUID: [u8; 16] = [0xF1, 0x10, 0x0C, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46];

/// SpcPeImageData with no flags and an empty obsolete file name, as Microsoft's tool writes it today.
const PE_IMAGE_DATA: [u8; 11] = [0x30, 0x09, 0x03, 0x01, 0x00, 0xA0, 0x04, 0xA2, 0x02, 0x80, 0x00];

#[derive(Sequence)]
struct IndirectData {
    data: TypeAndValue,
    message_digest: DigestInfo,
}

#[derive(Sequence)]
struct TypeAndValue {
    kind: ObjectIdentifier,
    value: Any,
}

#[derive(Sequence)]
struct DigestInfo {
    algorithm: AlgorithmIdentifierOwned,
    digest: OctetString,
}

/// What a signature says it signs.
pub(crate) struct SignedContent {
    /// The kind of file, `None` where it is one that this crate does not know.
    pub(crate) kind: Option<FileKind>,
    /// The algorithm of the digest.
    pub(crate) hash: ObjectIdentifier,
    /// The digest over the file.
    pub(crate) digest: Vec<u8>,
}

/// Builds the content for a file of this kind with this digest.
pub(super) fn indirect_data(kind: FileKind, hash: HashAlgorithm, digest: &[u8]) -> der::Result<Vec<u8>> {
    let data = match kind {
        FileKind::Pe => TypeAndValue { kind: oids::SPC_PE_IMAGE_DATA, value: Any::from_der(&PE_IMAGE_DATA)? },
        FileKind::Msi => TypeAndValue { kind: oids::SPC_SIP_INFO, value: Any::from_der(&sip_info())? },
    };
    let message_digest = DigestInfo { algorithm: hash.identifier(), digest: OctetString::new(digest)? };
    IndirectData { data, message_digest }.to_der()
}

/// Reads the content of a signature.
pub(super) fn read_indirect_data(der: &[u8]) -> der::Result<SignedContent> {
    let content = IndirectData::from_der(der)?;
    let kind = match content.data.kind {
        oids::SPC_PE_IMAGE_DATA => Some(FileKind::Pe),
        oids::SPC_SIP_INFO if content.data.value.to_der()? == sip_info() => Some(FileKind::Msi),
        _ => None,
    };
    Ok(SignedContent {
        kind,
        hash: content.message_digest.algorithm.oid,
        digest: content.message_digest.digest.into_bytes(),
    })
}

fn sip_info() -> Vec<u8> {
    let mut der = vec![0x30, 0x24, 0x02, 0x01, 0x01, 0x04, 0x10];
    der.extend(MSI_SIP_UUID);
    der.extend([0x02, 0x01, 0x00].repeat(5));
    der
}
