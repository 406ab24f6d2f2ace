//! The build system: the only entry point to everything this repository can do. One file per task.

#![forbid(unsafe_code)]

mod dist;
mod failure;
mod manifest;
mod measure;
mod prebuilt;
mod process;
mod repo;
mod report;
mod signing;
mod tasks;
mod tools;

use clap::{Parser, Subcommand};
use failure::Outcome;
use repo::Repo;
use report::Reporter;
use std::process::ExitCode;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  the work failed: a build, a check, a test
  2  a flag or dist.toml asks for something that does not exist
  3  a tool is missing; the message holds the command that installs it";

/// Builds, checks, signs and packages the provisioning agent.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = EXIT_CODES, disable_version_flag = true)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    Dist(tasks::dist::Dist),
    Setup(tasks::setup::Setup),
    Test(tasks::test::Test),
    Bench(tasks::bench::Bench),
    CustomActions(tasks::custom_actions::CustomActions),
    Fuzz(tasks::fuzz::Fuzz),
    Tidy(tasks::tidy::Tidy),
    Ci(tasks::ci::Ci),
    Validate(tasks::validate::Validate),
    Sign(tasks::sign::Sign),
    Verify(tasks::verify::Verify),
}

/// What every task is given.
#[derive(Debug, Clone)]
pub struct Context {
    pub repo: Repo,
    pub reporter: Reporter,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let reporter = Reporter::new();
    match run(&cli.task, &reporter) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            reporter.say(format!("{} {failure}", reporter.paint("31;1", "error:")));
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(task: &Task, reporter: &Reporter) -> Outcome {
    let context = Context { repo: Repo::find()?, reporter: reporter.clone() };
    match task {
        Task::Dist(task) => task.run(&context),
        Task::Setup(task) => task.run(&context),
        Task::Test(task) => task.run(&context),
        Task::Bench(task) => task.run(&context),
        Task::CustomActions(task) => task.run(&context),
        Task::Fuzz(task) => task.run(&context),
        Task::Tidy(task) => task.run(&context),
        Task::Ci(task) => task.run(&context),
        Task::Validate(task) => task.run(&context),
        Task::Sign(task) => task.run(&context),
        Task::Verify(task) => task.run(&context),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
