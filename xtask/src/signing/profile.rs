//! A signing profile of dist.toml: files are read here, the password comes from where the profile says.

use super::Identity;
use crate::Context;
use crate::failure::{Failure, Outcome};
use crate::manifest::SigningProfile;
use authenticode::{Password, Roots, Signer};
use std::path::Path;

pub fn load(context: &Context, name: &str, profile: &SigningProfile) -> Outcome<Identity> {
    let refuse = |what: String| Failure::Failed(format!("signing profile {name}: {what}"));
    let read = |path: &Path| {
        let full = context.repo.join(path);
        std::fs::read(&full).map_err(|error| refuse(format!("{}: {error}", path.display())))
    };
    let password = password(context, profile).map_err(&refuse)?;
    let mut roots = profile.roots.as_deref().map(&read).transpose()?;
    let signer = match profile {
        SigningProfile { pfx: Some(pfx), .. } => {
            let none = Password::new("");
            Signer::from_pfx(&read(pfx)?, password.as_ref().unwrap_or(&none))
        }
        SigningProfile { key: Some(key), certificates: Some(certificates), .. } => {
            let certificates = read(certificates)?;
            let signer = Signer::from_pem(&read(key)?, &certificates, password.as_ref());
            // The chain's own root, where the file has one, is what its owner trusts.
            roots = roots.or(Some(certificates));
            signer
        }
        _ => return Err(refuse("names no key".into())),
    }
    .map_err(|error| refuse(error.to_string()))?;
    let roots =
        roots.map(|pem| Roots::from_pem(&pem)).transpose().map_err(|error| refuse(error.to_string()))?;
    Ok(Identity::new(signer, roots, false))
}

/// From a variable or a file, never from an argument: other users of the machine see arguments.
fn password(context: &Context, profile: &SigningProfile) -> Result<Option<Password>, String> {
    if let Some(variable) = &profile.password_env {
        let text =
            std::env::var(variable).map_err(|_| format!("the environment variable {variable} is not set"))?;
        return Ok(Some(Password::new(text)));
    }
    let Some(file) = &profile.password_file else { return Ok(None) };
    let text = std::fs::read_to_string(context.repo.join(file))
        .map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(Some(Password::from_file_content(text)))
}
