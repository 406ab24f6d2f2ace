//! Plan → compiled agent: the Windows binaries, the same bytes from every clone.
//!
//! Paths are remapped, the linker writes no time and sees no path of the clone, one code-generation unit per crate; so neither where the clone lies nor when or
//! with how many threads it was compiled shows in the result.

use super::{Plan, linker};
use crate::Context;
use crate::failure::{Context as _, Failure, Outcome};
use crate::manifest::Arch;
use crate::process::{self, output};
use crate::tools::{Way, WindowsTarget};
use std::path::{Path, PathBuf};
use std::process::Command;

pub const AGENT: &str = "provisioning-agent.exe";
pub const ACTIONS: &str = "custom_actions.dll";

/// Unsigned Windows binaries of one architecture.
#[derive(Debug, Clone)]
pub struct Agent {
    pub arch: Arch,
    pub agent: PathBuf,
    pub actions: PathBuf,
}

/// Compiles, or takes what `--agent-bin` names.
pub fn compile(context: &Context, plan: &Plan, arch: Arch, target: &WindowsTarget) -> Outcome<Agent> {
    let folder = match &target.way {
        Way::Prebuilt(folder) => prebuilt_folder(folder, arch),
        Way::Compiled(way) => cargo(context, plan, way)?,
    };
    let agent = Agent { arch, agent: folder.join(AGENT), actions: folder.join(ACTIONS) };
    for file in [&agent.agent, &agent.actions] {
        check(context, file, arch, matches!(target.way, Way::Prebuilt(_)))?;
    }
    Ok(agent)
}

fn cargo(context: &Context, plan: &Plan, way: &windows_target::Way) -> Outcome<PathBuf> {
    let triple = way.triple();
    let target_dir = std::path::absolute(context.repo.target().join("windows")).context("target")?;
    let mut command = way.cargo_build();
    // What a developer has set for his own builds must not change a release's bytes.
    command.current_dir(context.repo.root()).env_remove("RUSTFLAGS").env_remove("CARGO_TARGET_DIR");
    command
        .args([
            "--package",
            "provisioning-agent",
            "--package",
            "custom-actions",
            "--profile",
            "ship",
            "--locked",
        ])
        .args(["--jobs", &plan.jobs.to_string()])
        .arg("--target-dir")
        .arg(&target_dir)
        .env("CARGO_ENCODED_RUSTFLAGS", rustflags(context, way)?.join("\x1f"))
        .env("PROVISIONING_AGENT_VERSION", plan.version.to_string())
        .env("SOURCE_DATE_EPOCH", plan.epoch.to_string());
    if triple.ends_with("-gnu") {
        linker::use_relative_paths(&mut command, &target_dir)?;
    }
    if plan.offline {
        command.arg("--offline");
    }
    context.reporter.suspend(|| process::run(&mut command))?;
    Ok(target_dir.join(triple).join("ship"))
}

fn rustflags(context: &Context, way: &windows_target::Way) -> Outcome<Vec<String>> {
    let mut rustc = Command::new(way.rustc());
    let sysroot = output(rustc.args(["--print", "sysroot"]))?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib/src/rust");
    let mut flags = Vec::new();
    // The last match wins in rustc, so the most particular prefix comes last.
    let mut remap =
        |from: &Path, to: &str| flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    if let Some(home) = cargo_home() {
        remap(&home, "/cargo");
    }
    remap(&library, "/rust");
    if let Ok(real) = library.canonicalize() {
        remap(&real, "/rust");
    }
    remap(context.repo.root(), "/src");
    remap(&context.repo.target(), "/src/target");
    if way.triple().ends_with("-msvc") {
        flags.push("-Clink-arg=/Brepro".into());
        flags.push("-Ctarget-feature=+crt-static".into());
    } else {
        flags.push("-Clink-arg=-Wl,--no-insert-timestamp".into());
    }
    Ok(flags)
}

fn cargo_home() -> Option<PathBuf> {
    match std::env::var_os("CARGO_HOME") {
        Some(home) => Some(home.into()),
        None => std::env::home_dir().map(|home| home.join(".cargo")),
    }
}

/// `--agent-bin DIR` may hold the binaries of one architecture, or one folder for each.
fn prebuilt_folder(folder: &Path, arch: Arch) -> PathBuf {
    let own = folder.join(arch.name());
    if own.is_dir() { own } else { folder.to_owned() }
}

/// A binary of the wrong machine would install and never start; a path of the build machine would make two clones differ.
fn check(context: &Context, file: &Path, arch: Arch, prebuilt: bool) -> Outcome {
    let shown = context.repo.shown(file);
    let bytes = std::fs::read(file).context(&shown)?;
    let machine =
        pe_machine(&bytes).ok_or_else(|| Failure::Failed(format!("{shown} is no Windows program")))?;
    let wanted = match arch {
        Arch::X64 => 0x8664,
        Arch::Arm64 => 0xaa64,
    };
    if machine != wanted {
        return Err(Failure::Failed(format!(
            "{shown} is for machine type {machine:#06x}, but {arch} is {wanted:#06x}"
        )));
    }
    let root = context.repo.root().to_string_lossy();
    if !prebuilt && root.len() > 1 && memchr::memmem::find(&bytes, root.as_bytes()).is_some() {
        return Err(Failure::Failed(format!(
            "{shown} contains the path {root}, so that another clone would build other bytes"
        )));
    }
    Ok(())
}

fn pe_machine(bytes: &[u8]) -> Option<u16> {
    let header = u32::from_le_bytes(bytes.get(0x3c..0x40)?.try_into().ok()?) as usize;
    let head = bytes.get(header..)?.get(..6)?;
    (bytes.starts_with(b"MZ") && head.starts_with(b"PE\0\0")).then(|| u16::from_le_bytes([head[4], head[5]]))
}

#[cfg(test)]
mod tests {
    use super::pe_machine;

    #[test]
    fn the_machine_is_read_and_hostile_headers_are_refused() {
        let mut pe = vec![0; 0x90];
        pe[..2].copy_from_slice(b"MZ");
        pe[0x3c] = 0x80;
        pe[0x80..0x86].copy_from_slice(b"PE\0\0\x64\x86");
        assert_eq!(pe_machine(&pe), Some(0x8664));
        assert_eq!(pe_machine(&pe[..0x85]), None);
        pe[0x3c..0x40].copy_from_slice(&[0xff; 4]);
        assert_eq!(pe_machine(&pe), None);
        assert_eq!(pe_machine(b""), None);
    }
}
