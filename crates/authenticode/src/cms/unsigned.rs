//! Changes the unsigned attributes of a SignedData: timestamps and further signatures are added after signing.
//!
//! Nothing signs these attributes. Every other byte of the signature stays as it was.

use der::Encode;
use der::asn1::ObjectIdentifier;

use super::oids;
use super::signed_data::{SignedData, attributes};
use super::tlv::{context, elements, one, sequence, set};

/// Adds a value to the unsigned attribute `kind` of the one signer, making the attribute where it is missing.
pub(crate) fn add_unsigned(der: &[u8], kind: ObjectIdentifier, value: &[u8]) -> Result<Vec<u8>, String> {
    edit_unsigned(der, |all| match all.iter_mut().find(|(known, _)| *known == kind) {
        Some((_, values)) => values.push(value.to_vec()),
        None => all.push((kind, vec![value.to_vec()])),
    })
}

/// Adds a further signature, with everything that belongs to it, to the first one.
pub(crate) fn add_nested(der: &[u8], nested: &[u8]) -> Result<Vec<u8>, String> {
    SignedData::read(nested)?;
    add_unsigned(der, oids::NESTED_SIGNATURE, nested)
}

/// The signature without the unsigned attribute `kind`.
pub(crate) fn remove_unsigned(der: &[u8], kind: ObjectIdentifier) -> Result<Vec<u8>, String> {
    edit_unsigned(der, |all| all.retain(|(known, _)| *known != kind))
}

/// The further signatures that the first one carries.
pub(crate) fn nested(der: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let Some(content) = SignedData::read(der)?.signer.unsigned else { return Ok(Vec::new()) };
    let found = attributes(content)?.into_iter().filter(|attribute| attribute.kind == oids::NESTED_SIGNATURE);
    Ok(found.flat_map(|attribute| attribute.values).map(<[u8]>::to_vec).collect())
}

/// An attribute of which one may change the values.
type Owned = (ObjectIdentifier, Vec<Vec<u8>>);

fn edit_unsigned(der: &[u8], edit: impl FnOnce(&mut Vec<Owned>)) -> Result<Vec<u8>, String> {
    let signed_data = SignedData::read(der)?;
    let mut all: Vec<Owned> = match signed_data.signer.unsigned {
        Some(content) => attributes(content)?
            .into_iter()
            .map(|found| (found.kind, found.values.into_iter().map(<[u8]>::to_vec).collect()))
            .collect(),
        None => Vec::new(),
    };
    edit(&mut all);
    let mut encoded = Vec::new();
    for (kind, mut values) in all {
        // DER wants a SET OF in the order of its encoded members.
        values.sort();
        encoded.push(sequence(&[kind.to_der().map_err(|error| error.to_string())?, set(&values.concat())]));
    }
    encoded.sort();
    let unsigned = (!encoded.is_empty()).then(|| context(1, true, &encoded.concat()));

    // Down to the signer, then up again: each level keeps the bytes before its last element.
    let outer = one(der)?;
    let (content_type, explicit) = split_last(outer.value())?;
    let data = one(explicit)?;
    let (before_signers, signers) = split_last(data.value())?;
    let signer = one(signers)?;
    let mut fields = Vec::new();
    let mut parts = elements(signer.value());
    while let Some(part) = parts.raw() {
        fields.push(part?.to_vec());
    }
    // The attributes come last and are the only field with this tag.
    fields.retain(|field| field.first() != Some(&0xA1));
    fields.extend(unsigned);
    let data = sequence(&[before_signers.to_vec(), set(&sequence(&fields))]);
    Ok(sequence(&[content_type.to_vec(), context(0, true, &data)]))
}

/// The bytes before the last of the elements, and the content of the last.
fn split_last(content: &[u8]) -> Result<(&[u8], &[u8]), String> {
    let mut parts = elements(content);
    let mut last: &[u8] = &[];
    while let Some(part) = parts.raw() {
        last = part?;
    }
    Ok((&content[..content.len() - last.len()], one(last)?.value()))
}
