//! `cargo xtask tidy`: format, lints, and the house rules for files.

use crate::Context;
use crate::failure::{Failure, Outcome};
use crate::manifest::{Arch, Workspace};
use crate::process::{output, run};
use crate::tools::{Way, find_way};
use std::path::Path;
use std::process::Command;

/// Check format, lints and the house rules for files
#[derive(Debug, clap::Args)]
pub struct Tidy {
    /// Reformat instead of complaining about the format
    #[arg(long)]
    fix: bool,
}

/// A file past this is a flat catalogue, which is read by searching, or wants dividing.
const LINES: usize = 900;
/// Flat catalogues: data, no control flow.
const CATALOGUES: &[&str] = &["crates/msi-db/src/catalogue", "crates/wxs/src/schema"];

/// Files that another one takes in with `include!`, where `//!` is a syntax error.
const INCLUDED: &[&str] = &["agent/src/event_catalogue.rs"];

impl Tidy {
    pub fn run(&self, context: &Context) -> Outcome {
        let root = context.repo.root();
        let step = context.reporter.step("files");
        let faults = file_faults(root)?;
        if !faults.is_empty() {
            return Err(Failure::Failed(faults.join("\n")));
        }
        step.done("");
        let step = context.reporter.step("format");
        let mut format = cargo(root);
        format.args(["fmt", "--all"]);
        if !self.fix {
            format.args(["--", "--check"]);
        }
        context.reporter.suspend(|| run(&mut format))?;
        step.done("");
        let step = context.reporter.step("lints");
        let mut clippy = cargo(root);
        clippy.args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ]);
        context.reporter.suspend(|| run(&mut clippy))?;
        step.done("");
        lint_for_windows(context)
    }
}

/// The parts that only Windows compiles: the actions, the agent's service, the second backend.
fn lint_for_windows(context: &Context) -> Outcome {
    let least = Workspace::load(&context.repo)?.rust_version;
    let way = find_way(Arch::X64, None, &least).map(|target| target.way);
    let Ok(Way::Compiled(windows_target::Way::Target { triple })) = way else {
        context.reporter.warn(
            "the code for Windows was not linted: this toolchain has no Windows target (`rustup target add x86_64-pc-windows-gnu`)",
        );
        return Ok(());
    };
    let step = context.reporter.step("lints for Windows");
    let mut clippy = cargo(context.repo.root());
    clippy.args(["clippy", "--target", &triple, "--locked", "--quiet"]);
    clippy.args(["--package", "xtask", "--package", "provisioning-agent", "--package", "custom-actions"]);
    clippy.args(["--", "-D", "warnings"]);
    context.reporter.suspend(|| run(&mut clippy))?;
    step.done("");
    Ok(())
}

fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// What is wrong with the files that git knows, one line each.
fn file_faults(root: &Path) -> Outcome<Vec<String>> {
    let list = output(Command::new("git").arg("-C").arg(root).args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut faults = Vec::new();
    for name in list.split('\0').filter(|name| !name.is_empty()) {
        // A file that was deleted and not committed yet is not there, and a binary one is no text.
        let Ok(text) = std::fs::read_to_string(root.join(name)) else { continue };
        faults.extend(text_faults(name, &text));
    }
    Ok(faults)
}

fn text_faults(name: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if let Some(line) = text.lines().position(has_machine_path) {
        faults.push(format!("{name}:{}: a path of somebody's machine", line + 1));
    }
    if !name.ends_with(".rs") {
        return faults;
    }
    if !(text.starts_with("//!") || INCLUDED.contains(&name) && text.starts_with("// ")) {
        faults.push(format!("{name}:1: a file starts with `//!` and says what it is"));
    }
    let lines = text.lines().count();
    if lines > LINES && !CATALOGUES.iter().any(|start| name.starts_with(start)) {
        faults.push(format!("{name}: {lines} lines; past {LINES} it wants dividing"));
    }
    for (number, line) in text.lines().enumerate() {
        // Written so that this file does not find itself.
        for mark in [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("#[ig", "nore")] {
            if line.contains(mark) {
                faults.push(format!("{name}:{}: {mark}", number + 1));
            }
        }
    }
    faults
}

/// Home folders and the like: they mean something on one machine only.
fn has_machine_path(line: &str) -> bool {
    let starts = [
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("/Us", "ers/"),
        concat!("/wo", "rk/"),
        concat!("C:\\Us", "ers\\"),
    ];
    starts.iter().any(|start| {
        line.match_indices(start).any(|(at, _)| {
            // `target/work/` or `https://host/home/` only look like it.
            let before = line[..at].chars().next_back();
            !before.is_some_and(|c| c.is_alphanumeric() || "._-}>)/~".contains(c))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{file_faults, has_machine_path, text_faults};
    use crate::repo::Repo;

    #[test]
    fn the_files_of_this_repository_keep_the_house_rules() {
        let repo = Repo::find().expect("a checkout");
        let faults = file_faults(repo.root()).expect("git lists the files");
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn machine_paths_are_told_from_others() {
        for line in
            [concat!("see /ho", "me/ann/x"), concat!("\"/wo", "rk/main\""), concat!("C:\\Us", "ers\\ann")]
        {
            assert!(has_machine_path(line), "{line}");
        }
        for line in ["target/work/x", "https://example.org/home/", "the user's home", "$HOME/.cargo"] {
            assert!(!has_machine_path(line), "{line}");
        }
    }

    #[test]
    fn rules_for_rust_files() {
        assert!(text_faults("a.rs", "//! Says what it is.\n").is_empty());
        assert_eq!(text_faults("a.rs", "fn main() {}\n").len(), 1);
        assert_eq!(text_faults("a.md", "no head needed\n").len(), 0);
        assert_eq!(text_faults("a.rs", &format!("//! x\n{}", "\n".repeat(900))).len(), 1);
        assert_eq!(text_faults("a.rs", concat!("//! x\n// TO", "DO: later\n")).len(), 1);
    }
}
