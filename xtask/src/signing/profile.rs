//! A signing profile of dist.toml, or the flags of `cargo xtask sign`, as an identity.

use super::{Identity, Rules};
use crate::Context;
use crate::failure::{Failure, Outcome};
use crate::manifest::SigningProfile;
use authenticode::{FIPS_NOTICE, HashAlgorithm, KeyAlgorithm, Roots};
use signing_keys::Host;

/// `name` is the profile's, or what else the key is called in messages.
pub fn load(context: &Context, name: &str, profile: &SigningProfile) -> Outcome<Identity> {
    let refuse = |what: String| Failure::Failed(format!("signing profile {name}: {what}"));
    // Before the first secret is read.
    if let Err(reason) = signing_keys::keep_secrets_out_of_core_files() {
        context.reporter.say(format!("warning: {reason}"));
    }
    let key = profile.key.clone().in_folder(context.repo.root());
    let signer = key.open(&Host::system()).map_err(|error| refuse(error.to_string()))?;
    // The chain's own root, where the file has one, is what its owner trusts.
    let trusted = profile.other.roots.as_ref().map(|path| context.repo.join(path)).or(key.cert);
    let roots = trusted
        .map(|path| {
            let pem = std::fs::read(&path).map_err(|error| refuse(format!("{}: {error}", path.display())))?;
            Roots::from_pem(&pem).map_err(|error| refuse(error.to_string()))
        })
        .transpose()?;
    let hash = match profile.other.hash.as_deref().map(HashAlgorithm::from_name) {
        Some(hash) => hash.ok_or_else(|| refuse("its hash is not known".into()))?,
        None if signer.algorithm() == KeyAlgorithm::EcdsaP384 => HashAlgorithm::Sha384,
        None => HashAlgorithm::Sha256,
    };
    if profile.other.fips {
        context.reporter.say(FIPS_NOTICE);
        let violations = signer.fips_violations(hash);
        if !violations.is_empty() {
            return Err(refuse(format!("not approved by FIPS 140: {}", violations.join("; "))));
        }
    }
    let rules = Rules::new(hash, &profile.other.tsa, profile.needs_timestamp(name)).map_err(refuse)?;
    Ok(Identity { rules, ..Identity::new(signer, roots, false) })
}
