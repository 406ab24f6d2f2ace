//! `cargo msi sign`: signs files, several at a time, with a key wherever it lives.

use crate::many;
use crate::report::{self, Failure};
use crate::tsa::TsaFlags;
use authenticode::{Existing, FIPS_NOTICE, HashAlgorithm, SignOptions, SignReport, Signer, Timestamper};
use serde_json::{Value, json};
use signing_keys::{Host, KeyFlags};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use timestamp_client::Client;

/// Signs packages, programs, cabinets and PowerShell scripts in the way of Windows (Authenticode).
///
/// Files: PE (EXE, DLL, SYS), MSI, MSP, MST, CAB, PS1, PSM1, PSD1. An older signature is replaced; signing again with the
/// same key gives the same bytes. A file that was changed after it was signed is refused. Whatever interrupts it, each file
/// is either signed or as it was.
///
/// Exit codes: 0 all are signed, 1 one or more are not, 2 the command line is wrong.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Args {
    /// The files; each is signed where it stands
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Writes the signed file here, and leaves the one that was given as it is
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Digest algorithm: sha256, sha384, sha512
    #[arg(long, value_name = "NAME", default_value = "sha256", value_parser = hash)]
    hash: HashAlgorithm,

    /// What Windows shows as the program's name when it asks for consent
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,

    /// The address that goes with the description
    #[arg(long, value_name = "URL")]
    url: Option<String>,

    /// Nests the signature beside those that are there, and replaces none but one by the same certificate and digest
    #[arg(long)]
    append: bool,

    /// Adds a digest of each page to the signature of a PE file
    #[arg(long)]
    page_hashes: bool,

    /// Leaves out a package's pre-hash (MsiDigitalSignatureEx), which covers names, sizes and times
    #[arg(long)]
    no_prehash: bool,

    /// Writes the signature of any file at all beside it, as FILE.p7s (detached PKCS#7)
    #[arg(long, conflicts_with_all = ["append", "page_hashes", "description", "url", "tsa"])]
    detached: bool,

    #[command(flatten)]
    tsa: TsaFlags,

    /// Allows only algorithms and key sizes that FIPS approves
    #[arg(long)]
    fips: bool,

    /// So many files at a time, with one session of the key
    #[arg(long, short, value_name = "N")]
    jobs: Option<usize>,

    /// Writes what was done as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    key: KeyFlags,
}

const EXAMPLES: &str = "\
Examples:
  cargo msi sign --key release.key --cert release.pem app.msi
  cargo msi sign --pfx release.pfx --password-env PFX_PASSWORD --jobs 4 *.dll *.exe
  cargo msi sign --pkcs11 /usr/lib/softhsm/libsofthsm2.so --key-label release --cert release.pem app.msi";

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let target = match (&args.output, args.files.as_slice()) {
        (Some(_), [_, _, ..]) => {
            return Err(Failure::new("--output takes one file, but several are to be signed").exit(2));
        }
        (target, _) => target.as_deref(),
    };
    if let Err(reason) = signing_keys::keep_secrets_out_of_core_files() {
        report::warning(&reason);
    }
    let signer = args.key.open(&Host::system()).map_err(|error| match error {
        signing_keys::Error::Usage(_) => Failure::new(error.to_string()).exit(2),
        error => Failure::new(error.to_string()),
    })?;
    if args.fips {
        let violations = signer.fips_violations(args.hash);
        if !violations.is_empty() {
            return Err(Failure::new(violations.join("; ")).hint(FIPS_NOTICE));
        }
        report::note(FIPS_NOTICE);
    }
    let timestamper = args.tsa.client()?;
    let work = Work { args, target, signer: &signer, timestamper: timestamper.as_ref() };
    let done = many::each(&args.files, args.jobs, |file| work.one(file))?;
    let all = done.iter().all(Result::is_ok);
    if args.json {
        let signed: Vec<_> =
            args.files.iter().zip(&done).map(|(file, result)| object(file, result)).collect();
        report::page(&format!("{}\n", json!({ "signer": signer.subject(), "files": signed })));
    } else {
        report::note(&format!(
            "{} of {} signed by {}",
            done.iter().filter(|result| result.is_ok()).count(),
            done.len(),
            signer.subject()
        ));
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is the same for every file.
struct Work<'a> {
    args: &'a Args,
    target: Option<&'a Path>,
    signer: &'a Signer,
    timestamper: Option<&'a Client>,
}

impl Work<'_> {
    fn one(&self, file: &Path) -> many::Outcome {
        let Work { args, target, signer, timestamper } = *self;
        if args.detached {
            return self.detached(file);
        }
        let options = SignOptions {
            description: args.description.clone(),
            url: args.url.clone(),
            no_msi_prehash: args.no_prehash,
            hash: args.hash,
            existing: if args.append { Existing::Append } else { Existing::Replace },
            page_hashes: args.page_hashes,
            timestamper: timestamper.map(|client| client as &dyn Timestamper),
        };
        let output = target.unwrap_or(file);
        let report =
            authenticode::sign_file(file, output, signer, &options).map_err(|error| error.to_string())?;
        let what = match (report.replaced, args.append) {
            (true, false) => "signed anew",
            (true, true) => "signed anew beside others",
            (false, true) => "signed beside others",
            (false, false) => "signed",
        };
        let words = format!("{}: {what} ({}, {})", output.display(), report.kind, args.hash);
        Ok((words, facts(&report)))
    }

    fn detached(&self, file: &Path) -> many::Outcome {
        let beside = || {
            let mut name = file.as_os_str().to_owned();
            name.push(".p7s");
            PathBuf::from(name)
        };
        let output = self.target.map_or_else(beside, Path::to_path_buf);
        let size = authenticode::sign_detached(file, &output, self.signer, self.args.hash)
            .map_err(|error| error.to_string())?;
        let words = format!("{}: signature in {}", file.display(), output.display());
        Ok((words, json!({ "signature": output, "signature_size": size })))
    }
}

fn facts(report: &SignReport) -> Value {
    json!({
        "kind": report.kind.to_string(),
        "digest": report.digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
        "replaced": report.replaced,
        "size": report.size,
        "signature_size": report.signature_size,
        "timestamps": report.timestamps.len(),
    })
}

fn object(file: &Path, result: &Result<(String, Value), String>) -> Value {
    match result {
        Ok((_, facts)) => json!({ "file": file, "signed": facts }),
        Err(error) => json!({ "file": file, "error": error }),
    }
}

fn hash(text: &str) -> Result<HashAlgorithm, String> {
    HashAlgorithm::from_name(text).ok_or_else(|| "give sha256, sha384 or sha512".to_owned())
}
