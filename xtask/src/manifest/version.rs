//! SemVer to the version that Windows Installer compares.
//!
//! Windows Installer compares three numbers, `major.minor.build`, up to 255.255.65535, and knows no pre-releases. A release
//! keeps its numbers. A pre-release of `X.Y.0` takes a build number at the top of the minor version before it, so that every
//! `X.(Y-1).n` is older and `X.Y.0` is newer: `1.1.0-rc.1` becomes `1.0.65303`. The build numbers from 64000 are kept for that.
//! Between `1.1.1` and `1.1.2` there is no number left, so that a pre-release of a patch cannot be packaged.

use std::fmt;

/// The first build number that stands for a pre-release.
const RESERVED: u64 = 64_000;
/// Pre-release names in SemVer's (ASCII) order; the empty name is a purely numeric pre-release, which comes first.
const NAMES: [&str; 7] = ["", "alpha", "beta", "dev", "pre", "preview", "rc"];
/// Build numbers for each name.
const SLOTS: u64 = 217;

/// `major.minor.build` within the installer's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProductVersion {
    major: u8,
    minor: u8,
    build: u16,
}

/// Why a version cannot be packaged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    #[error("version {version}: {part} {value} is past Windows Installer's limit of {limit}")]
    Limit { version: semver::Version, part: &'static str, value: u64, limit: u64 },
    #[error(
        "version {0}: the patch numbers from 64000 to 65535 are kept for pre-releases of the next minor version, \
         because Windows Installer knows none"
    )]
    Reserved(semver::Version),
    #[error(
        "version {0}: Windows Installer has no number between two patch versions; \
         make it a pre-release of the next minor version, such as {1}"
    )]
    PatchPreRelease(semver::Version, semver::Version),
    #[error("version {0}: nothing is older than 0.0.0, so that it cannot have pre-releases")]
    Zero(semver::Version),
    #[error(
        "version {0}: of pre-releases, `N`, and `alpha`, `beta`, `dev`, `pre`, `preview` or `rc` with or without `.N` \
         (N up to 215) can be ordered in Windows Installer's three numbers"
    )]
    PreReleaseForm(semver::Version),
    #[error(
        "version {0}: build metadata (+…) does not count in any comparison, so that two packages would look the same"
    )]
    BuildMetadata(semver::Version),
}

impl ProductVersion {
    /// The mapped version; it orders as SemVer orders the versions it accepts.
    pub fn from_semver(version: &semver::Version) -> Result<ProductVersion, VersionError> {
        if !version.build.is_empty() {
            return Err(VersionError::BuildMetadata(version.clone()));
        }
        let limit = |part, value: u64, limit: u64| {
            if value > limit {
                return Err(VersionError::Limit { version: version.clone(), part, value, limit });
            }
            Ok(value)
        };
        let major = limit("major", version.major, 255)?;
        let minor = limit("minor", version.minor, 255)?;
        let patch = limit("patch", version.patch, 65_535)?;
        let (major, minor, build) = if version.pre.is_empty() {
            if patch >= RESERVED {
                return Err(VersionError::Reserved(version.clone()));
            }
            (major, minor, patch)
        } else {
            if patch != 0 {
                let next = semver::Version { minor: version.minor + 1, patch: 0, ..version.clone() };
                return Err(VersionError::PatchPreRelease(version.clone(), next));
            }
            let build = RESERVED + slot(version)?;
            match (major, minor) {
                (0, 0) => return Err(VersionError::Zero(version.clone())),
                (major, 0) => (major - 1, 255, build),
                (major, minor) => (major, minor - 1, build),
            }
        };
        Ok(ProductVersion { major: major as u8, minor: minor as u8, build: build as u16 })
    }
}

/// The place of a pre-release among those of its version.
fn slot(version: &semver::Version) -> Result<u64, VersionError> {
    let refuse = || VersionError::PreReleaseForm(version.clone());
    let text = version.pre.as_str();
    let (name, number) = match text.split_once('.') {
        Some((name, number)) => (name, Some(number)),
        None if text.bytes().all(|b| b.is_ascii_digit()) => ("", Some(text)),
        None => (text, None),
    };
    let index = NAMES.iter().position(|known| *known == name).ok_or_else(refuse)? as u64;
    // `rc` alone is older than `rc.0`.
    let place = match number {
        None => 0,
        Some(number) => number.parse::<u64>().map_err(|_| refuse())?.checked_add(1).ok_or_else(refuse)?,
    };
    if place >= SLOTS {
        return Err(refuse());
    }
    Ok(index * SLOTS + place)
}

impl fmt::Display for ProductVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.build)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(version: &str) -> Result<ProductVersion, VersionError> {
        ProductVersion::from_semver(&version.parse().expect("SemVer"))
    }

    #[test]
    fn releases_keep_their_numbers() {
        for version in ["0.0.0", "1.0.0", "1.2.3", "255.255.63999"] {
            assert_eq!(map(version).expect("fits").to_string(), version);
        }
    }

    #[test]
    fn the_order_is_semvers() {
        let ascending = [
            "0.255.63999",
            "1.0.0-0",
            "1.0.0-7",
            "1.0.0-alpha",
            "1.0.0-alpha.0",
            "1.0.0-alpha.1",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-dev",
            "1.0.0-pre.1",
            "1.0.0-preview.215",
            "1.0.0-rc",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.1",
            "1.0.63999",
            "1.1.0-alpha",
            "1.1.0-rc.215",
            "1.1.0",
        ];
        for pair in ascending.windows(2) {
            let [low, high] = [pair[0], pair[1]].map(|text| text.parse::<semver::Version>().expect("SemVer"));
            assert!(low < high, "the test's own order: {low} {high}");
            assert!(map(pair[0]).expect("fits") < map(pair[1]).expect("fits"), "{} {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn what_does_not_fit_says_why() {
        for (version, part) in [
            ("256.0.0", "major 256 is past Windows Installer's limit of 255"),
            ("1.256.0", "minor 256"),
            ("1.0.65536", "patch 65536 is past Windows Installer's limit of 65535"),
            ("1.0.64000", "64000 to 65535"),
            ("1.2.3-rc.1", "such as 1.3.0-rc.1"),
            ("0.0.0-rc.1", "nothing is older"),
            ("1.1.0-gamma.1", "`alpha`"),
            ("1.1.0-rc.216", "up to 215"),
            ("1.1.0-rc.x", "up to 215"),
            ("1.1.0-rc.1.2", "up to 215"),
            ("1.0.0+5", "build metadata"),
        ] {
            let message = map(version).expect_err(version).to_string();
            assert!(message.contains(part), "{version}: {message}");
        }
    }
}
