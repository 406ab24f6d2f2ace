//! Paths of the command line: backslashes on any host, names whose case differs, and what `-p` stands for.

use super::args::Args;
use super::wixproj;
use crate::report::{self, Failure};
use std::path::{Component, Path, PathBuf};

/// What the command line asks to be built.
pub struct Chosen {
    /// The sources that are there; none for the cargo package at hand.
    pub files: Vec<PathBuf>,
    /// The package of a workspace.
    pub package: Option<String>,
    /// The preprocessed sources are wanted, and no package.
    pub print: bool,
}

/// `-p` is cargo's package and candle's print. A value that names a source can't be a package, whose names have no dots.
pub fn choose(args: &Args) -> Result<Chosen, Failure> {
    let mut files = args.sources.clone();
    let mut print = args.preprocess;
    let mut package = args.cargo.package.clone();
    match args.package_or_print.as_deref() {
        None => {}
        Some("") => print = true,
        Some(source) if is_source(Path::new(source)) => {
            print = true;
            files.insert(0, source.into());
        }
        Some(name) => package = Some(name.to_owned()),
    }
    if package.is_some() && !files.is_empty() {
        return Err(Failure::new("-p NAME is for cargo packages, but sources are named")
            .hint("a bare -p after the sources, or --preprocess, prints them preprocessed")
            .exit(2));
    }
    let files: Vec<PathBuf> = files.iter().map(|file| existing(file)).collect::<Result<_, _>>()?;
    files.iter().try_for_each(|file| refuse_others(file))?;
    Ok(Chosen { files, package, print })
}

/// Files that belong to WiX sources and are none get the way to use them.
fn refuse_others(path: &Path) -> Result<(), Failure> {
    let ends = |ending: &str| path.extension().is_some_and(|end| end.eq_ignore_ascii_case(ending));
    let shown = path.display();
    if ends("wxl") {
        return Err(Failure::new(format!("'{shown}' is a localization file and no source"))
            .hint(format!("give it with --loc {shown}")));
    }
    if !ends("wixproj") {
        return Ok(());
    }
    let failure = Failure::new(format!("'{shown}' is a project for MSBuild, which does not build here"));
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| {
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
        })
        .unwrap_or_default();
    beside.sort();
    Err(match wixproj::command(path, text.trim_start_matches('\u{feff}'), &beside) {
        Some(command) => failure.hint(format!("in its folder, this builds its sources: `{command}`")),
        None => failure.hint("name its sources: `cargo msi build Product.wxs`"),
    })
}

/// A path as this host writes it: sources and settings come from Windows.
pub fn host_path(text: &str) -> PathBuf {
    if cfg!(windows) || Path::new(text).exists() { text.into() } else { text.replace('\\', "/").into() }
}

/// A file of the command line, found as Windows would find it.
pub fn existing(path: &Path) -> Result<PathBuf, Failure> {
    let shown = path.to_string_lossy();
    if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("wixlib")) {
        return Err(Failure::new(format!(
            "'{shown}' can't be linked: a .wixlib is a private format of one WiX release"
        ))
        .hint("name the .wxs sources it was made from instead"));
    }
    if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("wixobj")) {
        return Err(Failure::new(format!(
            "'{shown}' can't be linked: a .wixobj is a private format of one WiX release"
        ))
        .hint("name the .wxs source it was made from instead"));
    }
    let path = host_path(&shown);
    if path.is_file() {
        return Ok(path);
    }
    match ignoring_case(&path) {
        Some(found) => {
            report::warning(&format!("'{shown}' was found as '{}'; the case differs", found.display()));
            Ok(found)
        }
        None => Err(Failure::new(format!("the file '{shown}' does not exist"))),
    }
}

pub fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("wxs"))
}

fn ignoring_case(path: &Path) -> Option<PathBuf> {
    let mut found = PathBuf::new();
    for component in path.components() {
        let Component::Normal(name) = component else {
            found.push(component);
            continue;
        };
        let exact = found.join(name);
        if exact.exists() {
            found = exact;
            continue;
        }
        let folder = if found.as_os_str().is_empty() { Path::new(".") } else { found.as_path() };
        let wanted = name.to_string_lossy().to_lowercase();
        let entries = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.file_name());
        let mut near: Vec<_> =
            entries.filter(|name| name.to_string_lossy().to_lowercase() == wanted).collect();
        // Of names that differ only in case, the first in order counts, on every machine.
        near.sort();
        found.push(near.first()?);
    }
    found.is_file().then_some(found)
}
