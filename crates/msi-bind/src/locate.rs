//! Where source files are: as written, below the bind paths, and at last without regard to case.

use crate::BindPath;
use crate::codes;
use diagnostics::{Diagnostic, Diagnostics, Span};
use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};
use wxs::world::World;

/// Finds files; remembers the folders it has looked into.
pub(crate) struct Locator<'w> {
    world: &'w dyn World,
    bind_paths: &'w [BindPath],
    /// Names in a folder by their lower-case form.
    folders: HashMap<PathBuf, HashMap<String, PathBuf>>,
}

impl<'w> Locator<'w> {
    pub fn new(world: &'w dyn World, bind_paths: &'w [BindPath]) -> Locator<'w> {
        Locator { world, bind_paths, folders: HashMap::new() }
    }

    /// The path of a source file. Says so where there is none.
    pub fn find(&mut self, source: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<PathBuf> {
        let candidates = self.candidates(source);
        if let Some(found) = candidates.iter().find(|path| self.world.is_file(path)) {
            return Some(found.clone());
        }
        for candidate in &candidates {
            if let Some(found) = self.ignoring_case(candidate) {
                let message = format!("\"{source}\" was found as {}; the case differs", found.display());
                diagnostics.push(
                    Diagnostic::warning(codes::FILE_CASE, message)
                        .at(span)
                        .hint("hosts other than Windows tell upper from lower case"),
                );
                return Some(found);
            }
        }
        let mut finding =
            Diagnostic::error(codes::FILE_NOT_FOUND, format!("the file \"{source}\" does not exist"))
                .at(span);
        // One place may be written in several ways.
        let mut named = HashSet::new();
        for candidate in &candidates {
            if named.insert(self.place(candidate)) {
                finding = finding.hint(format!("looked for {}", candidate.display()));
            }
        }
        let inside = source.strip_prefix("!(bindpath.").and_then(|rest| rest.split_once(')'));
        diagnostics.push(match inside {
            Some((name, _)) if candidates.is_empty() => {
                finding.hint(format!("no folder has this name; give it with -b {name}=FOLDER"))
            }
            _ if Path::new(&source.replace('\\', "/")).is_absolute() => finding,
            _ if windows_place(&source.replace('\\', "/")).is_some() => {
                finding.hint("-b FOLDER adds a copy of a Windows machine, such as a Wine prefix, to look in")
            }
            _ => finding.hint("-b FOLDER adds a folder to look in"),
        });
        None
    }

    /// All places where the file may be, best first.
    fn candidates(&self, source: &str) -> Vec<PathBuf> {
        let source = source.replace('\\', "/");
        if let Some((name, rest)) = source.strip_prefix("!(bindpath.").and_then(|rest| rest.split_once(')')) {
            let rest = rest.trim_start_matches('/');
            let named = self.bind_paths.iter().filter(|path| path.name.as_deref() == Some(name));
            return named.map(|path| path.folder.join(rest)).collect();
        }
        if let Some(elsewhere) = windows_place(&source) {
            let here: PathBuf = elsewhere.clone().into();
            let below = self.bind_paths.iter().filter(|path| path.name.is_none());
            let below = below.map(|path| path.folder.join(&elsewhere));
            return [source.into(), here].into_iter().chain(below).collect();
        }
        if Path::new(&source).is_absolute() {
            return vec![source.into()];
        }
        let inner = source.strip_prefix("SourceDir/");
        let relative = inner.unwrap_or(&source);
        let below =
            self.bind_paths.iter().filter(|path| path.name.is_none()).map(|path| path.folder.join(relative));
        if inner.is_some() {
            below.chain([relative.into()]).collect()
        } else {
            std::iter::once(relative.into()).chain(below).collect()
        }
    }

    /// The path from the root of the disk, without `.` and `..`.
    fn place(&self, path: &Path) -> PathBuf {
        let mut place = PathBuf::new();
        for component in self.world.current_dir().join(path).components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir => drop(place.pop()),
                other => place.push(other),
            }
        }
        place
    }

    fn ignoring_case(&mut self, path: &Path) -> Option<PathBuf> {
        let mut found = PathBuf::new();
        for component in path.components() {
            match component {
                Component::Normal(name) => {
                    let exact = found.join(name);
                    let name = name.to_string_lossy().to_lowercase();
                    let folder = if found.as_os_str().is_empty() { Path::new(".") } else { found.as_path() };
                    // What the folder's list lacks may still exist, for folders that cannot be listed.
                    found = match self.names(folder).get(&name) {
                        Some(real) => found.join(real),
                        None => exact,
                    };
                }
                other => found.push(other),
            }
        }
        self.world.is_file(&found).then_some(found)
    }

    fn names(&mut self, folder: &Path) -> &HashMap<String, PathBuf> {
        self.folders.entry(folder.to_owned()).or_insert_with(|| {
            let names = self.world.list(folder).unwrap_or_default();
            // Of names that differ only in case, the first in order counts.
            let mut by_lower = HashMap::with_capacity(names.len());
            for name in names {
                by_lower.entry(name.to_string_lossy().to_lowercase()).or_insert(name);
            }
            by_lower
        })
    }
}

/// Where a copy of a Windows machine has the file of an absolute path: `C:/x` in `drive_c/x`, as Wine does, `//host/x` in
/// `unc/host/x`.
fn windows_place(source: &str) -> Option<String> {
    if let Some(share) = source.strip_prefix("//") {
        return Some(format!("unc/{share}"));
    }
    let (drive, rest) = source.split_once(":/")?;
    let letter = drive.len() == 1 && drive.chars().all(|drive| drive.is_ascii_alphabetic());
    letter.then(|| format!("drive_{}/{rest}", drive.to_ascii_lowercase()))
}
