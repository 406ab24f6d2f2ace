//! Certificates as authorities hand them out: PEM with any text around, DER, and PKCS#7 bundles (`.p7b`, `.spc`) in both forms.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode, Reader, SliceReader, Tag, TagNumber, Tagged};

use super::{ber, pem};
use crate::KeyError;
use crate::cms::oids;

/// A bound on what a file of certificates may hold.
const MOST: usize = 1024;

/// The certificates in `bytes`, as DER, in the file's order. `what` names the file in errors.
pub(crate) fn read(bytes: &[u8], what: &'static str) -> Result<Vec<Vec<u8>>, KeyError> {
    let mut found = Vec::new();
    if looks_like_der(bytes) {
        take(bytes, what, &mut found)?;
    } else {
        for block in pem::blocks(bytes, what)? {
            match block.label.as_str() {
                "CERTIFICATE" | "X509 CERTIFICATE" => found.push(block.der.to_vec()),
                "PKCS7" | "CMS" => take(&block.der, what, &mut found)?,
                _ => {}
            }
        }
    }
    if found.len() > MOST {
        return Err(KeyError::Malformed { what, reason: format!("it holds more than {MOST} certificates") });
    }
    Ok(found)
}

/// Whether the bytes are a DER or BER structure and no PEM text.
pub(super) fn looks_like_der(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0x30) && !bytes.windows(11).any(|window| window == b"-----BEGIN ")
}

/// Takes the certificate, or those of the bundle, in `der`.
fn take(der: &[u8], what: &'static str, found: &mut Vec<Vec<u8>>) -> Result<(), KeyError> {
    let malformed = |reason: String| KeyError::Malformed { what, reason };
    let whole = ber::to_der(der).map_err(malformed)?;
    let parts = children(&whole).map_err(malformed)?;
    let is_bundle = parts.first().is_some_and(|first| {
        first.decode_as::<ObjectIdentifier>().is_ok_and(|kind| kind == oids::SIGNED_DATA)
    });
    if !is_bundle {
        found.push(whole.to_vec());
        return Ok(());
    }
    let reason = || malformed("its bundle holds no certificates".into());
    let data = parts.get(1).ok_or_else(reason)?;
    let context =
        |part: &AnyRef<'_>| part.tag() == Tag::ContextSpecific { number: TagNumber::N0, constructed: true };
    let fields = children(data.value()).map_err(malformed)?;
    let certificates = fields.iter().find(|part| context(part)).ok_or_else(reason)?;
    for certificate in elements(certificates.value()).map_err(malformed)? {
        // Attribute certificates and other forms have other tags.
        if certificate.tag() == Tag::Sequence {
            found.push(certificate.to_der().map_err(|error| malformed(error.to_string()))?);
        }
    }
    Ok(())
}

/// What stands inside the one SEQUENCE of `der`.
fn children(der: &[u8]) -> Result<Vec<AnyRef<'_>>, String> {
    let outer = AnyRef::from_der(der).map_err(|error| error.to_string())?;
    if outer.tag() != Tag::Sequence {
        return Err(format!("it is a {}, not a SEQUENCE", outer.tag()));
    }
    elements(outer.value())
}

fn elements(content: &[u8]) -> Result<Vec<AnyRef<'_>>, String> {
    let mut found = Vec::new();
    let mut reader = SliceReader::new(content).map_err(|error| error.to_string())?;
    while !reader.is_finished() {
        found.push(reader.decode().map_err(|error| error.to_string())?);
    }
    Ok(found)
}
