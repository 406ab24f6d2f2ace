//! Passwords and PINs: from a variable, a file or the terminal, never from an argument, which other users of the machine can read.

use std::path::{Path, PathBuf};

use authenticode::Password;
use zeroize::Zeroizing;

use crate::{Error, Host};

/// Where a password or PIN comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SecretSource {
    Variable(String),
    File(PathBuf),
    /// Nobody said: the terminal, where a person sits at one.
    Unsaid,
}

impl SecretSource {
    /// The secret, asked for as `what` where somebody has to type it.
    pub(crate) fn read(&self, host: &Host, what: &str) -> Result<Zeroizing<String>, Error> {
        match self {
            Self::Variable(name) => host
                .variable(name)
                .map(Zeroizing::new)
                .ok_or_else(|| Error::Secret(format!("the environment variable {name} is not set"))),
            Self::File(path) => read_file(path),
            Self::Unsaid if host.is_interactive() => rpassword::prompt_password(format!("{what}: "))
                .map(Zeroizing::new)
                .map_err(|error| Error::Secret(format!("cannot ask for {what}: {error}"))),
            Self::Unsaid => Err(Error::Secret(format!(
                "{what} is needed and nobody is there to type it: name its source with --password-env or --password-file"
            ))),
        }
    }

    pub(crate) fn password(&self, host: &Host, what: &str) -> Result<Password, Error> {
        Ok(Password::new(self.read(host, what)?.as_str()))
    }

    pub(crate) fn is_said(&self) -> bool {
        *self != Self::Unsaid
    }
}

/// The first line's content: a line end after it is not part of the secret.
pub(crate) fn read_file(path: &Path) -> Result<Zeroizing<String>, Error> {
    let text = std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|source| Error::File { path: path.to_owned(), source })?;
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}
