//! The commands, one per file, and what they share: where things lie.

mod configure;
mod run;
mod status;
mod verify;

use std::io::Write as _;
use std::path::PathBuf;

use crate::cli::{Cli, Command, Places};
use crate::cycle::{self, Setup};
use crate::effective::Failure;
use crate::exit::Code;
use crate::platform;
use crate::probe::Limits;

/// Runs a command and gives its exit code. Failures go to standard error.
pub fn run(cli: Cli) -> Code {
    let Cli { places, command } = cli;
    let result = match command {
        Command::Service => setup(&places).map(platform::run_service),
        Command::Run(args) => run::run(&places, &args),
        Command::Status(args) => status::run(&places, &args),
        Command::Verify(args) => verify::run(&places, &args),
        Command::Configure(args) => configure::run(&places, &args),
    };
    result.unwrap_or_else(|failure| {
        eprintln!("provisioning-agent: {failure}");
        failure.code
    })
}

fn config_path(places: &Places) -> Result<PathBuf, Failure> {
    let path = places.config.clone().or_else(platform::default_config);
    path.ok_or_else(|| Failure::new(Code::Usage, "this executable's folder is unknown; give --config FILE"))
}

fn data_dir(places: &Places) -> Result<PathBuf, Failure> {
    let folder = places.data_dir.clone().or_else(platform::default_data_dir);
    folder.ok_or_else(|| {
        let words =
            "give --data-dir DIR, or set PROVISIONING_AGENT_DATA_DIR: only on Windows there is a default";
        Failure::new(Code::Usage, words)
    })
}

/// The loop's setup with its usual interval.
fn setup(places: &Places) -> Result<Setup, Failure> {
    Ok(Setup {
        configuration: config_path(places)?,
        data_dir: data_dir(places)?,
        interval: cycle::INTERVAL,
        limits: Limits::default(),
        once: false,
        machine: platform::machine_policy(),
    })
}

/// Prints to standard output. A reader that has gone away, as `head` does, is no failure.
fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}
