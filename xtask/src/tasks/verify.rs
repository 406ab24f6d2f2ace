//! `cargo xtask verify`: says who signed a file and whether the signature holds.

use crate::Context;
use crate::failure::{Context as _, Failure, Outcome};
use crate::signing::now;
use authenticode::Roots;
use serde_json::json;
use std::path::PathBuf;

/// Verify the signatures of EXE, DLL and MSI files
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Trusted root certificates (PEM); without it the test certificate's
    #[arg(long, value_name = "PEM")]
    roots: Option<PathBuf>,
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
        let now = now()?;
        let mut bad = 0;
        let mut results = Vec::new();
        for file in &self.files {
            let verdict = authenticode::verify_file(file, &roots, Some(now)).map_err(Failure::failed)?;
            bad += usize::from(!verdict.is_good());
            if self.json {
                let problems: Vec<String> = verdict.problems.iter().map(ToString::to_string).collect();
                let signer = verdict.signature.as_ref().map(|facts| &facts.subject);
                results.push(json!({ "file": file, "good": verdict.is_good(), "signer": signer, "problems": problems }));
            } else {
                println!("{}: {verdict}", file.display());
            }
        }
        if self.json {
            println!("{}", json!(results));
        }
        match bad {
            0 => Ok(()),
            _ => Err(Failure::Failed(format!("{bad} of {} signatures do not hold", self.files.len()))),
        }
    }
}
