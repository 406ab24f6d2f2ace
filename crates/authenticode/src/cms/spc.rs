//! What an Authenticode signature signs: SpcIndirectDataContent, which names the kind of file and its digest.
//!
//! ```text
//! SpcIndirectDataContent ::= SEQUENCE { data SpcAttributeTypeAndOptionalValue, messageDigest DigestInfo }
//! SpcAttributeTypeAndOptionalValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY OPTIONAL }
//! SpcPeImageData ::= SEQUENCE { flags BIT STRING, file [0] EXPLICIT SpcLink }
//! SpcLink ::= CHOICE { url [0], moniker [1] IMPLICIT SpcSerializedObject, file [2] EXPLICIT SpcString }
//! SpcSerializedObject ::= SEQUENCE { classId OCTET STRING, serializedData OCTET STRING }
//! SpcSipInfo ::= SEQUENCE { version INTEGER, uuid OCTET STRING, five reserved INTEGERs of 0 }
//! ```
//!
//! The page hashes of an image stand as a serialized object in place of the file name: a SET of one pair of their
//! algorithm's identifier and a SET of one OCTET STRING.

use der::asn1::{Any, AnyRef, ObjectIdentifier, OctetString};
use der::{Decode, Encode, Sequence, Tag, TagNumber, Tagged};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::oids;
use super::tlv::{context, elements, one, sequence, set};
use crate::{FileKind, HashAlgorithm};

/// The class ids by which Windows finds the provider for a kind of file, in the byte order of the signature.
const MSI_SIP: [u8; 16] = [0xF1, 0x10, 0x0C, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46];
const POWERSHELL_SIP: [u8; 16] =
    [0x1F, 0xCC, 0x3B, 0x60, 0x59, 0x4B, 0x08, 0x4E, 0xB7, 0x24, 0xD2, 0xC6, 0x29, 0x7E, 0xF3, 0x51];

/// The class id of page hashes.
const PAGE_HASHES: [u8; 16] =
    [0xA6, 0xB5, 0x86, 0xD5, 0xB4, 0xA1, 0x24, 0x66, 0xAE, 0x05, 0xA2, 0x17, 0xDA, 0x8E, 0x60, 0xD6];

/// SpcPeImageData with no flags and an empty obsolete file name, as Microsoft's tool writes it today.
const PE_IMAGE_DATA: [u8; 11] = [0x30, 0x09, 0x03, 0x01, 0x00, 0xA0, 0x04, 0xA2, 0x02, 0x80, 0x00];

/// The flags of SpcPeImageData: none.
const NO_FLAGS: [u8; 3] = [0x03, 0x01, 0x00];

/// The name in the SpcLink that cabinets have.
const OBSOLETE: &str = "<<<Obsolete>>>";

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
    /// The page hashes of an image.
    pub(crate) page_hashes: Option<PageHashes>,
}

/// Digests page by page, by which Windows can check an image while it loads.
pub(crate) struct PageHashes {
    /// [`oids::SPC_PE_PAGE_HASHES_V1`] for SHA-1, [`oids::SPC_PE_PAGE_HASHES_V2`] for SHA-256.
    pub(crate) kind: ObjectIdentifier,
    /// Offsets and digests.
    pub(crate) table: Vec<u8>,
}

/// Builds the content for a file of this kind with this digest; `page_hashes` (SHA-256) are of an image.
pub(super) fn indirect_data(
    kind: FileKind,
    hash: HashAlgorithm,
    digest: &[u8],
    page_hashes: Option<&[u8]>,
) -> der::Result<Vec<u8>> {
    let (oid, value) = match (kind, page_hashes) {
        (FileKind::Pe, None) => (oids::SPC_PE_IMAGE_DATA, PE_IMAGE_DATA.to_vec()),
        (FileKind::Pe, Some(table)) => (oids::SPC_PE_IMAGE_DATA, image_data_with_pages(table)?),
        (FileKind::Msi, _) => (oids::SPC_SIP_INFO, sip_info(&[0x02, 0x01, 0x01], MSI_SIP)),
        (FileKind::Cab, _) => (oids::SPC_CAB_DATA, obsolete_link()),
        // The version is 0x10000, as Windows PowerShell writes it.
        (FileKind::Script, _) => {
            (oids::SPC_SIP_INFO, sip_info(&[0x02, 0x03, 0x01, 0x00, 0x00], POWERSHELL_SIP))
        }
    };
    let data = TypeAndValue { kind: oid, value: Any::from_der(&value)? };
    let message_digest = DigestInfo { algorithm: hash.identifier(), digest: OctetString::new(digest)? };
    IndirectData { data, message_digest }.to_der()
}

/// Reads the content of a signature.
pub(super) fn read_indirect_data(der: &[u8]) -> der::Result<SignedContent> {
    let content = IndirectData::from_der(der)?;
    let kind = match content.data.kind {
        oids::SPC_PE_IMAGE_DATA => Some(FileKind::Pe),
        oids::SPC_CAB_DATA => Some(FileKind::Cab),
        oids::SPC_SIP_INFO => match content.data.value.to_der()? {
            info if info == sip_info(&[0x02, 0x01, 0x01], MSI_SIP) => Some(FileKind::Msi),
            info if info == sip_info(&[0x02, 0x03, 0x01, 0x00, 0x00], POWERSHELL_SIP) => {
                Some(FileKind::Script)
            }
            _ => None,
        },
        _ => None,
    };
    let page_hashes = match kind {
        Some(FileKind::Pe) => read_page_hashes(content.data.value.value()),
        _ => None,
    };
    Ok(SignedContent {
        kind,
        hash: content.message_digest.algorithm.oid,
        digest: content.message_digest.digest.into_bytes(),
        page_hashes,
    })
}

fn sip_info(version: &[u8], class: [u8; 16]) -> Vec<u8> {
    let mut parts = vec![version.to_vec(), [&[0x04, 0x10][..], &class].concat()];
    parts.extend(std::iter::repeat_n(vec![0x02, 0x01, 0x00], 5));
    sequence(&parts)
}

fn obsolete_link() -> Vec<u8> {
    let name: Vec<u8> = OBSOLETE.encode_utf16().flat_map(u16::to_be_bytes).collect();
    context(2, true, &context(0, false, &name))
}

fn image_data_with_pages(table: &[u8]) -> der::Result<Vec<u8>> {
    let octets = |bytes: &[u8]| AnyRef::new(Tag::OctetString, bytes)?.to_der();
    let pair = sequence(&[oids::SPC_PE_PAGE_HASHES_V2.to_der()?, set(&octets(table)?)]);
    let object = [octets(&PAGE_HASHES)?, octets(&set(&pair))?].concat();
    Ok(sequence(&[NO_FLAGS.to_vec(), context(0, true, &context(1, true, &object))]))
}

/// The page hashes in the content of an SpcPeImageData; `None` where it has none that this crate can read.
fn read_page_hashes(image_data: &[u8]) -> Option<PageHashes> {
    let link = elements(image_data).nth(1)?.ok()?;
    let moniker = one(link.value()).ok()?;
    if moniker.tag() != (Tag::ContextSpecific { constructed: true, number: TagNumber::N1 }) {
        return None;
    }
    let mut object = elements(moniker.value());
    if object.next()?.ok()?.value() != PAGE_HASHES {
        return None;
    }
    let set = one(object.next()?.ok()?.value()).ok()?;
    let mut pair = elements(one(set.value()).ok()?.value());
    let kind = pair.next()?.ok()?.decode_as().ok()?;
    let table = one(pair.next()?.ok()?.value()).ok()?.value().to_vec();
    Some(PageHashes { kind, table })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_comes_back() {
        for kind in [FileKind::Pe, FileKind::Msi, FileKind::Cab, FileKind::Script] {
            let der = indirect_data(kind, HashAlgorithm::Sha384, &[5; 48], None).unwrap();
            let read = read_indirect_data(&der).unwrap();
            assert_eq!((read.kind, read.hash, read.digest), (Some(kind), oids::SHA384, vec![5; 48]));
            assert!(read.page_hashes.is_none());
        }
        let der = indirect_data(FileKind::Pe, HashAlgorithm::Sha256, &[5; 32], Some(&[9; 72])).unwrap();
        let pages = read_indirect_data(&der).unwrap().page_hashes.unwrap();
        assert_eq!((pages.kind, pages.table), (oids::SPC_PE_PAGE_HASHES_V2, vec![9; 72]));
    }
}
