//! `provisioning-agent`: see the library.

use std::process::ExitCode;

use clap::Parser as _;
use provisioning_agent::cli::Cli;
use provisioning_agent::commands;

fn main() -> ExitCode {
    // A usage error ends here with code 2, help and version with 0.
    let cli = Cli::parse();
    ExitCode::from(commands::run(cli).number())
}
