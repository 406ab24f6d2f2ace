//! Finds what a Wine machine is made of on this host: Wine's loader and server, a C compiler for Windows, a place to work.

use std::env;
use std::path::{Path, PathBuf};

/// The programs and folders that machines are made with.
#[derive(Debug, Clone)]
pub struct Host {
    /// Wine's 64-bit loader.
    pub wine: PathBuf,
    pub wineserver: PathBuf,
    /// Compiles the two small programs that run inside a prefix.
    pub windows_cc: PathBuf,
    /// Templates, prefixes and what failed tests leave; `target/wine` of this workspace.
    pub work: PathBuf,
}

impl Host {
    /// Looks at this host. The error names what is missing and the command that installs it.
    pub fn discover() -> Result<Host, String> {
        let wine = program(&["/usr/lib/wine/wine64", "wine64", "wine"]);
        let wineserver = program(&["/usr/lib/wine/wineserver64", "wineserver"]);
        let windows_cc = program(&["x86_64-w64-mingw32-gcc"]);
        Host::of(wine, wineserver, windows_cc, work_folder()?)
    }

    fn of(
        wine: Option<PathBuf>,
        wineserver: Option<PathBuf>,
        windows_cc: Option<PathBuf>,
        work: PathBuf,
    ) -> Result<Host, String> {
        let mut missing = Vec::new();
        if wine.is_none() || wineserver.is_none() {
            missing.push("Wine (64-bit)");
        }
        if windows_cc.is_none() {
            missing.push("the C compiler x86_64-w64-mingw32-gcc");
        }
        match (wine, wineserver, windows_cc) {
            (Some(wine), Some(wineserver), Some(windows_cc)) => {
                Ok(Host { wine, wineserver, windows_cc, work })
            }
            _ => Err(format!(
                "this test runs a Windows Installer engine and cannot without {}: run `cargo xtask setup`",
                missing.join(" and ")
            )),
        }
    }
}

/// The first of the candidates that exists; plain names are looked up in PATH.
fn program(candidates: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    candidates.iter().find_map(|candidate| {
        if candidate.starts_with('/') {
            return Path::new(candidate).is_file().then(|| PathBuf::from(candidate));
        }
        env::split_paths(&path).map(|folder| folder.join(candidate)).find(|file| file.is_file())
    })
}

/// `target/wine`, found from the running test's own executable, which cargo puts below `target/`.
fn work_folder() -> Result<PathBuf, String> {
    let executable =
        env::current_exe().map_err(|error| format!("cannot tell where this test runs: {error}"))?;
    let profile = executable.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == "deps"));
    let target = profile.and_then(|deps| deps.parent()?.parent());
    match target {
        Some(target) => Ok(target.join("wine")),
        None => Err(format!("{} is not below a cargo target folder", executable.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_the_command_that_installs_it() {
        let some = || Some(PathBuf::from("/usr/bin/x"));
        let error = Host::of(None, some(), None, PathBuf::new()).unwrap_err();
        for said in ["Wine", "x86_64-w64-mingw32-gcc", "cargo xtask setup"] {
            assert!(error.contains(said), "{error}");
        }
        assert!(Host::of(some(), some(), some(), PathBuf::new()).is_ok());
    }
}
