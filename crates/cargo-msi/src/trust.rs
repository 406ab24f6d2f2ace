//! What signatures are held against: the flags that say whom to trust, and when.

use crate::report::Failure;
use authenticode::{RevocationLists, Roots, VerifyOptions};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Whom to trust, and when.
#[derive(clap::Args)]
pub struct TrustFlags {
    /// Trusted root certificates for signing code (PEM, DER, PKCS#7); may be given several times
    #[arg(long, value_name = "FILE")]
    ca: Vec<PathBuf>,

    /// Trusted root certificates for timestamps; without it those of --ca
    #[arg(long, value_name = "FILE")]
    tsa_ca: Vec<PathBuf>,

    /// Trusts the roots of this system too, for code and timestamps
    #[arg(long)]
    system_roots: bool,

    /// Certificate revocation lists (PEM or DER); may be given several times
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,

    /// The time that certificates are held against where no timestamp counts: 2026-11-27, 2026-11-27T10:00:00Z or seconds
    /// since 1970; without it now
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<u64>,
}

/// The flags with their files read.
pub struct Trust {
    roots: Roots,
    timestamp_roots: Option<Roots>,
    revocation: RevocationLists,
    at: u64,
}

impl TrustFlags {
    pub fn load(&self) -> Result<Trust, Failure> {
        let system = if self.system_roots { Some(system()?) } else { None };
        let roots = |files: &[PathBuf]| -> Result<Roots, Failure> {
            let mut roots = system.clone().unwrap_or_default();
            for file in files {
                roots.extend(Roots::from_pem(&read(file)?).map_err(|error| of(file, error))?);
            }
            Ok(roots)
        };
        let mut revocation = RevocationLists::none();
        for file in &self.crl {
            revocation.add(&read(file)?).map_err(|error| of(file, error))?;
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
        Ok(Trust {
            roots: roots(&self.ca)?,
            timestamp_roots: if self.tsa_ca.is_empty() { None } else { Some(roots(&self.tsa_ca)?) },
            revocation,
            at: self.at.unwrap_or(now),
        })
    }
}

impl Trust {
    pub fn options(&self) -> VerifyOptions<'_> {
        VerifyOptions {
            roots: &self.roots,
            timestamp_roots: self.timestamp_roots.as_ref(),
            at: Some(self.at),
            revocation: &self.revocation,
        }
    }
}

/// The roots that this system trusts; ones that cannot be read are left out.
fn system() -> Result<Roots, Failure> {
    let mut roots = Roots::none();
    let found = rustls_native_certs::load_native_certs();
    for certificate in &found.certs {
        let _ = roots.add_der(certificate);
    }
    if roots.is_empty() {
        let why: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
        return Err(Failure::new(
            format!("the system has no root certificates {}", why.join("; ")).trim_end().to_owned(),
        )
        .hint("name the roots with --ca"));
    }
    Ok(roots)
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| of(file, error))
}

fn of(file: &Path, error: impl std::fmt::Display) -> Failure {
    Failure::new(format!("{}: {error}", file.display()))
}

fn time(text: &str) -> Result<u64, String> {
    authenticode::parse_time(text)
        .ok_or_else(|| "give a date, 2026-11-27, or a time, 2026-11-27T10:00:00Z".to_owned())
}
