//! Folders that every source may refer to without defining them.

use super::Lowering;
use crate::compile::Arch;
use crate::compile::names::is_long_name;
use crate::document::{Document, Tree, v3_name};
use crate::ir::Access;
use diagnostics::Span;
use std::sync::Arc;

/// Standard directories with their names below their parent.
const DIRECTORIES: &[(&str, &str)] = &[
    ("TARGETDIR", "SourceDir"),
    ("AdminToolsFolder", "Admin"),
    ("AppDataFolder", "AppData"),
    ("CommonAppDataFolder", "CommApp"),
    ("CommonFiles6432Folder", "."),
    ("CommonFiles64Folder", "CFiles64"),
    ("CommonFilesFolder", "CFiles"),
    ("DesktopFolder", "Desktop"),
    ("FavoritesFolder", "Favs"),
    ("FontsFolder", "Fonts"),
    ("LocalAppDataFolder", "LocalApp"),
    ("MyPicturesFolder", "Pictures"),
    ("NetHoodFolder", "NetHood"),
    ("PerUserProgramFilesFolder", "Programs"),
    ("PersonalFolder", "Personal"),
    ("PrintHoodFolder", "Printers"),
    ("ProgramFiles6432Folder", "."),
    ("ProgramFiles64Folder", "PFiles64"),
    ("ProgramFilesFolder", "PFiles"),
    ("ProgramMenuFolder", "PMenu"),
    ("RecentFolder", "Recent"),
    ("SendToFolder", "SendTo"),
    ("StartMenuFolder", "StrtMenu"),
    ("StartupFolder", "StartUp"),
    ("System16Folder", "System16"),
    ("System6432Folder", "."),
    ("System64Folder", "System64"),
    ("SystemFolder", "System"),
    ("TempFolder", "Temp"),
    ("TemplateFolder", "Template"),
    ("WindowsFolder", "Windows"),
];

/// The name of a standard directory.
pub(super) fn name(id: &str) -> Option<&'static str> {
    DIRECTORIES.iter().find(|(known, _)| *known == id).map(|(_, name)| *name)
}

impl Lowering<'_> {
    /// Fragments of the folders that the sources don't define; only those that something refers to are linked.
    pub(super) fn standard(&mut self, at: Span) -> Document {
        let mut root = Tree::new(&v3_name("Wix"), at);
        for (id, name) in DIRECTORIES.iter().filter(|(id, _)| !self.survey.directories.contains(*id)) {
            let directory = Tree::new(&v3_name("Directory"), at).with("Id", *id).with("Name", *name);
            root.children.push(fragment(directory, parent(id, self.options.arch), at));
        }
        // A name that is none for a folder is an error for those alone who use the folder.
        let title = self.survey.title.clone().filter(|title| is_long_name(title, false));
        if let Some(title) = title.filter(|_| !self.survey.directories.contains("INSTALLFOLDER")) {
            let parent =
                if self.survey.per_user { "PerUserProgramFilesFolder" } else { "ProgramFiles6432Folder" };
            let mut directory = Tree::new(&v3_name("Directory"), at)
                .with("Id", "INSTALLFOLDER")
                .with("Name", title)
                .with("SourceName", ".");
            super::elements::shorten(&mut directory, "Name", "ShortName", &["Directory", parent]);
            root.children.push(fragment(directory, Some(parent), at));
        }
        for (parent, directory) in std::mem::take(&mut self.folders) {
            root.children.push(fragment(directory, Some(&parent), at));
        }
        Document::from_tree(root, Vec::new(), Arc::new(Access::default()))
    }
}

fn fragment(directory: Tree, parent: Option<&str>, at: Span) -> Tree {
    let mut fragment = Tree::new(&v3_name("Fragment"), at);
    match parent {
        Some(parent) => {
            let mut reference = Tree::new(&v3_name("DirectoryRef"), at).with("Id", parent);
            reference.children.push(directory);
            fragment.children.push(reference);
        }
        None => fragment.children.push(directory),
    }
    fragment
}

fn parent(id: &str, arch: Arch) -> Option<&'static str> {
    let is_32_bit = arch == Arch::X86;
    Some(match id {
        "TARGETDIR" => return None,
        "CommonFiles6432Folder" if is_32_bit => "CommonFilesFolder",
        "CommonFiles6432Folder" => "CommonFiles64Folder",
        "ProgramFiles6432Folder" if is_32_bit => "ProgramFilesFolder",
        "ProgramFiles6432Folder" => "ProgramFiles64Folder",
        "System6432Folder" if is_32_bit => "SystemFolder",
        "System6432Folder" => "System64Folder",
        "PerUserProgramFilesFolder" => "LocalAppDataFolder",
        _ => "TARGETDIR",
    })
}
