//! How this machine compiles Rust for Windows.
//!
//! Binaries that somebody else built (`--agent-bin`) come first, then what the crate `windows-target` finds. Set-up asks rustup for the
//! target first and takes Debian's toolchain and source where rustup cannot download.

use super::install::command_for;
use super::{Consent, Host, Need, TOOLS, Tool, install};
use crate::failure::{Failure, Outcome};
use crate::manifest::Arch;
use crate::process::{attempt, find_program, shown};
use crate::report::Reporter;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Where the Windows binaries come from.
#[derive(Debug, Clone)]
pub enum Way {
    /// A folder that holds them.
    Prebuilt(PathBuf),
    /// A toolchain of this machine.
    Compiled(windows_target::Way),
}

/// The way that was taken, with its reason in words.
#[derive(Debug, Clone)]
pub struct WindowsTarget {
    pub way: Way,
    pub why: String,
}

impl WindowsTarget {
    /// One line for people.
    pub fn describe(&self) -> String {
        let how = match &self.way {
            Way::Prebuilt(folder) => format!("prebuilt binaries of {}", folder.display()),
            Way::Compiled(way) => {
                return windows_target::WindowsTarget { way: way.clone(), why: self.why.clone() }.describe();
            }
        };
        format!("{how}, because {}", self.why)
    }

    /// Whether mingw-w64 has to link.
    pub fn needs_mingw(&self) -> bool {
        match &self.way {
            Way::Prebuilt(_) => false,
            Way::Compiled(way) => way.triple().ends_with("-gnu"),
        }
    }
}

/// The way that is open now; the error says in words why none is.
pub fn find_way(
    arch: Arch,
    agent_bin: Option<&Path>,
    least: &semver::Version,
) -> Result<WindowsTarget, String> {
    if let Some(folder) = agent_bin {
        let why = "--agent-bin says so".into();
        return Ok(WindowsTarget { way: Way::Prebuilt(folder.to_owned()), why });
    }
    let triple = triple(arch)?;
    let found = windows_target::find(triple, Some(least))?;
    Ok(WindowsTarget { way: Way::Compiled(found.way), why: found.why })
}

/// Opens a way where none is: rustup first, Debian's packages otherwise.
pub fn acquire(
    arch: Arch,
    agent_bin: Option<&Path>,
    least: &semver::Version,
    host: &Host,
    consent: Consent,
    reporter: &Reporter,
) -> Outcome {
    let Err(closed) = find_way(arch, agent_bin, least) else { return Ok(()) };
    let triple = triple(arch).map_err(Failure::MissingTool)?;
    let Err(rustup) = add_with_rustup(triple, consent, reporter)? else { return Ok(()) };
    reporter.say(format!("the {triple} target does not come through rustup: {rustup}"));
    if host.manager != Some(super::PackageManager::Apt) {
        return Err(no_way(&format!("{closed}; rustup: {rustup}"), triple));
    }
    reporter.say("taking Debian's toolchain and its library source instead");
    let missing: Vec<&Tool> =
        TOOLS.iter().filter(|tool| tool.needs.contains(&Need::BuildStd) && !tool.is_here()).collect();
    install(&missing, host, consent, reporter)?;
    find_way(arch, None, least).map(drop).map_err(|reason| no_way(&reason, triple))
}

/// What to tell somebody who has no way to compile for Windows and did not ask for set-up.
pub fn explain_closed(arch: Arch, closed: &str, host: &Host) -> Failure {
    let triple = match triple(arch) {
        Ok(triple) => triple,
        Err(reason) => return Failure::MissingTool(reason),
    };
    let mut ways = Vec::new();
    if find_program(&["rustup"]).is_some() {
        ways.push(format!("`rustup target add {triple}`"));
    }
    let packages: Vec<&Tool> =
        TOOLS.iter().filter(|tool| tool.needs.contains(&Need::BuildStd) && !tool.is_here()).collect();
    if host.manager == Some(super::PackageManager::Apt)
        && !packages.is_empty()
        && let Ok(command) = command_for(&packages, host)
    {
        ways.push(format!("`{}`", shown(&command)));
    }
    ways.push("--setup with this task".into());
    ways.push("prebuilt binaries with --agent-bin DIR".into());
    Failure::MissingTool(format!(
        "nothing here compiles for {triple}: {closed}\nOpen a way with {}",
        ways.join(", or ")
    ))
}

fn no_way(reason: &str, triple: &str) -> Failure {
    Failure::MissingTool(format!(
        "nothing here compiles for {triple} and set-up cannot change that: {reason}\n\
         Bring prebuilt binaries with --agent-bin DIR"
    ))
}

/// The Rust target of an architecture on this host.
fn triple(arch: Arch) -> Result<&'static str, String> {
    match (arch, cfg!(windows)) {
        (Arch::X64, true) => Ok("x86_64-pc-windows-msvc"),
        (Arch::X64, false) => Ok("x86_64-pc-windows-gnu"),
        (Arch::Arm64, true) => Ok("aarch64-pc-windows-msvc"),
        (Arch::Arm64, false) => {
            Err("arm64 binaries can be compiled on Windows only; bring them with --agent-bin DIR".into())
        }
    }
}

/// Asks rustup for the target. Inner error: why it did not come.
fn add_with_rustup(triple: &str, consent: Consent, reporter: &Reporter) -> Outcome<Result<(), String>> {
    let Some(rustup) = find_program(&["rustup"]) else { return Ok(Err("rustup is not here".into())) };
    consent.obtain(&format!("Run `rustup target add {triple}`?"))?;
    reporter.say(format!("installing: rustup target add {triple}"));
    let mut command = Command::new(rustup);
    command.args(["target", "add", triple]);
    // One try and a short wait: on a closed network the other way is at hand, and there is no sense in waiting minutes for it.
    command.env("RUSTUP_MAX_RETRIES", "0").env("RUSTUP_DOWNLOAD_TIMEOUT", "20");
    Ok(attempt(&mut command, Duration::from_secs(180)))
}
