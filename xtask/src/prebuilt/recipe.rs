//! Which DLLs there are, from which crates, with which flags: data.

use super::manifest;
use crate::failure::{Context as _, Outcome};
use crate::repo::Repo;
use std::fs;
use std::path::{Path, PathBuf};

/// One DLL. Its crate needs no other crate, no standard library and no C runtime: the compiler's own linker makes it, on every
/// host and with the same bytes, from nothing but the compiler.
pub struct Dll {
    pub name: &'static str,
    pub package: &'static str,
    pub targets: &'static [Target],
}

/// What a DLL is made for.
pub struct Target {
    /// As the sources of libraries name it.
    pub platform: &'static str,
    pub triple: &'static str,
}

const WINDOWS: &[Target] = &[
    Target { platform: "arm64", triple: "aarch64-pc-windows-msvc" },
    Target { platform: "x64", triple: "x86_64-pc-windows-msvc" },
    Target { platform: "x86", triple: "i686-pc-windows-msvc" },
];

pub const DLLS: &[Dll] = &[Dll { name: "wixui", package: "wixui-actions", targets: WINDOWS }];

/// Flags for every DLL: small, without anything that differs from host to host.
pub const FLAGS: &[&str] = &[
    "--edition=2024",
    "--crate-type=cdylib",
    "-Copt-level=z",
    "-Cpanic=abort",
    "-Clto=fat",
    "-Ccodegen-units=1",
    "-Cstrip=symbols",
    "-Clinker=rust-lld",
    "-Clinker-flavor=lld-link",
    "-Clink-arg=/NODEFAULTLIB",
    "-Clink-arg=/NOENTRY",
    "-Clink-arg=/NOIMPLIB",
    "-Clink-arg=/DEBUG:NONE",
    "-Clink-arg=/Brepro",
];

impl Dll {
    /// Its path among the DLLs.
    pub fn file(&self, platform: &str) -> String {
        format!("{platform}/{}.dll", self.name)
    }

    pub fn folder(&self, repo: &Repo) -> PathBuf {
        repo.join("crates").join(self.package)
    }
}

/// A hash of everything that a DLL is made of but the compiler. Line ends do not count: checkouts differ in them.
pub fn source_hash(repo: &Repo, dll: &Dll, target: &Target) -> Outcome<String> {
    let root = dll.folder(repo).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut text = format!("{}\n{}\n", target.triple, FLAGS.join("\n")).into_bytes();
    for file in files {
        let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let mut content = fs::read(&file).context(file.display())?;
        content.retain(|byte| *byte != b'\r');
        text.extend(format!("{name}\n{}\n", content.len()).into_bytes());
        text.extend(content);
    }
    Ok(manifest::sha256(&text))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    for entry in fs::read_dir(folder).context(folder.display())? {
        let path = entry.context(folder.display())?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
