//! Where directories lead, for generated component GUIDs and for uncompressed files.

use crate::package::{Package, text};
use std::collections::BTreeMap;
use std::collections::HashMap;

/// Directories whose place Windows decides; their names never count.
pub(crate) const STANDARD: &[&str] = &[
    "TARGETDIR",
    "AdminToolsFolder",
    "AppDataFolder",
    "CommonAppDataFolder",
    "CommonFiles64Folder",
    "CommonFilesFolder",
    "DesktopFolder",
    "FavoritesFolder",
    "FontsFolder",
    "LocalAppDataFolder",
    "MyPicturesFolder",
    "PerUserProgramFilesFolder",
    "PersonalFolder",
    "ProgramFiles64Folder",
    "ProgramFilesFolder",
    "ProgramMenuFolder",
    "SendToFolder",
    "StartMenuFolder",
    "StartupFolder",
    "System16Folder",
    "System64Folder",
    "SystemFolder",
    "TempFolder",
    "TemplateFolder",
    "WindowsFolder",
    "NetHoodFolder",
    "PrintHoodFolder",
    "RecentFolder",
    "WindowsVolume",
];

/// Which of a DefaultDir's names counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    /// Target names, long, in lower case, standard directories by their key: what component GUIDs are made of.
    Canonical,
    /// Source names, long.
    SourceLong,
    /// Source names, short.
    SourceShort,
}

/// Paths of directories, each worked out once.
pub(crate) struct Directories<'p> {
    rows: HashMap<&'p str, (Option<&'p str>, &'p str)>,
    seeds: Option<&'p BTreeMap<String, String>>,
    names: Names,
    /// In WiX 4 a path begins below TARGETDIR.
    below_target: bool,
    paths: HashMap<&'p str, String>,
}

/// Why a directory has no path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoPath {
    Missing(String),
    Circle(String),
}

impl<'p> Directories<'p> {
    pub fn new(package: &'p Package, names: Names) -> Directories<'p> {
        let rows = package
            .rows("Directory")
            .iter()
            .filter_map(|row| Some((text(row, 0)?, (text(row, 1), text(row, 2).unwrap_or_default()))));
        let seeds = (names == Names::Canonical).then_some(&package.guid_seeds);
        let below_target = names == Names::Canonical && package.is_v4;
        Directories { rows: rows.collect(), seeds, names, below_target, paths: HashMap::new() }
    }

    /// The path of a directory, with backslashes.
    pub fn path(&mut self, directory: &str) -> Result<&str, NoPath> {
        // Up to something whose path is known, then down again.
        let mut chain: Vec<&'p str> = Vec::new();
        let mut at = directory;
        let mut path = loop {
            if let Some(known) = self.paths.get(at) {
                break known.clone();
            }
            if let Some(seed) = self.seeds.and_then(|seeds| seeds.get(at)) {
                let (&key, _) = self.rows.get_key_value(at).ok_or_else(|| NoPath::Missing(at.to_owned()))?;
                self.paths.insert(key, seed.clone());
                break seed.clone();
            }
            let Some((&key, &(parent, _))) = self.rows.get_key_value(at) else {
                return Err(NoPath::Missing(at.to_owned()));
            };
            if chain.len() > self.rows.len() {
                return Err(NoPath::Circle(at.to_owned()));
            }
            chain.push(key);
            let standard = self.names == Names::Canonical && STANDARD.contains(&key);
            let ends = |parent: &str| parent == key || (self.below_target && parent == "TARGETDIR");
            match parent.filter(|parent| !standard && !ends(parent)) {
                Some(parent) => at = parent,
                None => break String::new(),
            }
        };
        while let Some(key) = chain.pop() {
            path = if self.names == Names::Canonical && STANDARD.contains(&key) {
                key.to_owned()
            } else {
                join(&path, self.name(self.rows[key].1).as_deref())
            };
            self.paths.insert(key, path.clone());
        }
        Ok(self.paths.get(directory).map_or("", String::as_str))
    }

    fn name(&self, default_dir: &str) -> Option<String> {
        let (target, source) = default_dir.split_once(':').unwrap_or((default_dir, default_dir));
        let part = if self.names == Names::Canonical { target } else { source };
        let (short, long) = part.split_once('|').unwrap_or((part, part));
        let name = if self.names == Names::SourceShort { short } else { long };
        match name {
            "." => None,
            name if self.names == Names::Canonical => Some(name.to_lowercase()),
            name => Some(name.to_owned()),
        }
    }
}

/// Windows' way to put a name below a path.
pub(crate) fn join(path: &str, name: Option<&str>) -> String {
    match name {
        None => path.to_owned(),
        Some(name) if path.is_empty() => name.to_owned(),
        Some(name) if path.ends_with(['\\', '/', ':']) => format!("{path}{name}"),
        Some(name) => format!("{path}\\{name}"),
    }
}
