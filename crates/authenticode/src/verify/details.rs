//! Everything that a signature says, for people who want to look into it. Nothing is judged here.

use std::fs::File;
use std::path::Path;

use der::asn1::ObjectIdentifier;
use serde_json::{Value, json};

use super::certificate::{Certificate, hex};
use super::hash::Hash;
use super::opened::Opened;
use super::verdict::date;
use super::{MOST_NESTED, signature};
use crate::cms::{self, SignedData, SignerId, attributes, oids};
use crate::timestamp;
use crate::{Error, FileKind};

/// What stands in the signatures of the file at `path`, the first and those nested in it, as JSON.
pub fn inspect_file(path: &Path) -> Result<Value, Error> {
    let mut file = File::open(path).map_err(Error::io("open", path))?;
    let kind = FileKind::of(path, &mut file).map_err(Error::file(path))?;
    let mut opened = Opened::open(path, kind, file).map_err(Error::file(path))?;
    let der = opened.der.take();
    let nested = der.as_deref().map(signature::nested).unwrap_or_default();
    let all: Vec<Value> =
        der.iter().chain(nested.iter().take(MOST_NESTED)).map(|der| inspect_signature(der)).collect();
    Ok(json!({
        "kind": kind.to_string(),
        "around": opened.problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "signatures": all,
    }))
}

/// What stands in one signature (PKCS#7 in DER form).
pub fn inspect_signature(der: &[u8]) -> Value {
    let data = match SignedData::read(der) {
        Ok(data) => data,
        Err(reason) => return json!({ "malformed": reason, "bytes": der.len() }),
    };
    let certificates: Vec<Certificate> =
        data.certificates.iter().filter_map(|der| Certificate::read(der).ok()).collect();
    let signer = certificates.iter().find(|certificate| certificate.is_named_by(&data.signer.id));
    let mut details = json!({
        "bytes": der.len(),
        "content_type": name(data.content_type),
        "digest_algorithm": name(data.signer.hash),
        "signature_algorithm": name(data.signer.algorithm),
        "signature_bytes": data.signer.value.len(),
        "signer": match data.signer.id {
            SignerId::Issued { serial, .. } => json!({
                "subject": signer.map(Certificate::subject),
                "serial": hex(serial),
            }),
            SignerId::Key(key) => json!({ "subject": signer.map(Certificate::subject), "key": hex(key) }),
        },
        "certificates": certificates.iter().map(certificate).collect::<Vec<_>>(),
        "unreadable_certificates": data.certificates.len() - certificates.len(),
        "signed_attributes": list(data.signer.signed),
        "unsigned_attributes": list(data.signer.unsigned),
        "timestamps": timestamps(&data, &certificates),
    });
    if let Ok(signature) = cms::parse(der) {
        if let Some(content) = &signature.content {
            details["digest"] = json!({ "algorithm": name(content.hash), "value": hex(&content.digest) });
            details["signed_kind"] = json!(content.kind.map(|kind| kind.to_string()));
            details["page_hashes"] = json!(content.page_hashes.as_ref().map(|pages| name(pages.kind)));
        }
        details["description"] = json!(signature.attributes.description);
        details["url"] = json!(signature.attributes.url);
    }
    details
}

fn certificate(certificate: &Certificate) -> Value {
    let (not_before, not_after) = certificate.validity();
    json!({
        "subject": certificate.subject(),
        "issuer": certificate.issuer(),
        "serial": hex(certificate.serial()),
        "not_before": date(not_before),
        "not_after": date(not_after),
        "key": certificate.key().map_or_else(|reason| reason, |key| key.describe()),
        "signature_algorithm": certificate.signature().map(|(algorithm, _)| name(algorithm)),
        "sha1": certificate.thumbprint(),
        "sha256": certificate.fingerprint(),
    })
}

fn list(content: Option<&[u8]>) -> Vec<Value> {
    let found = attributes(content.unwrap_or_default()).unwrap_or_default();
    let value = |attribute: &cms::Attribute<'_>| {
        let bytes: usize = attribute.values.iter().map(|value| value.len()).sum();
        json!({ "type": name(attribute.kind), "values": attribute.values.len(), "bytes": bytes })
    };
    found.iter().map(value).collect()
}

fn timestamps(data: &SignedData<'_>, certificates: &[Certificate]) -> Vec<Value> {
    let found = attributes(data.signer.unsigned.unwrap_or_default()).unwrap_or_default();
    let value = data.signer.value;
    let mut all = Vec::new();
    for attribute in found {
        for der in attribute.values.iter().take(8) {
            let checked = match attribute.kind {
                oids::TIMESTAMP_TOKEN => {
                    timestamp::check_token(der, |hash| hash.digest(value), certificates, &[])
                }
                oids::COUNTER_SIGNATURE => timestamp::check_countersignature(der, value, certificates, &[]),
                _ => continue,
            };
            all.push(match checked {
                Ok(checked) => super::json::timestamp(&checked.timestamp),
                Err(reason) => json!({ "malformed": reason }),
            });
        }
    }
    all
}

/// The name of an identifier with the identifier itself.
fn name(oid: ObjectIdentifier) -> String {
    let known = match oid {
        oids::SPC_INDIRECT_DATA => "SpcIndirectDataContent",
        oids::DATA => "data",
        oids::CONTENT_TYPE => "content type",
        oids::MESSAGE_DIGEST => "message digest",
        oids::SIGNING_TIME => "signing time",
        oids::SPC_SP_OPUS_INFO => "SpcSpOpusInfo",
        oids::SPC_STATEMENT_TYPE => "SpcStatementType",
        oids::NESTED_SIGNATURE => "nested signature",
        oids::TIMESTAMP_TOKEN => "timestamp",
        oids::COUNTER_SIGNATURE => "countersignature",
        oids::SPC_PE_PAGE_HASHES_V1 => "page hashes (SHA-1)",
        oids::SPC_PE_PAGE_HASHES_V2 => "page hashes (SHA-256)",
        oids::RSA_ENCRYPTION => "RSA",
        oids::SHA1_WITH_RSA => "RSA with SHA-1",
        oids::SHA256_WITH_RSA => "RSA with SHA-256",
        oids::SHA384_WITH_RSA => "RSA with SHA-384",
        oids::SHA512_WITH_RSA => "RSA with SHA-512",
        oids::EC_PUBLIC_KEY => "ECDSA",
        oids::ECDSA_WITH_SHA256 => "ECDSA with SHA-256",
        oids::ECDSA_WITH_SHA384 => "ECDSA with SHA-384",
        oids::ECDSA_WITH_SHA512 => "ECDSA with SHA-512",
        oid => match Hash::of(oid) {
            Some(hash) => hash.name(),
            None => return oid.to_string(),
        },
    };
    format!("{known} ({oid})")
}
