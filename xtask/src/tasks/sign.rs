//! `cargo xtask sign`: signs PE files and packages that were built elsewhere.

use crate::Context;
use crate::failure::Outcome;
use crate::manifest::Manifest;
use crate::signing::Identity;
use std::path::PathBuf;

/// Sign EXE, DLL and MSI files in place, with a profile of dist.toml or the test certificate
#[derive(Debug, clap::Args)]
pub struct Sign {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A profile of dist.toml; without it its default, or else the test certificate
    #[arg(long, value_name = "NAME")]
    sign_profile: Option<String>,
    /// What Windows shows as the program's name; without it the product's
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

impl Sign {
    pub fn run(&self, context: &Context) -> Outcome {
        let manifest = Manifest::load(&context.repo)?;
        let identity = Identity::load(context, &manifest, self.sign_profile.as_deref())?;
        let description = self.description.as_deref().unwrap_or(&manifest.product.name);
        for file in &self.files {
            identity.sign(file, file, description)?;
            identity.verify(file)?;
            context.reporter.say(format!("{}: signed by {}", file.display(), identity.subject));
        }
        Ok(())
    }
}
