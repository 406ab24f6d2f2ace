//! The ProductCode: the same for the same release, another for every other.

use super::{Arch, CloudName, FipsVariant, Guid};
use uuid::Uuid;

/// UUIDv5 in the UpgradeCode's name space of version, architecture, cloud, FIPS variant and language.
///
/// The parts are joined with a line feed, which none of them can hold, so that no two releases share a name.
pub fn product_code(
    upgrade_code: Guid,
    version: &semver::Version,
    arch: Arch,
    cloud: &CloudName,
    fips: FipsVariant,
    language: u16,
) -> Guid {
    let name = format!("{version}\n{}\n{cloud}\n{fips}\n{language}", arch.name());
    Guid(Uuid::new_v5(&upgrade_code.0, name.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_part_counts_and_nothing_else() {
        let upgrade = Guid::try_from("A7917C76-637F-4012-B405-2F2474FE6448".to_owned()).expect("GUID");
        let cloud = |name: &str| CloudName::try_from(name.to_owned()).expect("cloud name");
        let code = |version: &str, arch, cloud_name: &str, fips, language| {
            product_code(
                upgrade,
                &version.parse().expect("version"),
                arch,
                &cloud(cloud_name),
                fips,
                language,
            )
            .to_string()
        };
        let base = code("1.0.0", Arch::X64, "usgov", FipsVariant::Inherit, 1033);
        assert_eq!(base, code("1.0.0", Arch::X64, "usgov", FipsVariant::Inherit, 1033));
        assert_eq!(base, base.to_uppercase());
        let others = BTreeSet::from([
            base.clone(),
            code("1.0.1", Arch::X64, "usgov", FipsVariant::Inherit, 1033),
            code("1.0.0", Arch::Arm64, "usgov", FipsVariant::Inherit, 1033),
            code("1.0.0", Arch::X64, "usgov-dod", FipsVariant::Inherit, 1033),
            code("1.0.0", Arch::X64, "usgov", FipsVariant::Exempt, 1033),
            code("1.0.0", Arch::X64, "usgov", FipsVariant::Inherit, 1031),
        ]);
        assert_eq!(others.len(), 6);
    }
}
