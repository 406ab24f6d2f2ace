//! What a verifier found, as a value that programs match on and people read.

use std::fmt;
use std::time::Duration;

use der::DateTime;

use crate::FileKind;

/// The result of looking at one file's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What kind of file it is.
    pub kind: FileKind,
    /// Who signed, as far as the signature can be read; `None` where there is none.
    pub signature: Option<SignatureFacts>,
    /// Everything that is wrong, the gravest first. Empty means the signature holds.
    pub problems: Vec<Problem>,
}

impl Verdict {
    /// Whether the file is signed and nothing is wrong with the signature.
    pub fn is_good(&self) -> bool {
        self.signature.is_some() && self.problems.is_empty()
    }

    /// The gravest problem, which names the verdict as a whole.
    pub fn gravest(&self) -> Option<&Problem> {
        self.problems.first()
    }
}

/// What the signature says about itself. Believe it only where the verdict is good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignatureFacts {
    /// The subject of the signing certificate.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Its SHA-1 thumbprint in upper-case hexadecimal, as Windows shows it.
    pub thumbprint: String,
    /// The digest algorithm over the file, "SHA-256".
    pub digest_algorithm: &'static str,
    /// The digest over the file that the signature vouches for.
    pub digest: Vec<u8>,
    /// Whether names, sizes and times are covered beside the content. True for PE; for a package only with a pre-hash
    /// (`MsiDigitalSignatureEx`): without one, the format lets streams be renamed and cut differently unseen.
    pub covers_directory: bool,
    /// The signature's algorithm, "RSA 3072" or "ECDSA P-256".
    pub key: String,
    /// The description that Windows shows when it asks for consent.
    pub description: Option<String>,
    /// The address that goes with the description.
    pub url: Option<String>,
    /// The subjects from the signing certificate up to the trusted root; empty without a trusted chain.
    pub chain: Vec<String>,
    /// When the certificate was checked to be valid, in seconds since 1970; `None`: the time was not checked.
    pub checked_at: Option<u64>,
}

/// One thing that is wrong. The order is the order of gravity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// There is no signature.
    Unsigned,
    /// The signature is damaged or not of the form that Windows accepts.
    Malformed {
        /// What was found.
        reason: String,
    },
    /// The content is not the content that was signed.
    BadDigest {
        /// What does not match, in words.
        part: &'static str,
    },
    /// The signature was not made by the key of its certificate.
    BadSignature,
    /// There are bytes that the signature does not cover.
    Stuffed {
        /// How many.
        bytes: u64,
        /// Where.
        place: &'static str,
    },
    /// An algorithm that no longer protects anything.
    WeakAlgorithm {
        /// Which.
        algorithm: String,
    },
    /// The certificate was issued for something else.
    WrongPurpose {
        /// Whose certificate and what is missing.
        reason: String,
    },
    /// No chain leads to a trusted root.
    Untrusted {
        /// Where the chain ends and why.
        reason: String,
    },
    /// A certificate was not yet or no longer valid.
    Expired {
        /// Whose certificate.
        subject: String,
        /// From when it is valid, seconds since 1970.
        not_before: u64,
        /// Until when it is valid, seconds since 1970.
        not_after: u64,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned => f.write_str("the file is not signed"),
            Self::Malformed { reason } => write!(f, "the signature is malformed: {reason}"),
            Self::BadDigest { part } => {
                write!(f, "the {part} is not what was signed: the file was changed after signing")
            }
            Self::BadSignature => {
                f.write_str("the signature was not made by the key of the certificate that it names")
            }
            Self::Stuffed { bytes, place } => {
                write!(
                    f,
                    "{bytes} bytes {place} are not covered by the signature: they were added after signing"
                )
            }
            Self::WeakAlgorithm { algorithm } => {
                write!(f, "the signature relies on {algorithm}, which is too weak: sign again with SHA-256")
            }
            Self::WrongPurpose { reason } => write!(f, "the certificate may not sign code: {reason}"),
            Self::Untrusted { reason } => write!(f, "no chain leads to a trusted root: {reason}"),
            Self::Expired { subject, not_before, not_after } => write!(
                f,
                "the certificate of {subject} is not valid at the time asked about: it is valid from {} to {}",
                date(*not_before),
                date(*not_after)
            ),
        }
    }
}

impl fmt::Display for Verdict {
    /// One line: good, or the gravest problem, and how many more there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.problems.as_slice(), &self.signature) {
            ([], Some(facts)) => {
                write!(f, "signed by {} ({}, {})", facts.subject, facts.key, facts.digest_algorithm)?;
                match facts.checked_at {
                    Some(_) => Ok(()),
                    None => f.write_str("; the certificates' dates were not checked"),
                }
            }
            ([], None) => Problem::Unsigned.fmt(f),
            ([problem], _) => problem.fmt(f),
            ([problem, more @ ..], _) => write!(f, "{problem} (and {} more)", more.len()),
        }
    }
}

/// A moment as people write it, in UTC.
fn date(seconds: u64) -> String {
    DateTime::from_unix_duration(Duration::from_secs(seconds))
        .map_or_else(|_| format!("second {seconds} since 1970"), |date| date.to_string())
}
