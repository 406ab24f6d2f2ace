//! The catalogue: one entry per tool, everything that set-up knows about it.

use super::PackageManager;
use crate::process::find_program;
use std::path::Path;

/// Who needs a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// `dist`: linking for Windows from another system.
    Dist,
    /// `dist` where the standard library has to be compiled, because rustup cannot bring it.
    BuildStd,
    /// `test`: independent readers and the installer engine.
    Test,
    /// `tidy`.
    Tidy,
}

/// How to tell that a tool is here.
#[derive(Debug, Clone, Copy)]
pub enum Probe {
    /// One of these programs is on the `PATH`.
    Program(&'static [&'static str]),
    /// One of these files exists.
    File(&'static [&'static str]),
    /// `pkg-config --exists` finds the library.
    Library(&'static str),
}

/// One tool.
#[derive(Debug)]
pub struct Tool {
    pub name: &'static str,
    pub purpose: &'static str,
    pub needs: &'static [Need],
    pub probe: Probe,
    /// Debian and Ubuntu; empty where the system has no package.
    pub apt: &'static [&'static str],
    /// Fedora.
    pub dnf: &'static [&'static str],
    /// macOS.
    pub brew: &'static [&'static str],
}

/// All tools, in the order in which they are shown.
pub const TOOLS: &[Tool] = &[
    Tool {
        name: "git",
        purpose: "dates packages by the commit they are built from",
        needs: &[Need::Dist, Need::Tidy],
        probe: Probe::Program(&["git"]),
        apt: &["git"],
        dnf: &["git-core"],
        brew: &["git"],
    },
    Tool {
        name: "mingw-w64 gcc",
        purpose: "links for x86-64 Windows",
        needs: &[Need::Dist],
        probe: Probe::Program(&["x86_64-w64-mingw32-gcc"]),
        apt: &["gcc-mingw-w64-x86-64"],
        dnf: &["mingw64-gcc"],
        brew: &["mingw-w64"],
    },
    Tool {
        name: "mingw-w64 windres",
        purpose: "compiles the version resource and the application manifest",
        needs: &[Need::Dist],
        probe: Probe::Program(&["x86_64-w64-mingw32-windres"]),
        apt: &["binutils-mingw-w64-x86-64"],
        dnf: &["mingw64-binutils"],
        brew: &["mingw-w64"],
    },
    Tool {
        name: "Debian's rustc",
        purpose: "compiles for Windows where rustup cannot bring the target",
        needs: &[Need::BuildStd],
        probe: Probe::File(&["/usr/bin/rustc"]),
        apt: &["rustc-web"],
        dnf: &[],
        brew: &[],
    },
    Tool {
        name: "Debian's cargo",
        purpose: "builds the Windows standard library with -Z build-std",
        needs: &[Need::BuildStd],
        probe: Probe::File(&["/usr/bin/cargo"]),
        apt: &["cargo-web"],
        dnf: &[],
        brew: &[],
    },
    Tool {
        name: "Debian's Rust library source",
        purpose: "the standard library that -Z build-std compiles",
        needs: &[Need::BuildStd],
        probe: Probe::File(&["/usr/lib/rustlib/src/rust/library/std/Cargo.toml"]),
        apt: &["rust-web-src"],
        dnf: &[],
        brew: &[],
    },
    Tool {
        name: "pkg-config",
        purpose: "finds OpenSSL for the agent's tests on Linux",
        needs: &[Need::Test],
        probe: Probe::Program(&["pkg-config"]),
        apt: &["pkg-config"],
        dnf: &["pkgconf-pkg-config"],
        brew: &["pkgconf"],
    },
    Tool {
        name: "OpenSSL headers",
        purpose: "TLS of the agent when it runs on Linux",
        needs: &[Need::Test],
        probe: Probe::Library("openssl"),
        apt: &["libssl-dev"],
        dnf: &["openssl-devel"],
        brew: &["openssl@3"],
    },
    Tool {
        name: "Wine",
        purpose: "the installer engine of the life-cycle tests",
        needs: &[Need::Test],
        probe: Probe::Program(&["wine", "wine64"]),
        apt: &["wine", "wine64"],
        dnf: &["wine-core"],
        brew: &["wine-stable"],
    },
    Tool {
        name: "ps",
        purpose: "shows that a test leaves no process behind",
        needs: &[Need::Test],
        probe: Probe::Program(&["ps"]),
        apt: &["procps"],
        dnf: &["procps-ng"],
        brew: &[],
    },
    Tool {
        name: "osslsigncode",
        purpose: "checks our signatures independently",
        needs: &[Need::Test],
        probe: Probe::Program(&["osslsigncode"]),
        apt: &["osslsigncode"],
        dnf: &["osslsigncode"],
        brew: &["osslsigncode"],
    },
    Tool {
        name: "openssl",
        purpose: "writes keys in every form, and time stamps",
        needs: &[Need::Test],
        probe: Probe::Program(&["openssl"]),
        apt: &["openssl"],
        dnf: &["openssl"],
        brew: &["openssl@3"],
    },
    Tool {
        name: "SoftHSM",
        purpose: "a token in software, to sign with over PKCS#11",
        needs: &[Need::Test],
        probe: Probe::Program(&["softhsm2-util"]),
        apt: &["softhsm2"],
        dnf: &["softhsm"],
        brew: &["softhsm"],
    },
    Tool {
        name: "pkcs11-tool",
        purpose: "puts certificates on the token",
        needs: &[Need::Test],
        probe: Probe::Program(&["pkcs11-tool"]),
        apt: &["opensc"],
        dnf: &["opensc"],
        brew: &["opensc"],
    },
    Tool {
        name: "msiinfo",
        purpose: "reads our databases independently",
        needs: &[Need::Test],
        probe: Probe::Program(&["msiinfo"]),
        apt: &["msitools"],
        dnf: &["msitools"],
        brew: &["msitools"],
    },
    Tool {
        name: "cabextract",
        purpose: "reads our cabinets independently",
        needs: &[Need::Test],
        probe: Probe::Program(&["cabextract"]),
        apt: &["cabextract"],
        dnf: &["cabextract"],
        brew: &["cabextract"],
    },
    Tool {
        name: "7z",
        purpose: "reads our packages and cabinets independently",
        needs: &[Need::Test],
        probe: Probe::Program(&["7z", "7zz"]),
        apt: &["p7zip-full"],
        dnf: &["p7zip-plugins"],
        brew: &["sevenzip"],
    },
    Tool {
        name: "Xvfb",
        purpose: "a screen for the tests that open windows",
        needs: &[Need::Test],
        probe: Probe::Program(&["Xvfb"]),
        apt: &["xvfb"],
        dnf: &["xorg-x11-server-Xvfb"],
        brew: &[],
    },
    Tool {
        name: "xdotool",
        purpose: "presses keys and clicks in the tests that open windows",
        needs: &[Need::Test],
        probe: Probe::Program(&["xdotool"]),
        apt: &["xdotool"],
        dnf: &["xdotool"],
        brew: &["xdotool"],
    },
    Tool {
        name: "ImageMagick",
        purpose: "takes pictures of the windows that tests open",
        needs: &[Need::Test],
        probe: Probe::Program(&["import"]),
        apt: &["imagemagick"],
        dnf: &["ImageMagick"],
        brew: &["imagemagick"],
    },
];

impl Tool {
    /// Whether it is on this machine.
    pub fn is_here(&self) -> bool {
        match self.probe {
            Probe::Program(names) => find_program(names).is_some(),
            Probe::File(paths) => paths.iter().any(|path| Path::new(path).is_file()),
            Probe::Library(name) => find_program(&["pkg-config"]).is_some_and(|program| {
                std::process::Command::new(program)
                    .args(["--exists", name])
                    .stdin(std::process::Stdio::null())
                    .status()
                    .is_ok_and(|status| status.success())
            }),
        }
    }

    /// Whether it belongs to the cross compiler, which Windows and prebuilt binaries make unnecessary.
    pub fn is_mingw(&self) -> bool {
        self.name.starts_with("mingw")
    }

    /// Its packages with one package manager; `None` where there are none.
    pub fn packages(&self, manager: PackageManager) -> Option<&'static [&'static str]> {
        let packages = match manager {
            PackageManager::Apt => self.apt,
            PackageManager::Dnf => self.dnf,
            PackageManager::Brew => self.brew,
        };
        (!packages.is_empty()).then_some(packages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_can_come_from_debian_and_says_what_it_is_for() {
        for tool in TOOLS {
            assert!(!tool.apt.is_empty(), "{}", tool.name);
            assert!(!tool.purpose.is_empty() && !tool.needs.is_empty(), "{}", tool.name);
        }
    }
}
