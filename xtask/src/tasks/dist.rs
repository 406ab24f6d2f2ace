//! `cargo xtask dist`: from a clean checkout to signed packages.

use crate::Context;
use crate::dist::{Choices, Plan, release};
use crate::failure::Outcome;
use crate::manifest::{Arch, Backend, CloudName, FipsVariant, Manifest};
use crate::signing::Identity;
use crate::tasks::setup::{SetupFlags, prepare};
use crate::tools::Need;
use serde_json::json;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Build signed packages for every cloud, architecture and FIPS variant of dist.toml
#[derive(Debug, clap::Args)]
pub struct Dist {
    /// Only this cloud; may be given more than once
    #[arg(long, value_name = "CLOUD")]
    cloud: Vec<CloudName>,
    /// Only this FIPS variant; may be given more than once
    #[arg(long, value_name = "VARIANT", value_enum)]
    fips: Vec<FipsVariant>,
    /// Only this architecture; may be given more than once
    #[arg(long, value_name = "ARCH", value_enum)]
    arch: Vec<Arch>,
    /// What compiles wix/: our own compiler, or the WiX Toolset through cargo-wix (Windows only)
    #[arg(long, value_name = "BACKEND", value_enum)]
    backend: Option<Backend>,
    /// A signing profile of dist.toml; without it its default, or else a test certificate
    #[arg(long, value_name = "NAME")]
    sign_profile: Option<String>,
    /// Another version than dist.toml's
    #[arg(long, value_name = "SEMVER")]
    version: Option<semver::Version>,
    /// The folder of the release, replaced whole [default: target/dist/<version>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Work on so many things at a time; the bytes do not depend on it [default: one per processor]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Do not use the network
    #[arg(long, conflicts_with = "setup")]
    offline: bool,
    /// Print the manifest's artifacts as JSON on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    setup: SetupFlags,
}

impl Dist {
    pub fn run(&self, context: &Context) -> Outcome {
        let manifest = Manifest::load(&context.repo)?;
        let choices = Choices {
            clouds: self.cloud.clone(),
            fips: self.fips.clone(),
            architectures: self.arch.clone(),
            backend: self.backend,
            version: self.version.clone(),
            out: self.out.clone(),
            jobs: self.jobs.map(NonZeroUsize::get),
            offline: self.offline,
        };
        let selection = choices.select(context, &manifest)?;
        let targets = prepare(context, &[Need::Dist], &selection.architectures, &self.setup)?;
        let plan = Plan::new(context, &manifest, selection)?;
        let identity = Identity::load(context, &manifest, self.sign_profile.as_deref())?;
        if identity.test {
            context.reporter.warn(
                "no signing profile: everything is signed with a test certificate and named test-signed",
            );
        }
        let artifacts = release(context, &plan, &targets, &identity)?;
        context.reporter.say(format!("{} files in {}", artifacts.len(), context.repo.shown(&plan.out)));
        if self.json {
            println!(
                "{}",
                json!({ "folder": plan.out, "version": plan.version.to_string(), "artifacts": artifacts })
            );
        }
        Ok(())
    }
}
