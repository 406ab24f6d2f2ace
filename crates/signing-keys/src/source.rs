//! From a named place to a signer.

use std::path::Path;

use authenticode::{DigestSigner, KeyError, Signer, read_certificates};

use crate::certificate::{self, read_file};
use crate::{Error, Host, KeyFlags, cloud, command, pkcs11, store};

/// The one place that flags or profile name.
pub(crate) enum Source<'a> {
    File { key: &'a Path, cert: &'a Path },
    Pfx(&'a Path),
    Pkcs11(&'a Path),
    Store(&'a str),
    Command(&'a Path),
    AzureKeyVault { vault: &'a str, key: &'a str },
    AzureTrustedSigning { endpoint: &'a str, account: &'a str, profile: &'a str },
    AwsKms(&'a str),
    GoogleKms(&'a str),
    VaultTransit(&'a str),
}

pub(crate) fn open(flags: &KeyFlags, source: Source<'_>, host: &Host) -> Result<Signer, Error> {
    match source {
        Source::File { key, cert } => {
            let key = read_file(key)?;
            let mut certificates = read_certificates(&read_file(cert)?)?;
            certificates.extend(extra(flags.chain.as_deref())?);
            let secret = flags.secret();
            let said = secret.is_said().then(|| secret.password(host, "the key's password")).transpose()?;
            match Signer::from_key(&key, certificates.clone(), said.as_ref()) {
                // A person at the terminal is asked only for a key that is encrypted.
                Err(KeyError::PasswordNeeded) => {
                    let password = secret.password(host, "the key's password")?;
                    Ok(Signer::from_key(&key, certificates, Some(&password))?)
                }
                answer => Ok(answer?),
            }
        }
        Source::Pfx(path) => {
            let password = flags.secret().password(host, "the PFX file's password")?;
            Ok(Signer::from_pfx_and(&read_file(path)?, &password, certificates(flags)?)?)
        }
        Source::Pkcs11(module) => {
            let own = extra(flags.cert.as_deref())?;
            pkcs11::open(flags, module, own, extra(flags.chain.as_deref())?, host)
        }
        Source::Store(which) => store::open(which, flags.store_machine, certificates(flags)?),
        Source::Command(program) => {
            let certificates = certificates(flags)?;
            let key =
                command::Program::new(program, &flags.command_arg, certificate::leaf(&certificates)?, host)?;
            signer(key, certificates)
        }
        Source::AzureKeyVault { vault, key } => {
            let own = extra(flags.cert.as_deref())?;
            cloud::azure_key_vault::open(vault, key, own, extra(flags.chain.as_deref())?, host)
        }
        Source::AzureTrustedSigning { endpoint, account, profile } => {
            cloud::azure_trusted_signing::open(endpoint, account, profile, host)
        }
        Source::AwsKms(key) => {
            signer(cloud::aws_kms::open(key, flags.aws_region.as_deref(), host)?, certificates(flags)?)
        }
        Source::GoogleKms(key) => signer(cloud::google_kms::open(key, host)?, certificates(flags)?),
        Source::VaultTransit(key) => signer(cloud::vault_transit::open(key, host)?, certificates(flags)?),
    }
}

pub(crate) fn signer(key: impl DigestSigner + 'static, certificates: Vec<Vec<u8>>) -> Result<Signer, Error> {
    Ok(Signer::new(Box::new(key), certificates)?)
}

/// What --cert and --chain name.
fn certificates(flags: &KeyFlags) -> Result<Vec<Vec<u8>>, Error> {
    let mut found = extra(flags.cert.as_deref())?;
    found.extend(extra(flags.chain.as_deref())?);
    Ok(found)
}

fn extra(path: Option<&Path>) -> Result<Vec<Vec<u8>>, Error> {
    match path {
        Some(path) => Ok(read_certificates(&read_file(path)?)?),
        None => Ok(Vec::new()),
    }
}
