//! Which way is open here.

use crate::toolchain::{Way, WindowsTarget};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The way to a target that is open now; the error says in words why none is. `least` is the oldest compiler that will do where
/// the standard library is compiled too.
pub fn find(triple: &str, least: Option<&semver::Version>) -> Result<WindowsTarget, String> {
    let own = own_rustc();
    if has_target(&own, triple) {
        let why =
            if cfg!(windows) { "this is Windows".into() } else { "the toolchain at hand has it".into() };
        return Ok(WindowsTarget { way: Way::Target { triple: triple.into() }, why });
    }
    let mut reasons = vec![format!("{} has no {triple} target", own.display())];
    let debian = (PathBuf::from("/usr/bin/cargo"), PathBuf::from("/usr/bin/rustc"));
    let mut toolchains = vec![(own_cargo(), own)];
    // `cargo` of the PATH may be Debian's already; saying the same thing twice helps nobody.
    if toolchains[0].0 != debian.0 {
        toolchains.push(debian);
    }
    for (cargo, rustc) in toolchains {
        match can_build_std(&cargo, &rustc, triple, least) {
            Ok(()) => {
                let why = format!("{}, and {} has the library's source", reasons[0], rustc.display());
                return Ok(WindowsTarget { way: Way::BuildStd { triple: triple.into(), cargo, rustc }, why });
            }
            Err(reason) => reasons.push(reason),
        }
    }
    Err(reasons.join("; "))
}

/// The target that the toolchain at hand compiles for when none is named.
pub fn host_triple() -> Result<String, String> {
    let said = output(Command::new(own_rustc()).arg("-vV"))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc -vV names no host".into())
}

pub(crate) fn own_cargo() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

pub(crate) fn own_rustc() -> PathBuf {
    PathBuf::from(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

fn has_target(rustc: &Path, triple: &str) -> bool {
    let Ok(folder) = output(Command::new(rustc).args(["--print", "target-libdir", "--target", triple]))
    else {
        return false;
    };
    let Ok(entries) = std::fs::read_dir(folder.trim()) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

fn can_build_std(
    cargo: &Path,
    rustc: &Path,
    triple: &str,
    least: Option<&semver::Version>,
) -> Result<(), String> {
    let said = |error| format!("{} does not run ({error})", rustc.display());
    let version = output(Command::new(rustc).arg("-V")).map_err(said)?;
    match (version.split_whitespace().nth(1).and_then(|word| word.parse::<semver::Version>().ok()), least) {
        (Some(found), Some(least)) if (found.major, found.minor) < (least.major, least.minor) => {
            return Err(format!("{} is {found}, but {least} is needed", rustc.display()));
        }
        (Some(_), _) => {}
        (None, _) => {
            return Err(format!("{} says {:?}, which is no version", rustc.display(), version.trim()));
        }
    }
    let sysroot = output(Command::new(rustc).args(["--print", "sysroot"])).map_err(said)?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library");
    if !library.join("std/Cargo.toml").is_file() {
        return Err(format!("{} has no library source", rustc.display()));
    }
    if output(Command::new(rustc).args(["--print", "cfg", "--target", triple])).is_err() {
        return Err(format!("{} does not know the target {triple}", rustc.display()));
    }
    if output(Command::new(cargo).arg("-V")).is_err() {
        return Err(format!("{} does not run", cargo.display()));
    }
    Ok(())
}

/// What a program prints; the error is what it says instead.
fn output(command: &mut Command) -> Result<String, String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        return Err(format!("{}: {last}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| "what it prints is not UTF-8".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_own_target_needs_nothing_else() {
        let host = host_triple().unwrap();
        let found = find(&host, None).unwrap();
        assert_eq!(found.way, Way::Target { triple: host });
    }

    #[test]
    fn a_target_that_does_not_exist_is_refused_with_reasons() {
        let said = find("z80-none-windows", None).unwrap_err();
        assert!(said.contains("has no z80-none-windows target"), "{said}");
    }
}
