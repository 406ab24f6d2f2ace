//! The DLLs that packages carry: made, written down, and checked.

mod build;
mod manifest;
mod recipe;

use crate::failure::{Context as _, Failure, Outcome};
use crate::repo::Repo;
use manifest::{Entry, Manifest};
use recipe::{DLLS, Dll};
use std::fs;
use std::path::{Path, PathBuf};

/// Makes every DLL and writes it down.
pub fn refresh(repo: &Repo) -> Outcome {
    let compiler = build::compiler()?;
    let mut manifest = Manifest { compiler: compiler.clone(), dlls: Vec::new() };
    for (dll, target) in recipes() {
        if !build::has_target(target.triple)? {
            return Err(Failure::MissingTool(format!(
                "{} cannot be made without the target {}: run `rustup target add {}`",
                dll.file(target.platform),
                target.triple,
                target.triple
            )));
        }
        let bytes = build::build(repo, dll, target)?;
        let file = dll.file(target.platform);
        write(&folder(repo).join("dll").join(&file), &bytes)?;
        manifest.dlls.push(Entry {
            source: recipe::source_hash(repo, dll, target)?,
            sha256: manifest::sha256(&bytes),
            package: dll.package.into(),
            target: target.triple.into(),
            file,
        });
    }
    write(&folder(repo).join("manifest.json"), manifest.to_json().as_bytes())
}

/// Whether what is there fits its sources, and, where the compiler that made it is at hand, comes out the same. Gives what was
/// made again.
pub fn check(repo: &Repo) -> Outcome<Vec<String>> {
    let manifest = Manifest::read(&folder(repo).join("manifest.json"))?;
    let same_compiler = build::compiler()? == manifest.compiler;
    let stale = |file: &str, why: &str| {
        Failure::Failed(format!("{file} {why}; `cargo xtask custom-actions` makes it anew"))
    };
    let mut again = Vec::new();
    for (dll, target) in recipes() {
        let file = dll.file(target.platform);
        let entry = manifest.dlls.iter().find(|entry| entry.file == file);
        let entry = entry.ok_or_else(|| stale(&file, "is not in the manifest"))?;
        if entry.source != recipe::source_hash(repo, dll, target)? {
            return Err(stale(&file, &format!("was made from other sources of {}", dll.package)));
        }
        let path = folder(repo).join("dll").join(&file);
        let bytes = fs::read(&path).context(path.display())?;
        if entry.sha256 != manifest::sha256(&bytes) {
            return Err(stale(&file, "is not what the manifest says"));
        }
        if same_compiler && build::has_target(target.triple)? {
            if build::build(repo, dll, target)? != bytes {
                return Err(stale(&file, "comes out differently when it is made again"));
            }
            again.push(file);
        }
    }
    if manifest.dlls.len() != recipes().count() {
        return Err(stale("manifest.json", "speaks of other DLLs than there are"));
    }
    Ok(again)
}

fn recipes() -> impl Iterator<Item = (&'static Dll, &'static recipe::Target)> {
    DLLS.iter().flat_map(|dll| dll.targets.iter().map(move |target| (dll, target)))
}

fn folder(repo: &Repo) -> PathBuf {
    repo.join("crates/prebuilt-actions")
}

/// Writes a file beside its place first, so that the place never holds a part of it.
fn write(path: &Path, bytes: &[u8]) -> Outcome {
    let parent = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).context(parent.display())?;
    let mut file = tempfile::NamedTempFile::new_in(parent).context(parent.display())?;
    std::io::Write::write_all(&mut file, bytes).context(path.display())?;
    file.persist(path).context(path.display())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dlls_in_packages_are_those_that_their_sources_make() {
        let again = check(&Repo::find().expect("the test runs in the checkout"))
            .unwrap_or_else(|failure| panic!("{failure}"));
        println!("made again: {}", again.join(", "));
    }
}
