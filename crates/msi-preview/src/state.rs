//! The moment that is drawn: values of properties, folders, states of features.

use crate::model::tables::rows;
use msi_db::Database;
use msi_db::condition::{self, Facts};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a running installation would know. Made from a package for a first installation by an administrator on 64-bit Windows;
/// the caller's own values come on top.
#[derive(Debug, Clone, Default)]
pub struct State {
    properties: BTreeMap<String, String>,
    /// The state that each feature will be in.
    features: HashMap<String, i32>,
}

/// Properties that the engine sets ("Property Reference"), with values of no real machine. No clock is read: moments are those
/// of a picture.
const ENGINE: [(&str, &str); 31] = [
    ("AdminUser", "1"),
    ("AdminToolsFolder", r"C:\ProgramData\Microsoft\Windows\Start Menu\Programs\Administrative Tools\"),
    ("AppDataFolder", concat!(r"C:\", r"Users\User\AppData\Roaming\")),
    ("COMPANYNAME", "Company"),
    ("CommonAppDataFolder", r"C:\ProgramData\"),
    ("CommonFiles64Folder", r"C:\Program Files\Common Files\"),
    ("CommonFilesFolder", r"C:\Program Files (x86)\Common Files\"),
    ("ComputerName", "COMPUTER"),
    ("CostingComplete", "1"),
    ("DesktopFolder", concat!(r"C:\", r"Users\Public\Desktop\")),
    ("FontsFolder", r"C:\Windows\Fonts\"),
    ("INSTALLLEVEL", "1"),
    ("Intel", "6"),
    ("LocalAppDataFolder", concat!(r"C:\", r"Users\User\AppData\Local\")),
    ("LogonUser", "User"),
    ("MsiNTProductType", "3"),
    ("Msix64", "6"),
    ("Privileged", "1"),
    ("ProgramFiles64Folder", r"C:\Program Files\"),
    ("ProgramFilesFolder", r"C:\Program Files (x86)\"),
    ("ProgramMenuFolder", r"C:\ProgramData\Microsoft\Windows\Start Menu\Programs\"),
    ("SourceDir", r"D:\"),
    ("StartMenuFolder", r"C:\ProgramData\Microsoft\Windows\Start Menu\"),
    ("System64Folder", r"C:\Windows\System32\"),
    ("SystemFolder", r"C:\Windows\SysWOW64\"),
    ("TARGETDIR", r"C:\"),
    ("TempFolder", concat!(r"C:\", r"Users\User\AppData\Local\Temp\")),
    ("USERNAME", "User"),
    ("UserLanguageID", "1033"),
    ("VersionNT", "603"),
    ("VersionNT64", "603"),
];

/// More folders of the engine, which packages refer to less often.
const MORE: [(&str, &str); 6] = [
    ("PrimaryVolumePath", "C:"),
    ("PrimaryVolumeSpaceAvailable", "104857600"),
    ("PrimaryVolumeSpaceRequired", "20480"),
    ("UILevel", "5"),
    ("WindowsFolder", r"C:\Windows\"),
    ("WindowsVolume", r"C:\"),
];

impl State {
    /// The state of a first installation of `database`, with `given` properties set by the caller.
    pub fn of(database: &Database, given: &BTreeMap<String, String>) -> State {
        let engine =
            ENGINE.iter().chain(&MORE).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut state = State { properties: engine.collect(), features: HashMap::new() };
        for row in rows(database, "Property") {
            if let (Some(name), Some(value)) = (row.str("Property"), row.str("Value")) {
                state.properties.insert(name.to_owned(), value.to_owned());
            }
        }
        state.properties.extend(given.iter().map(|(name, value)| (name.clone(), value.clone())));
        for (folder, path) in folders(database, &state.properties) {
            state.properties.entry(folder).or_insert(path);
        }
        let level = state.properties.get("INSTALLLEVEL").and_then(|level| level.parse().ok()).unwrap_or(1);
        for row in rows(database, "Feature") {
            let chosen = row.int("Level").is_some_and(|own| own > 0 && own <= level);
            state
                .features
                .insert(row.str("Feature").unwrap_or_default().to_owned(), if chosen { 3 } else { 2 });
        }
        state
    }

    /// A property's value; empty where it is not set.
    pub fn value(&self, name: &str) -> &str {
        self.properties.get(name).map_or("", String::as_str)
    }

    /// Whether a condition holds. One that the engine would refuse does not.
    pub fn holds(&self, condition: &str) -> bool {
        condition::evaluate(condition, self).unwrap_or(false)
    }

    /// Whether a feature is chosen.
    pub(crate) fn chosen(&self, feature: &str) -> bool {
        self.features.get(feature) == Some(&3)
    }
}

impl Facts for State {
    fn property(&self, name: &str) -> Option<Cow<'_, str>> {
        self.properties.get(name).map(|value| Cow::Borrowed(value.as_str()))
    }

    fn feature(&self, name: &str, action: bool) -> i32 {
        match (self.features.get(name), action) {
            (Some(state), true) => *state,
            (Some(_), false) => 2,
            (None, _) => -1,
        }
    }
}

/// Paths of the folders of the Directory table, as costing would resolve them.
fn folders(database: &Database, known: &BTreeMap<String, String>) -> HashMap<String, String> {
    let table: HashMap<&str, (Option<&str>, &str)> = rows(database, "Directory")
        .filter_map(|row| {
            let parent = row.str("Directory_Parent");
            Some((row.str("Directory")?, (parent, row.str("DefaultDir").unwrap_or("."))))
        })
        .collect();
    let mut paths = HashMap::new();
    for folder in table.keys() {
        let (mut names, mut at, mut seen) = (Vec::new(), *folder, HashSet::new());
        let base = loop {
            if let Some(path) = known.get(at) {
                break path.clone();
            }
            match table.get(at) {
                Some((Some(parent), name)) if *parent != at && seen.insert(at) => {
                    names.push(long_name(name));
                    at = parent;
                }
                _ => break r"C:\".to_owned(),
            }
        };
        let mut path = base;
        for name in names.into_iter().rev().filter(|name| *name != ".") {
            if !path.ends_with('\\') {
                path.push('\\');
            }
            path += name;
        }
        if !path.ends_with('\\') {
            path.push('\\');
        }
        paths.insert((*folder).to_owned(), path);
    }
    paths
}

/// Of `target:source` the target, of `short|long` the long name.
fn long_name(default_dir: &str) -> &str {
    let target = default_dir.split_once(':').map_or(default_dir, |(target, _)| target);
    target.split_once('|').map_or(target, |(_, long)| long)
}

#[cfg(test)]
mod tests {
    use super::*;
    use msi_db::{Value, catalogue};

    fn database(directories: &[(&str, Option<&str>, &str)]) -> Database {
        let mut database = Database::new(0);
        let table = database.ensure_table(catalogue::find("Directory").expect("a known table"));
        for (id, parent, name) in directories {
            table.rows.push(vec![Value::from(*id), parent.map(Value::from).into(), Value::from(*name)]);
        }
        database
    }

    #[test]
    fn folders_have_the_paths_that_costing_gives_them() {
        let database = database(&[
            ("TARGETDIR", None, "SourceDir"),
            ("ProgramFiles64Folder", Some("TARGETDIR"), "."),
            ("INSTALLDIR", Some("ProgramFiles64Folder"), "PRODUC~1|Product:source"),
            ("Bin", Some("INSTALLDIR"), "bin"),
        ]);
        let state = State::of(&database, &BTreeMap::new());
        assert_eq!(state.value("Bin"), r"C:\Program Files\Product\bin\");
        assert_eq!(long_name("PRODUC~1|Product"), "Product");
        let given = BTreeMap::from([("INSTALLDIR".to_owned(), r"E:\x".to_owned())]);
        assert_eq!(State::of(&database, &given).value("Bin"), r"E:\x\bin\");
    }

    #[test]
    fn folders_that_are_their_own_ancestors_end() {
        let database = database(&[("A", Some("B"), "a"), ("B", Some("A"), "b")]);
        assert!(State::of(&database, &BTreeMap::new()).value("A").starts_with("C:\\"));
    }
}
