//! `File` and what stands in it.

use super::component::{KeyPath, KeyPathKind, Scope, is_placeholder};
use super::{
    Compiler, Handled, Node, appid, cells, class, copy_file, names, odbc, permission, shortcut, typelib,
};
use crate::codes;
use crate::extension as extensions;
use crate::ir::{AssemblySymbol, FileSymbol};

/// The feature of a row that the linker connects to a component's own.
pub(super) const ANY_FEATURE: &str = "{00000000-0000-0000-0000-000000000000}";

pub(super) fn file(c: &mut Compiler, node: &Node, scope: &Scope) -> KeyPath {
    let source = Source::read(c, node, scope);
    let given_name = node.long_name(c, "Name", false);
    let older_name = node.long_name(c, "LongName", false);
    node.excludes(c, "Name", "LongName");
    node.excludes(c, "ShortName", "LongName");
    if older_name.is_some() {
        let message = "the attribute 'LongName' is deprecated; write 'Name'".to_owned();
        c.warn_at(codes::DEPRECATED, node.place("LongName"), message);
    }
    let name = given_name.map(str::to_owned).or_else(|| source.file_name(c, node));
    let id = file_id(c, node, name.as_deref());
    let name = name.or(older_name.map(str::to_owned)).unwrap_or_else(|| id.clone());
    let short_name = match node.short_name(c, "ShortName", false) {
        Some(short) => Some(short.to_owned()),
        None if names::is_short_name(&name, false) => None,
        None => {
            let owner = if is_placeholder(&scope.component) { &id } else { &scope.component };
            Some(names::generate_short_name(&name, true, false, &["File", owner]))
        }
    };

    let mut attributes = if node.yes_no(c, "Vital") == Some(false) { 0 } else { 512 };
    for (attribute, bit) in [("Checksum", 1024), ("Hidden", 2), ("ReadOnly", 1), ("System", 4)] {
        attributes |= node.bit(c, attribute, bit);
    }
    let compressed = [("yes", 16384), ("no", 8192), ("default", 0)];
    attributes |= node.choice(c, "Compressed", &compressed).unwrap_or(0);
    let companion = c.reference(node, "CompanionFile", "File");
    let key_path = node.yes_no(c, "KeyPath");
    if companion.is_some() && key_path == Some(true) {
        node.combination(c, "CompanionFile", "a companion file can't be a key path".to_owned());
    }
    node.excludes(c, "DefaultVersion", "CompanionFile");
    let disk_id = node.int(c, "DiskId", 1, i32::from(i16::MAX)).or(scope.disk_id).unwrap_or(1);
    c.refer(node, "Media", &disk_id.to_string());
    let assembly = assembly(c, node, scope, key_path);
    let patch_group = node.int(c, "PatchGroup", 1, i32::MAX);
    // These say how patches are made, and leave no trace in a package.
    for attribute in ["PatchIgnore", "PatchWholeFile", "PatchAllowIgnoreOnError"] {
        node.flag(c, attribute);
    }
    let bind_path = node.text_or_empty("BindPath");
    let self_reg_cost = node.int(c, "SelfRegCost", 0, i32::from(i16::MAX));
    let true_type = node.flag(c, "TrueType");
    let font_title = node.text(c, "FontTitle").or(true_type.then_some(""));
    let file = FileSymbol {
        id: id.clone(),
        component: scope.component.clone(),
        directory: scope.directory.clone(),
        source: source.path(c, &name, short_name.as_deref()),
        name,
        short_name,
        attributes,
        disk_id: Some(disk_id),
        version: companion.map(str::to_owned),
        default_version: node.text(c, "DefaultVersion").map(str::to_owned),
        language: None,
        default_language: node.text(c, "DefaultLanguage").map(str::to_owned),
        default_size: node.int(c, "DefaultSize", 0, i32::MAX),
        assembly,
        patch_group,
        font_title: font_title.map(str::to_owned),
        bind_path: bind_path.map(str::to_owned),
        span: node.span(),
    };

    children(c, node, scope, &id, key_path);
    rows(c, node, scope, &file);
    if let Some(cost) = self_reg_cost {
        c.row(node, "SelfReg", cells![id.as_str(), cost]);
    }
    c.section.files.push(file);
    KeyPath { kind: KeyPathKind::File, set: key_path, possible: companion.is_none().then_some(id) }
}

fn children(c: &mut Compiler, node: &Node, scope: &Scope, id: &str, key_path: Option<bool>) {
    let server = class::Server { file: Some(id), ..class::Server::default() };
    c.each_child(node, |c, child| {
        match child.name() {
            "AppId" => appid::app_id(c, child, &scope.component, None, &server),
            "AssemblyName" => assembly_name(c, child, &scope.component),
            "Class" => class::class(c, child, &scope.component, None, &server, None),
            "CopyFile" => copy_file::copy_file(c, child, &scope.component, Some(id)),
            "ODBCDriver" | "ODBCTranslator" => {
                odbc::driver_or_translator(c, child, &scope.component, Some(id));
            }
            "Permission" => permission::permission(c, child, id, permission::Object::File),
            "PermissionEx" => permission::permission_ex(c, child, id, "File"),
            "Shortcut" => {
                let target = shortcut::Target::File { id, key_path: key_path == Some(true) };
                shortcut::shortcut(c, child, &scope.component, target);
            }
            "SymbolPath" => drop(child.text(c, "Path")),
            other if extensions::is_foreign(other) => {
                let object = extensions::Object {
                    table: "File",
                    id,
                    service: None,
                    component: &scope.component,
                    win64: scope.win64,
                };
                return extensions::in_object(c, child, &object);
            }
            "TypeLib" => typelib::type_lib(c, child, &scope.component, Some(id), scope.win64),
            _ => return Handled::No,
        }
        Handled::Yes
    });
}

/// Rows of other tables that attributes of a file ask for.
fn rows(c: &mut Compiler, node: &Node, scope: &Scope, file: &FileSymbol) {
    if let Some(assembly) = &file.assembly {
        let (manifest, application) = (assembly.manifest.as_deref(), assembly.application.as_deref());
        // Absent and 0 are the same to the engine; WiX 4 leaves it out.
        let kind = (assembly.win32 || !c.is_v4).then(|| i32::from(assembly.win32));
        let cells = cells![scope.component.as_str(), ANY_FEATURE, manifest, application, kind];
        c.row(node, "MsiAssembly", cells);
    }
    if let Some(path) = &file.bind_path {
        c.row(node, "BindImage", cells![file.id.as_str(), path.as_str()]);
    }
    if let Some(title) = &file.font_title {
        c.row(node, "Font", cells![file.id.as_str(), title.as_str()]);
    }
}

fn file_id(c: &mut Compiler, node: &Node, name: Option<&str>) -> String {
    if node.has("Id") {
        return node.id(c, "Id").unwrap_or_default().to_owned();
    }
    let id = name.filter(|name| !name.is_empty()).map(names::identifier_from_name);
    match id {
        Some(id) if names::is_identifier(&id) => id,
        Some(id) => {
            c.error_with_hint(
                node,
                codes::BAD_VALUE,
                &format!("'{id}', made from the file's name, is not an identifier"),
                "write an 'Id' of letters, digits, '_' and '.', no digit first, of at most 72 characters",
            );
            String::new()
        }
        None => {
            let message = "<File> needs the attribute 'Source', or 'Id' and 'Name'".to_owned();
            c.error(node, codes::MISSING, message);
            String::new()
        }
    }
}

fn assembly(c: &mut Compiler, node: &Node, scope: &Scope, key_path: Option<bool>) -> Option<AssemblySymbol> {
    let win32 = node.choice(c, "Assembly", &[("no", None), (".net", Some(false)), ("win32", Some(true))]);
    let application = c.reference(node, "AssemblyApplication", "File").map(str::to_owned);
    let manifest = c.reference(node, "AssemblyManifest", "File").map(str::to_owned);
    let architectures = [
        ("msil", "MSIL"),
        ("x86", "x86"),
        ("x64", "amd64"),
        ("arm", "arm"),
        ("arm64", "arm64"),
        ("ia64", "ia64"),
    ];
    let processor_architecture = node.choice(c, "ProcessorArchitecture", &architectures).map(str::to_owned);
    let Some(win32) = win32.flatten() else {
        for attribute in ["AssemblyManifest", "AssemblyApplication"] {
            if node.has(attribute) {
                node.combination(c, attribute, format!("'{attribute}' needs the attribute 'Assembly'"));
            }
        }
        return None;
    };
    if win32 && manifest.is_none() {
        let message = "Assembly=\"win32\" needs the attribute 'AssemblyManifest'".to_owned();
        node.combination(c, "Assembly", message);
    }
    if key_path != Some(true) && scope.guid != "*" {
        let message = "an assembly is its component's key path: KeyPath=\"yes\"".to_owned();
        node.combination(c, "Assembly", message);
    }
    Some(AssemblySymbol { win32, manifest, application, processor_architecture })
}

fn assembly_name(c: &mut Compiler, node: &Node, component: &str) {
    let name = node.need_text(c, "Id");
    let value = node.text(c, "Value");
    c.row(node, "MsiAssemblyName", cells![component, name, value]);
    c.no_children(node);
}

/// Where a file comes from.
struct Source {
    path: String,
    /// The file itself says so, and not only the directories around it.
    own: bool,
}

impl Source {
    fn read(c: &mut Compiler, node: &Node, scope: &Scope) -> Source {
        match node.renamed(c, "Source", "src") {
            Some(path) => Source { path: path.to_owned(), own: true },
            None => Source { path: scope.source.clone(), own: false },
        }
    }

    /// The name at the end of the source path, for a file that has none of its own.
    fn file_name(&self, c: &mut Compiler, node: &Node) -> Option<String> {
        if !self.own || self.path.ends_with(['\\', '/']) {
            return None;
        }
        let name = self.path.rsplit(['\\', '/', ':']).next().unwrap_or_default();
        if !names::is_long_name(name, false) {
            node.bad(c, "Source", format!("'{name}' at the end of the source path is not a file name"));
        }
        Some(name.to_owned())
    }

    /// The whole path; one that ends with a folder is completed with the file's name.
    fn path(&self, c: &Compiler, name: &str, short_name: Option<&str>) -> String {
        let name = if c.short_names { short_name.unwrap_or(name) } else { name };
        if self.path.is_empty() || self.path.ends_with(['\\', '/']) {
            format!("{}{name}", self.path)
        } else {
            self.path.clone()
        }
    }
}
