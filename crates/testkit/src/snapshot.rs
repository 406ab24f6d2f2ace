//! The state of a machine that an installation can change, and the difference of two such states.

use crate::machine::Machine;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Registry keys that installations write to. The rest of `Classes` is left out for its size.
const KEYS: [&str; 5] = [
    "HKLM\\Software\\Classes\\Installer",
    "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion",
    "HKLM\\Software\\Provisioning Agent",
    "HKLM\\System\\CurrentControlSet\\Services",
    "HKCU\\Software\\Microsoft\\Installer",
];

/// Where the engine keeps its books: keys without values stay behind there, on Windows as in Wine, and say nothing.
const BOOKS: [&str; 2] =
    ["hklm\\software\\classes\\installer", "hklm\\software\\microsoft\\windows\\currentversion\\installer"];

/// A key that stands empty in a fresh prefix. Wine removes it with the last source below it; Windows has sources of its own there.
const EMPTY_AT_FIRST: &str = "hklm\\system\\currentcontrolset\\services\\eventlog\\application";

/// Files that Windows, or the test itself, changes without the installation's doing.
const VOLATILE: [&str; 6] =
    ["packages", "logs", "testkit", "windows/temp", "windows/system32/config", "users"];

/// Files, registry values and services, by a readable name, with a short form of their content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snapshot {
    entries: BTreeMap<String, String>,
}

/// One thing that two snapshots do not agree about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    Added(String),
    Removed(String),
    Changed { name: String, before: String, after: String },
}

impl Machine {
    /// Takes the state of drive C and the registry, less what changes by itself.
    pub fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::default();
        let drive = self.path("C:\\");
        files(&drive, &drive, &mut snapshot).unwrap_or_else(|error| panic!("cannot read drive C: {error}"));
        for key in KEYS {
            snapshot
                .entries
                .extend(self.registry(key).lines().filter(|(name, content)| !says_nothing(name, content)));
        }
        snapshot
    }
}

impl Snapshot {
    /// What `after` has more, less and otherwise than `self`.
    pub fn differences(&self, after: &Snapshot) -> Vec<Difference> {
        let mut differences = Vec::new();
        for (name, before) in &self.entries {
            match after.entries.get(name) {
                None => differences.push(Difference::Removed(name.clone())),
                Some(after) if after != before => differences.push(Difference::Changed {
                    name: name.clone(),
                    before: before.clone(),
                    after: after.clone(),
                }),
                Some(_) => {}
            }
        }
        let added = after.entries.keys().filter(|name| !self.entries.contains_key(*name));
        differences.extend(added.cloned().map(Difference::Added));
        differences
    }

    /// The snapshot without the entries whose names the closure takes.
    pub fn without(mut self, leave_out: impl Fn(&str) -> bool) -> Snapshot {
        self.entries.retain(|name, _| !leave_out(name));
        self
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }
}

/// Whether an entry of the registry is an empty key that comes and goes by itself.
fn says_nothing(name: &str, content: &str) -> bool {
    let name = name.to_lowercase();
    content == "key" && (name == EMPTY_AT_FIRST || BOOKS.iter().any(|book| name.starts_with(book)))
}

fn files(folder: &Path, drive: &Path, snapshot: &mut Snapshot) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let below =
            path.strip_prefix(drive).expect("a file on the drive is below it").to_string_lossy().into_owned();
        if VOLATILE.contains(&below.as_str()) {
            continue;
        }
        let name = format!("C:\\{}", below.replace('/', "\\"));
        let kind = entry.file_type()?;
        if kind.is_dir() {
            snapshot.entries.insert(name, "folder".to_owned());
            files(&path, drive, snapshot)?;
        } else if kind.is_symlink() {
            snapshot.entries.insert(name, format!("link to {}", fs::read_link(&path)?.display()));
        } else {
            let len = entry.metadata()?.len();
            // What Windows itself brings is told by its length; everything else by its content as well.
            let content = if below.starts_with("windows/") && !below.starts_with("windows/Installer") {
                String::new()
            } else {
                let digest = Sha256::digest(fs::read(&path)?);
                digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
            };
            snapshot.entries.insert(name, format!("{len} bytes {content}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_went_and_changed_is_told_apart() {
        let snapshot = |entries: &[(&str, &str)]| Snapshot {
            entries: entries.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
        };
        let before = snapshot(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let after = snapshot(&[("a", "1"), ("b", "2"), ("d", "1")]);
        let changed = Difference::Changed { name: "b".into(), before: "1".into(), after: "2".into() };
        let expected = [changed, Difference::Removed("c".into()), Difference::Added("d".into())];
        assert_eq!(before.differences(&after), expected);
        assert_eq!(before.differences(&before), []);
    }
}
