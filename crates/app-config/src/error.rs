//! What can be wrong with a configuration file or with a value for it. No message repeats a secret.

use std::fmt;
use std::path::PathBuf;

use crate::proxy::ProxyError;

/// A place in the text as an editor shows it: line and column both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

impl Position {
    /// The place of byte `offset` in `text`. An offset past the end gives the end.
    pub(crate) fn of(text: &str, offset: usize) -> Position {
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Position { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Why a configuration was refused. Every variant is about the file's or the caller's text, but [`Error::Io`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is larger than any configuration; nothing of it was parsed.
    #[error("the configuration has {len} bytes; {limit} is the most that is read")]
    TooLarge { len: u64, limit: usize },
    /// The bytes are not text in an encoding that .NET configuration files use.
    #[error("{0}")]
    Encoding(String),
    /// Not well-formed XML.
    #[error("not well-formed XML at {at}: {message}")]
    Malformed { at: Position, message: String },
    /// A document type declaration, which a configuration never needs and which can define entity bombs.
    #[error("a document type declaration (<!DOCTYPE ...>) at {at} is not allowed in a configuration file")]
    Doctype { at: Position },
    /// Elements nested deeper than any configuration.
    #[error("elements are nested deeper than {limit} levels at {at}")]
    TooDeep { at: Position, limit: usize },
    /// The root element is not `configuration`.
    #[error("the root element at {at} is <{found}>, not <configuration>")]
    WrongRoot { at: Position, found: String },
    /// A node that decides something stands twice, so that it is unclear which one is meant.
    #[error("{node} stands twice, at {first} and at {second}; remove one of them")]
    Doubled { node: String, first: Position, second: Position },
    /// A node has a value that it cannot have.
    #[error("{node}{}: {message}", at_place(.at))]
    BadValue { node: String, at: Option<Position>, message: String },
    /// No cloud has this name or environment name.
    #[error("unknown environment \"{value}\"; known are {}", known.join(", "))]
    UnknownCloud { value: String, known: Vec<String> },
    /// Not one of the three FIPS policies.
    #[error("unknown FIPS policy \"{value}\"; known are inherit, exempt, enforce")]
    UnknownFips { value: String },
    /// Not a trace level.
    #[error("unknown trace level \"{value}\"; known are Off, Critical, Error, Warning, Information, Verbose")]
    UnknownTrace { value: String },
    /// A proxy address that cannot be used.
    #[error("proxy address: {0}")]
    Proxy(#[from] ProxyError),
    /// Reading or writing failed.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io { doing: &'static str, path: PathBuf, source: std::io::Error },
}

fn at_place(at: &Option<Position>) -> String {
    at.map(|at| format!(" at {at}")).unwrap_or_default()
}
