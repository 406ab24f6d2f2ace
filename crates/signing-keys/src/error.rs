//! Why a key could not be had, told apart by who can mend it.

use std::path::PathBuf;

use authenticode::KeyError;

/// Why there is no signer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Flags or profile contradict themselves or lack something.
    #[error("{0}")]
    Usage(String),
    /// A file cannot be read.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A password or PIN cannot be had.
    #[error("{0}")]
    Secret(String),
    /// The key or its certificates cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The PKCS#11 module, its token, or a key on it.
    #[error("PKCS#11: {0}")]
    Token(String),
    /// The Windows certificate store.
    #[error("certificate store: {0}")]
    Store(String),
    /// The program that signs.
    #[error("{program}: {reason}")]
    Command {
        /// Its name.
        program: String,
        /// What went wrong.
        reason: String,
    },
    /// A cloud service.
    #[error("{service}: {reason}")]
    Service {
        /// Its name.
        service: &'static str,
        /// What went wrong, and what to do.
        reason: String,
    },
}

impl Error {
    /// The same as a failure of the key while it signs.
    pub(crate) fn into_key_error(self) -> KeyError {
        match self {
            Error::Key(error) => error,
            error => KeyError::Signing { reason: error.to_string() },
        }
    }
}
