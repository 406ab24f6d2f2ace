//! What an action reports when it cannot go on.

use std::fmt;
use std::io;

/// Numbers of the rows in the Error table; `wix/actions.wxs` holds the texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// `ENVIRONMENTNAME` has an unknown value; second, the known ones.
    Environment(String, String),
    /// `FIPSPOLICY` has an unknown value.
    Fips(String),
    /// `PROXYADDRESS` cannot be used; the value itself is not repeated, it might hold a password.
    Proxy(String),
    /// `SERVICEACCOUNT` cannot be used: account, reason.
    Account(String, String),
    /// `NOSTART` has an unknown value.
    NoStart(String),
    /// `INSTALLDIR` cannot be used: folder, reason.
    InstallDir(String, String),
    /// `INSTALLDIR` differs from where the product is: there, given.
    InstallDirMoved(String, String),
    /// A step on the machine failed: what was done, why it failed.
    Step(String, String),
}

impl Failure {
    pub fn step(doing: impl Into<String>, why: impl fmt::Display) -> Self {
        Self::Step(doing.into(), why.to_string())
    }

    /// The Error table's key.
    pub fn number(&self) -> i32 {
        match self {
            Self::Environment(..) => 25001,
            Self::Fips(..) => 25002,
            Self::Proxy(..) => 25003,
            Self::Account(..) => 25004,
            Self::NoStart(..) => 25005,
            Self::InstallDir(..) => 25006,
            Self::InstallDirMoved(..) => 25007,
            Self::Step(..) => 25008,
        }
    }

    /// What fills `[2]` and `[3]` of the Error table's text.
    pub fn arguments(&self) -> (&str, &str) {
        match self {
            Self::Environment(a, b)
            | Self::Account(a, b)
            | Self::InstallDir(a, b)
            | Self::InstallDirMoved(a, b)
            | Self::Step(a, b) => (a, b),
            Self::Fips(a) | Self::Proxy(a) | Self::NoStart(a) => (a, ""),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (a, b) = self.arguments();
        match self {
            Self::Environment(..) => {
                write!(f, "ENVIRONMENTNAME={a} is not a known environment. Known are: {b}.")
            }
            Self::Fips(_) => {
                write!(f, "FIPSPOLICY={a} is not a known policy. Known are: inherit, exempt, enforce.")
            }
            Self::Proxy(_) => write!(f, "PROXYADDRESS is not usable: {a}"),
            Self::Account(..) => write!(f, "SERVICEACCOUNT={a} is not usable: {b}"),
            Self::NoStart(_) => write!(f, "NOSTART={a} is not understood."),
            Self::InstallDir(..) => write!(f, "INSTALLDIR={a} is not usable: {b}"),
            Self::InstallDirMoved(..) => {
                write!(f, "INSTALLDIR cannot change while the product is installed: it is in {a}, not {b}.")
            }
            Self::Step(..) => write!(f, "{a}: {b}"),
        }
    }
}

/// Names the step that a system error happened in.
pub trait Doing<T> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, Failure>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, Failure> {
        self.map_err(|error| Failure::step(what(), error))
    }
}
