//! `cargo msi`: Windows Installer packages from any host, without WiX, Wine or .NET.
//!
//! This file only dispatches; each subcommand has a file of its own that declares its flags and does its work.

mod build;
mod diff;
mod extract;
mod inspect;
mod inspect_signature;
mod many;
mod package;
mod preview;
mod progress;
mod report;
mod sign;
mod strip;
mod timestamp;
mod trust;
mod tsa;
mod validate;
mod verify;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

const EXIT_CODES: &str = "\
Exit codes:
  0  done; diff: no difference; validate: no errors
  1  a source or a package is wrong; diff: the packages differ; validate: a rule is broken; preview --check:
     something was found
  2  the command line is wrong; diff: a package can't be read
  3  build: nothing here compiles for Windows
  10 and above  verify: why a signature is not good (cargo msi verify --help)";

/// Builds and examines Windows Installer packages on any host.
#[derive(Parser)]
#[command(name = "cargo msi", bin_name = "cargo msi", version, propagate_version = true, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    Build(Box<build::Args>),
    Inspect(inspect::Args),
    Diff(diff::Args),
    Extract(extract::Args),
    Validate(validate::Args),
    Preview(preview::Args),
    Verify(verify::Args),
    Timestamp(timestamp::Args),
    InspectSignature(inspect_signature::Args),
    Sign(Box<sign::Args>),
    Strip(strip::Args),
}

fn main() -> ExitCode {
    // Cargo passes its subcommand's name on: `cargo msi build` runs `cargo-msi msi build`.
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "msi") {
        arguments.remove(1);
    }
    let done = match Cli::parse_from(arguments).task {
        Task::Build(args) => build::run(&args),
        Task::Inspect(args) => inspect::run(&args),
        Task::Diff(args) => diff::run(&args),
        Task::Extract(args) => extract::run(&args),
        Task::Validate(args) => validate::run(&args),
        Task::Preview(args) => preview::run(&args),
        Task::Verify(args) => verify::run(&args),
        Task::Timestamp(args) => timestamp::run(&args),
        Task::InspectSignature(args) => inspect_signature::run(&args),
        Task::Sign(args) => sign::run(&args),
        Task::Strip(args) => strip::run(&args),
    };
    done.unwrap_or_else(|failure| report::failure(&failure))
}
