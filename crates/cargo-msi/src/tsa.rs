//! Timestamp authorities: the flags that name them, and the client that asks them.

use crate::report::{self, Failure};
use authenticode::Roots;
use std::path::PathBuf;
use timestamp_client::{Client, Notice, Patience};

/// Whom to ask for timestamps.
#[derive(clap::Args)]
pub struct TsaFlags {
    /// A timestamp authority (RFC 3161); may be given several times, they are tried in turn
    #[arg(long, value_name = "URL")]
    tsa: Vec<String>,

    /// Takes timestamps only from authorities below these roots (PEM, DER, PKCS#7)
    #[arg(long, value_name = "FILE", requires = "tsa")]
    tsa_ca: Option<PathBuf>,
}

impl TsaFlags {
    /// The client; `None` where no authority is named.
    pub fn client(&self) -> Result<Option<Client>, Failure> {
        if self.tsa.is_empty() {
            return Ok(None);
        }
        let client = Client::new(self.tsa.clone(), Patience::default())
            .map_err(|reason| Failure::new(reason).exit(2))?
            .telling(tell);
        let Some(file) = &self.tsa_ca else { return Ok(Some(client)) };
        let failed = |error: &dyn std::fmt::Display| Failure::new(format!("{}: {error}", file.display()));
        let bytes = std::fs::read(file).map_err(|error| failed(&error))?;
        Ok(Some(client.trusting(Roots::from_pem(&bytes).map_err(|error| failed(&error))?)))
    }
}

fn tell(notice: &Notice<'_>) {
    match notice {
        Notice::Failed { server, error } => report::warning(&report::shown(&format!("{server}: {error}"))),
        Notice::Waiting(time) => report::note(&format!("asking again in {} seconds", time.as_secs())),
        Notice::Got { timestamp, server } => {
            report::note(&report::shown(&format!("timestamp from {server}: {timestamp}")));
        }
    }
}
