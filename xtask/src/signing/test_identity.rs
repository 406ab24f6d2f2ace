//! The test identity: an authority and a certificate made once for this working copy, under `target/test-signing`.
//!
//! Copy the folder to another clone to have the same signed bytes there.

use super::{Identity, now};
use crate::Context;
use crate::failure::{Context as _, Failure, Outcome};
use authenticode::{Roots, Signer, TestIdentity, TestIdentityOptions, TestKey};
use std::fs;
use std::io::Write;
use std::path::Path;

const AUTHORITY: &str = "ca.pem";
const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";
const DAY: u64 = 24 * 60 * 60;

pub fn load_or_make(context: &Context) -> Outcome<Identity> {
    let folder = context.repo.target().join("test-signing");
    if let Some(identity) = load(&folder)? {
        return Ok(identity);
    }
    make(&folder)?;
    context.reporter.say(format!("made a test certificate in {}", context.repo.shown(&folder)));
    load(&folder)?.ok_or_else(|| Failure::Failed(format!("{} did not last", folder.display())))
}

/// `None` where there is no identity, or one that runs out within a day.
fn load(folder: &Path) -> Outcome<Option<Identity>> {
    if !folder.join(KEY).is_file() {
        return Ok(None);
    }
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).context(path.display())
    };
    let signer = Signer::from_pem(&read(KEY)?, &read(CERTIFICATE)?, None).context(folder.display())?;
    let roots = Roots::from_pem(&read(AUTHORITY)?).context(folder.display())?;
    if signer.validity().1 < now()? + DAY {
        return Ok(None);
    }
    Ok(Some(Identity::new(signer, Some(roots), true)))
}

fn make(folder: &Path) -> Outcome {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).context("random bytes")?;
    let now = now()?;
    let identity = TestIdentity::generate(&TestIdentityOptions {
        seed,
        common_name: "Provisioning Agent Test Signing",
        // A clock that runs a little behind must not make it invalid.
        not_before: now - DAY,
        not_after: now + 5 * 365 * DAY,
        key: TestKey::EcdsaP256,
    })
    .context("test identity")?;
    fs::create_dir_all(folder).context(folder.display())?;
    // The key comes last: whoever finds it finds the rest too.
    write(folder, AUTHORITY, identity.ca_pem.as_bytes())?;
    write(folder, CERTIFICATE, identity.certificate_pem.as_bytes())?;
    write(folder, KEY, identity.key_pem.as_bytes())
}

/// Temporary files are created readable by their owner only, which is right for the key and harmless for the others.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> Outcome {
    let path = folder.join(name);
    let mut file = tempfile::NamedTempFile::new_in(folder).context(folder.display())?;
    file.write_all(bytes).context(path.display())?;
    file.persist(&path).context(path.display())?;
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn an_identity_is_made_once_and_its_key_is_private() {
        let home = tempfile::tempdir().expect("folder");
        let folder = home.path().join("test-signing");
        assert!(load(&folder).expect("no fault").is_none());
        make(&folder).expect("made");
        let identity = load(&folder).expect("readable").expect("there");
        assert!(identity.test && identity.subject.contains("Test Signing"), "{}", identity.subject);
        let mode = fs::metadata(folder.join(KEY)).expect("key").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
