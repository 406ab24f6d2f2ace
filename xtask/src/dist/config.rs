//! Variant → configured variant: the shipped configuration, patched for its cloud and FIPS variant.

use super::inputs::write_dated;
use super::{Plan, Variant};
use crate::failure::{Context as _, Outcome};
use crate::manifest::FipsVariant;
use app_config::{Cloud, Config, FipsPolicy, TEMPLATE};
use std::path::{Path, PathBuf};

/// The name of the live file, and of the one in the zip.
pub const LIVE_NAME: &str = "provisioning-agent.exe.config";
/// The name under which the MSI installs it; the live file is made from it.
pub const SHIPPED_NAME: &str = "provisioning-agent.exe.config.shipped";

/// A variant with its configuration.
#[derive(Debug, Clone)]
pub struct Configured {
    pub variant: Variant,
    pub cloud: &'static Cloud,
    /// The folder that holds the shipped configuration, and nothing else.
    pub folder: PathBuf,
    pub bytes: Vec<u8>,
}

/// Patches the template and writes it into `folder`.
pub fn configure(plan: &Plan, variant: &Variant, folder: &Path) -> Outcome<Configured> {
    let cloud = Cloud::by_name(variant.cloud.as_ref()).context("dist.toml")?;
    let mut config = Config::parse(TEMPLATE).context("config-templates/provisioning-agent.exe.config")?;
    config.set_environment(cloud);
    config.set_fips(policy(variant.fips));
    let bytes = config.to_bytes();
    write_dated(&folder.join(SHIPPED_NAME), &bytes, plan.epoch)?;
    Ok(Configured { variant: variant.clone(), cloud, folder: folder.to_owned(), bytes })
}

fn policy(variant: FipsVariant) -> FipsPolicy {
    match variant {
        FipsVariant::Inherit => FipsPolicy::Inherit,
        FipsVariant::Exempt => FipsPolicy::Exempt,
        FipsVariant::Enforce => FipsPolicy::Enforce,
    }
}
