//! From a cargo version to one that Windows Installer compares.
//!
//! The rule is that of `cargo wix`, so that a package built here upgrades one built there: `major.minor.patch`, and a pre-release's
//! number as a fourth part, which the engine shows and does not compare.

use crate::report::Failure;
use semver::Version;

/// The largest number that WiX takes for a part.
const MOST: u64 = 65_534;

/// `1.2.3` for 1.2.3, `1.2.3.4` for 1.2.3-rc.4.
pub fn of_product(version: &Version) -> Result<String, Failure> {
    let refuse = |what: &str, most: u64| {
        Failure::new(format!("the version {version} does not fit a package: its {what} is larger than {most}"))
            .hint("give the product a version of its own with --install-version, or `version` in [package.metadata.wix]")
    };
    for (what, part, most) in [
        ("major number", version.major, 255),
        ("minor number", version.minor, 255),
        ("patch number", version.patch, MOST),
    ] {
        if part > most {
            return Err(refuse(what, most));
        }
    }
    let three = format!("{}.{}.{}", version.major, version.minor, version.patch);
    if version.pre.is_empty() && version.build.is_empty() {
        return Ok(three);
    }
    // 1.2.3-4, then 1.2.3-rc.4, then 1.2.3-rc+4.
    let after_dot = version.pre.split_once('.').map_or("", |(_, number)| number);
    let number = [version.pre.as_str(), after_dot, version.build.as_str()]
        .into_iter()
        .find_map(|text| text.parse::<u64>().ok())
        .ok_or_else(|| {
            Failure::new(format!("the version {version} is a pre-release without a number, which a package can't tell from others"))
                .hint("write it as 1.2.3-rc.4, which becomes 1.2.3.4")
        })?;
    if number > MOST {
        return Err(refuse("pre-release number", MOST));
    }
    Ok(format!("{three}.{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<String> {
        of_product(&text.parse().unwrap()).ok()
    }

    #[test]
    fn versions_become_what_cargo_wix_makes_of_them() {
        for (version, product) in [
            ("1.2.3", "1.2.3"),
            ("255.255.65534", "255.255.65534"),
            ("1.2.3-4", "1.2.3.4"),
            ("1.2.3-rc.4", "1.2.3.4"),
            ("1.2.3-rc+4", "1.2.3.4"),
            ("1.2.3+4", "1.2.3.4"),
        ] {
            assert_eq!(of(version).as_deref(), Some(product), "{version}");
        }
    }

    #[test]
    fn versions_that_do_not_fit_are_refused() {
        for version in ["256.0.0", "1.256.0", "1.0.65535", "1.0.0-rc", "1.0.0-rc.65535", "1.0.0-rc.1.2"] {
            assert_eq!(of(version), None, "{version}");
        }
    }
}
