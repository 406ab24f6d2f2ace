//! Installing what is missing, with the person's consent.

use super::{Host, Tool};
use crate::failure::{Failure, Outcome};
use crate::process;
use crate::report::Reporter;
use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal, Write};

/// Whether to ask before something is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// `--yes`, or nobody at a terminal to ask.
    Given,
    Ask,
}

impl Consent {
    pub fn from_flag(yes: bool) -> Consent {
        if yes || !std::io::stdin().is_terminal() { Consent::Given } else { Consent::Ask }
    }

    /// Asks where it has to. Anything but yes is no.
    pub fn obtain(self, question: &str) -> Outcome {
        if self == Consent::Given {
            return Ok(());
        }
        eprint!("{question} [y/N] ");
        // A prompt that cannot be shown cannot be answered either: the read below settles it.
        let _ = std::io::stderr().flush();
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer).map_err(Failure::failed)?;
        match answer.trim().to_ascii_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(Failure::MissingTool("nothing was installed".into())),
        }
    }
}

/// Installs the packages of all `missing` tools in one go and checks that the tools are there afterwards.
pub fn install(missing: &[&Tool], host: &Host, consent: Consent, reporter: &Reporter) -> Outcome {
    if missing.is_empty() {
        return Ok(());
    }
    let command = || command_for(missing, host);
    let shown = process::shown(&command()?);
    consent.obtain(&format!("Run `{shown}`?"))?;
    reporter.say(format!("installing: {shown}"));
    if let Some(mut refresh) = host.refresh_command() {
        // A list that was never fetched names nothing, and an old one names versions that may be too old for us.
        reporter.say(format!("first a fresh list of packages: {}", process::shown(&refresh)));
        if let Err(error) = reporter.suspend(|| process::run(&mut refresh)) {
            reporter.say(format!("going on with the list at hand: {error}"));
        }
    }
    reporter.suspend(|| process::run(&mut command()?))?;
    match missing.iter().find(|tool| !tool.is_here()) {
        Some(tool) => Err(Failure::MissingTool(format!("{} is still missing after `{shown}`", tool.name))),
        None => Ok(()),
    }
}

/// What to tell somebody who lacks tools and did not ask for set-up.
pub fn explain(missing: &[&Tool], host: &Host) -> Failure {
    let list: Vec<String> =
        missing.iter().map(|tool| format!("  {} ({})", tool.name, tool.purpose)).collect();
    let how = match command_for(missing, host) {
        Ok(command) => {
            format!("Install them with `{}`, or run the task again with --setup.", process::shown(&command))
        }
        Err(error) => error.to_string(),
    };
    Failure::MissingTool(format!("missing tools:\n{}\n{how}", list.join("\n")))
}

/// The command that installs all `missing` tools; the error says why there is none.
pub fn command_for(missing: &[&Tool], host: &Host) -> Outcome<std::process::Command> {
    let names = || missing.iter().map(|tool| tool.name).collect::<Vec<_>>().join(", ");
    let Some(manager) = host.manager else {
        return Err(Failure::MissingTool(format!(
            "no package manager that set-up knows (apt-get, dnf, brew) is here; install by hand: {}",
            names()
        )));
    };
    let mut packages = BTreeSet::new();
    for tool in missing {
        match tool.packages(manager) {
            Some(list) => packages.extend(list),
            None => {
                return Err(Failure::MissingTool(format!(
                    "this system has no package for {}; it has to come by hand",
                    tool.name
                )));
            }
        }
    }
    let packages: Vec<&str> = packages.into_iter().collect();
    host.install_command(&packages)
        .ok_or_else(|| Failure::MissingTool(format!("install by hand: {}", names())))
}
