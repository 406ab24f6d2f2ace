//! `cargo xtask test`: every test, the installer's life cycle included.
//!
//! The life-cycle tests install real packages, so two releases of this very tree are built first, the second one as the newer
//! version to upgrade to. Their folder is handed to the tests in `PROVISIONING_FIXTURES`.

use crate::Context;
use crate::dist::{Choices, Plan, release};
use crate::failure::Outcome;
use crate::manifest::Manifest;
use crate::process::run;
use crate::signing::Identity;
use crate::tasks::setup::{SetupFlags, prepare};
use crate::tools::Need;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Build the packages under test and run every test
#[derive(Debug, clap::Args)]
pub struct Test {
    #[command(flatten)]
    setup: SetupFlags,
    /// Do not use the network
    #[arg(long, conflicts_with = "setup")]
    offline: bool,
    /// Take the packages of an earlier run, however old
    #[arg(long)]
    keep_fixtures: bool,
    /// Arguments for `cargo test` (--package X, a name to filter by, …); without them the whole workspace
    #[arg(last = true, value_name = "ARGS")]
    arguments: Vec<String>,
}

/// The version that is installed and the one that replaces it.
const FIXTURE_VERSIONS: [semver::Version; 2] = [semver::Version::new(1, 0, 0), semver::Version::new(1, 1, 0)];

impl Test {
    pub fn run(&self, context: &Context) -> Outcome {
        let manifest = Manifest::load(&context.repo)?;
        let targets =
            prepare(context, &[Need::Dist, Need::Test], &manifest.matrix.architectures, &self.setup)?;
        let fixtures = context.repo.target().join("fixtures");
        let identity = Identity::load_test(context)?;
        for version in &FIXTURE_VERSIONS {
            let out = fixtures.join(version.to_string());
            if self.keep_fixtures && out.join("manifest.json").is_file() {
                continue;
            }
            context.reporter.say(format!("fixtures: release {version}"));
            let choices = Choices {
                version: Some(version.clone()),
                out: Some(out),
                offline: self.offline,
                ..Choices::default()
            };
            let plan = Plan::new(context, &manifest, choices.select(context, &manifest)?)?;
            release(context, &plan, &targets, &identity)?;
        }
        let mut command = self.command(context.repo.root(), &fixtures);
        context.reporter.suspend(|| run(&mut command))
    }

    fn command(&self, root: &Path, fixtures: &PathBuf) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .current_dir(root)
            .args(["test", "--locked", "--no-fail-fast"])
            .env("PROVISIONING_FIXTURES", fixtures);
        if self.offline {
            command.arg("--offline");
        }
        if self.arguments.is_empty() {
            command.arg("--workspace");
        }
        command.args(&self.arguments);
        command
    }
}
