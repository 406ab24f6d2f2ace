//! Components, their groups, and files with or without a component around them.

use super::{Around, Lowering, elements, names};
use crate::codes;
use crate::document::{Text, Tree, v3_name};

/// Attributes of a `File` that stands alone and that belong to its component.
const OF_COMPONENT: &[&str] = &["Bitness", "Condition", "Directory", "Subdirectory"];
/// The folder of what names none.
const INSTALL_FOLDER: &str = "INSTALLFOLDER";

impl Lowering<'_> {
    pub(super) fn component(&mut self, mut tree: Tree, around: &Around) -> Vec<Tree> {
        self.bitness(&mut tree);
        elements::spell(&mut tree);
        let (directory, away) = self.place(&mut tree, around);
        let id = tree.get("Id").map_or_else(
            || {
                // The id is not known before the key path is; names made until then are of a placeholder.
                format!("\u{a7}{}\u{a7}", self.placeholders)
            },
            str::to_owned,
        );
        if tree.get("Id").is_none() {
            self.placeholders += 1;
        }
        let condition = tree.take("Condition");
        let inner = Around {
            directory: Some(directory.clone()),
            in_directory: false,
            source: around.source.clone(),
            component: Some(id),
            ..Around::default()
        };
        if tree.get("Guid").is_none() {
            tree.set("Guid", "*");
        }
        let mut tree = self.inside(tree, &inner);
        if let Some(condition) = condition {
            let mut child = Tree::new(&v3_name("Condition"), condition.value_span);
            child.text = Some(Text { text: condition.value, span: condition.value_span });
            tree.children.push(child);
        }
        self.put(tree, &directory, away, around)
    }

    /// Where a component goes, and whether it has to leave the directories around it for that. Takes the attributes.
    fn place(&mut self, tree: &mut Tree, around: &Around) -> (String, bool) {
        let own = tree.take("Directory");
        let below = tree.take("Subdirectory");
        let outer = around.directory.clone().unwrap_or_else(|| INSTALL_FOLDER.to_owned());
        let away = around.in_directory && (own.is_some() || below.is_some());
        let directory = own.map_or(outer, |own| own.value);
        let directory = match below {
            Some(below) => self.subdirectory(&directory, &below.value, below.value_span),
            None => directory,
        };
        (directory, away)
    }

    fn put(&mut self, mut tree: Tree, directory: &str, away: bool, around: &Around) -> Vec<Tree> {
        if away {
            self.hoist(tree, directory, around);
            return Vec::new();
        }
        if !around.in_directory {
            tree.set("Directory", directory);
        }
        vec![tree]
    }

    pub(super) fn component_group(&mut self, mut tree: Tree, around: &Around) -> Tree {
        let given = tree.get("Directory").is_some();
        let (directory, _) = self.place(&mut tree, &Around { in_directory: false, ..around.clone() });
        if given {
            // The group refers to its folder even where no component does.
            self.extra.push(Tree::new(&v3_name("DirectoryRef"), tree.span).with("Id", directory.clone()));
        }
        let source = tree.get("Source").map(|source| source.trim_end_matches(['\\', '/']).to_owned() + "\\");
        let inner =
            Around { directory: Some(directory), source: source.unwrap_or_default(), ..Around::default() };
        self.inside(tree, &inner)
    }

    /// A reference that stands outside of features: a group of nobody's takes in what it names.
    pub(super) fn grouped(&mut self, tree: Tree) -> Tree {
        self.groups += 1;
        let mut group = Tree::new(&v3_name("ComponentGroup"), tree.span);
        group.set("Id", format!("WixPackageReferences.{}", self.groups));
        group.children.push(super::renamed(tree));
        group
    }

    /// A file in a component.
    pub(super) fn file(&mut self, mut tree: Tree, around: &Around) -> Tree {
        for attribute in OF_COMPONENT {
            if let Some(found) = tree.take(attribute) {
                let message =
                    format!("'{attribute}' is for a <File> outside of components; <Component> has it here");
                self.error(codes::ATTRIBUTE_COMBINATION, found.name_span, message);
            }
        }
        let directory = around.directory.clone().unwrap_or_default();
        self.settle_name(&mut tree);
        let name = tree.get("Name").unwrap_or_default().to_owned();
        if tree.get("Id").is_none() {
            let id = names::identifier("fil", &[&directory, &name]);
            tree.set("Id", id);
        }
        elements::shorten(&mut tree, "Name", "ShortName", &["File", &directory]);
        let inner = Around { file: tree.get("Id").map(str::to_owned), ..around.clone() };
        self.rewrite(&mut tree, around);
        self.inside(tree, &inner)
    }

    /// A file that is a component of its own.
    pub(super) fn naked_file(&mut self, mut tree: Tree, around: &Around) -> Vec<Tree> {
        // It is the key path, whatever the source says.
        tree.take("KeyPath");
        let mut component = Tree::new(&v3_name("Component"), tree.span);
        let wide = match tree.get("Bitness") {
            Some("always64") => true,
            Some("always32") => false,
            _ => self.is_64_bit(),
        };
        for attribute in OF_COMPONENT {
            component.attributes.extend(tree.take(attribute));
        }
        self.bitness(&mut component);
        elements::spell(&mut component);
        let (directory, away) = self.place(&mut component, around);
        self.settle_name(&mut tree);
        let condition = component.take("Condition");
        if tree.get("Id").is_none() {
            let name = tree.get("Name").unwrap_or_default();
            let condition = condition.as_ref().map_or("", |condition| condition.value.as_str());
            let wide = if wide { "True" } else { "False" };
            let id = names::identifier("nkf", &[&directory, name, condition, wide]);
            tree.set("Id", id);
        }
        elements::shorten(&mut tree, "Name", "ShortName", &["File", &directory]);
        tree.set("KeyPath", "yes");
        let id = tree.get("Id").unwrap_or_default().to_owned();
        component.set("Id", id.clone());
        component.set("Guid", "*");
        let inner = Around {
            directory: Some(directory.clone()),
            component: Some(id.clone()),
            file: Some(id),
            ..around.clone()
        };
        self.rewrite(&mut tree, &inner);
        component.children.push(self.inside(tree, &inner));
        if let Some(condition) = condition {
            let mut child = Tree::new(&v3_name("Condition"), condition.value_span);
            child.text = Some(Text { text: condition.value, span: condition.value_span });
            component.children.push(child);
        }
        self.put(component, &directory, away, around)
    }

    /// Writes out the name that a file takes from its source, or its short name.
    fn settle_name(&mut self, tree: &mut Tree) {
        if tree.get("Name").is_some() {
            return;
        }
        let from_source = tree
            .get("Source")
            .filter(|source| !source.ends_with(['\\', '/']))
            .map(|source| source.rsplit(['\\', '/']).next().unwrap_or_default().to_owned());
        match from_source.or_else(|| tree.take("ShortName").map(|short| short.value)) {
            Some(name) => tree.set("Name", name),
            None => {
                let message = "<File> needs the attribute 'Name' or 'Source'".to_owned();
                self.error(codes::MISSING, tree.span, message);
            }
        }
    }
}
