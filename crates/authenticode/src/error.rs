//! What can go wrong, told apart by who can mend it: the key, the file, or the machine.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A failure of signing, or of looking at a file at all.
///
/// A signature that does not hold is no error: it is a [`crate::Verdict`].
#[derive(Debug, Error)]
pub enum Error {
    /// The operating system refused to read or to write.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb phrase: "open", "write beside".
        action: &'static str,
        /// The file it was tried on.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },

    /// The key, its password or its certificates cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),

    /// No timestamp could be had.
    #[error(transparent)]
    Timestamp(#[from] crate::TimestampError),

    /// The file is none that can be signed or verified.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: FileError,
    },

    /// A signing option cannot be written into a signature.
    #[error("the signature's {field} cannot be used: {reason}")]
    Option {
        /// Which option.
        field: &'static str,
        /// Why, and what to do.
        reason: String,
    },
}

impl Error {
    /// An operating system error with its file.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_path_buf(), source }
    }

    /// A fault of the file's content, with its file.
    pub(crate) fn file(path: &Path) -> impl FnOnce(FileError) -> Self {
        move |source| match source {
            FileError::Read(source) => Self::Io { action: "read", path: path.to_path_buf(), source },
            source => Self::File { path: path.to_path_buf(), source },
        }
    }
}

/// Why a key, a password or a certificate cannot be used for signing.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The password does not open the key or the PFX.
    #[error(
        "the password is wrong for this {container}: check the variable or file that the signing profile names"
    )]
    WrongPassword {
        /// "private key" or "PFX file".
        container: &'static str,
    },
    /// The key is encrypted and no password was given.
    #[error("the private key is encrypted: name in the signing profile where its password comes from")]
    PasswordNeeded,
    /// There is no private key in what was given.
    #[error("no private key found in the {container}: {hint}")]
    NoPrivateKey {
        /// What was searched.
        container: &'static str,
        /// What to give instead.
        hint: &'static str,
    },
    /// There is more than one private key, and nothing says which to use.
    #[error("the {container} holds {count} private keys: give a file with the signing key alone")]
    SeveralPrivateKeys {
        /// What was searched.
        container: &'static str,
        /// How many were found.
        count: usize,
    },
    /// There is no certificate in what was given.
    #[error(
        "no certificate found in the {container}: give the signing certificate and its chain as PEM CERTIFICATE blocks"
    )]
    NoCertificate {
        /// What was searched.
        container: &'static str,
    },
    /// None of the certificates belongs to the private key.
    #[error(
        "the private key does not belong to any of the certificates (first: {subject}): give the key that this certificate was issued for"
    )]
    KeyDoesNotMatch {
        /// The subject of the first certificate.
        subject: String,
    },
    /// The key is of a kind that Windows or this crate does not sign with.
    #[error("{what} is not supported for signing: use RSA of 2048 to 4096 bits, or ECDSA on P-256 or P-384")]
    Unsupported {
        /// The kind of key found.
        what: String,
    },
    /// A private key in OpenSSL's old encrypted form.
    #[error(
        "the private key is in OpenSSL's old encrypted form (Proc-Type: 4,ENCRYPTED): convert it with `openssl pkcs8 -topk8 -in OLD -out NEW`"
    )]
    OldEncryptedPem,
    /// The bytes are not what they say they are.
    #[error("the {what} cannot be read: {reason}")]
    Malformed {
        /// Which part.
        what: &'static str,
        /// What was found.
        reason: String,
    },
    /// What the key gave back is no signature by the certificate's key.
    #[error(
        "what the key gave back is not a signature by the certificate of {subject}: nothing was signed; check which key the token or service used"
    )]
    BadAnswer {
        /// The subject of the signing certificate.
        subject: String,
    },
    /// The key itself failed to sign.
    #[error("signing failed: {reason}")]
    Signing {
        /// What the key's implementation said. Never key material.
        reason: String,
    },
}

/// What is wrong with a file that was to be signed or verified.
#[derive(Debug, Error)]
pub enum FileError {
    /// The first bytes are of no known kind.
    #[error(
        "no PE file (EXE, DLL, SYS), Windows Installer package (MSI, MSP, MST), cabinet or PowerShell script (.ps1, .psm1, .psd1): it starts with none of their marks"
    )]
    UnknownKind,
    /// The PE headers contradict themselves or the file.
    #[error("malformed PE file: {reason}")]
    Pe {
        /// What was found, and where.
        reason: String,
    },
    /// The compound file contradicts itself.
    #[error("malformed compound file: {reason}")]
    Compound {
        /// What was found, and where.
        reason: String,
    },
    /// The cabinet contradicts itself.
    #[error("malformed cabinet: {reason}")]
    Cab {
        /// What was found, and where.
        reason: String,
    },
    /// The script cannot be signed as it is.
    #[error("the script cannot be used: {reason}")]
    Script {
        /// What was found, and what to do.
        reason: String,
    },
    /// There is no signature to add anything to.
    #[error("the file is not signed: sign it first")]
    NotSigned,
    /// There is a signature that cannot be read.
    #[error(
        "the signature that the file already has cannot be read: {reason}; take a clean copy, or take it off with `cargo msi strip`"
    )]
    OldSignature {
        /// What was found.
        reason: String,
    },
    /// There is a signature, and the content is not what it was over.
    #[error(
        "the file was changed after it was signed: nothing may change a signed file; take a clean copy, or take the signature off with `cargo msi strip` if the change is yours"
    )]
    ChangedSinceSigned,
    /// The file is larger than its format or the engine that reads it allows.
    #[error("the file is too large: {size} bytes, and {limit}")]
    TooLarge {
        /// The size found, or that signing would lead to.
        size: u64,
        /// Whose limit it is.
        limit: &'static str,
    },
    /// The file carries bytes behind its signature; signing it again would hide them.
    #[error(
        "{extra} bytes follow the end of {part}: the file was changed after it was signed or written; take a clean copy"
    )]
    TrailingData {
        /// How many.
        extra: u64,
        /// What they follow.
        part: &'static str,
    },
    /// The bytes changed while they were read, or the disk failed.
    #[error("reading failed: {0}")]
    Read(#[from] io::Error),
}
