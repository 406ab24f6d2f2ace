//! Timestamps (RFC 3161): an authority's word that a signature was there at a moment, so that it outlives its certificate.
//!
//! ```text
//! signature value ─► imprint ─► request ─► (somebody's HTTP) ─► response ─► checked token ─► unsigned attribute
//! ```
//!
//! Bytes in, bytes out: who talks to the authority implements [`Timestamper`].

mod attach;
mod counter;
mod request;
mod time;
mod token;

use std::fmt;

use thiserror::Error;

use crate::HashAlgorithm;
use crate::verify::{Certificate, Chain, Fault, date};

pub use attach::timestamp_signature;
pub(crate) use attach::{attach, attach_to_all};
pub(crate) use counter::check as check_countersignature;
pub use request::TimestampRequest;
pub(crate) use token::check as check_token;

/// How a timestamp was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampKind {
    /// By RFC 3161.
    Rfc3161,
    /// By Authenticode's own way of before; read only.
    Countersignature,
}

/// What a timestamp says. Believe it only where the verdict over it is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamp {
    /// How it was made.
    pub kind: TimestampKind,
    /// When, in seconds since 1970.
    pub time: u64,
    /// The subject of the authority's certificate.
    pub authority: String,
    /// The digest algorithm over the signature, "SHA-256".
    pub hash: &'static str,
    /// Its serial number in hexadecimal.
    pub serial: String,
    /// The policy under which it was given.
    pub policy: Option<String>,
    /// The subjects from the authority's certificate up to the trusted root; empty without a trusted chain.
    pub chain: Vec<String>,
}

/// A timestamp with what is wrong with it.
pub(crate) struct Checked {
    pub(crate) timestamp: Timestamp,
    /// Why it proves nothing, whoever gave it.
    pub(crate) fault: Option<String>,
    /// Algorithms that no longer protect anything.
    pub(crate) weak: Vec<String>,
    /// Why its authority is not trusted.
    pub(crate) untrusted: Option<String>,
    /// The certificates of its chain, for revocation.
    pub(crate) path: Vec<Certificate>,
}

impl Checked {
    fn new(mut timestamp: Timestamp, faults: Vec<String>, mut weak: Vec<String>, chain: &Chain<'_>) -> Self {
        timestamp.chain = chain.path.iter().map(|certificate| certificate.subject()).collect();
        weak.extend(chain.weak.iter().map(|what| format!("{what}, in the timestamp")));
        let untrusted = chain.untrusted.clone().or_else(|| {
            let expired = chain.expired?;
            Some(format!("the certificate of {} was not valid at its time", expired.subject()))
        });
        Self {
            timestamp,
            fault: faults.into_iter().next().or_else(|| chain.wrong_purpose.clone()),
            weak,
            untrusted,
            path: chain.path.iter().map(|certificate| (*certificate).clone()).collect(),
        }
    }
}

/// Tells weak algorithms from what makes a timestamp worthless.
fn sort_faults(found: Vec<Fault>, faults: &mut Vec<String>, weak: &mut Vec<String>) {
    for fault in found {
        match fault {
            Fault::Weak(_) => weak.push(fault.into()),
            fault => faults.push(fault.into()),
        }
    }
}

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

impl fmt::Display for Timestamp {
    /// Who says which time, in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = if self.authority.is_empty() { "an unknown authority" } else { &self.authority };
        write!(f, "{} by {by}", date(self.time))?;
        match self.kind {
            TimestampKind::Rfc3161 => write!(f, " ({})", self.hash),
            TimestampKind::Countersignature => write!(f, " ({}, countersignature)", self.hash),
        }
    }
}
