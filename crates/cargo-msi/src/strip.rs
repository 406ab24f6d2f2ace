//! `cargo msi strip`: takes signatures off.

use crate::many;
use crate::report::{self, Failure};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Takes all signatures off files and gives back what was signed.
///
/// Exit codes: 0 none has a signature any more, 1 one or more could not be stripped, 2 the command line is wrong.
#[derive(clap::Args)]
pub struct Args {
    /// The files; each is stripped where it stands
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Writes the stripped file here, and leaves the one that was given as it is
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// So many files at a time
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    if args.output.is_some() && args.files.len() > 1 {
        return Err(Failure::new("--output takes one file, but several are to be stripped").exit(2));
    }
    let done = many::each(&args.files, args.jobs, |file| {
        let output = args.output.as_deref().unwrap_or(file);
        let stripped = authenticode::strip_file(file, output).map_err(|error| error.to_string())?;
        if !stripped && output != file {
            // Somebody waits for the file, signed or not.
            std::fs::copy(file, output).map_err(|error| format!("{}: {error}", output.display()))?;
        }
        let what = if stripped { "signatures taken off" } else { "was not signed" };
        Ok((format!("{}: {what}", output.display()), json!(null)))
    })?;
    report::note(&format!("{} of {} done", done.iter().filter(|result| result.is_ok()).count(), done.len()));
    Ok(if done.iter().all(Result::is_ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
