//! What a target's name says: the variables that sources read, and the package's architecture.

use super::args::ArchName;
use crate::report::Failure;

/// A Rust target for Windows, such as `x86_64-pc-windows-gnu`.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    pub triple: String,
    /// It was asked for by name, so that cargo puts what it builds into a folder of that name.
    pub named: bool,
    /// `x86_64`, as rustc calls it; part of the package's file name.
    pub arch: String,
    pub vendor: String,
    /// `gnu` or `msvc`.
    pub env: String,
    pub platform: ArchName,
}

impl Target {
    /// Takes a triple apart.
    pub fn new(triple: &str, named: bool) -> Result<Target, Failure> {
        let parts: Vec<&str> = triple.split('-').collect();
        let &[machine, vendor, "windows", env] = parts.as_slice() else {
            return Err(Failure::new(format!("'{triple}' is not a target for Windows"))
                .hint("name one with --target, such as x86_64-pc-windows-gnu"));
        };
        let (arch, platform) = match machine {
            "x86_64" => ("x86_64", ArchName::X64),
            "i586" | "i686" => ("x86", ArchName::X86),
            "aarch64" | "arm64ec" => ("aarch64", ArchName::Arm64),
            other => {
                return Err(Failure::new(format!("packages for the machine '{other}' are not known"))
                    .hint("known: x86_64, i686, aarch64"));
            }
        };
        Ok(Target {
            triple: triple.into(),
            named,
            arch: arch.into(),
            vendor: vendor.into(),
            // rustc calls the environment of gnullvm targets gnu, too.
            env: if env.starts_with("gnu") { "gnu".into() } else { env.into() },
            platform,
        })
    }

    /// The target that is built for where none is asked for.
    pub fn usual() -> Result<Target, Failure> {
        if cfg!(windows) {
            let host = windows_target::host_triple().map_err(Failure::new)?;
            return Target::new(&host, false);
        }
        Target::new("x86_64-pc-windows-gnu", true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triples_come_apart() {
        let target = Target::new("i686-pc-windows-msvc", true).unwrap();
        assert_eq!(
            (target.arch.as_str(), target.vendor.as_str(), target.env.as_str(), target.platform),
            ("x86", "pc", "msvc", ArchName::X86)
        );
        let target = Target::new("aarch64-pc-windows-gnullvm", true).unwrap();
        assert_eq!((target.arch.as_str(), target.env.as_str()), ("aarch64", "gnu"));
        assert!(Target::new("x86_64-unknown-linux-gnu", true).is_err());
    }
}
