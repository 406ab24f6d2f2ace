//! Runs the compiler.

use super::recipe::{Dll, FLAGS, Target};
use crate::failure::{Context as _, Outcome};
use crate::process;
use crate::repo::Repo;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What the compiler at hand calls itself.
pub fn compiler() -> Outcome<String> {
    Ok(process::output(Command::new(rustc()).arg("--version"))?.trim_end().to_owned())
}

/// Whether the compiler at hand has a target.
pub fn has_target(triple: &str) -> Outcome<bool> {
    let folder =
        process::output(Command::new(rustc()).args(["--print", "target-libdir", "--target", triple]))?;
    Ok(Path::new(folder.trim_end()).is_dir())
}

/// Makes one DLL and gives its bytes.
pub fn build(repo: &Repo, dll: &Dll, target: &Target) -> Outcome<Vec<u8>> {
    let folder = tempfile::tempdir().context("no folder to make a DLL in")?;
    // The file's name becomes part of the DLL.
    let output = folder.path().join(format!("{}.dll", dll.name));
    let mut command = Command::new(rustc());
    // Relative, so that no path of this machine gets into the DLL.
    command.current_dir(dll.folder(repo)).args(FLAGS).arg("--crate-name").arg(dll.package.replace('-', "_"));
    command.arg("--target").arg(target.triple).arg("-o").arg(&output).arg("src/lib.rs");
    process::run(&mut command)?;
    fs::read(&output).context(output.display())
}

fn rustc() -> OsString {
    std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}
