//! The binary that the package installs, compiled for Windows.

use super::args::CargoArgs;
use super::target::Target;
use crate::report::{self, Failure};
use std::path::{Path, PathBuf};
use std::process::Command;
use windows_target::Way;

/// What is compiled, and how.
pub struct Binary<'a> {
    pub manifest: &'a Path,
    /// A package that was named.
    pub package: Option<&'a str>,
    pub target: &'a Target,
    pub profile: &'a str,
    pub features: &'a [String],
    pub all_features: bool,
    pub no_default_features: bool,
    pub target_dir: &'a Path,
    pub args: &'a CargoArgs,
}

/// Runs cargo. What it says goes to standard error, as it always does.
pub fn build(binary: &Binary) -> Result<(), Failure> {
    let triple = &binary.target.triple;
    let found = windows_target::find(triple, None).map_err(|reason| no_way(triple, &reason))?;
    report::note(&format!("building the binary: {}", found.describe()));
    let mut cargo = if binary.target.named { found.way.cargo_build() } else { for_host(&found.way) };
    cargo.arg("--manifest-path").arg(binary.manifest).args(["--profile", binary.profile]);
    cargo.arg("--target-dir").arg(binary.target_dir);
    if let Some(package) = binary.package {
        cargo.args(["--package", package]);
    }
    for names in binary.features {
        cargo.args(["--features", names]);
    }
    for (given, flag) in [
        (binary.all_features, "--all-features"),
        (binary.no_default_features, "--no-default-features"),
        (binary.args.locked, "--locked"),
        (binary.args.offline, "--offline"),
    ] {
        if given {
            cargo.arg(flag);
        }
    }
    let status =
        cargo.status().map_err(|error| Failure::new(format!("cargo could not be started: {error}")))?;
    if status.success() {
        return Ok(());
    }
    let failure = Failure::new(format!("cargo could not build the binary for {triple} ({status})"));
    Err(match missing_linker(triple) {
        Some(linker) => failure.hint(format!("{linker} is not here; {}", how_to_link(triple))).exit(3),
        None => failure,
    })
}

/// Cargo as it is without a target's name, so that its output is where the project expects it.
fn for_host(way: &Way) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.arg("build");
    if let Way::BuildStd { .. } = way {
        return way.cargo_build();
    }
    cargo
}

fn no_way(triple: &str, reason: &str) -> Failure {
    let library = match cfg!(target_os = "linux") && Path::new("/usr/bin/apt-get").exists() {
        true => {
            "; or, with Debian's toolchain, `apt-get install rustc-web cargo-web rust-web-src gcc-mingw-w64-x86-64`"
        }
        false => "",
    };
    Failure::new(format!("nothing here compiles for {triple}: {reason}"))
        .hint(format!(
            "run `rustup target add {triple}`{library}; or bring the binary with --no-build --target-bin-dir DIR"
        ))
        .exit(3)
}

fn missing_linker(triple: &str) -> Option<&'static str> {
    let linker = windows_target::linker(triple).filter(|_| !cfg!(windows))?;
    let set = format!("CARGO_TARGET_{}_LINKER", triple.to_uppercase().replace('-', "_"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let here = std::env::split_paths(&path).any(|folder: PathBuf| folder.join(linker).is_file());
    (!here && std::env::var_os(set).is_none()).then_some(linker)
}

fn how_to_link(triple: &str) -> String {
    let machine = triple.split('-').next().unwrap_or_default().replace('_', "-");
    if cfg!(target_os = "macos") {
        "`brew install mingw-w64` brings it".into()
    } else {
        format!(
            "`apt-get install gcc-mingw-w64-{machine}` (Debian) or `dnf install mingw64-gcc` (Fedora) brings it"
        )
    }
}
