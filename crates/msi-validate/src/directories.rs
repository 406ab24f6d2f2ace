//! Where the Directory table's entries lead: the standard folder or root they hang on, and whether two are one folder.

use crate::category::short_and_long;
use crate::package::Package;
use std::collections::{HashMap, HashSet};

/// Folders that Windows Installer knows by property and that hold machine-wide programs; ordinary users cannot write there.
const PROTECTED: [&str; 12] = [
    "ProgramFilesFolder",
    "ProgramFiles64Folder",
    "ProgramFiles6432Folder",
    "CommonFilesFolder",
    "CommonFiles64Folder",
    "CommonFiles6432Folder",
    "WindowsFolder",
    "SystemFolder",
    "System64Folder",
    "System6432Folder",
    "System16Folder",
    "FontsFolder",
];

/// Folders of the user's profile that are the user's own in every installation context.
pub const PER_USER: [&str; 9] = [
    "AppDataFolder",
    "FavoritesFolder",
    "LocalAppDataFolder",
    "MyPicturesFolder",
    "NetHoodFolder",
    "PersonalFolder",
    "PrintHoodFolder",
    "RecentFolder",
    "SendToFolder",
];

/// Folders that are the user's or everybody's, as ALLUSERS says.
pub const PER_USER_OR_MACHINE: [&str; 6] = [
    "AdminToolsFolder",
    "DesktopFolder",
    "ProgramMenuFolder",
    "StartMenuFolder",
    "StartupFolder",
    "TemplateFolder",
];

/// Standard folders of no profile in which ordinary users may create files.
const SHARED: [&str; 4] = ["CommonAppDataFolder", "TempFolder", "WindowsVolume", "ROOTDRIVE"];

/// A place in the tree of target folders; equal numbers are one folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place(usize);

#[derive(Debug, Clone, Copy)]
struct Node<'a> {
    anchor: &'a str,
    long: Place,
    short: Place,
}

/// The resolved Directory table.
pub struct Directories<'a> {
    nodes: HashMap<&'a str, Node<'a>>,
    /// Parent and name of each place, for messages.
    places: Vec<(Option<Place>, String)>,
}

impl<'a> Directories<'a> {
    /// Resolves all entries, each once. An entry below itself, or below one that does not exist, hangs on nothing and is left
    /// out: ICE03 and ICE56 speak of those.
    pub fn new(package: &Package<'a>) -> Directories<'a> {
        let mut directories = Directories { nodes: HashMap::new(), places: Vec::new() };
        let mut known: HashMap<(Option<Place>, String), Place> = HashMap::new();
        // Entries whose way up ends nowhere or in a circle; a way is walked once.
        let mut lost: HashSet<&str> = HashSet::new();
        for entry in package.rows("Directory") {
            let mut pending = vec![entry];
            let mut on_the_way = HashSet::from([entry.text("Directory")]);
            // Up to an entry that is resolved, then down again.
            while let Some(&top) = pending.last() {
                let id = top.text("Directory");
                let parent = top.text("Directory_Parent");
                if directories.nodes.contains_key(id) {
                    pending.pop();
                } else if parent.is_empty() || parent == id || is_standard(id) {
                    let place = directories.intern(&mut known, None, id);
                    directories.nodes.insert(id, Node { anchor: id, long: place, short: place });
                    pending.pop();
                } else if let Some(&above) = directories.nodes.get(parent) {
                    let target = top.text("DefaultDir").split(':').next().unwrap_or_default();
                    let (short, long) = short_and_long(target);
                    let long = directories.below(&mut known, above.long, long);
                    let short = directories.below(&mut known, above.short, short);
                    directories.nodes.insert(id, Node { anchor: above.anchor, long, short });
                    pending.pop();
                } else {
                    match package.find("Directory", parent) {
                        Some(above) if !lost.contains(parent) && on_the_way.insert(parent) => {
                            pending.push(above);
                        }
                        _ => {
                            lost.extend(pending.iter().map(|entry| entry.text("Directory")));
                            break;
                        }
                    }
                }
            }
        }
        directories
    }

    /// The standard folder an entry lies in (or is), else the root's id.
    pub fn anchor(&self, id: &str) -> Option<&'a str> {
        self.nodes.get(id).map(|node| node.anchor)
    }

    /// The folder where long names are in use.
    pub fn long(&self, id: &str) -> Option<Place> {
        self.nodes.get(id).map(|node| node.long)
    }

    /// The folder where short names are in use.
    pub fn short(&self, id: &str) -> Option<Place> {
        self.nodes.get(id).map(|node| node.short)
    }

    /// A folder as messages show it: `[ProgramFilesFolder]\Product`.
    pub fn show(&self, place: Place) -> String {
        let mut names = Vec::new();
        let mut next = Some(place);
        while let Some(Place(at)) = next {
            let (parent, name) = &self.places[at];
            names.push(if parent.is_none() { format!("[{name}]") } else { name.clone() });
            next = *parent;
        }
        names.reverse();
        names.join("\\")
    }

    /// Whether ordinary users cannot write below the standard folder that an entry lies in.
    pub fn is_protected(&self, id: &str) -> bool {
        self.anchor(id).is_some_and(|anchor| PROTECTED.contains(&anchor))
    }

    /// Whether an entry lies where ordinary users may create files: shared folders and the user's own.
    pub fn is_user_writable(&self, id: &str) -> bool {
        self.anchor(id).is_some_and(|anchor| SHARED.contains(&anchor) || is_profile(anchor))
    }

    fn below(
        &mut self,
        known: &mut HashMap<(Option<Place>, String), Place>,
        parent: Place,
        name: &str,
    ) -> Place {
        if name == "." || name.is_empty() { parent } else { self.intern(known, Some(parent), name) }
    }

    fn intern(
        &mut self,
        known: &mut HashMap<(Option<Place>, String), Place>,
        parent: Option<Place>,
        name: &str,
    ) -> Place {
        // Property names know case, file names do not.
        let key = if parent.is_some() { name.to_lowercase() } else { name.to_owned() };
        *known.entry((parent, key)).or_insert_with(|| {
            self.places.push((parent, name.to_owned()));
            Place(self.places.len() - 1)
        })
    }
}

/// Whether this is a folder of the user's profile, always or in per-user installations.
pub fn is_profile(anchor: &str) -> bool {
    PER_USER.contains(&anchor) || PER_USER_OR_MACHINE.contains(&anchor)
}

/// Whether the engine sets this entry to a folder of its own.
pub fn is_standard(id: &str) -> bool {
    PROTECTED.contains(&id) || SHARED.contains(&id) || is_profile(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, row};

    #[test]
    fn entries_of_one_folder_are_one_place_and_cycles_hang_on_nothing() {
        let mut fixture = Fixture::clean();
        let mut add = |id: &str, parent: &str, name: &str| {
            fixture.add(
                "Directory",
                row!["Directory" => id, "Directory_Parent" => parent, "DefaultDir" => name],
            );
        };
        add("A", "INSTALLDIR", "SHORT~1|Sub Folder");
        add("B", "INSTALLDIR", "SHORT~2|sub folder:source");
        add("C", "B", ".");
        add("X", "Y", "x");
        add("Y", "X", "y");
        add("CommonAppDataFolder", "TARGETDIR", ".");
        add("D", "CommonAppDataFolder", "d");
        let package = Package::new(&fixture.database);
        let directories = Directories::new(&package);
        assert_eq!(directories.long("A"), directories.long("C"));
        assert_ne!(directories.short("A"), directories.short("B"));
        assert_eq!(directories.anchor("A"), Some("ProgramFiles64Folder"));
        assert_eq!((directories.anchor("X"), directories.anchor("nowhere")), (None, None));
        assert!(directories.is_user_writable("D") && directories.is_protected("C"));
        assert!(directories.show(directories.long("A").unwrap()).ends_with("\\Sub Folder"));
    }
}
