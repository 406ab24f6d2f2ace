//! What the workspace's `Cargo.toml` says about releases.

use crate::failure::{Failure, Outcome};
use crate::repo::Repo;
use serde::Deserialize;

/// Facts of `[workspace.package]`.
#[derive(Debug, Clone)]
pub struct Workspace {
    pub version: semver::Version,
    /// The oldest Rust that compiles the workspace.
    pub rust_version: semver::Version,
}

impl Workspace {
    pub fn load(repo: &Repo) -> Outcome<Workspace> {
        #[derive(Deserialize)]
        struct Cargo {
            workspace: Table,
        }
        #[derive(Deserialize)]
        struct Table {
            package: Package,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "kebab-case")]
        struct Package {
            version: semver::Version,
            rust_version: String,
        }
        let refuse = |what: String| Failure::input(format!("Cargo.toml: {what}"));
        let text =
            std::fs::read_to_string(repo.join("Cargo.toml")).map_err(|error| refuse(error.to_string()))?;
        let cargo: Cargo = toml::from_str(&text).map_err(|error| refuse(error.to_string()))?;
        let Package { version, rust_version } = cargo.workspace.package;
        // Cargo allows `1.91` here, SemVer does not.
        let full = match rust_version.split('.').count() {
            2 => format!("{rust_version}.0"),
            _ => rust_version,
        };
        let rust_version = full.parse().map_err(|error| refuse(format!("rust-version {full}: {error}")))?;
        Ok(Workspace { version, rust_version })
    }
}
