//! `dist.toml`, the release manifest: read strictly, so that a typing error never changes what is released in silence.

mod guid;
mod identity;
mod matrix;
mod signing;
mod version;
mod workspace;

pub use guid::Guid;
pub use identity::product_code;
pub use matrix::{Arch, Backend, CloudName, FipsVariant};
pub use signing::{Other, Signing, SigningProfile};
pub use version::ProductVersion;
pub use workspace::Workspace;

use crate::failure::{Failure, Outcome};
use crate::repo::Repo;
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    pub product: Product,
    pub matrix: Matrix,
    #[serde(default)]
    pub build: Build,
    pub output: Output,
    #[serde(default)]
    pub signing: Signing,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Product {
    pub name: String,
    pub manufacturer: String,
    pub upgrade_code: Guid,
    pub version: VersionSource,
    pub language: u16,
    #[serde(default)]
    pub cultures: Vec<String>,
    /// Each package speaks all the cultures; else they are an order of preference.
    #[serde(default)]
    pub multilingual: bool,
}

/// Where the version comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub enum VersionSource {
    Workspace,
    Fixed(semver::Version),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Matrix {
    pub clouds: Vec<CloudName>,
    pub fips: Vec<FipsVariant>,
    pub architectures: Vec<Arch>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Build {
    #[serde(default)]
    pub backend: Backend,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Output {
    pub name: NamePattern,
}

/// An output name with `{version}`, `{cloud}`, `{arch}`, `{fips}` and `{test}` in it.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct NamePattern(String);

impl Manifest {
    /// Reads and checks `dist.toml`.
    pub fn load(repo: &Repo) -> Outcome<Manifest> {
        let path = repo.join("dist.toml");
        let text = std::fs::read_to_string(&path)
            .map_err(|error| Failure::input(format!("{}: {error}", repo.shown(&path))))?;
        let manifest = Manifest::parse(&text)?;
        manifest.check(repo)?;
        Ok(manifest)
    }

    fn parse(text: &str) -> Outcome<Manifest> {
        toml::from_str(text).map_err(|error| Failure::input(format!("dist.toml: {error}")))
    }

    /// What the types cannot say: nothing empty, nothing twice, every name resolvable.
    fn check(&self, repo: &Repo) -> Outcome {
        let refuse = |what: String| Err(Failure::input(format!("dist.toml: {what}")));
        let Matrix { clouds, fips, architectures } = &self.matrix;
        if clouds.is_empty() || fips.is_empty() || architectures.is_empty() {
            return refuse("[matrix] needs at least one cloud, one FIPS variant and one architecture".into());
        }
        if let Some(name) = first_double(clouds.iter().map(ToString::to_string))
            .or_else(|| first_double(fips.iter().map(ToString::to_string)))
            .or_else(|| first_double(architectures.iter().map(ToString::to_string)))
        {
            return refuse(format!("[matrix] names {name} twice"));
        }
        for cloud in clouds {
            if !cloud.file(repo.root()).is_file() {
                return refuse(format!(
                    "cloud {cloud}: {} does not exist",
                    repo.shown(&cloud.file(repo.root()))
                ));
            }
        }
        if let Some(name) = &self.signing.default
            && !self.signing.profiles.contains_key(name)
        {
            return refuse(format!(
                "[signing] default = {name:?}, but there is no [signing.profiles.{name}]"
            ));
        }
        for (name, profile) in &self.signing.profiles {
            profile.check(name).or_else(|what| refuse(format!("[signing.profiles.{name}] {what}")))?;
        }
        Ok(())
    }

    /// The version to build: from the command line, from here, or from the workspace.
    pub fn version(&self, repo: &Repo, asked: Option<&semver::Version>) -> Outcome<semver::Version> {
        match (asked, &self.product.version) {
            (Some(version), _) | (None, VersionSource::Fixed(version)) => Ok(version.clone()),
            (None, VersionSource::Workspace) => Ok(Workspace::load(repo)?.version),
        }
    }
}

impl NamePattern {
    /// The file name without extension.
    pub fn fill(
        &self,
        version: &str,
        cloud: &CloudName,
        arch: Arch,
        fips: FipsVariant,
        test_signed: bool,
    ) -> String {
        self.0
            .replace("{version}", version)
            .replace("{cloud}", cloud.as_ref())
            .replace("{arch}", arch.name())
            .replace("{fips}", fips.suffix())
            .replace("{test}", if test_signed { "-test-signed" } else { "" })
    }
}

impl TryFrom<String> for NamePattern {
    type Error = String;

    fn try_from(pattern: String) -> Result<NamePattern, String> {
        for needed in ["{version}", "{cloud}", "{arch}", "{fips}", "{test}"] {
            if !pattern.contains(needed) {
                return Err(format!("{needed} is missing, so that two outputs could get one name"));
            }
        }
        let plain: String = ["{version}", "{cloud}", "{arch}", "{fips}", "{test}"]
            .iter()
            .fold(pattern.clone(), |text, part| text.replace(part, ""));
        match plain.chars().find(|c| !(c.is_ascii_alphanumeric() || "-._".contains(*c))) {
            Some(c) => Err(format!("{c:?} cannot stand in an output name")),
            None => Ok(NamePattern(pattern)),
        }
    }
}

impl TryFrom<String> for VersionSource {
    type Error = String;

    fn try_from(text: String) -> Result<VersionSource, String> {
        if text == "workspace" {
            return Ok(VersionSource::Workspace);
        }
        text.parse()
            .map(VersionSource::Fixed)
            .map_err(|error| format!("{text:?} is neither \"workspace\" nor a SemVer: {error}"))
    }
}

fn first_double(names: impl Iterator<Item = String>) -> Option<String> {
    let mut seen = std::collections::BTreeSet::new();
    names.into_iter().find(|name| !seen.insert(name.clone()))
}

#[cfg(test)]
mod tests {
    use super::Manifest;

    const GOOD: &str = include_str!("../../../dist.toml");

    fn refused(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from), "the sample lacks {from:?}");
        Manifest::parse(&GOOD.replacen(from, to, 1)).expect_err("must be refused").to_string()
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let line = GOOD.lines().position(|line| line.starts_with("manufacturer")).expect("sample") + 1;
        let message = refused("manufacturer", "manufacturor");
        assert!(message.contains(&format!("line {line}")), "{message}");
        assert!(message.contains("unknown field `manufacturor`"), "{message}");
    }

    #[test]
    fn bad_values_are_named_with_their_line() {
        for (from, to, part) in [
            ("A7917C76-", "A7917C7-", "GUID"),
            ("\"commercial\"", "\"Commercial Cloud\"", "cloud"),
            ("\"exempt\"", "\"off\"", "exempt"),
            ("\"x64\"", "\"sparc\"", "x64"),
            ("backend = \"native\"", "backend = \"burn\"", "native"),
            ("{fips}{test}\"", "{test}\"", "{fips} is missing"),
            ("version = \"workspace\"", "version = \"1.0\"", "SemVer"),
            ("language = 1033", "language = 70000", "70000"),
        ] {
            let message = refused(from, to);
            assert!(message.contains("line "), "{message}");
            assert!(message.contains(part), "{part}: {message}");
        }
    }
}
