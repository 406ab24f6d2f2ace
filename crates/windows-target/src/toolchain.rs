//! The way that was found, and the cargo that goes it.

use std::path::PathBuf;
use std::process::Command;

/// How a target is compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// The toolchain brings the target's standard library.
    Target { triple: String },
    /// The standard library is compiled too.
    BuildStd { triple: String, cargo: PathBuf, rustc: PathBuf },
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
            Way::Target { triple } => format!("cargo with the {triple} target"),
            Way::BuildStd { triple, cargo, .. } => {
                format!("{} with -Z build-std for {triple}", cargo.display())
            }
        };
        format!("{how}, because {}", self.why)
    }
}

impl Way {
    pub fn triple(&self) -> &str {
        match self {
            Way::Target { triple } | Way::BuildStd { triple, .. } => triple,
        }
    }

    /// The rustc that compiles.
    pub fn rustc(&self) -> PathBuf {
        match self {
            Way::Target { .. } => crate::find::own_rustc(),
            Way::BuildStd { rustc, .. } => rustc.clone(),
        }
    }

    /// `cargo build` for the target, to which the caller adds what it wants built.
    ///
    /// It runs without what the cargo that runs us has put into the environment: another toolchain must not inherit it, and
    /// build scripts must not see our package's variables.
    pub fn cargo_build(&self) -> Command {
        let mut command = match self {
            Way::Target { .. } => Command::new(crate::find::own_cargo()),
            Way::BuildStd { cargo, .. } => Command::new(cargo),
        };
        let of_our_package = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
        let of_our_build = ["CARGO", "CARGO_BUILD_TARGET", "LD_LIBRARY_PATH"];
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if of_our_package.iter().any(|start| text.starts_with(start)) || of_our_build.contains(&&*text) {
                command.env_remove(&name);
            }
        }
        command.arg("build");
        if let Way::BuildStd { rustc, .. } = self {
            command
                .args(["-Z", "build-std=std,panic_abort"])
                .env("RUSTC", rustc)
                .env("RUSTC_BOOTSTRAP", "1")
                .env_remove("RUSTUP_TOOLCHAIN")
                .env_remove("RUSTDOC");
        }
        command.args(["--target", self.triple()]);
        command
    }
}
