//! `cargo msi`: Windows Installer packages from any host, without WiX, Wine or .NET.
//!
//! This file only dispatches; each subcommand has a file of its own that declares its flags and does its work.

mod build;
mod diff;
mod extract;
mod inspect;
mod package;
mod report;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Builds and examines Windows Installer packages on any host.
///
/// Exit codes: 0 done (diff: no difference), 1 the source or the package is wrong (diff: they differ), 2 the command line is
/// wrong.
#[derive(Parser)]
#[command(name = "cargo msi", bin_name = "cargo msi", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    Build(build::Args),
    Inspect(inspect::Args),
    Diff(diff::Args),
    Extract(extract::Args),
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
    };
    done.unwrap_or_else(|failure| report::failure(&failure))
}
