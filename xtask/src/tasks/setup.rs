//! `cargo xtask setup`: installs, or reports, the tools that the other tasks need.

use crate::Context;
use crate::failure::{Failure, Outcome};
use crate::manifest::{Arch, Manifest, Workspace};
use crate::tools::{
    Consent, Host, Need, TOOLS, Tool, WindowsTarget, acquire, explain, explain_closed, find_way, install,
};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Install the tools that dist and test need, or report what is missing
#[derive(Debug, clap::Args)]
pub struct Setup {
    /// Report only; exits with 3 where something is missing
    #[arg(long)]
    check: bool,
    /// Install without asking
    #[arg(long)]
    yes: bool,
    /// Only what this task needs
    #[arg(long = "for", value_name = "TASK", value_enum, default_value = "test")]
    task: For,
    /// Take prebuilt Windows binaries from this folder, so that no Windows toolchain is needed
    #[arg(long, value_name = "DIR")]
    agent_bin: Option<PathBuf>,
    /// Print the result as JSON on standard output
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum For {
    /// Building packages
    Dist,
    /// Building packages and testing them (everything)
    Test,
}

/// The flags with which other tasks ask for set-up first.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct SetupFlags {
    /// Install what is missing first
    #[arg(long)]
    pub setup: bool,
    /// Install without asking
    #[arg(long, requires = "setup")]
    pub yes: bool,
    /// Take prebuilt provisioning-agent.exe and custom_actions.dll from this folder
    #[arg(long, value_name = "DIR")]
    pub agent_bin: Option<PathBuf>,
}

impl Setup {
    pub fn run(&self, context: &Context) -> Outcome {
        let manifest = Manifest::load(&context.repo)?;
        let needs: &[Need] = match self.task {
            For::Dist => &[Need::Dist],
            For::Test => &[Need::Dist, Need::Test],
        };
        let flags = SetupFlags { setup: !self.check, yes: self.yes, agent_bin: self.agent_bin.clone() };
        if self.check {
            self.report(context, &manifest, needs)
        } else {
            self.install(context, &manifest, needs, &flags)
        }
    }

    fn install(&self, context: &Context, manifest: &Manifest, needs: &[Need], flags: &SetupFlags) -> Outcome {
        let targets = prepare(context, needs, &manifest.matrix.architectures, flags)?;
        if self.json {
            let ways: Vec<_> = targets
                .iter()
                .map(|(arch, target)| json!({ "arch": arch, "way": target.describe() }))
                .collect();
            println!("{}", json!({ "ready": true, "windows": ways }));
        } else {
            context.reporter.say("everything is here");
        }
        Ok(())
    }

    /// Everything on one page; missing tools do not hide one another.
    fn report(&self, context: &Context, manifest: &Manifest, needs: &[Need]) -> Outcome {
        let state = State::look(context, needs, &manifest.matrix.architectures, self.agent_bin.as_deref())?;
        let is_missing = |tool: &Tool| state.missing.iter().any(|other| std::ptr::eq(*other, tool));
        if self.json {
            let ways: Vec<_> = state
                .ways
                .iter()
                .map(|(arch, way)| match way {
                    Ok(target) => json!({ "arch": arch, "ready": true, "way": target.describe() }),
                    Err(closed) => json!({ "arch": arch, "ready": false, "why": closed }),
                })
                .collect();
            let tools: Vec<_> = state
                .wanted
                .iter()
                .map(|tool| json!({ "name": tool.name, "purpose": tool.purpose, "here": !is_missing(tool), "apt": tool.apt }))
                .collect();
            println!("{}", json!({ "ready": state.failure().is_none(), "windows": ways, "tools": tools }));
        } else {
            for (arch, way) in &state.ways {
                if let Ok(target) = way {
                    context.reporter.say(format!("Windows {arch}: {}", target.describe()));
                }
            }
            for tool in &state.wanted {
                let (colour, word) = if is_missing(tool) { ("31", "missing") } else { ("32", "here   ") };
                let word = context.reporter.paint(colour, word);
                context.reporter.say(format!("{word}  {}: {}", tool.name, tool.purpose));
            }
        }
        state.failure().map_or(Ok(()), Err)
    }
}

/// What this machine has and lacks.
struct State {
    host: Host,
    ways: Vec<(Arch, Result<WindowsTarget, String>)>,
    wanted: Vec<&'static Tool>,
    missing: Vec<&'static Tool>,
}

impl State {
    fn look(
        context: &Context,
        needs: &[Need],
        architectures: &[Arch],
        agent_bin: Option<&Path>,
    ) -> Outcome<State> {
        let least = Workspace::load(&context.repo)?.rust_version;
        let ways: Vec<_> =
            architectures.iter().map(|&arch| (arch, find_way(arch, agent_bin, &least))).collect();
        // Where no way is open yet, the one that will be links with mingw-w64, but on Windows.
        let mingw =
            ways.iter().any(|(_, way)| way.as_ref().map_or(!cfg!(windows), WindowsTarget::needs_mingw));
        let wanted: Vec<&Tool> = TOOLS.iter().filter(|tool| is_wanted(tool, needs, mingw)).collect();
        let missing = wanted.iter().copied().filter(|tool| !tool.is_here()).collect();
        Ok(State { host: Host::detect(), ways, wanted, missing })
    }

    /// Names everything that is missing, so that one round of installing is enough.
    fn failure(&self) -> Option<Failure> {
        let closed = self.ways.iter().filter_map(|(arch, way)| Some((*arch, way.as_ref().err()?)));
        let mut faults: Vec<String> =
            closed.map(|(arch, why)| explain_closed(arch, why, &self.host).to_string()).collect();
        if !self.missing.is_empty() {
            faults.push(explain(&self.missing, &self.host).to_string());
        }
        (!faults.is_empty()).then(|| Failure::MissingTool(faults.join("\n")))
    }
}

/// Makes sure that everything for `needs` is here, or says what is missing: the first step of every task that uses tools.
/// Gives the way to compile for each architecture.
pub fn prepare(
    context: &Context,
    needs: &[Need],
    architectures: &[Arch],
    flags: &SetupFlags,
) -> Outcome<Vec<(Arch, WindowsTarget)>> {
    let reporter = &context.reporter;
    if flags.setup {
        let host = Host::detect();
        let least = Workspace::load(&context.repo)?.rust_version;
        let consent = Consent::from_flag(flags.yes);
        for &arch in architectures {
            acquire(arch, flags.agent_bin.as_deref(), &least, &host, consent, reporter)?;
        }
        let state = State::look(context, needs, architectures, flags.agent_bin.as_deref())?;
        install(&state.missing, &host, consent, reporter)?;
    }
    let state = State::look(context, needs, architectures, flags.agent_bin.as_deref())?;
    if let Some(failure) = state.failure() {
        return Err(failure);
    }
    let targets: Vec<(Arch, WindowsTarget)> =
        state.ways.into_iter().filter_map(|(arch, way)| Some((arch, way.ok()?))).collect();
    for (arch, target) in &targets {
        reporter.say(format!("Windows {arch}: {}", target.describe()));
    }
    Ok(targets)
}

/// Windows has its own linker, installer engine and display; what Linux and macOS need beside cargo it does not.
fn is_wanted(tool: &Tool, needs: &[Need], mingw: bool) -> bool {
    if !tool.needs.iter().any(|need| needs.contains(need)) {
        return false;
    }
    if tool.is_mingw() { mingw } else { !cfg!(windows) || tool.needs.contains(&Need::Dist) }
}
