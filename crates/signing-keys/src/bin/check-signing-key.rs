//! Opens the signing key that the flags name and signs test digests: says whether the key works, and if not why.

use std::process::ExitCode;

use authenticode::{FIPS_NOTICE, HashAlgorithm};
use clap::Parser;
use signing_keys::{Host, KeyFlags, keep_secrets_out_of_core_files};

/// Check that a signing key works, without signing a file
///
/// Exit codes: 0 it signs, 1 it does not.
#[derive(Parser)]
#[command(name = "check-signing-key", version)]
struct Cli {
    #[command(flatten)]
    key: KeyFlags,
    /// Digest algorithm: sha256, sha384 or sha512
    #[arg(long, value_name = "NAME", default_value = "sha256", value_parser = hash)]
    hash: HashAlgorithm,
    /// How many signatures to make with the one session
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    count: u32,
    /// Refuse what FIPS 140 does not approve
    #[arg(long)]
    fips: bool,
}

fn hash(name: &str) -> Result<HashAlgorithm, String> {
    HashAlgorithm::from_name(name).ok_or_else(|| "give sha256, sha384 or sha512".into())
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<(), String> {
    if let Err(reason) = keep_secrets_out_of_core_files() {
        eprintln!("warning: {reason}");
    }
    let signer = cli.key.open(&Host::system()).map_err(|error| error.to_string())?;
    println!("certificate: {}", signer.subject());
    println!("thumbprint: {}", signer.thumbprint());
    println!("chain: {} certificates", signer.certificates().count());
    if cli.fips {
        println!("{FIPS_NOTICE}");
        let violations = signer.fips_violations(cli.hash);
        if !violations.is_empty() {
            return Err(format!("not approved: {}", violations.join("; ")));
        }
    }
    for number in 0..cli.count {
        let digest = cli.hash.digest(&number.to_be_bytes());
        signer.sign_digest(cli.hash, &digest).map_err(|error| error.to_string())?;
    }
    println!("signed {} digests with {}, each checked against the certificate", cli.count, cli.hash);
    Ok(())
}
