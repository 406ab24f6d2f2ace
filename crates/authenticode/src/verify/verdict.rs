//! What a verifier found, as a value that programs match on and people read.

use std::fmt;
use std::time::Duration;

use der::DateTime;

use crate::{FileKind, Timestamp};

/// The result of looking at one file's signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What kind of file it is; `None` for one with a detached signature.
    pub kind: Option<FileKind>,
    /// The signature that the verdict stands on: the first good one, or else the first, as far as it can be read; `None`
    /// where there is none.
    pub signature: Option<SignatureFacts>,
    /// Everything that is wrong with the file as a whole, the gravest first. Empty means that a signature holds.
    ///
    /// Older signatures beside a good one may be weak, expired or of an unknown root; damaged they may not be.
    pub problems: Vec<Problem>,
    /// Every signature with a verdict of its own: the first, then those nested in it.
    pub signatures: Vec<SignatureVerdict>,
}

impl Verdict {
    pub(super) fn new(
        kind: Option<FileKind>,
        mut problems: Vec<Problem>,
        signatures: Vec<SignatureVerdict>,
    ) -> Self {
        let good = signatures.iter().position(|signature| signature.problems.is_empty());
        for (index, signature) in signatures.iter().enumerate() {
            let counts = |problem: &&Problem| match good {
                Some(_) => problem.is_damage(),
                None => index == 0 || problem.is_damage(),
            };
            problems.extend(signature.problems.iter().filter(counts).cloned());
        }
        problems.sort();
        problems.dedup();
        let stands_on = signatures.get(good.unwrap_or(0));
        let signature =
            stands_on.map(|found| found.facts.clone()).filter(|facts| !facts.thumbprint.is_empty());
        Self { kind, signature, problems, signatures }
    }

    /// Whether the file is signed and nothing is wrong with the signature.
    pub fn is_good(&self) -> bool {
        self.signature.is_some() && self.problems.is_empty()
    }

    /// The gravest problem, which names the verdict as a whole.
    pub fn gravest(&self) -> Option<&Problem> {
        self.problems.first()
    }
}

/// What was found out about one signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureVerdict {
    /// What it says about itself. Believe it only where there are no problems.
    pub facts: SignatureFacts,
    /// Everything that is wrong with it, the gravest first.
    pub problems: Vec<Problem>,
    /// What does not make it bad, but somebody may want to know.
    pub notes: Vec<Note>,
}

impl SignatureVerdict {
    pub(super) fn malformed(reason: String) -> Self {
        let problems = vec![Problem::Malformed { reason }];
        Self { facts: SignatureFacts::default(), problems, notes: Vec::new() }
    }

    /// Whether nothing is wrong with it.
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
    }
}

/// What the signature says about itself. Believe it only where the verdict is good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignatureFacts {
    /// The subject of the signing certificate.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Its serial number in hexadecimal.
    pub serial: String,
    /// Its SHA-1 thumbprint in upper-case hexadecimal, as Windows shows it.
    pub thumbprint: String,
    /// From when until when it is valid, in seconds since 1970.
    pub validity: (u64, u64),
    /// The digest algorithm over the file, "SHA-256".
    pub digest_algorithm: &'static str,
    /// The digest over the file that the signature vouches for.
    pub digest: Vec<u8>,
    /// Whether names, sizes and times are covered beside the content. True for PE; for a package only with a pre-hash
    /// (`MsiDigitalSignatureEx`): without one, the format lets streams be renamed and cut differently unseen.
    pub covers_directory: bool,
    /// Whether it carries page hashes, which were checked.
    pub page_hashes: bool,
    /// The signature's algorithm, "RSA 3072" or "ECDSA P-256".
    pub key: String,
    /// The description that Windows shows when it asks for consent.
    pub description: Option<String>,
    /// The address that goes with the description.
    pub url: Option<String>,
    /// The subjects from the signing certificate up to the trusted root; empty without a trusted chain.
    pub chain: Vec<String>,
    /// Its timestamps, the earliest first.
    pub timestamps: Vec<Timestamp>,
    /// When the certificate was checked to be valid, in seconds since 1970; `None`: the time was not checked.
    pub checked_at: Option<u64>,
    /// Whether that time comes from a timestamp that can be believed.
    pub by_timestamp: bool,
}

/// Something about a signature that does not make it bad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Nothing covers this attribute: anybody can have put it there.
    UnsignedAttribute {
        /// Its object identifier.
        kind: String,
        /// How long its value is.
        bytes: usize,
    },
    /// Something stands among the certificates that is none.
    UnreadableCertificate {
        /// How long it is.
        bytes: usize,
    },
    /// Revocation lists were given, but none of this certificate's issuer.
    NoRevocationList {
        /// Whose certificate.
        subject: String,
    },
    /// The revocation list of this certificate's issuer is out of date.
    OldRevocationList {
        /// Whose certificate.
        subject: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnsignedAttribute { kind, bytes } => {
                write!(f, "the attribute {kind} ({bytes} bytes) is not covered by the signature")
            }
            Self::UnreadableCertificate { bytes } => {
                write!(f, "one of its certificates ({bytes} bytes) cannot be read and was left out")
            }
            Self::NoRevocationList { subject } => {
                write!(f, "no revocation list was given for the certificate of {subject}")
            }
            Self::OldRevocationList { subject } => {
                write!(f, "the revocation list for the certificate of {subject} is out of date")
            }
        }
    }
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
    /// A timestamp is damaged, or is for something else, or was given by somebody who may not.
    BadTimestamp {
        /// What is wrong with it.
        reason: String,
    },
    /// A certificate was revoked, and not only after the signature was made.
    Revoked {
        /// Whose certificate.
        subject: String,
        /// From when, in seconds since 1970.
        since: u64,
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
    /// Nobody who is trusted stands behind a timestamp.
    UntrustedTimestamp {
        /// Where its chain ends and why.
        reason: String,
    },
}

impl Problem {
    /// A short name that does not change, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Malformed { .. } => "malformed",
            Self::BadDigest { .. } => "bad-digest",
            Self::BadSignature => "bad-signature",
            Self::Stuffed { .. } => "stuffed",
            Self::BadTimestamp { .. } => "bad-timestamp",
            Self::Revoked { .. } => "revoked",
            Self::WeakAlgorithm { .. } => "weak",
            Self::WrongPurpose { .. } => "wrong-purpose",
            Self::Untrusted { .. } => "untrusted",
            Self::Expired { .. } => "expired",
            Self::UntrustedTimestamp { .. } => "untrusted-timestamp",
        }
    }

    /// Whether it says that bytes were changed or added, and not only that nobody need believe the signature any more.
    fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::Unsigned
                | Self::Malformed { .. }
                | Self::BadDigest { .. }
                | Self::BadSignature
                | Self::Stuffed { .. }
                | Self::BadTimestamp { .. }
                | Self::Revoked { .. }
        )
    }
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
            Self::BadTimestamp { reason } => write!(f, "a timestamp proves nothing: {reason}"),
            Self::UntrustedTimestamp { reason } => {
                write!(f, "no chain leads from a timestamp to a trusted root: {reason}")
            }
            Self::Revoked { subject, since } => {
                write!(f, "the certificate of {subject} was revoked on {}", date(*since))
            }
            Self::WeakAlgorithm { algorithm } => {
                write!(f, "the signature relies on {algorithm}, which is too weak: sign again with SHA-256")
            }
            Self::WrongPurpose { reason } => write!(f, "the certificate may not sign code: {reason}"),
            Self::Untrusted { reason } => write!(f, "no chain leads to a trusted root: {reason}"),
            Self::Expired { subject, not_before, not_after } => write!(
                f,
                "the certificate of {subject} is not valid at the time that counts: it is valid from {} to {}",
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
                    Some(at) if facts.by_timestamp => write!(f, ", timestamped {}", date(at)),
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

/// Reads a time in UTC, `2026-11-27` or `2026-11-27T10:00:00Z`, or seconds since 1970.
pub fn parse_time(text: &str) -> Option<u64> {
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    whole.parse::<DateTime>().ok().map(|date| date.unix_duration().as_secs())
}

/// A moment as people write it, in UTC.
pub(crate) fn date(seconds: u64) -> String {
    DateTime::from_unix_duration(Duration::from_secs(seconds))
        .map_or_else(|_| format!("second {seconds} since 1970"), |date| date.to_string())
}
