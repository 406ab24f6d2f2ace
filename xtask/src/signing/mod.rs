//! Who signs: a profile of dist.toml, or the test identity of this working copy.

mod profile;
mod rules;
mod test_identity;

use crate::Context;
use crate::failure::{Context as _, Failure, Outcome};
use crate::manifest::{Manifest, SigningProfile};
use authenticode::{Problem, Roots, Signer};
use rules::Rules;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// A key with its certificates, and what its signatures are verified against.
#[derive(Debug)]
pub struct Identity {
    signer: Signer,
    roots: Roots,
    /// Whether `roots` are known; without them everything but the trust in the root is verified.
    roots_known: bool,
    /// Whether packages are to be marked as signed for tests.
    pub test: bool,
    rules: Rules,
    /// The signing certificate's subject.
    pub subject: String,
}

impl Identity {
    /// The named profile, or the manifest's default, or else the test identity.
    pub fn load(context: &Context, manifest: &Manifest, asked: Option<&str>) -> Outcome<Identity> {
        let identity = match asked.or(manifest.signing.default.as_deref()) {
            Some(name) => {
                let profile = manifest.signing.profiles.get(name).ok_or_else(|| {
                    let known =
                        manifest.signing.profiles.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                    let known = if known.is_empty() { "no profile" } else { &known };
                    Failure::input(format!("--sign-profile {name}: dist.toml has {known}"))
                })?;
                profile::load(context, name, profile)?
            }
            None => return Identity::load_test(context),
        };
        identity.valid_now()
    }

    /// The key that flags name, with what a profile would say beside it.
    pub fn from_flags(context: &Context, asked: &SigningProfile) -> Outcome<Identity> {
        profile::load(context, "of the command line", asked)?.valid_now()
    }

    fn valid_now(self) -> Outcome<Identity> {
        let (not_before, not_after) = self.signer.validity();
        let now = now()?;
        if now < not_before || now > not_after {
            return Err(Failure::Failed(format!(
                "the certificate of {} is not valid now; Windows would refuse what it signs",
                self.subject
            )));
        }
        Ok(self)
    }

    /// The test identity, whatever the manifest says.
    pub fn load_test(context: &Context) -> Outcome<Identity> {
        test_identity::load_or_make(context)
    }

    fn new(signer: Signer, roots: Option<Roots>, test: bool) -> Identity {
        let subject = signer.subject();
        let roots_known = roots.is_some();
        Identity {
            signer,
            roots: roots.unwrap_or_else(Roots::none),
            roots_known,
            test,
            rules: Rules::default(),
            subject,
        }
    }

    /// Signs `input` into `output`.
    pub fn sign(&self, input: &Path, output: &Path, description: &str) -> Outcome {
        authenticode::sign_file(input, output, &self.signer, &self.rules.options(description))
            .map_err(Failure::failed)?;
        Ok(())
    }

    /// Verifies a file that this identity has signed.
    pub fn verify(&self, path: &Path) -> Outcome {
        let verdict = authenticode::verify_file(path, &self.roots, None).map_err(Failure::failed)?;
        // The roots are those for code; timestamps were checked when they came in.
        let serious = |problem: &&Problem| match problem {
            Problem::UntrustedTimestamp { .. } => false,
            Problem::Untrusted { .. } => self.roots_known,
            _ => true,
        };
        if let Some(problem) = verdict.problems.iter().find(serious) {
            return Err(Failure::Failed(format!("{}: {problem}", path.display())));
        }
        match verdict.signature {
            Some(facts) if facts.thumbprint == self.signer.thumbprint() => Ok(()),
            _ => {
                Err(Failure::Failed(format!("{}: the signature is not by {}", path.display(), self.subject)))
            }
        }
    }
}

/// Seconds since 1970.
pub fn now() -> Outcome<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH).context("the clock stands before 1970")?.as_secs())
}
