//! A verdict for programs. The names and codes do not change within a major version.

use serde_json::{Value, json};

use super::certificate::hex;
use super::verdict::date;
use super::{Note, Problem, SignatureFacts, SignatureVerdict, Verdict};
use crate::{Timestamp, TimestampKind};

impl Verdict {
    /// The verdict as JSON.
    pub fn to_json(&self) -> Value {
        json!({
            "kind": self.kind.map(|kind| kind.to_string()),
            "verdict": self.gravest().map_or("good", Problem::code),
            "good": self.is_good(),
            "summary": self.to_string(),
            "problems": problems(&self.problems),
            "signatures": self.signatures.iter().map(SignatureVerdict::to_json).collect::<Vec<_>>(),
        })
    }
}

impl SignatureVerdict {
    /// The verdict over one signature as JSON.
    pub fn to_json(&self) -> Value {
        let facts = &self.facts;
        json!({
            "verdict": self.problems.first().map_or("good", Problem::code),
            "problems": problems(&self.problems),
            "notes": self.notes.iter().map(note).collect::<Vec<_>>(),
            "signer": signer(facts),
            "digest": { "algorithm": facts.digest_algorithm, "value": hex(&facts.digest) },
            "covers_directory": facts.covers_directory,
            "page_hashes": facts.page_hashes,
            "description": facts.description,
            "url": facts.url,
            "chain": facts.chain,
            "timestamps": facts.timestamps.iter().map(timestamp).collect::<Vec<_>>(),
            "checked_at": facts.checked_at.map(date),
            "by_timestamp": facts.by_timestamp,
        })
    }
}

fn signer(facts: &SignatureFacts) -> Value {
    if facts.thumbprint.is_empty() {
        return Value::Null;
    }
    json!({
        "subject": facts.subject,
        "issuer": facts.issuer,
        "serial": facts.serial,
        "thumbprint": facts.thumbprint,
        "not_before": date(facts.validity.0),
        "not_after": date(facts.validity.1),
        "key": facts.key,
    })
}

fn problems(problems: &[Problem]) -> Vec<Value> {
    problems.iter().map(|problem| json!({ "code": problem.code(), "text": problem.to_string() })).collect()
}

fn note(note: &Note) -> Value {
    let code = match note {
        Note::UnsignedAttribute { .. } => "unsigned-attribute",
        Note::UnreadableCertificate { .. } => "unreadable-certificate",
        Note::NoRevocationList { .. } => "no-revocation-list",
        Note::OldRevocationList { .. } => "old-revocation-list",
    };
    json!({ "code": code, "text": note.to_string() })
}

pub(super) fn timestamp(timestamp: &Timestamp) -> Value {
    json!({
        "kind": match timestamp.kind {
            TimestampKind::Rfc3161 => "rfc3161",
            TimestampKind::Countersignature => "countersignature",
        },
        "time": date(timestamp.time),
        "authority": timestamp.authority,
        "digest_algorithm": timestamp.hash,
        "serial": timestamp.serial,
        "policy": timestamp.policy,
        "chain": timestamp.chain,
    })
}
