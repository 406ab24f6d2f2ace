//! The axes of a release: cloud, FIPS variant, architecture, installer backend.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};

/// The name of a file in `config-templates/clouds`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "String")]
pub struct CloudName(String);

/// What a package's configuration says about the machine's FIPS policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum FipsVariant {
    /// No node: the machine's policy holds.
    Inherit,
    /// `enabled="false"`: this process is exempt from the machine's policy.
    Exempt,
    /// `enabled="true"`: the machine's policy is enforced.
    Enforce,
}

/// The processor a package is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Arch {
    X64,
    Arm64,
}

/// What compiles `wix/`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Backend {
    /// Our own compiler, on every host.
    #[default]
    Native,
    /// The WiX Toolset through the cargo-wix library, on Windows.
    Wix,
}

impl CloudName {
    /// Where the cloud's endpoints stand.
    pub fn file(&self, root: &Path) -> PathBuf {
        root.join("config-templates/clouds").join(format!("{}.toml", self.0))
    }
}

impl FipsVariant {
    pub fn name(self) -> &'static str {
        match self {
            FipsVariant::Inherit => "inherit",
            FipsVariant::Exempt => "exempt",
            FipsVariant::Enforce => "enforce",
        }
    }

    /// Its part of an output name; `inherit` is what people get who ask for nothing, and has none.
    pub fn suffix(self) -> &'static str {
        match self {
            FipsVariant::Inherit => "",
            FipsVariant::Exempt => "-fips-exempt",
            FipsVariant::Enforce => "-fips-enforce",
        }
    }
}

impl Arch {
    pub fn name(self) -> &'static str {
        match self {
            Arch::X64 => "x64",
            Arch::Arm64 => "arm64",
        }
    }
}

impl TryFrom<String> for CloudName {
    type Error = String;

    fn try_from(name: String) -> Result<CloudName, String> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || !name.chars().all(plain) {
            return Err(format!("{name:?} is no cloud name: lower-case letters, digits and dashes"));
        }
        Ok(CloudName(name))
    }
}

impl std::str::FromStr for CloudName {
    type Err = String;

    fn from_str(name: &str) -> Result<CloudName, String> {
        CloudName::try_from(name.to_owned())
    }
}

impl AsRef<str> for CloudName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CloudName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for FipsVariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
