//! What machine this is, as far as installing goes.

use crate::process::find_program;
use std::process::Command;

/// A program that installs packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageManager {
    Apt,
    Dnf,
    Brew,
}

/// The machine that the task runs on.
#[derive(Debug, Clone, Copy)]
pub struct Host {
    pub manager: Option<PackageManager>,
    root: bool,
}

impl Host {
    /// Looks at the machine once.
    pub fn detect() -> Host {
        let manager = if cfg!(target_os = "macos") {
            find_program(&["brew"]).map(|_| PackageManager::Brew)
        } else if find_program(&["apt-get"]).is_some() {
            Some(PackageManager::Apt)
        } else {
            find_program(&["dnf"]).map(|_| PackageManager::Dnf)
        };
        Host { manager, root: is_root() }
    }

    /// The command that installs `packages`, as a person would type it.
    pub fn install_command(&self, packages: &[&str]) -> Option<Command> {
        let manager = self.manager?;
        let words: &[&str] = match manager {
            PackageManager::Apt => &["apt-get", "install", "-y", "--no-install-recommends"],
            PackageManager::Dnf => &["dnf", "install", "-y"],
            PackageManager::Brew => &["brew", "install"],
        };
        let mut command = self.privileged(words, manager);
        command.args(packages);
        Some(command)
    }

    /// The command that brings the list of packages up to date, where that is a step of its own.
    pub fn refresh_command(&self) -> Option<Command> {
        (self.manager? == PackageManager::Apt)
            .then(|| self.privileged(&["apt-get", "update"], PackageManager::Apt))
    }

    fn privileged(&self, words: &[&str], manager: PackageManager) -> Command {
        // Homebrew refuses to run as root.
        let sudo = !self.root && manager != PackageManager::Brew;
        let mut command = Command::new(if sudo { "sudo" } else { words[0] });
        command.args(&words[usize::from(!sudo)..]);
        if manager == PackageManager::Apt {
            command.env("DEBIAN_FRONTEND", "noninteractive");
        }
        command
    }
}

#[cfg(unix)]
fn is_root() -> bool {
    crate::process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}
