//! `cargo xtask fuzz`: any bytes into a parser, until it breaks or the time is over.
//!
//! The stable compiler instruments code for libFuzzer as well as a nightly one; only its convenient flag is kept from it. So the passes are
//! named here, and nothing but a C++ compiler is needed beside cargo.

use super::fuzz_seeds;
use crate::Context;
use crate::failure::{Context as _, Failure, Outcome};
use crate::process::{self, output};
use diagnostics::{Diagnostics, SourceMap};
use msi_bind::{BuildRequest, DiskWorld};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Feed a parser any bytes until it breaks or the time is over
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Findings go to target/fuzz/findings, what was learnt to target/fuzz/corpus. A finding becomes a test beside the \
                        parser, with the smallest bytes that show it, before it is fixed."
)]
pub struct Fuzz {
    /// A file of fuzz/fuzz_targets, without its ending; all of them, one after the other, where none is named
    target: Vec<String>,
    /// How long each runs
    #[arg(long, value_name = "N", default_value_t = 60)]
    seconds: u64,
}

/// What makes rustc count which code ran and what was compared.
const INSTRUMENTED: [&str; 8] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg",
    "fuzzing",
    "-Ccodegen-units=1",
];

impl Fuzz {
    pub fn run(&self, context: &Context) -> Outcome {
        let known = targets(context)?;
        let chosen: Vec<&String> = match self.target.as_slice() {
            [] => known.iter().collect(),
            named => named.iter().collect(),
        };
        if let Some(unknown) = chosen.iter().find(|name| !known.contains(name)) {
            return Err(Failure::input(format!(
                "there is no fuzz target '{unknown}'; known: {}",
                known.join(", ")
            )));
        }
        let programs = build(context, &chosen)?;
        for name in chosen {
            let work = context.repo.target().join("fuzz");
            let (corpus, findings) = (work.join("corpus").join(name), work.join("findings").join(name));
            for folder in [&corpus, &findings] {
                fs::create_dir_all(folder).context(folder.display())?;
            }
            seed(context, name, &corpus)?;
            let mut run = Command::new(programs.join(name));
            run.arg(format!("-max_total_time={}", self.seconds))
                .arg(format!("-artifact_prefix={}/", findings.display()))
                .args(["-timeout=20", "-rss_limit_mb=2048", "-max_len=65536", "-print_final_stats=1"])
                .arg(&corpus);
            context.reporter.suspend(|| process::run(&mut run)).map_err(|failure| {
                Failure::failed(format!("{failure}\nthe bytes that did it are in {}", findings.display()))
            })?;
            context.reporter.say(format!("{name}: {} s without a finding", self.seconds));
        }
        Ok(())
    }
}

fn targets(context: &Context) -> Outcome<Vec<String>> {
    let folder = context.repo.root().join("fuzz/fuzz_targets");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).context(folder.display())? {
        let path = entry.context(folder.display())?.path();
        if path.is_dir() {
            continue;
        }
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// Compiles the targets; gives the folder of their programs.
fn build(context: &Context, names: &[&String]) -> Outcome<PathBuf> {
    let host = windows_target::host_triple().map_err(Failure::MissingTool)?;
    let folder = context.repo.root().join("fuzz");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(&folder).args(["build", "--release", "--locked"]);
    // Naming the target keeps the flags away from build scripts and macros, which run without libFuzzer.
    cargo.args(["--target", &host, "--target-dir", "target"]);
    for name in names {
        cargo.args(["--bin", name]);
    }
    cargo.env("CARGO_ENCODED_RUSTFLAGS", INSTRUMENTED.join("\x1f")).env_remove("RUSTFLAGS");
    context.reporter.suspend(|| process::run(&mut cargo))?;
    Ok(folder.join("target").join(host).join("release"))
}

/// Gives a target the sources of this repository's tests to begin with, or packages made of them.
fn seed(context: &Context, name: &str, corpus: &Path) -> Outcome {
    for (number, bytes) in fuzz_seeds::of(name).iter().enumerate() {
        let to = corpus.join(format!("seed-{number:03}"));
        fs::write(&to, bytes).context(to.display())?;
    }
    let ending = match name {
        "preprocessor" | "wix" | "database" | "compound_file" | "msi_signature" => "wxs",
        "localization" => "wxl",
        _ => return Ok(()),
    };
    for (number, path) in tracked(context, ending)?.iter().enumerate() {
        let to = corpus.join(format!("seed-{number:03}"));
        if matches!(name, "database" | "compound_file" | "msi_signature") {
            let request = BuildRequest { sources: vec![path.clone()], output: to, ..BuildRequest::default() };
            // A source that lacks files, or is wrong on purpose, makes no seed.
            let _ = msi_bind::build(&request, &DiskWorld, &mut SourceMap::new(), &mut Diagnostics::new());
        } else {
            fs::copy(path, &to).context(to.display())?;
        }
    }
    Ok(())
}

/// Files of this repository with an ending.
fn tracked(context: &Context, ending: &str) -> Outcome<Vec<PathBuf>> {
    let root = context.repo.root();
    let listed =
        output(Command::new("git").current_dir(root).args(["ls-files", "-z", &format!("*.{ending}")]))?;
    Ok(listed.split('\0').filter(|name| !name.is_empty()).map(|name| root.join(name)).collect())
}
