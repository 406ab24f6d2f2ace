//! The authenticated attributes of an Authenticode signature: what is signed beside the file's digest.
//!
//! ```text
//! SpcSpOpusInfo ::= SEQUENCE { programName [0] EXPLICIT SpcString OPTIONAL, moreInfo [1] EXPLICIT SpcLink OPTIONAL }
//! SpcString ::= CHOICE { unicode [0] IMPLICIT BMPString, ascii [1] IMPLICIT IA5String }
//! SpcLink ::= CHOICE { url [0] IMPLICIT IA5String, moniker [1], file [2] EXPLICIT SpcString }
//! ```

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Tag, TagNumber, Tagged};

use super::oids;
use super::tlv::{context, elements, sequence, set};
use crate::Error;

/// What a signature says about the program: name and address, checked so that they can be encoded.
pub(crate) struct Statement {
    opus_info: Vec<u8>,
}

impl Statement {
    /// Takes the description and the address; either may be missing.
    pub(crate) fn new(description: Option<&str>, url: Option<&str>) -> Result<Self, Error> {
        let mut parts = Vec::new();
        if let Some(text) = description {
            let refuse = |reason: &str| Error::Option { field: "description", reason: reason.to_owned() };
            if text.is_empty() || text.len() > 1024 {
                return Err(refuse("give 1 to 1024 bytes of text"));
            }
            // BMPString knows no surrogate pairs.
            let wide: Option<Vec<u8>> = text
                .chars()
                .map(|c| u16::try_from(u32::from(c)).ok())
                .collect::<Option<Vec<u16>>>()
                .map(|units| units.into_iter().flat_map(u16::to_be_bytes).collect());
            let wide =
                wide.ok_or_else(|| refuse("it has a character outside the Basic Multilingual Plane"))?;
            parts.push(context(0, true, &context(0, false, &wide)));
        }
        if let Some(url) = url {
            let good = (url.starts_with("https://") || url.starts_with("http://"))
                && url.len() <= 2048
                && url.bytes().all(|byte| byte.is_ascii_graphic());
            if !good {
                return Err(Error::Option {
                    field: "url",
                    reason: "give an address in ASCII that starts with https:// or http://".into(),
                });
            }
            parts.push(context(1, true, &context(0, false, url.as_bytes())));
        }
        Ok(Self { opus_info: sequence(&parts) })
    }

    /// The attributes for content with this digest, as the sorted content of their SET.
    pub(super) fn attributes(&self, content_digest: &[u8]) -> der::Result<Vec<u8>> {
        let mut attributes = [
            attribute(oids::CONTENT_TYPE, &oids::SPC_INDIRECT_DATA.to_der()?)?,
            attribute(oids::MESSAGE_DIGEST, &OctetStringRef::new(content_digest)?.to_der()?)?,
            attribute(oids::SPC_SP_OPUS_INFO, &self.opus_info)?,
            attribute(oids::SPC_STATEMENT_TYPE, &sequence(&[oids::SPC_INDIVIDUAL_CODE_SIGNING.to_der()?]))?,
        ];
        // DER wants a SET OF in the order of its encoded members.
        attributes.sort();
        Ok(attributes.concat())
    }
}

/// The attributes of a signature over plain data with this digest, as the sorted content of their SET.
pub(super) fn of_data(digest: &[u8]) -> der::Result<Vec<u8>> {
    let mut attributes = [
        attribute(oids::CONTENT_TYPE, &oids::DATA.to_der()?)?,
        attribute(oids::MESSAGE_DIGEST, &OctetStringRef::new(digest)?.to_der()?)?,
    ];
    attributes.sort();
    Ok(attributes.concat())
}

fn attribute(kind: ObjectIdentifier, value: &[u8]) -> der::Result<Vec<u8>> {
    Ok(sequence(&[kind.to_der()?, set(value)]))
}

/// The attributes of a signature as read.
#[derive(Default)]
pub(crate) struct Attributes {
    pub(crate) content_type: Option<ObjectIdentifier>,
    pub(crate) message_digest: Option<Vec<u8>>,
    pub(crate) description: Option<String>,
    pub(crate) url: Option<String>,
}

/// Reads the content of the attributes' SET. Unknown attributes are passed over, doubled ones refused.
pub(super) fn read(content: &[u8]) -> Result<Attributes, String> {
    let mut found = Attributes::default();
    let mut seen = Vec::new();
    for item in elements(content) {
        let item = item?;
        item.tag().assert_eq(Tag::Sequence).map_err(|error| error.to_string())?;
        let mut parts = elements(item.value());
        let kind = parts.next().ok_or("an attribute is empty")??;
        let kind: ObjectIdentifier = kind.decode_as().map_err(|error| error.to_string())?;
        let values = parts.next().ok_or("an attribute has no value")??;
        if seen.contains(&kind) {
            return Err(format!("the attribute {kind} is there twice"));
        }
        seen.push(kind);
        let mut values = elements(values.value());
        let value = values.next().ok_or("an attribute has no value")??;
        if values.next().is_some() && [oids::CONTENT_TYPE, oids::MESSAGE_DIGEST].contains(&kind) {
            return Err(format!("the attribute {kind} has several values"));
        }
        match kind {
            oids::CONTENT_TYPE => {
                found.content_type = Some(value.decode_as().map_err(|error| error.to_string())?);
            }
            oids::MESSAGE_DIGEST => {
                let digest: OctetStringRef<'_> = value.decode_as().map_err(|error| error.to_string())?;
                found.message_digest = Some(digest.as_bytes().to_vec());
            }
            oids::SPC_SP_OPUS_INFO => {
                // It is for show only: what cannot be read is not shown.
                let (description, url) = read_opus_info(value).unwrap_or_default();
                found.description = description;
                found.url = url;
            }
            _ => {}
        }
    }
    Ok(found)
}

fn read_opus_info(info: AnyRef<'_>) -> Option<(Option<String>, Option<String>)> {
    let (mut description, mut url) = (None, None);
    for part in elements(info.value()) {
        let part = part.ok()?;
        let inner = AnyRef::from_der(part.value()).ok()?;
        match (part.tag(), inner.tag()) {
            (
                Tag::ContextSpecific { number: TagNumber::N0, .. },
                Tag::ContextSpecific { number: TagNumber::N0, .. },
            ) => {
                let (units, rest) = inner.value().as_chunks::<2>();
                let units: Vec<u16> = units.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
                description = Some(String::from_utf16(&units).ok()?).filter(|_| rest.is_empty());
            }
            (
                Tag::ContextSpecific { number: TagNumber::N0, .. },
                Tag::ContextSpecific { number: TagNumber::N1, .. },
            ) => description = String::from_utf8(inner.value().to_vec()).ok(),
            (
                Tag::ContextSpecific { number: TagNumber::N1, .. },
                Tag::ContextSpecific { number: TagNumber::N0, .. },
            ) => url = String::from_utf8(inner.value().to_vec()).ok(),
            _ => {}
        }
    }
    Some((description, url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn description_and_url_come_back() {
        let statement = Statement::new(Some("Größe ✓"), Some("https://example.org/a?b")).unwrap();
        let content = statement.attributes(&[7; 32]).unwrap();
        let read = read(&content).unwrap();
        assert_eq!(read.description.as_deref(), Some("Größe ✓"));
        assert_eq!(read.url.as_deref(), Some("https://example.org/a?b"));
        assert_eq!(read.message_digest.as_deref(), Some(&[7; 32][..]));
        assert_eq!(read.content_type, Some(oids::SPC_INDIRECT_DATA));
    }

    #[test]
    fn what_cannot_be_encoded_is_refused() {
        assert!(Statement::new(Some("😀"), None).is_err());
        assert!(Statement::new(Some(""), None).is_err());
        assert!(Statement::new(None, Some("ftp://x")).is_err());
        assert!(Statement::new(None, Some("https://ü")).is_err());
    }
}
