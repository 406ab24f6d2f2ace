//! `[signing]`: the profiles by which releases are signed.

use serde::Deserialize;
use signing_keys::KeyFlags;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Signing {
    pub default: Option<String>,
    #[serde(default)]
    pub profiles: BTreeMap<String, SigningProfile>,
}

/// Where a release's key lives and what else its signatures need. Relative paths start at the root; secrets are named, never
/// written here.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "toml::Table")]
pub struct SigningProfile {
    /// The place of the key, by the names of the flags: `key`, `pfx`, `pkcs11`, `aws-kms`, …
    pub key: KeyFlags,
    pub other: Other,
}

/// What a profile says beside the key.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Other {
    /// What the chain ends in, to verify our own signatures against; without it the certificates themselves.
    pub roots: Option<PathBuf>,
    /// Timestamp authorities, tried in turn.
    pub tsa: Vec<String>,
    /// Whether signing fails without a timestamp; true for the profile `release` unless it says otherwise.
    pub require_timestamp: Option<bool>,
    /// The digest algorithm; without it the one that fits the key.
    pub hash: Option<String>,
    /// Refuse what FIPS 140 does not approve.
    pub fips: bool,
}

/// The names of [`Other`]'s fields: all others belong to the key.
const OTHER: [&str; 5] = ["roots", "tsa", "require-timestamp", "hash", "fips"];

impl TryFrom<toml::Table> for SigningProfile {
    type Error = toml::de::Error;

    fn try_from(table: toml::Table) -> Result<SigningProfile, toml::de::Error> {
        let (other, key): (toml::Table, toml::Table) =
            table.into_iter().partition(|(name, _)| OTHER.contains(&name.as_str()));
        Ok(SigningProfile { key: key.try_into()?, other: other.try_into()? })
    }
}

impl SigningProfile {
    /// What the types cannot say. `name` is the profile's: `release` is held to more.
    pub fn check(&self, name: &str) -> Result<(), String> {
        self.key.check().map_err(|error| error.to_string())?;
        if let Some(hash) = &self.other.hash
            && authenticode::HashAlgorithm::from_name(hash).is_none()
        {
            return Err(format!("hash = {hash:?}: give sha256, sha384 or sha512"));
        }
        if self.needs_timestamp(name) && self.other.tsa.is_empty() {
            return Err("needs tsa = [\"http://…\"]: without a timestamp its signatures end with the certificate (require-timestamp = false allows that)".into());
        }
        Ok(())
    }

    /// Whether signing must fail without a timestamp.
    pub fn needs_timestamp(&self, name: &str) -> bool {
        self.other.require_timestamp.unwrap_or(name == "release")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, profile: &str) -> Result<(), String> {
        let profile: SigningProfile = toml::from_str(profile).map_err(|error| error.to_string())?;
        profile.check(name)
    }

    #[test]
    fn a_profile_names_one_key_and_no_secret() {
        assert_eq!(check("x", "key = 'k'\ncertificates = 'c'\npassword-env = 'P'"), Ok(()));
        assert_eq!(check("x", "pfx = 'k'\nhash = 'sha384'\nfips = true"), Ok(()));
        assert_eq!(
            check("x", "pkcs11 = '/usr/lib/m.so'\ntoken = 't'\nkey-label = 'l'\npin-env = 'PIN'"),
            Ok(())
        );
        assert_eq!(check("x", "azure-trusted-signing = ['https://e', 'a', 'p']"), Ok(()));
        for (profile, reason) in [
            ("", "no signing key"),
            ("key = 'k'\npfx = 'p'", "several keys"),
            ("aws-kms = 'k'", "--cert"),
            ("pfx = 'k'\npassword-env = 'P'\npassword-file = 'f'", "both"),
            ("pfx = 'k'\npassword = 'secret'", "unknown field `password`"),
            ("pfx = 'k'\nhash = 'sha1'", "sha256"),
        ] {
            let error = check("x", profile).expect_err(profile);
            assert!(error.contains(reason), "{profile}: {error}");
        }
    }

    #[test]
    fn a_release_needs_a_timestamp() {
        assert!(check("release", "pfx = 'k'").expect_err("refused").contains("tsa"));
        assert_eq!(check("release", "pfx = 'k'\ntsa = ['http://tsa.example']"), Ok(()));
        assert_eq!(check("release", "pfx = 'k'\nrequire-timestamp = false"), Ok(()));
        assert!(check("nightly", "pfx = 'k'\nrequire-timestamp = true").is_err());
    }
}
