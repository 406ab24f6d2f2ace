//! `cargo xtask sign`: signs PE files and packages that were built elsewhere.

use crate::Context;
use crate::failure::{Failure, Outcome};
use crate::manifest::{Manifest, Other, SigningProfile};
use crate::signing::Identity;
use signing_keys::KeyFlags;
use std::path::PathBuf;

/// Sign files in place, with a key anywhere, a profile of dist.toml, or the test certificate
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
    /// Timestamp authority (RFC 3161); several are tried in turn
    #[arg(long, value_name = "URL", conflicts_with = "sign_profile")]
    tsa: Vec<String>,
    /// Digest algorithm: sha256, sha384 or sha512; without it the one that fits the key
    #[arg(long, value_name = "NAME", conflicts_with = "sign_profile")]
    hash: Option<String>,
    /// Refuse what FIPS 140 does not approve
    #[arg(long, conflicts_with = "sign_profile")]
    fips: bool,
    #[command(flatten)]
    key: Box<KeyFlags>,
}

impl Sign {
    pub fn run(&self, context: &Context) -> Outcome {
        let manifest = Manifest::load(&context.repo)?;
        let identity = self.identity(context, &manifest)?;
        let description = self.description.as_deref().unwrap_or(&manifest.product.name);
        for file in &self.files {
            identity.sign(file, file, description)?;
            identity.verify(file)?;
            context.reporter.say(format!("{}: signed by {}", file.display(), identity.subject));
        }
        Ok(())
    }

    fn identity(&self, context: &Context, manifest: &Manifest) -> Outcome<Identity> {
        if self.key.is_empty() {
            if !self.tsa.is_empty() || self.hash.is_some() || self.fips {
                return Err(Failure::input(
                    "--tsa, --hash and --fips go with a key's flags; a profile says them itself",
                ));
            }
            return Identity::load(context, manifest, self.sign_profile.as_deref());
        }
        if self.sign_profile.is_some() {
            return Err(Failure::input("--sign-profile and a key's flags are both given: one or the other"));
        }
        // Paths on the command line start where the user stands.
        let here = std::env::current_dir().map_err(Failure::failed)?;
        let other =
            Other { tsa: self.tsa.clone(), hash: self.hash.clone(), fips: self.fips, ..Other::default() };
        let asked = SigningProfile { key: KeyFlags::clone(&self.key).in_folder(&here), other };
        asked.check("of the command line").map_err(Failure::input)?;
        Identity::from_flags(context, &asked)
    }
}
