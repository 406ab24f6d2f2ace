//! Sources of WiX 4 and later, rewritten in the vocabulary of WiX 3.
//!
//! A document is checked against its own catalogue ([`check`]), then each family of elements is rewritten: names and attributes take
//! their older form, and the defaults that WiX 4 changed (ids, short names, folders, bitness, the feature that nobody wrote) are
//! written out. What the older language has no words for stays beside the elements: [`crate::ir::Access`] and `Section::is_v4`.
//! Places are kept, so that later phases point into the source as it was written.

mod check;
mod component;
pub mod cultures;
mod directory;
mod elements;
mod extension;
mod harvest;
mod ids;
pub mod names;
mod package;
mod standard;

pub(crate) use extension::older_namespace;

use crate::NAMESPACE_V4;
use crate::codes;
use crate::compile::Arch;
use crate::document::{Document, Tree, v3_name};
use crate::ir::Access;
use crate::schema::moved;
use crate::world::World;
use diagnostics::{Code, Diagnostic, Diagnostics, SourceMap, Span};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Stands for a short name that the binder makes: of a directory whose name holds variables, and of a file that is removed,
/// whose short name depends on the id of its component.
pub const SHORT_NAME: &str = "!(short)";

/// What a rewriting depends on beside the documents.
#[derive(Debug, Clone, Copy)]
pub struct LowerOptions<'a> {
    pub arch: Arch,
    /// Folders by name, for `!(bindpath.NAME)` in `Files`; those without a name are searched for scripts.
    pub bind_paths: &'a [(Option<String>, PathBuf)],
}

/// Rewrites the documents of one package. Those of WiX 3 are given back as they are.
pub fn lower(
    documents: Vec<Document>,
    options: LowerOptions<'_>,
    world: &dyn World,
    sources: &SourceMap,
    diagnostics: &mut Diagnostics,
) -> Vec<Document> {
    if documents.iter().all(|document| !document.is_v4()) {
        return documents;
    }
    let mut survey = Survey::default();
    for document in documents.iter().filter(|document| document.is_v4()) {
        survey.read(document.root());
    }
    let mut lowering = Lowering {
        options,
        world,
        sources,
        diagnostics,
        survey,
        extra: Vec::new(),
        inline: HashMap::new(),
        folders: Vec::new(),
        harvested: HashSet::new(),
        placeholders: 0,
        groups: 0,
        package: None,
        access: Access::default(),
        private: HashMap::new(),
        documents: 0,
        namespaces: Vec::new(),
    };
    let mut lowered = Vec::with_capacity(documents.len() + 1);
    let mut first = None;
    for document in documents {
        let root = document.root();
        if !document.is_v4() || root.local() != "Wix" {
            lowered.push(document);
            continue;
        }
        first.get_or_insert(root.span());
        if check::check(root, lowering.diagnostics) {
            lowered.push(lowering.document(&document));
        }
    }
    if let Some(span) = first {
        lowered.push(lowering.standard(span));
    }
    lowered
}

/// Texts that rewritten elements refer to, unless a localization file has others.
pub fn default_strings(documents: &[Document]) -> BTreeMap<String, String> {
    if !documents.iter().any(Document::is_v4) {
        return BTreeMap::new();
    }
    let [language, summary, codepage] = cultures::STRINGS;
    [package::DOWNGRADE_STRING, language, summary, codepage]
        .map(|[name, text]| (name.to_owned(), text.to_owned()))
        .into()
}

/// What elements anywhere in the sources say about elements elsewhere.
#[derive(Default)]
struct Survey {
    directories: HashSet<String>,
    /// Ids of `UI` elements.
    dialog_sets: HashSet<String>,
    upgrades: bool,
    media: bool,
    per_user: bool,
    /// Tables that are not for packages.
    unreal: HashSet<String>,
    /// Manufacturer and name of the package.
    title: Option<String>,
}

impl Survey {
    fn read(&mut self, element: crate::document::Element<'_>) {
        let get = |name: &str| {
            element
                .attributes()
                .iter()
                .find(|attribute| &*attribute.name.local == name)
                .map(|found| &*found.value)
        };
        match element.local() {
            "Directory" => self.directories.extend(get("Id").map(|id| without_access(id).1.to_owned())),
            "UI" => self.dialog_sets.extend(get("Id").map(|id| without_access(id).1.to_owned())),
            "MajorUpgrade" => self.upgrades = true,
            "UpgradeVersion" => self.upgrades |= get("OnlyDetect") != Some("yes"),
            "CustomTable" if matches!(get("Unreal"), Some("yes" | "true")) => {
                self.unreal.extend(get("Id").map(str::to_owned));
            }
            "Media" | "MediaTemplate" => self.media = true,
            "Package" => {
                self.per_user = get("Scope") == Some("perUser");
                let [manufacturer, name] = ["Manufacturer", "Name"].map(|name| get(name).unwrap_or_default());
                self.title = Some(format!("{manufacturer} {name}"));
            }
            _ => {}
        }
        element.children().for_each(|child| self.read(child));
    }
}

/// What an element needs to know of those around it.
#[derive(Debug, Clone, Default)]
struct Around {
    /// The folder that things go to where they don't say.
    directory: Option<String>,
    /// The elements stand in a `Directory` or `DirectoryRef`, which in WiX 3 can't be contradicted.
    in_directory: bool,
    /// Folder that source paths are relative to, with a separator at its end.
    source: String,
    /// Id of the component, or what stands for it.
    component: Option<String>,
    /// Root and key of the registry key around.
    key: Option<(String, String)>,
    /// The file around.
    file: Option<String>,
    /// Name of the service around.
    service: Option<String>,
    /// Name of the parent element.
    parent: String,
}

/// The state of the rewriting of one package.
struct Lowering<'a> {
    options: LowerOptions<'a>,
    world: &'a dyn World,
    sources: &'a SourceMap,
    diagnostics: &'a mut Diagnostics,
    survey: Survey,
    /// Elements for the end of the active section.
    extra: Vec<Tree>,
    /// Folders that `Subdirectory` and paths in names made: by parent and path, their ids.
    inline: HashMap<(String, String), String>,
    /// The same with their parents, for fragments of their own: several sections may refer to one.
    folders: Vec<(String, Tree)>,
    /// Files that a `Files` took in already.
    harvested: HashSet<String>,
    /// Components of the active document whose id is that of their key path.
    placeholders: usize,
    /// Groups made up for references that stand outside of features.
    groups: usize,
    package: Option<package::Facts>,
    access: Access,
    /// Ids of `UI` elements that only the active document may refer to, with the ids that they get.
    private: HashMap<String, String>,
    documents: usize,
    /// Namespaces of extensions whose elements the active document has without declaring them.
    namespaces: Vec<Arc<str>>,
}

impl Lowering<'_> {
    fn document(&mut self, document: &Document) -> Document {
        let mut root = Tree::of(document.root());
        self.placeholders = 0;
        self.documents += 1;
        self.private.clear();
        self.find_private(&root);
        root.name = v3_name("Wix");
        let mut children = Vec::new();
        for child in std::mem::take(&mut root.children) {
            children.extend(self.top_level(child));
        }
        root.children = children;
        let mut namespaces: Vec<Arc<str>> = document.namespaces().iter().map(extension::older).collect();
        namespaces.append(&mut self.namespaces);
        Document::from_tree(root, namespaces, Arc::new(std::mem::take(&mut self.access)))
    }

    fn top_level(&mut self, mut tree: Tree) -> Vec<Tree> {
        if !is_core(&tree) {
            return vec![tree];
        }
        tree.text = tree.text.filter(|_| !check::is_deaf(&tree.name.local));
        match tree.local() {
            "Package" => vec![self.package(tree)],
            "Fragment" => {
                let mut fragment = self.inside(tree, &Around::default());
                fragment.children.append(&mut self.extra);
                vec![fragment]
            }
            // What is refused by name needs no rewriting.
            _ => vec![renamed(tree)],
        }
    }

    /// Rewrites the children of an element, and leaves the element its name.
    fn inside(&mut self, mut tree: Tree, around: &Around) -> Tree {
        let around = Around { parent: tree.local().to_owned(), ..around.clone() };
        let mut children = Vec::with_capacity(tree.children.len());
        for child in std::mem::take(&mut tree.children) {
            children.extend(self.element(child, &around));
        }
        tree.children = children;
        renamed(tree)
    }

    /// An element of WiX 4 in, any number of those of WiX 3 out.
    fn element(&mut self, mut tree: Tree, around: &Around) -> Vec<Tree> {
        if !is_core(&tree) {
            return self.extension(tree, around);
        }
        tree.text = tree.text.filter(|_| !check::is_deaf(&tree.name.local));
        self.take_access(&mut tree);
        if matches!(tree.local(), "UI" | "UIRef")
            && let Some(private) = tree.get("Id").and_then(|id| self.private.get(id)).cloned()
        {
            tree.set("Id", private);
        }
        self.extension_attributes(&mut tree);
        if tree.local() == "UIRef" {
            self.check_dialog_set(&tree);
        }
        match tree.local() {
            "Component" => return self.component(tree, around),
            "ComponentGroup" => return vec![self.component_group(tree, around)],
            "Directory" => return self.directory(tree, around),
            "DirectoryRef" | "StandardDirectory" => return vec![self.directory_ref(tree, around)],
            "File" if around.component.is_none() => return self.naked_file(tree, around),
            "File" => return vec![self.file(tree, around)],
            "Files" => return self.files(tree, around),
            "MajorUpgrade" => return self.major_upgrade(tree),
            "ComponentRef" | "ComponentGroupRef" if around.parent == "Package" => {
                return vec![self.grouped(tree)];
            }
            "SummaryInformation" => return Vec::new(),
            // What is not for packages is for an extension, which would have read it.
            "CustomTable" | "CustomTableRef"
                if tree.get("Id").is_some_and(|id| self.survey.unreal.contains(id)) =>
            {
                return Vec::new();
            }
            "Provides" | "Requires" | "RequiresRef" => return vec![self.dependency(tree, around)],
            "SoftwareTag" => return vec![self.software_tag(tree)],
            _ => {}
        }
        self.rewrite(&mut tree, around);
        self.name(&mut tree, around);
        let mut inner = around.clone();
        match tree.local() {
            "RegistryKey" => inner.key = self.key_of(&tree, around),
            "ServiceInstall" => inner.service = tree.get("Name").map(str::to_owned),
            "Feature" | "FeatureRef" | "FeatureGroup" | "UI" => inner = Around::default(),
            _ => {}
        }
        vec![self.inside(tree, &inner)]
    }

    /// The sets of the dialog library are chosen by an element since WiX 4, and no longer referred to.
    fn check_dialog_set(&mut self, tree: &Tree) {
        let Some(id) = tree.get("Id").filter(|id| !self.survey.dialog_sets.contains(*id)) else { return };
        let name = id.strip_prefix("WixUI_").unwrap_or_default();
        if matches!(name, "Advanced" | "FeatureTree" | "InstallDir" | "Minimal" | "Mondo") {
            let message = format!("the dialog set '{id}' can't be referred to");
            let from = moved::Foreign::Reference { table: "UI", key: id };
            let hint = moved::instead(from, true).unwrap_or_default();
            let finding = Diagnostic::error(codes::BAD_VALUE, message).at(tree.place("Id"));
            self.diagnostics.push(finding.hint(hint));
        }
    }

    /// Gives dialog sets that are a file's own ids that nobody else has. They leave no rows, so that nobody sees these.
    fn find_private(&mut self, tree: &Tree) {
        if tree.local() == "UI"
            && let Some(("file" | "section", id)) = tree.get("Id").map(without_access)
        {
            self.private.insert(id.to_owned(), format!("{id}.{}", self.documents));
        }
        tree.children.iter().for_each(|child| self.find_private(child));
    }

    /// Takes the access modifier off an id, and remembers it.
    fn take_access(&mut self, tree: &mut Tree) {
        // A sequence's actions have theirs in front of the action's name.
        let attribute = if tree.local() == "Custom" { "Action" } else { "Id" };
        let attribute = if tree.local() == "Show" { "Dialog" } else { attribute };
        let Some((access, id)) = tree.get(attribute).map(|value| {
            let (access, id) = without_access(value);
            (access.to_owned(), id.to_owned())
        }) else {
            return;
        };
        match access.as_str() {
            "" => return,
            "virtual" if attribute != "Id" => tree.set("Overridable", "yes"),
            // Fragments of the standard directories give way to any definition.
            "override" if tree.local() == "Directory" && standard::name(&id).is_some() => {}
            "virtual" => self.access.virtuals.push(tree.span),
            "override" if attribute == "Id" => self.access.overrides.push(tree.span),
            _ => {}
        }
        tree.set(attribute, id);
    }

    /// The folder of the source or include file that a place is in.
    fn folder(&self, span: Span) -> PathBuf {
        self.sources.file(span.file).path().parent().unwrap_or(Path::new("")).to_owned()
    }

    fn is_64_bit(&self) -> bool {
        matches!(self.options.arch, Arch::X64 | Arch::Ia64 | Arch::Arm64)
    }

    fn error(&mut self, code: Code, at: Span, message: String) {
        let hint = match code {
            codes::ATTRIBUTE_COMBINATION if message.contains(" needs ") => "give both of them, or neither",
            codes::ATTRIBUTE_COMBINATION => "leave it out here",
            codes::MISSING => "write the attribute",
            codes::BAD_VALUE => "look at the names in the documentation of <StandardDirectory>",
            codes::MISPLACED_ELEMENT => "move it to where it can stand",
            codes::UNREADABLE => "paths are relative to the source, and to the folders that -b gives",
            _ => return self.diagnostics.push(Diagnostic::error(code, message).at(at)),
        };
        self.diagnostics.push(Diagnostic::error(code, message).at(at).hint(hint));
    }

    fn warn(&mut self, code: Code, at: Span, message: String) {
        self.diagnostics.push(Diagnostic::warning(code, message).at(at));
    }
}

fn is_core(tree: &Tree) -> bool {
    &*tree.name.namespace == NAMESPACE_V4
}

/// The element with its children in the namespace of WiX 3.
fn renamed(mut tree: Tree) -> Tree {
    if is_core(&tree) {
        tree.name = v3_name(&tree.name.local.clone());
    }
    tree
}

/// An id without the access modifier that may stand in front of it.
fn without_access(value: &str) -> (&str, &str) {
    match value.trim_start().split_once(' ') {
        Some((access @ ("global" | "library" | "file" | "section" | "virtual" | "override"), id)) => {
            (access, id.trim())
        }
        _ => ("", value),
    }
}
