//! `cargo msi verify`: says who signed a file and whether each signature holds.

use crate::report::{self, Failure};
use crate::trust::TrustFlags;
use authenticode::{Problem, Verdict, VerifyOptions, verify_detached, verify_file_with};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Verifies signatures: the bytes, who signed them and when, and whether somebody trusted stands behind it.
///
/// Files: PE (EXE, DLL, SYS), MSI, MSP, MST, CAB, PowerShell scripts; any file with a detached signature. Nothing is trusted
/// but what --ca and --system-roots name. A file is good where one of its signatures is good and none was damaged.
#[derive(clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct Args {
    /// The files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    trust: TrustFlags,

    /// Verifies each FILE against the detached signature beside it, FILE.p7s
    #[arg(long)]
    detached: bool,

    /// Verifies the one FILE against this detached signature
    #[arg(long, value_name = "P7S", conflicts_with = "detached")]
    signature: Option<PathBuf>,

    /// Writes the verdicts as JSON
    #[arg(long)]
    json: bool,
}

const EXIT_CODES: &str = "\
Exit codes:
   0  every file is good
   1  a file, or the roots, cannot be read
   2  the command line is wrong
  10  unsigned
  11  malformed: the signature is damaged or of a form that Windows refuses
  12  bad digest: the file was changed after signing
  13  bad signature: not made by the key of its certificate
  14  stuffed: bytes were added that no signature covers
  15  bad timestamp
  16  revoked
  17  weak: SHA-1, MD5 or a key that is too small
  18  wrong purpose: the certificate is not for signing code
  19  untrusted: no chain leads to a trusted root
  20  expired: a certificate was not valid at the time that counts
  21  untrusted timestamp
Of several the lowest.";

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    if args.signature.is_some() && args.files.len() > 1 {
        return Err(Failure::new("--signature is for one file, but several are to be verified").exit(2));
    }
    let trust = args.trust.load()?;
    let mut worst: Option<u8> = None;
    let mut objects = Vec::new();
    let mut text = String::new();
    for file in &args.files {
        let verdict = one(args, file, &trust.options());
        let code = match &verdict {
            Ok(verdict) if verdict.is_good() => None,
            Ok(verdict) => Some(verdict.gravest().map_or(11, exit_code)),
            Err(_) => Some(1),
        };
        worst = match (worst, code) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        match verdict {
            Ok(verdict) if args.json => objects.push(object(file, &verdict)),
            Ok(verdict) => text += &words(file, &verdict),
            Err(error) if args.json => objects.push(json!({ "file": file, "error": error })),
            Err(error) => eprintln!("error: {error}"),
        }
    }
    if args.json {
        text = format!("{}\n", Value::Array(objects));
    }
    report::page(&text);
    Ok(worst.map_or(ExitCode::SUCCESS, ExitCode::from))
}

fn one(args: &Args, file: &Path, options: &VerifyOptions<'_>) -> Result<Verdict, String> {
    let beside = || PathBuf::from([file.as_os_str(), ".p7s".as_ref()].join("".as_ref()));
    let signature = match &args.signature {
        Some(path) => Some(path.clone()),
        None => args.detached.then(beside),
    };
    match signature {
        Some(path) => {
            let der = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            verify_detached(file, &der, options).map_err(|error| error.to_string())
        }
        None => verify_file_with(file, options).map_err(|error| error.to_string()),
    }
}

fn exit_code(problem: &Problem) -> u8 {
    match problem {
        Problem::Unsigned => 10,
        Problem::Malformed { .. } => 11,
        Problem::BadDigest { .. } => 12,
        Problem::BadSignature => 13,
        Problem::Stuffed { .. } => 14,
        Problem::BadTimestamp { .. } => 15,
        Problem::Revoked { .. } => 16,
        Problem::WeakAlgorithm { .. } => 17,
        Problem::WrongPurpose { .. } => 18,
        Problem::Untrusted { .. } => 19,
        Problem::Expired { .. } => 20,
        Problem::UntrustedTimestamp { .. } => 21,
    }
}

fn object(file: &Path, verdict: &Verdict) -> Value {
    let mut object = verdict.to_json();
    object["file"] = json!(file);
    object
}

/// The verdict over the file, then everything about each signature that somebody has to know.
fn words(file: &Path, verdict: &Verdict) -> String {
    let state = if verdict.is_good() { "good" } else { "BAD" };
    let mut text = format!("{}: {state}: {}\n", file.display(), report::shown(&verdict.to_string()));
    for (index, signature) in verdict.signatures.iter().enumerate() {
        let facts = &signature.facts;
        let state = signature.problems.first().map_or("good", Problem::code);
        let _ = writeln!(
            text,
            "  signature {} of {}: {state}: {} ({}, {})",
            index + 1,
            verdict.signatures.len(),
            report::shown(&facts.subject),
            facts.key,
            facts.digest_algorithm
        );
        for timestamp in &facts.timestamps {
            let _ = writeln!(text, "    timestamp: {}", report::shown(&timestamp.to_string()));
        }
        for problem in &signature.problems {
            let _ = writeln!(text, "    problem: {}", report::shown(&problem.to_string()));
        }
        for note in &signature.notes {
            let _ = writeln!(text, "    note: {}", report::shown(&note.to_string()));
        }
        if !facts.covers_directory && signature.is_good() {
            text += "    note: names, sizes and times of the streams are not covered\n";
        }
    }
    text
}
