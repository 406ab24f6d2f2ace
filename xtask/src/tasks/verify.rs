//! `cargo xtask verify`: says who signed a file and whether its signatures hold.

use crate::Context;
use crate::failure::{Context as _, Failure, Outcome};
use crate::signing::now;
use authenticode::{RevocationLists, Roots, VerifyOptions};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Verify the signatures of EXE, DLL, MSI, CAB and PowerShell files
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Trusted root certificates (PEM); without it the test certificate's
    #[arg(long, value_name = "PEM")]
    roots: Option<PathBuf>,
    /// Trusted root certificates for timestamps (PEM); without it those for code
    #[arg(long, value_name = "PEM")]
    tsa_roots: Option<PathBuf>,
    /// Certificate revocation lists (PEM or DER)
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// Print the result as JSON on standard output
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub fn run(&self, context: &Context) -> Outcome {
        let roots = match &self.roots {
            Some(path) => path.clone(),
            None => context.repo.target().join("test-signing/ca.pem"),
        };
        let pem = std::fs::read(&roots).map_err(|error| {
            Failure::input(format!("{}: {error}; name the trusted roots with --roots", roots.display()))
        })?;
        let roots = Roots::from_pem(&pem).context(roots.display())?;
        let read = |path: &Path| std::fs::read(path).context(path.display());
        let timestamp_roots = match &self.tsa_roots {
            Some(path) => Some(Roots::from_pem(&read(path)?).context(path.display())?),
            None => None,
        };
        let mut revocation = RevocationLists::none();
        for path in &self.crl {
            revocation.add(&read(path)?).context(path.display())?;
        }
        let options = VerifyOptions {
            roots: &roots,
            timestamp_roots: timestamp_roots.as_ref(),
            at: Some(now()?),
            revocation: &revocation,
        };
        let mut bad = 0;
        let mut results = Vec::new();
        for file in &self.files {
            let verdict = authenticode::verify_file_with(file, &options).map_err(Failure::failed)?;
            bad += usize::from(!verdict.is_good());
            if self.json {
                let mut result = verdict.to_json();
                result["file"] = json!(file);
                results.push(result);
            } else {
                println!("{}: {verdict}", file.display());
            }
        }
        if self.json {
            println!("{}", json!(results));
        }
        match bad {
            0 => Ok(()),
            _ => Err(Failure::Failed(format!("{bad} of {} files are not well signed", self.files.len()))),
        }
    }
}
