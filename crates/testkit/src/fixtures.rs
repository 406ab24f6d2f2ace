//! The releases under test: what `cargo xtask dist` made of this source tree, in two versions.
//!
//! `cargo xtask test` builds them and names their folder in `PROVISIONING_FIXTURES`; it holds one folder for each version.

use serde::Deserialize;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// One version's release folder with its manifest.
#[derive(Debug, Clone)]
pub struct Fixtures {
    folder: PathBuf,
    artifacts: Vec<Artifact>,
}

/// An MSI of the release, as `manifest.json` describes it.
#[derive(Debug, Clone, Deserialize)]
pub struct Artifact {
    pub file: String,
    #[serde(default)]
    pub cloud: Option<String>,
    #[serde(default)]
    pub fips: Option<String>,
    #[serde(default)]
    pub architecture: Option<String>,
    #[serde(default)]
    pub product_code: Option<String>,
    #[serde(default)]
    pub upgrade_code: Option<String>,
}

#[derive(Deserialize)]
struct Manifest {
    artifacts: Vec<Artifact>,
}

impl Fixtures {
    /// The release of this version. Panics, saying what to run, where there is none.
    pub fn version(version: &str) -> Fixtures {
        let Some(root) = env::var_os("PROVISIONING_FIXTURES") else {
            panic!(
                "this test installs real packages, and PROVISIONING_FIXTURES names none: run `cargo xtask test`"
            );
        };
        Fixtures::open(&Path::new(&root).join(version)).unwrap_or_else(|message| panic!("{message}"))
    }

    fn open(folder: &Path) -> Result<Fixtures, String> {
        let file = folder.join("manifest.json");
        let hint = "run `cargo xtask test`, which builds the fixtures";
        let text = fs::read_to_string(&file)
            .map_err(|error| format!("cannot read {}: {error}; {hint}", file.display()))?;
        let manifest: Manifest = serde_json::from_str(&text)
            .map_err(|error| format!("{} is no manifest: {error}; {hint}", file.display()))?;
        Ok(Fixtures { folder: folder.to_owned(), artifacts: manifest.artifacts })
    }

    /// Where an artifact lies.
    pub fn path(&self, artifact: &Artifact) -> PathBuf {
        self.folder.join(&artifact.file)
    }

    /// The manifest's entry of an MSI.
    pub fn artifact(&self, cloud: &str, fips: &str) -> &Artifact {
        let fits = |artifact: &&Artifact| {
            artifact.file.ends_with(".msi")
                && artifact.cloud.as_deref() == Some(cloud)
                && artifact.fips.as_deref() == Some(fips)
                && artifact.architecture.as_deref() == Some("x64")
        };
        self.artifacts.iter().find(fits).unwrap_or_else(|| {
            panic!(
                "{} has no x64 MSI for {cloud} with FIPS {fips}",
                self.folder.join("manifest.json").display()
            )
        })
    }

    /// The clouds that there are MSIs for, in the manifest's order.
    pub fn clouds(&self) -> Vec<&str> {
        let mut clouds: Vec<&str> =
            self.artifacts.iter().filter_map(|artifact| artifact.cloud.as_deref()).collect();
        clouds.dedup();
        clouds
    }
}
