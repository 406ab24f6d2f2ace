//! `cargo msi timestamp`: adds timestamps to files that are signed already.

use crate::report::{self, Failure};
use crate::tsa::TsaFlags;
use authenticode::{HashAlgorithm, Timestamp, Timestamper, timestamp_file, timestamp_signature};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Adds timestamps to the signatures of files, nested ones included, and changes nothing else.
///
/// Files: what `cargo msi sign` signs, and detached signatures (.p7s, .p7, .p7b). Each file is written anew beside the old one
/// and renamed, so that it either has its timestamp or is as it was.
///
/// Exit codes: 0 all have one, 1 one or more got none, 2 the command line is wrong.
#[derive(clap::Args)]
pub struct Args {
    /// The files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    tsa: TsaFlags,

    /// Digest algorithm of the timestamp: sha256, sha384, sha512
    #[arg(long, value_name = "NAME", default_value = "sha256", value_parser = hash)]
    hash: HashAlgorithm,

    /// Puts a new timestamp in the place of one that is there; it says a later time
    #[arg(long)]
    replace: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let client =
        args.tsa.client()?.ok_or_else(|| Failure::new("name a timestamp authority with --tsa").exit(2))?;
    let mut all = true;
    for file in &args.files {
        match one(args, file, &client) {
            Ok(timestamps) => {
                for timestamp in timestamps {
                    println!("{}: {}", file.display(), report::shown(&timestamp.to_string()));
                }
            }
            Err(error) => {
                eprintln!("error: {}: {error}", file.display());
                all = false;
            }
        }
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn one(args: &Args, file: &Path, client: &dyn Timestamper) -> Result<Vec<Timestamp>, String> {
    let is_signature = file
        .extension()
        .is_some_and(|ending| ["p7s", "p7", "p7b"].iter().any(|p7| ending.eq_ignore_ascii_case(p7)));
    if !is_signature {
        return timestamp_file(file, file, args.hash, client, args.replace)
            .map(|report| report.timestamps)
            .map_err(|error| error.to_string());
    }
    detached(file, args.hash, client, args.replace)
}

/// Adds timestamps to the detached signature in a file, which is written anew and renamed.
fn detached(
    file: &Path,
    hash: HashAlgorithm,
    client: &dyn Timestamper,
    replace: bool,
) -> Result<Vec<Timestamp>, String> {
    let words = |error: &dyn std::fmt::Display| error.to_string();
    let der = std::fs::read(file).map_err(|error| words(&error))?;
    let (stamped, timestamps) =
        timestamp_signature(&der, hash, client, replace).map_err(|error| words(&error))?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let permissions = std::fs::metadata(file).map_err(|error| words(&error))?.permissions();
    let mut temporary = tempfile::NamedTempFile::new_in(folder).map_err(|error| words(&error))?;
    temporary.write_all(&stamped).map_err(|error| words(&error))?;
    temporary.as_file().set_permissions(permissions).map_err(|error| words(&error))?;
    temporary.persist(file).map_err(|error| words(&error.error))?;
    Ok(timestamps)
}

fn hash(text: &str) -> Result<HashAlgorithm, String> {
    HashAlgorithm::from_name(text).ok_or_else(|| "give sha256, sha384 or sha512".to_owned())
}
