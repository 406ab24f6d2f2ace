//! `cargo xtask setup`: installs, or reports, the tools that the other tasks need.

use crate::Context;
use crate::failure::{Failure, Outcome};
use crate::manifest::{Arch, Manifest, Workspace};
use crate::tools::{
    Consent, Host, Need, TOOLS, Tool, WindowsTarget, acquire, explain, explain_closed, find_way, install,
};
use serde_json::json;
use std::path::PathBuf;

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
        let host = Host::detect();
        let least = Workspace::load(&context.repo)?.rust_version;
        let mut failures = Vec::new();
        let mut ways = Vec::new();
        let mut mingw = false;
        for &arch in &manifest.matrix.architectures {
            match find_way(arch, self.agent_bin.as_deref(), &least) {
                Ok(target) => {
                    mingw |= target.needs_mingw();
                    ways.push(json!({ "arch": arch, "ready": true, "way": target.describe() }));
                    if !self.json {
                        context.reporter.say(format!("Windows {arch}: {}", target.describe()));
                    }
                }
                Err(closed) => {
                    mingw |= !cfg!(windows);
                    ways.push(json!({ "arch": arch, "ready": false, "why": closed }));
                    failures.push(explain_closed(arch, &closed, &host).to_string());
                }
            }
        }
        let wanted: Vec<&Tool> = TOOLS.iter().filter(|tool| is_wanted(tool, needs, mingw)).collect();
        let missing: Vec<&Tool> = wanted.iter().copied().filter(|tool| !tool.is_here()).collect();
        if self.json {
            let tools: Vec<_> = wanted
                .iter()
                .map(|tool| {
                    let here = !missing.iter().any(|other| std::ptr::eq(*other, *tool));
                    json!({ "name": tool.name, "purpose": tool.purpose, "here": here, "apt": tool.apt })
                })
                .collect();
            let ready = missing.is_empty() && failures.is_empty();
            println!("{}", json!({ "ready": ready, "windows": ways, "tools": tools }));
        } else {
            for tool in &wanted {
                let here = !missing.iter().any(|other| std::ptr::eq(*other, *tool));
                let state = if here {
                    context.reporter.paint("32", "here   ")
                } else {
                    context.reporter.paint("31", "missing")
                };
                context.reporter.say(format!("{state}  {}: {}", tool.name, tool.purpose));
            }
        }
        if !missing.is_empty() {
            failures.push(explain(&missing, &host).to_string());
        }
        if failures.is_empty() { Ok(()) } else { Err(Failure::MissingTool(failures.join("\n"))) }
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
    let host = Host::detect();
    let least = Workspace::load(&context.repo)?.rust_version;
    let consent = Consent::from_flag(flags.yes);
    let mut targets = Vec::new();
    for &arch in architectures {
        let target = if flags.setup {
            acquire(arch, flags.agent_bin.as_deref(), &least, &host, consent, &context.reporter)?
        } else {
            find_way(arch, flags.agent_bin.as_deref(), &least)
                .map_err(|closed| explain_closed(arch, &closed, &host))?
        };
        context.reporter.say(format!("Windows {arch}: {}", target.describe()));
        targets.push((arch, target));
    }
    let mingw = targets.iter().any(|(_, target)| target.needs_mingw());
    let missing: Vec<&Tool> =
        TOOLS.iter().filter(|tool| is_wanted(tool, needs, mingw) && !tool.is_here()).collect();
    if missing.is_empty() {
        return Ok(targets);
    }
    if !flags.setup {
        return Err(explain(&missing, &host));
    }
    install(&missing, &host, consent, &context.reporter)?;
    Ok(targets)
}

/// Windows has its own linker, installer engine and display; what Linux and macOS need beside cargo it does not.
fn is_wanted(tool: &Tool, needs: &[Need], mingw: bool) -> bool {
    if !tool.needs.iter().any(|need| needs.contains(need)) {
        return false;
    }
    if tool.is_mingw() { mingw } else { !cfg!(windows) || tool.needs.contains(&Need::Dist) }
}
