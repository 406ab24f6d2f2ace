//! The question to a timestamp authority, and the check of its answer.
//!
//! ```text
//! TimeStampReq ::= SEQUENCE { version INTEGER (1), messageImprint, reqPolicy OPTIONAL, nonce INTEGER OPTIONAL,
//!                             certReq BOOLEAN DEFAULT FALSE, extensions [0] OPTIONAL }
//! TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken ContentInfo OPTIONAL }
//! PKIStatusInfo ::= SEQUENCE { status INTEGER, statusString SEQUENCE OF UTF8String OPTIONAL, failInfo BIT STRING OPTIONAL }
//! ```

use der::asn1::{AnyRef, OctetStringRef};
use der::{Encode, Tag};

use super::{Timestamp, TimestampError, token};
use crate::cms::fields;
use crate::cms::tlv::{elements, one, sequence};
use crate::{HashAlgorithm, Roots};

/// No token with its certificates comes near this.
const LARGEST_RESPONSE: usize = 1 << 20;

/// A question for a timestamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampRequest {
    hash: HashAlgorithm,
    imprint: Vec<u8>,
    /// The content bytes of the nonce's INTEGER.
    nonce: Vec<u8>,
}

impl TimestampRequest {
    /// Asks for a timestamp over a message with this digest. The nonce must be random and new each time: it ties the
    /// answer to the question.
    pub fn new(hash: HashAlgorithm, imprint: &[u8], nonce: [u8; 16]) -> Self {
        let mut nonce = nonce.to_vec();
        // A positive INTEGER in its shortest form, whatever the bytes.
        nonce[0] = nonce[0] & 0x7F | 0x40;
        Self { hash, imprint: imprint.to_vec(), nonce }
    }

    /// The bytes to send (`application/timestamp-query`).
    pub fn to_der(&self) -> Result<Vec<u8>, TimestampError> {
        let encoding = |error: der::Error| TimestampError::Signature { reason: error.to_string() };
        let imprint =
            OctetStringRef::new(&self.imprint).and_then(|octets| octets.to_der()).map_err(encoding)?;
        let algorithm = self.hash.identifier().to_der().map_err(encoding)?;
        Ok(sequence(&[
            1u8.to_der().map_err(encoding)?,
            sequence(&[algorithm, imprint]),
            AnyRef::new(Tag::Integer, &self.nonce).and_then(|nonce| nonce.to_der()).map_err(encoding)?,
            true.to_der().map_err(encoding)?,
        ]))
    }

    /// Checks an answer (`application/timestamp-reply`) and gives its token with what it says.
    ///
    /// The token must answer this question, be signed by a certificate for time stamping alone, and name it. With `roots`
    /// its chain must lead to one of them.
    pub fn accept(
        &self,
        response: &[u8],
        roots: Option<&Roots>,
    ) -> Result<(Vec<u8>, Timestamp), TimestampError> {
        let wrong = |reason: String| TimestampError::WrongAnswer { reason };
        if response.len() > LARGEST_RESPONSE {
            return Err(wrong("it is larger than any timestamp".into()));
        }
        let token = token_of(response)?;
        match token::nonce(token).map_err(wrong)? {
            Some(nonce) if nonce == self.nonce => {}
            Some(_) => return Err(wrong("it answers another question: the nonce is not ours".into())),
            None => return Err(wrong("it does not repeat the nonce".into())),
        }
        let timestamp = check_new(token, self.hash, &self.imprint, roots)?;
        Ok((token.to_vec(), timestamp))
    }
}

/// Checks a token that somebody has just got for this imprint.
pub(super) fn check_new(
    token: &[u8],
    hash: HashAlgorithm,
    imprint: &[u8],
    roots: Option<&Roots>,
) -> Result<Timestamp, TimestampError> {
    let known = roots.map(Roots::certificates).unwrap_or_default();
    let same_hash = |asked: crate::verify::Hash| {
        if asked == hash.into() { imprint.to_vec() } else { Vec::new() }
    };
    let checked = token::check(token, same_hash, &[], known)
        .map_err(|reason| TimestampError::WrongAnswer { reason })?;
    if let Some(reason) = checked.fault {
        return Err(TimestampError::WrongAnswer { reason });
    }
    if let Some(what) = checked.weak.first() {
        return Err(TimestampError::Untrusted { reason: format!("it relies on {what}") });
    }
    match checked.untrusted {
        Some(reason) if roots.is_some() => Err(TimestampError::Untrusted { reason }),
        _ => Ok(checked.timestamp),
    }
}

fn token_of(response: &[u8]) -> Result<&[u8], TimestampError> {
    let wrong = |reason: String| TimestampError::WrongAnswer { reason };
    let mut outer = one(response).and_then(|outer| fields(outer, "answer")).map_err(wrong)?;
    let mut status = outer.need("status").and_then(|status| fields(status, "status")).map_err(wrong)?;
    let granted = status.take_tagged(Tag::Integer, "status").map_err(wrong)?.value();
    if !matches!(granted, [0 | 1]) {
        return Err(TimestampError::Rejected { reason: refusal(granted, status) });
    }
    outer.raw().ok_or_else(|| wrong("it grants a timestamp and has none".into()))?.map_err(wrong)
}

/// The authority's reasons in words; its own text is cut and cleaned, because it goes to a terminal.
fn refusal(status: &[u8], rest: crate::cms::tlv::Elements<'_>) -> String {
    const FAILURES: [(usize, &str); 8] = [
        (0, "unknown algorithm"),
        (2, "bad request"),
        (5, "bad data format"),
        (14, "its time source is not available"),
        (15, "unaccepted policy"),
        (16, "unaccepted extension"),
        (17, "additional information not available"),
        (25, "system failure"),
    ];
    let mut words = vec![match status {
        [2] => "rejected".to_owned(),
        [3] => "waiting".to_owned(),
        [4] => "warning: revocation is imminent".to_owned(),
        [5] => "its certificate was revoked".to_owned(),
        other => format!("status {other:?}"),
    }];
    for part in rest.flatten() {
        if der::Tagged::tag(&part) == Tag::Sequence {
            for text in elements(part.value()).flatten().take(4) {
                let text: String = String::from_utf8_lossy(text.value())
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(200)
                    .collect();
                words.push(format!("\"{text}\""));
            }
        } else if let [_unused, bits @ ..] = part.value() {
            let set = |bit: usize| bits.get(bit / 8).is_some_and(|byte| byte & (0x80 >> (bit % 8)) != 0);
            words.extend(FAILURES.iter().filter(|(bit, _)| set(*bit)).map(|(_, name)| (*name).to_owned()));
        }
    }
    words.join(", ")
}
