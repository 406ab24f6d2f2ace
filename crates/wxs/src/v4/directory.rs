//! Folders: `Directory`, `StandardDirectory`, and those that `Subdirectory` and paths in names make.

use super::{Around, Lowering, elements, is_core, names, standard};
use crate::codes;
use crate::document::{Tree, v3_name};
use diagnostics::Span;

impl Lowering<'_> {
    /// A directory, nested in as many as its name has steps.
    pub(super) fn directory(&mut self, mut tree: Tree, around: &Around) -> Vec<Tree> {
        let parent = around.directory.clone().filter(|_| around.in_directory);
        let owner = parent.clone().unwrap_or_default();
        let get = |name: &str| tree.get(name).unwrap_or_default();
        let name = if get("Name").is_empty() { ".".to_owned() } else { get("Name").to_owned() };
        if tree.get("Id").is_none() {
            let parts = [&*owner, &*name, get("ShortName"), get("SourceName"), get("ShortSourceName")];
            let id = names::identifier("d", &parts);
            tree.set("Id", id);
        }
        let id = tree.get("Id").unwrap_or_default().to_owned();
        if standard::name(&id).is_some() && tree.get("SourceName").is_none() {
            let message = format!("'{id}' is a standard directory; write <StandardDirectory Id=\"{id}\">");
            self.warn(codes::DEPRECATED, tree.place("Id"), message);
        }
        let source = match (tree.get("FileSource"), tree.get("SourceName")) {
            (Some(source), _) => with_separator(source),
            (None, Some(step)) => format!("{}{step}\\", around.source),
            (None, None) => format!("{}{name}\\", around.source),
        };
        let trimmed = name.trim_matches(['\\', '/']).to_owned();
        let steps: Vec<&str> = trimmed.split(['\\', '/']).filter(|step| !step.is_empty()).collect();
        let (last, before) = steps.split_last().map_or((".", &[][..]), |(last, before)| (*last, before));
        tree.set("Name", last);
        elements::shorten(&mut tree, "Name", "ShortName", &["Directory", &owner]);
        elements::shorten(&mut tree, "SourceName", "ShortSourceName", &["Directory", &owner]);
        let inner = Around {
            directory: Some(id.clone()),
            in_directory: true,
            source: source.clone(),
            ..Around::default()
        };
        let at = tree.span;
        if before.is_empty() {
            let made = self.inside(tree, &inner);
            if parent.is_some() || id == "TARGETDIR" {
                return vec![made];
            }
            return vec![below("TARGETDIR", made, at)];
        }
        // The folders between have ids of their own; the source is the whole path below the outer folder.
        tree.set("FileSource", source);
        let outer = self.subdirectory(&owner, &before.join("\\"), at);
        let made = below(&outer, self.inside(tree, &inner), at);
        if around.in_directory {
            // A reference can't stand in a directory.
            self.extra.push(made);
            return Vec::new();
        }
        vec![made]
    }

    /// A reference to a directory, standard or not.
    pub(super) fn directory_ref(&mut self, mut tree: Tree, _around: &Around) -> Tree {
        let id = tree.get("Id").unwrap_or_default().to_owned();
        if tree.local() == "StandardDirectory" {
            if standard::name(&id).is_none() {
                let message = format!("'{id}' is no standard directory");
                self.error(codes::BAD_VALUE, tree.place("Id"), message);
            }
            tree.name.local = "DirectoryRef".into();
        }
        let source = tree.get("FileSource").map(with_separator).unwrap_or_default();
        let inner = Around { directory: Some(id), in_directory: true, source, ..Around::default() };
        self.inside(tree, &inner)
    }

    /// The id of a folder below another; the folder gets a fragment of its own.
    pub(super) fn subdirectory(&mut self, parent: &str, path: &str, at: Span) -> String {
        let path = path.trim_matches(['\\', '/']).to_owned();
        if path.is_empty() {
            return parent.to_owned();
        }
        let key = (parent.to_owned(), path.clone());
        if let Some(known) = self.inline.get(&key) {
            return known.clone();
        }
        let mut outer = if parent.is_empty() { "TARGETDIR".to_owned() } else { parent.to_owned() };
        let mut so_far = String::new();
        for step in path.split(['\\', '/']).filter(|step| !step.is_empty()) {
            so_far = if so_far.is_empty() { step.to_owned() } else { format!("{so_far}\\{step}") };
            let whole = so_far.len() == path.len();
            let hashed = if whole { path.as_str() } else { so_far.as_str() };
            let key = (parent.to_owned(), hashed.to_owned());
            let id = names::identifier("d", &[parent, hashed, "", "", ""]);
            if self.inline.insert(key, id.clone()).is_none() {
                let mut made = Tree::new(&v3_name("Directory"), at).with("Id", id.clone()).with("Name", step);
                elements::shorten(&mut made, "Name", "ShortName", &["Directory", parent]);
                self.folders.push((outer, made));
            }
            outer = id;
        }
        outer
    }

    /// Puts a component where it can name a folder of its own: out of the directories around it.
    pub(super) fn hoist(&mut self, component: Tree, directory: &str, around: &Around) {
        let mut reference = Tree::new(&v3_name("DirectoryRef"), component.span).with("Id", directory);
        if !around.source.is_empty() {
            reference.set("FileSource", around.source.clone());
        }
        debug_assert!(!is_core(&component));
        reference.children.push(component);
        self.extra.push(reference);
    }
}

/// A directory in a reference to the one that it lies in.
fn below(parent: &str, directory: Tree, at: Span) -> Tree {
    let mut reference = Tree::new(&v3_name("DirectoryRef"), at).with("Id", parent);
    reference.children.push(directory);
    reference
}

/// A folder with a separator at its end.
fn with_separator(folder: &str) -> String {
    if folder.ends_with(['\\', '/']) { folder.to_owned() } else { format!("{folder}\\") }
}
