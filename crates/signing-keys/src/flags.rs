//! The flags that name a signing key, which are the keys of a signing profile in dist.toml too.

use std::path::{Path, PathBuf};

use authenticode::Signer;

use crate::secret::SecretSource;
use crate::source::{self, Source};
use crate::{Error, Host};

/// Where the signing key lives. Exactly one place must be named.
#[derive(Clone, Debug, Default, PartialEq, clap::Args, serde::Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
#[command(next_help_heading = "Signing key (docs/signing.md)")]
pub struct KeyFlags {
    /// Private key file, PEM or DER: PKCS#8, encrypted PKCS#8, PKCS#1, SEC1. Needs --cert
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Certificate of the key: PEM, DER or PKCS#7 (.p7b), with or without its chain
    #[arg(long, value_name = "FILE")]
    #[serde(alias = "certificates")]
    pub cert: Option<PathBuf>,
    /// Further certificates of the chain
    #[arg(long, value_name = "FILE")]
    pub chain: Option<PathBuf>,
    /// PFX (PKCS#12) file with key and certificates
    #[arg(long, value_name = "FILE")]
    pub pfx: Option<PathBuf>,
    /// Environment variable that holds the password of the key or PFX, or the PIN of the token
    #[arg(long, value_name = "NAME", alias = "pin-env")]
    #[serde(alias = "pin-env")]
    pub password_env: Option<String>,
    /// File that holds the password or PIN
    #[arg(long, value_name = "FILE", alias = "pin-file", conflicts_with = "password_env")]
    #[serde(alias = "pin-file")]
    pub password_file: Option<PathBuf>,

    /// PKCS#11 module (a shared library) of a token, smart card or HSM
    #[arg(long, value_name = "MODULE")]
    pub pkcs11: Option<PathBuf>,
    /// The token's label
    #[arg(long, value_name = "LABEL")]
    pub token: Option<String>,
    /// The slot that the token is in, where labels are not unique
    #[arg(long, value_name = "NUMBER", conflicts_with = "token")]
    pub slot: Option<u64>,
    /// The key's label on the token
    #[arg(long, value_name = "LABEL")]
    pub key_label: Option<String>,
    /// The key's id on the token, in hexadecimal
    #[arg(long, value_name = "HEX")]
    pub key_id: Option<String>,

    /// Windows certificate store: thumbprint (SHA-1) or part of the subject of the certificate
    #[arg(long, value_name = "THUMBPRINT|SUBJECT")]
    pub store: Option<String>,
    /// Look in the machine's store and not in the user's
    #[arg(long)]
    pub store_machine: bool,

    /// Program that signs digests (docs/signing.md has the protocol). Needs --cert
    #[arg(long, value_name = "PROGRAM")]
    pub command: Option<PathBuf>,
    /// Argument for the program; may be given several times
    #[arg(long, value_name = "ARGUMENT", allow_hyphen_values = true)]
    pub command_arg: Vec<String>,

    /// Azure Key Vault: the vault's address, https://NAME.vault.azure.net
    #[arg(long, value_name = "URL")]
    pub azure_key_vault: Option<String>,
    /// The certificate's name in the vault, or with --cert the key's
    #[arg(long, value_name = "NAME")]
    pub azure_key: Option<String>,
    /// Azure Trusted (Artifact) Signing: the region's address, the account, the certificate profile
    #[arg(long, num_args = 3, value_names = ["ENDPOINT", "ACCOUNT", "PROFILE"])]
    pub azure_trusted_signing: Option<Vec<String>>,
    /// AWS KMS: the key's ARN, id or alias/NAME. Needs --cert
    #[arg(long, value_name = "KEY")]
    pub aws_kms: Option<String>,
    /// AWS region, where neither ARN nor environment says it
    #[arg(long, value_name = "REGION")]
    pub aws_region: Option<String>,
    /// Google Cloud KMS: projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/V. Needs --cert
    #[arg(long, value_name = "KEYVERSION")]
    pub google_kms: Option<String>,
    /// HashiCorp Vault transit: MOUNT/KEY or MOUNT/KEY:VERSION. Needs --cert
    #[arg(long, value_name = "KEY")]
    pub vault_transit: Option<String>,
}

impl KeyFlags {
    /// Whether no place at all is named.
    pub fn is_empty(&self) -> bool {
        self.places().is_empty()
    }

    /// Whether exactly one place is named, with what it needs.
    pub fn check(&self) -> Result<(), Error> {
        if self.password_env.is_some() && self.password_file.is_some() {
            return Err(Error::Usage(
                "password-env and password-file are both given: one or the other".into(),
            ));
        }
        self.source().map(drop)
    }

    /// The same, with relative paths taken from `folder`.
    pub fn in_folder(mut self, folder: &Path) -> Self {
        for path in [&mut self.key, &mut self.cert, &mut self.chain, &mut self.pfx, &mut self.password_file] {
            *path = path.take().map(|path| folder.join(path));
        }
        self
    }

    /// Finds the key and its certificates. Reads what it must: files, secrets, the token, the service.
    pub fn open(&self, host: &Host) -> Result<Signer, Error> {
        source::open(self, self.source()?, host)
    }

    pub(crate) fn secret(&self) -> SecretSource {
        match (&self.password_env, &self.password_file) {
            (Some(name), _) => SecretSource::Variable(name.clone()),
            (None, Some(path)) => SecretSource::File(path.clone()),
            (None, None) => SecretSource::Unsaid,
        }
    }

    /// The places named, by their flags.
    fn places(&self) -> Vec<&'static str> {
        [
            (self.key.is_some(), "--key"),
            (self.pfx.is_some(), "--pfx"),
            (self.pkcs11.is_some(), "--pkcs11"),
            (self.store.is_some(), "--store"),
            (self.command.is_some(), "--command"),
            (self.azure_key_vault.is_some(), "--azure-key-vault"),
            (self.azure_trusted_signing.is_some(), "--azure-trusted-signing"),
            (self.aws_kms.is_some(), "--aws-kms"),
            (self.google_kms.is_some(), "--google-kms"),
            (self.vault_transit.is_some(), "--vault-transit"),
        ]
        .into_iter()
        .filter_map(|(there, name)| there.then_some(name))
        .collect()
    }

    fn source(&self) -> Result<Source<'_>, Error> {
        let usage = |text: &str| Error::Usage(text.to_owned());
        match self.places().as_slice() {
            [] => {
                return Err(usage(
                    "no signing key is named: give --key with --cert, --pfx, --pkcs11, --store, --command, or a cloud service's flag",
                ));
            }
            [_] => {}
            several => {
                return Err(Error::Usage(format!("{} name several keys: give one", several.join(" and "))));
            }
        }
        let needs_cert = |flag: &str| {
            self.cert.as_deref().ok_or_else(|| {
                Error::Usage(format!("{flag} needs --cert with the certificate that was issued for the key"))
            })
        };
        Ok(if let Some(key) = &self.key {
            // One file may hold both.
            Source::File { key, cert: self.cert.as_deref().unwrap_or(key) }
        } else if let Some(pfx) = &self.pfx {
            Source::Pfx(pfx)
        } else if let Some(module) = &self.pkcs11 {
            Source::Pkcs11(module)
        } else if let Some(which) = &self.store {
            Source::Store(which)
        } else if let Some(program) = &self.command {
            needs_cert("--command")?;
            Source::Command(program)
        } else if let Some(vault) = &self.azure_key_vault {
            let key = self.azure_key.as_deref();
            Source::AzureKeyVault {
                vault,
                key: key.ok_or_else(|| usage("--azure-key-vault needs --azure-key"))?,
            }
        } else if let Some(parts) = &self.azure_trusted_signing {
            let [endpoint, account, profile] = parts.as_slice() else {
                return Err(usage("--azure-trusted-signing takes three values: endpoint, account, profile"));
            };
            Source::AzureTrustedSigning { endpoint, account, profile }
        } else if let Some(key) = &self.aws_kms {
            needs_cert("--aws-kms")?;
            Source::AwsKms(key)
        } else if let Some(key) = &self.google_kms {
            needs_cert("--google-kms")?;
            Source::GoogleKms(key)
        } else if let Some(key) = &self.vault_transit {
            needs_cert("--vault-transit")?;
            Source::VaultTransit(key)
        } else {
            return Err(usage("no signing key is named"));
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args, Command, FromArgMatches};

    fn parse(line: &str) -> Result<KeyFlags, String> {
        let command = KeyFlags::augment_args(Command::new("x"));
        let matches =
            command.try_get_matches_from(format!("x {line}").split(' ')).map_err(|e| e.to_string())?;
        KeyFlags::from_arg_matches(&matches).map_err(|e| e.to_string())
    }

    #[test]
    fn exactly_one_place_is_asked_for() {
        let error = |line: &str| parse(line).unwrap().source().err().map(|error| error.to_string());
        assert!(parse("--cert c").unwrap().is_empty());
        assert!(error("--cert c").unwrap().contains("no signing key is named"));
        assert!(error("--pfx a --key b").unwrap().contains("--key and --pfx name several keys"));
        assert!(error("--aws-kms k").unwrap().contains("--aws-kms needs --cert"));
        assert!(error("--azure-key-vault https://v").unwrap().contains("needs --azure-key"));
        assert_eq!(error("--key k --cert c"), None);
        assert_eq!(error("--azure-trusted-signing https://e a p"), None);
        assert!(parse("--azure-trusted-signing https://e a").is_err());
        assert!(parse("--pfx a --password-env A --password-file b").is_err());
        assert!(parse("--pfx a --password secret").is_err(), "a password as an argument");
    }
}
