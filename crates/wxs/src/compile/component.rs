//! `Component`: its row, its key path, and who compiles what stands in it.

use super::{
    Compiler, Handled, Node, Parent, appid, cells, class, condition, copy_file, environment, extension, file,
    folder, ini_file, odbc, progid, registry, remove_file, service, service_config, shortcut, typelib,
};
use crate::codes;
use crate::extension as extensions;
use crate::ir::{ChildKind, ParentKind};
use diagnostics::Diagnostic;
use msi_db::Value;

/// Where a component or directory stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    pub(super) directory: Option<String>,
    pub(super) disk_id: Option<i32>,
    /// Folder that the source paths of files are relative to, with a separator at its end.
    pub(super) source: String,
}

/// What the elements of one component share.
pub(crate) struct Scope {
    pub(crate) component: String,
    pub(crate) directory: String,
    pub(crate) disk_id: Option<i32>,
    pub(crate) source: String,
    pub(crate) win64: bool,
    pub(crate) guid: String,
}

/// What an element contributes to its component's key path.
#[derive(Debug, Default)]
pub(crate) struct KeyPath {
    pub(crate) kind: KeyPathKind,
    /// What `KeyPath` says.
    pub(crate) set: Option<bool>,
    /// The row that can be the key path.
    pub(crate) possible: Option<String>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyPathKind {
    #[default]
    None,
    File,
    Registry,
    OdbcDataSource,
}

type Handler = fn(&mut Compiler, &Node, &Scope) -> KeyPath;

macro_rules! plain {
    ($handler:expr) => {
        |c, n, s| {
            let handler: fn(&mut Compiler, &Node, &Scope) = $handler;
            handler(c, n, s);
            KeyPath::default()
        }
    };
}

/// The elements of a component and who compiles them.
const ELEMENTS: &[(&str, Handler)] = &[
    ("AppId", plain!(|c, n, s| appid::app_id(c, n, &s.component, None, &class::Server::default()))),
    ("Category", plain!(|c, n, s| class::category(c, n, &s.component))),
    ("Class", plain!(|c, n, s| class::class(c, n, &s.component, None, &class::Server::default(), None))),
    ("CopyFile", plain!(|c, n, s| copy_file::copy_file(c, n, &s.component, None))),
    ("Environment", plain!(|c, n, s| environment::environment(c, n, &s.component))),
    ("Extension", plain!(|c, n, s| extension::extension(c, n, &s.component, None, None))),
    ("File", file::file),
    ("IniFile", plain!(|c, n, s| ini_file::ini_file(c, n, &s.component))),
    ("Interface", plain!(|c, n, s| class::interface(c, n, &s.component, class::Proxies::default(), None))),
    ("IsolateComponent", plain!(isolate)),
    ("ODBCDataSource", |c, n, s| odbc::data_source(c, n, &s.component, None)),
    ("ODBCDriver", plain!(|c, n, s| odbc::driver_or_translator(c, n, &s.component, None))),
    ("ODBCTranslator", plain!(|c, n, s| odbc::driver_or_translator(c, n, &s.component, None))),
    ("ProgId", plain!(|c, n, s| progid::in_component(c, n, &s.component))),
    ("Registry", |c, n, s| registry::old_registry(c, n, s, None)),
    ("RegistryKey", |c, n, s| registry::key(c, n, s, None)),
    ("RegistryValue", |c, n, s| registry::value(c, n, s, None)),
    ("RemoveFile", plain!(|c, n, s| remove_file::remove_file(c, n, s))),
    ("RemoveFolder", plain!(|c, n, s| remove_file::remove_folder(c, n, s))),
    ("RemoveRegistryKey", plain!(|c, n, s| registry::remove_key(c, n, s))),
    ("RemoveRegistryValue", plain!(|c, n, s| registry::remove_value(c, n, s))),
    ("ReserveCost", plain!(folder::reserve_cost)),
    ("ServiceConfig", plain!(|c, n, s| service_config::service_config(c, n, &s.component, None))),
    (
        "ServiceConfigFailureActions",
        plain!(|c, n, s| service_config::failure_actions(c, n, &s.component, None)),
    ),
    ("ServiceControl", plain!(|c, n, s| service::service_control(c, n, &s.component))),
    ("ServiceInstall", plain!(|c, n, s| service::service_install(c, n, &s.component, s.win64))),
    (
        "Shortcut",
        plain!(|c, n, s| {
            let target = shortcut::Target::Component(&s.directory);
            shortcut::shortcut(c, n, &s.component, target);
        }),
    ),
    // Symbols matter to patches only.
    (
        "SymbolPath",
        plain!(|c, n, _| {
            n.text(c, "Path");
        }),
    ),
    ("TypeLib", plain!(|c, n, s| typelib::type_lib(c, n, &s.component, None, s.win64))),
];

/// Stands for the id of a component that takes its key path's, while that is not known yet.
const ID_PLACEHOLDER: &str = "!(wix.OfficialWixComponentIdPlaceholder)";

/// Compiles a component that stands in `parent`, and gives its id.
pub(super) fn component(c: &mut Compiler, node: &Node, parent: &Parent, place: &Place) -> String {
    let before = Watermark::of(c);
    let given_id = node.id(c, "Id");
    let id = given_id.unwrap_or(ID_PLACEHOLDER).to_owned();
    let com_plus = node.int(c, "ComPlusFlags", 0, i32::from(i16::MAX));
    let directory = match (c.reference(node, "Directory", "Directory"), &place.directory) {
        (Some(_), Some(_)) => {
            let message = "'Directory' can't be given where the component stands in a directory".to_owned();
            node.combination(c, "Directory", message);
            String::new()
        }
        (Some(own), None) => own.to_owned(),
        (None, Some(outer)) => outer.clone(),
        (None, None) => node.need(c, "Directory", None),
    };
    let disk_id = node.int(c, "DiskId", 1, i32::from(i16::MAX)).or(place.disk_id);
    let feature = node.id(c, "Feature");
    let guid = guid(c, node);
    let own_key_path = node.flag(c, "KeyPath");
    let multi_instance = node.flag(c, "MultiInstance");
    let mut bits = node.choice(c, "Location", &[("local", 0), ("source", 1), ("either", 2)]).unwrap_or(0);
    for (attribute, bit) in [
        ("DisableRegistryReflection", 512),
        ("NeverOverwrite", 128),
        ("Permanent", 16),
        ("Shared", 2048),
        ("SharedDllRefCount", 8),
        ("Transitive", 64),
        ("UninstallWhenSuperseded", 1024),
    ] {
        bits |= node.bit(c, attribute, bit);
    }
    let win64 = node.yes_no(c, "Win64").unwrap_or(c.is_64_bit());
    bits |= if win64 { 256 } else { 0 };
    if guid.is_empty() {
        for attribute in ["Shared", "Permanent"] {
            if node.flag(c, attribute) {
                let message = format!("{attribute}=\"yes\" needs a Guid that is not empty");
                node.combination(c, attribute, message);
            }
        }
    }
    if let Some(feature) = feature {
        if matches!(parent.kind, ParentKind::Feature | ParentKind::FeatureGroup) {
            let message = "'Feature' can't be given where the component stands in a feature".to_owned();
            node.combination(c, "Feature", message);
        }
        c.complex(node, &Parent::new(ParentKind::Feature, feature), ChildKind::Component, &id, true);
    }

    let scope = Scope {
        component: id.clone(),
        directory: directory.clone(),
        disk_id,
        source: place.source.clone(),
        win64,
        guid: guid.clone(),
    };
    let contents = contents(c, node, &scope, own_key_path);
    // WiX 4 and later let the folder of every component without another key path be created.
    let needs_create_folder = match c.is_v4 {
        true => contents.key_path.is_none() && !contents.creates_folder,
        false => contents.needs_create_folder,
    };
    if needs_create_folder {
        c.row(node, "CreateFolder", cells![directory.as_str(), id.as_str()]);
    }
    let generatable = guid == "*" && can_generate_guid(c, node, &contents);
    if c.options.pedantic && !contents.key_found && !generatable {
        let message = format!("the component '{id}' does not say what its key path is");
        c.error(node, codes::COMPONENT_GUID, message);
    }
    let final_id = if given_id.is_some() || node.has("Id") {
        id.clone()
    } else {
        match &contents.key_path {
            Some(key_path)
                if generatable
                    || contents.key_found
                    || (c.is_v4 && guid != "*" && contents.guid_problem().is_none()) =>
            {
                key_path.clone()
            }
            _ => {
                let message = "a component without Id needs a key path, whose id it takes".to_owned();
                c.error(node, codes::MISSING, message);
                String::new()
            }
        }
    };

    let attributes = bits | contents.key_bits;
    let cells = cells![id.as_str(), guid, directory, attributes, contents.condition, contents.key_path];
    c.row(node, "Component", cells);
    if multi_instance {
        c.section.instance_components.push((id.clone(), node.span()));
    }
    if let Some(flags) = com_plus {
        c.row(node, "Complus", cells![id.as_str(), flags]);
    }
    if parent.is_known() {
        c.complex(node, parent, ChildKind::Component, &id, parent.kind == ParentKind::Feature);
    }
    if id == ID_PLACEHOLDER {
        before.replace(c, &final_id);
    }
    final_id
}

/// What was found inside a component.
#[derive(Default)]
struct Contents {
    condition: Option<String>,
    key_path: Option<String>,
    key_bits: i32,
    /// Something says that it is the key path.
    key_found: bool,
    /// Some file is in the component.
    has_file: bool,
    has_data_source: bool,
    needs_create_folder: bool,
    /// There is a CreateFolder, of whatever folder.
    creates_folder: bool,
}

impl Contents {
    /// Why no GUID can be made for the component.
    fn guid_problem(&self) -> Option<&'static str> {
        if self.has_data_source {
            Some("a component with an ODBCDataSource needs a Guid of its own")
        } else if self.has_file && self.key_bits == 4 {
            Some("a component with files and a registry key path needs a Guid of its own")
        } else {
            None
        }
    }
}

fn contents(c: &mut Compiler, node: &Node, scope: &Scope, own_key_path: bool) -> Contents {
    let mut contents =
        Contents { key_found: own_key_path, needs_create_folder: own_key_path, ..Contents::default() };
    c.each_child(node, |c, child| {
        match child.name() {
            "Condition" => {
                if contents.condition.is_some() {
                    let message = "a component has one <Condition>".to_owned();
                    c.error(child, codes::CONFLICT, message);
                }
                contents.condition = condition::text(c, child);
            }
            "CreateFolder" => {
                let folder = folder::create_folder(c, child, scope);
                contents.needs_create_folder &= folder != scope.directory;
                contents.creates_folder = true;
            }
            name if extensions::is_foreign(name) => {
                let Some(key_path) = extensions::in_component(c, child, scope) else { return Handled::No };
                contents.take(c, child, key_path);
            }
            name => {
                let Some((_, handler)) = ELEMENTS.iter().find(|(element, _)| *element == name) else {
                    return Handled::No;
                };
                let key_path = handler(c, child, scope);
                contents.take(c, child, key_path);
            }
        }
        Handled::Yes
    });
    contents
}

impl Contents {
    fn take(&mut self, c: &mut Compiler, child: &Node, found: KeyPath) {
        self.has_file |= found.kind == KeyPathKind::File;
        self.has_data_source |= found.kind == KeyPathKind::OdbcDataSource;
        if self.key_found && found.set == Some(true) {
            let message = "a component has one key path, and another one is set already".to_owned();
            let at = child.place("KeyPath");
            let hint = "leave KeyPath=\"yes\" at one of them only";
            c.push(Diagnostic::error(codes::CONFLICT, message).at(at).hint(hint));
        }
        let Some(possible) = found.possible.filter(|possible| !possible.is_empty()) else { return };
        let first = found.set.is_none() && self.key_path.is_none() && !self.key_found;
        if found.set == Some(true) || first {
            self.key_found = found.set == Some(true);
            self.key_path = Some(possible);
            self.key_bits = match found.kind {
                KeyPathKind::Registry => 4,
                KeyPathKind::OdbcDataSource => 32,
                KeyPathKind::File | KeyPathKind::None => 0,
            };
        }
    }
}

/// `Guid`: absent means generated, empty means none.
fn guid(c: &mut Compiler, node: &Node) -> String {
    match node.text_or_empty("Guid") {
        None => "*".to_owned(),
        Some("") => String::new(),
        Some(_) => node.guid(c, "Guid", true).unwrap_or_default(),
    }
}

fn can_generate_guid(c: &mut Compiler, node: &Node, contents: &Contents) -> bool {
    let Some(problem) = contents.guid_problem() else { return true };
    let finding = Diagnostic::error(codes::COMPONENT_GUID, problem).at(node.place("Guid"));
    c.push(finding.hint("write a GUID of your own, or Guid=\"\" for a component that is never removed"));
    false
}

fn isolate(c: &mut Compiler, node: &Node, scope: &Scope) {
    let shared = c.reference(node, "Shared", "Component");
    let shared = node.need(c, "Shared", shared);
    c.row(node, "IsolatedComponent", cells![shared, scope.component.as_str()]);
    c.no_children(node);
}

/// How full the active section was before a component.
struct Watermark {
    rows: usize,
    files: usize,
    simple: usize,
    complex: usize,
    actions: usize,
    instances: usize,
}

impl Watermark {
    fn of(c: &Compiler) -> Watermark {
        let section = &c.section;
        Watermark {
            rows: section.rows.len(),
            files: section.files.len(),
            simple: section.simple_references.len(),
            complex: section.complex_references.len(),
            actions: section.actions.len(),
            instances: section.instance_components.len(),
        }
    }

    /// Puts the component's id where its placeholder stands in what came since.
    fn replace(&self, c: &mut Compiler, id: &str) {
        let section = &mut c.section;
        let values = section.rows[self.rows..].iter_mut().flat_map(|row| &mut row.values);
        for value in values {
            if let Value::Str(text) = value
                && text.contains(ID_PLACEHOLDER)
            {
                *value = Value::from(text.replace(ID_PLACEHOLDER, id));
            }
        }
        for condition in
            section.actions[self.actions..].iter_mut().filter_map(|action| action.condition.as_mut())
        {
            if condition.contains(ID_PLACEHOLDER) {
                *condition = condition.replace(ID_PLACEHOLDER, id);
            }
        }
        for file in &mut section.files[self.files..] {
            if file.component == ID_PLACEHOLDER {
                file.component = id.to_owned();
            }
        }
        for reference in &mut section.simple_references[self.simple..] {
            if reference.target.key.contains(ID_PLACEHOLDER) {
                reference.target.key = reference.target.key.replace(ID_PLACEHOLDER, id).into();
            }
        }
        for reference in &mut section.complex_references[self.complex..] {
            if reference.child_id == ID_PLACEHOLDER {
                reference.child_id = id.to_owned();
            }
        }
        for (component, _) in &mut section.instance_components[self.instances..] {
            if component == ID_PLACEHOLDER {
                *component = id.to_owned();
            }
        }
    }
}

/// Whether a component's id is not known yet.
pub(super) fn is_placeholder(component: &str) -> bool {
    component == ID_PLACEHOLDER
}
