//! Timestamps (RFC 3161): an authority's word that a signature was there at a moment, so that it outlives its certificate.
//!
//! ```text
//! signature value ─► imprint ─► request ─► (somebody's HTTP) ─► response ─► checked token ─► unsigned attribute
//! ```
//!
//! Bytes in, bytes out: who talks to the authority implements [`Timestamper`].

mod attach;

pub(crate) use attach::attach;

use thiserror::Error;

use crate::HashAlgorithm;

/// Somebody who gets timestamps: a client of one authority, or of several tried in turn.
pub trait Timestamper: Send + Sync {
    /// Gets a timestamp token (the DER of its ContentInfo) for a message with this digest.
    fn timestamp(&self, hash: HashAlgorithm, imprint: &[u8]) -> Result<Vec<u8>, TimestampError>;
}

/// Why there is no timestamp. Nothing was signed where one was asked for.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TimestampError {
    /// The authority could not be reached, or did not answer like one.
    #[error("the timestamp authority {server} cannot be asked: {reason}")]
    Unreachable {
        /// Its address.
        server: String,
        /// What went wrong.
        reason: String,
    },
    /// None of several authorities gave one.
    #[error("no timestamp authority answered well: {}", reasons.join("; "))]
    AllFailed {
        /// What each said, in the order in which they were asked.
        reasons: Vec<String>,
    },
    /// The authority refused.
    #[error("the timestamp authority refuses: {reason}")]
    Rejected {
        /// Its words.
        reason: String,
    },
    /// The answer is no answer to the question.
    #[error("the timestamp authority's answer is wrong: {reason}")]
    WrongAnswer {
        /// What does not fit.
        reason: String,
    },
    /// The answer is not signed by a certificate that may give timestamps.
    #[error("the timestamp cannot be trusted: {reason}")]
    Untrusted {
        /// What is wrong.
        reason: String,
    },
    /// The signature is none that a timestamp can be added to.
    #[error("the signature cannot take a timestamp: {reason}")]
    Signature {
        /// What is wrong with it.
        reason: String,
    },
}
