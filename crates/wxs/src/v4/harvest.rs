//! `Files`: every file that a pattern finds, each a component of its own.

use super::{Around, Lowering, elements, names};
use crate::codes;
use crate::document::{Tree, v3_name};
use diagnostics::Span;
use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

/// Folders below a pattern's may nest this deep; links could otherwise lead in circles.
const MAX_DEPTH: usize = 128;

/// A file that a pattern found.
struct Found {
    path: PathBuf,
    /// The folders between the pattern's and the file's, with backslashes.
    below: String,
}

impl Lowering<'_> {
    pub(super) fn files(&mut self, mut tree: Tree, around: &Around) -> Vec<Tree> {
        let at = tree.span;
        let own = tree.take("Directory");
        let subdirectory = tree.take("Subdirectory");
        let base = match (&own, &around.directory) {
            (Some(own), _) => own.value.clone(),
            (None, Some(outer)) => outer.clone(),
            (None, None) => "INSTALLFOLDER".to_owned(),
        };
        let base = match &subdirectory {
            Some(below) => self.subdirectory(&base, &below.value, below.value_span),
            None => base,
        };
        let away = own.is_some() || subdirectory.is_some();
        let include = tree.get("Include").unwrap_or_default().to_owned();
        let exclude: Vec<String> = tree
            .children
            .iter()
            .filter_map(|child| child.get("Files"))
            .flat_map(|files| files.split(';').map(str::to_owned))
            .collect();
        let place = tree.place("Include");
        let mut found = Vec::new();
        for pattern in include.split(';').filter(|pattern| !pattern.is_empty()) {
            self.find(pattern, around, place, &mut found);
        }
        let mut out = Vec::new();
        for pattern in exclude.iter().filter(|pattern| !pattern.is_empty()) {
            self.find(pattern, around, place, &mut out);
        }
        // Doubled separators and `.` make no other file.
        let key =
            |found: &Found| found.path.components().collect::<PathBuf>().to_string_lossy().to_lowercase();
        let mut seen: HashSet<String> = out.iter().map(key).collect();
        found.retain(|found| seen.insert(key(found)));
        if found.is_empty() {
            let message = format!("'{include}' finds no file");
            self.warn(codes::SUSPICIOUS, place, message);
        }

        let mut made = Vec::new();
        for file in found {
            if !self.harvested.insert(key(&file)) {
                let message = format!("{} is taken in by another <Files> already", file.path.display());
                self.warn(codes::SUSPICIOUS, place, message);
                continue;
            }
            let away = away || !file.below.is_empty();
            let directory = self.subdirectory(&base, &file.below, place);
            let component = component(&file.path, &directory, at);
            if around.in_directory && away {
                let around = Around { source: String::new(), ..around.clone() };
                self.hoist(component, &directory, &around);
            } else if around.in_directory {
                made.push(component);
            } else {
                made.push(component.with("Directory", directory));
            }
        }
        made
    }

    /// Adds what a pattern finds.
    fn find(&mut self, pattern: &str, around: &Around, at: Span, found: &mut Vec<Found>) {
        let pattern = pattern.replace('\\', "/");
        let mut roots: Vec<(PathBuf, String)> = Vec::new();
        if let Some((name, rest)) = pattern.strip_prefix("!(bindpath.").and_then(|rest| rest.split_once(')'))
        {
            let rest = rest.trim_start_matches('/').to_owned();
            for (known, folder) in self.options.bind_paths {
                if known.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(name)) {
                    roots.push((folder.clone(), rest.clone()));
                }
            }
            if roots.is_empty() {
                let message = format!("no bind path has the name '{name}'");
                self.warn(codes::SUSPICIOUS, at, message);
            }
        } else {
            let mut folder = self.folder(at);
            if !around.source.is_empty() {
                folder = folder.join(around.source.replace('\\', "/").trim_end_matches('/'));
            }
            roots.push((folder, pattern));
        }
        for (root, pattern) in roots {
            let recursive = pattern.contains("**");
            let (folder, name) = pattern.rsplit_once('/').unwrap_or(("", &pattern));
            let folder = folder.trim_end_matches("**").trim_end_matches('/');
            let start = if pattern.starts_with('/') && folder.is_empty() {
                PathBuf::from("/")
            } else {
                self.as_it_stands(&root.join(folder))
            };
            let before = found.len();
            if !self.walk(&start, String::new(), name, recursive, 0, found) && found.len() == before {
                let message = format!("the folder {} does not exist", start.display());
                self.warn(codes::SUSPICIOUS, at, message);
            }
        }
    }

    /// A folder by the names that the file system has, where the author wrote them in another case.
    fn as_it_stands(&self, folder: &Path) -> PathBuf {
        let mut found = PathBuf::new();
        for step in folder.components() {
            let next = found.join(step);
            let listed = if found.as_os_str().is_empty() { Path::new(".") } else { &found };
            let same = |entry: &PathBuf| {
                let name = entry.file_name().map(|name| name.to_string_lossy().to_lowercase());
                name == Some(step.as_os_str().to_string_lossy().to_lowercase())
            };
            let known = self.world.list(&next).is_ok() || !matches!(step, Component::Normal(_));
            let other = if known { None } else { self.world.list(listed).ok() };
            let other = other.and_then(|entries| entries.into_iter().find(same));
            found = match other.as_deref().and_then(Path::file_name) {
                Some(name) => found.join(name),
                None => next,
            };
        }
        found
    }

    /// Takes in the files of a folder; `false` where there is no such folder.
    fn walk(
        &self,
        folder: &Path,
        below: String,
        name: &str,
        recursive: bool,
        depth: usize,
        found: &mut Vec<Found>,
    ) -> bool {
        let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let Ok(entries) = self.world.list(listed) else { return false };
        let mut folders = Vec::new();
        for entry in entries {
            let Some(last) = entry.file_name().map(|last| last.to_string_lossy().into_owned()) else {
                continue;
            };
            let path = folder.join(&last);
            if !self.world.is_file(&path) {
                folders.push((path, last));
            } else if matches(name, &last) {
                found.push(Found { path, below: below.clone() });
            }
        }
        if recursive && depth < MAX_DEPTH {
            for (path, last) in folders {
                let below = if below.is_empty() { last } else { format!("{below}\\{last}") };
                self.walk(&path, below, name, true, depth + 1, found);
            }
        }
        true
    }
}

fn component(path: &Path, directory: &str, at: Span) -> Tree {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let id = names::identifier("fls", &[directory, &name]);
    let mut component = Tree::new(&v3_name("Component"), at).with("Id", id.clone()).with("Guid", "*");
    let mut file = Tree::new(&v3_name("File"), at)
        .with("Id", id)
        .with("Name", name)
        .with("KeyPath", "yes")
        .with("Source", path.to_string_lossy());
    elements::shorten(&mut file, "Name", "ShortName", &["File", directory]);
    component.children.push(file);
    component
}

/// Whether a name fits a pattern with `*` and `?`, without regard to case. `*.*` and `**` are every name, as on Windows.
fn matches(pattern: &str, name: &str) -> bool {
    if matches!(pattern, "*.*" | "**" | "*") {
        return true;
    }
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        if p < pattern.len() && (pattern[p] == '?' || pattern[p] == name[n]) && pattern[p] != '*' {
            p += 1;
            n += 1;
        } else if p < pattern.len() && pattern[p] == '*' {
            star = Some((p, n));
            p += 1;
        } else if let Some((at, from)) = star {
            p = at + 1;
            n = from + 1;
            star = Some((at, from + 1));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_fit_names_as_on_windows() {
        assert!(matches("*.TXT", "a.txt") && matches("t?st*", "test1.dat") && matches("*.*", "plain"));
        assert!(!matches("*.txt", "a.txt2") && !matches("t?st", "tst"));
    }
}
