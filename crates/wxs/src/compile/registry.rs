//! Registry keys and values, and their removal.

use super::component::{KeyPath, KeyPathKind, Scope};
use super::{Compiler, Handled, Node, cells, permission};
use crate::codes;
use crate::extension as extensions;
use diagnostics::Diagnostic;

/// The key that an element stands in.
#[derive(Debug, Clone)]
pub(super) struct Outer {
    root: Option<i32>,
    key: Option<String>,
}

impl Compiler<'_> {
    /// Adds a value below HKEY_CLASSES_ROOT, as the COM elements do that are not advertised.
    pub(super) fn class_value(
        &mut self,
        node: &Node,
        component: &str,
        key: &str,
        name: Option<&str>,
        value: Option<&str>,
    ) {
        let id = identifier(self, component, Some(0), key, name);
        let escaped =
            value.map(|value| if value.starts_with('#') { format!("#{value}") } else { value.to_owned() });
        self.row(node, "Registry", cells![id, 0, key, name, escaped, component]);
    }
}

impl Compiler<'_> {
    /// Adds a value to the registry and gives its row's key, as elements do that are no registry elements.
    pub(crate) fn registry_row(
        &mut self,
        node: &Node,
        component: &str,
        root: i32,
        key: &str,
        name: Option<&str>,
        value: Option<&str>,
    ) -> String {
        let id = identifier(self, component, Some(root), key, name);
        self.row(node, "Registry", cells![id.as_str(), root, key, name, value, component]);
        id
    }
}

pub(super) fn key(c: &mut Compiler, node: &Node, scope: &Scope, outer: Option<&Outer>) -> KeyPath {
    let own = Outer::read(c, node, outer);
    let (mut create, mut delete) = match node.choice(
        c,
        "Action",
        &[("create", (true, false)), ("createAndRemoveOnUninstall", (true, true)), ("none", (false, false))],
    ) {
        Some(action) => {
            let message = "the attribute 'Action' is deprecated; write 'ForceCreateOnInstall' and 'ForceDeleteOnUninstall'";
            c.warn_at(codes::DEPRECATED, node.place("Action"), message.to_owned());
            action
        }
        None => (false, false),
    };
    create |= node.flag(c, "ForceCreateOnInstall");
    delete |= node.flag(c, "ForceDeleteOnUninstall");
    let name = match (create, delete) {
        (true, true) => Some("*"),
        (true, false) => Some("+"),
        (false, true) => Some("-"),
        (false, false) => None,
    };
    let (root, key) = own.need(c, node);
    let given_id = node.id(c, "Id");
    if name.is_none() && node.has("Id") {
        let message =
            "'Id' needs 'ForceCreateOnInstall' or 'ForceDeleteOnUninstall', without which the key has no row";
        node.combination(c, "Id", message.to_owned());
    }
    let id = given_id.map_or_else(|| identifier(c, &scope.component, root, &key, name), str::to_owned);

    let inner = Outer { root, key: Some(key.clone()) };
    let mut key_path = KeyPath { kind: KeyPathKind::Registry, ..KeyPath::default() };
    c.each_child(node, |c, child| {
        match child.name() {
            "RegistryKey" => {
                let found = self::key(c, child, scope, Some(&inner));
                take_key_path(c, child, &mut key_path, found);
            }
            "RegistryValue" => {
                let found = value(c, child, scope, Some(&inner));
                take_key_path(c, child, &mut key_path, found);
            }
            "Permission" => {
                needs_creation(c, child, create);
                permission::permission(c, child, &id, permission::Object::Registry);
            }
            "PermissionEx" => {
                needs_creation(c, child, create);
                permission::permission_ex(c, child, &id, "Registry");
            }
            other if extensions::is_foreign(other) => {
                let object = extensions::Object::new("Registry", &id, &scope.component, scope.win64);
                return extensions::in_object(c, child, &object);
            }
            _ => return Handled::No,
        }
        Handled::Yes
    });
    if name.is_some() {
        let none: Option<&str> = None;
        c.row(node, "Registry", cells![id, root, key, name, none, scope.component.as_str()]);
    }
    key_path
}

pub(super) fn value(c: &mut Compiler, node: &Node, scope: &Scope, outer: Option<&Outer>) -> KeyPath {
    let own = Outer::read(c, node, outer);
    let (root, key) = own.need(c, node);
    let action = node.text(c, "Action").unwrap_or("write");
    let ty = node.text(c, "Type");
    let ty = node.need(c, "Type", ty);
    let name = node.text(c, "Name");
    let key_path = node.yes_no(c, "KeyPath");
    let given_id = node.id(c, "Id");
    let id = given_id.map_or_else(|| identifier(c, &scope.component, root, &key, name), str::to_owned);
    let mut text = node.text_or_empty("Value").map(str::to_owned);
    if matches!(action, "append" | "prepend") && ty != "multiString" {
        node.combination(c, "Action", format!("Action=\"{action}\" needs Type=\"multiString\""));
    }
    c.each_child(node, |c, child| {
        match child.name() {
            "MultiStringValue" => multi_string(c, child, ty, &mut text),
            "Permission" => permission::permission(c, child, &id, permission::Object::Registry),
            "PermissionEx" => permission::permission_ex(c, child, &id, "Registry"),
            other if extensions::is_foreign(other) => {
                let object = extensions::Object::new("Registry", &id, &scope.component, scope.win64);
                return extensions::in_object(c, child, &object);
            }
            _ => return Handled::No,
        }
        Handled::Yes
    });
    let marked = matches!(ty, "binary" | "expandable" | "integer") || matches!(action, "append" | "prepend");
    if text.is_none() && marked {
        // The mark of the type, or of the list, is a value of its own.
        text = Some(String::new());
    } else if text.is_none() {
        node.need::<&str>(c, "Value", None);
    }
    let cell = text.map(|text| written_value(ty, action, &text));
    if cell.as_deref() == Some("") && matches!(name, Some("+" | "-" | "*")) {
        let name = name.unwrap_or_default();
        let message =
            format!("a value named '{name}' without content means something else to Windows Installer");
        node.bad(c, "Name", message);
    }
    c.row(node, "Registry", cells![id.as_str(), root, key, name, cell, scope.component.as_str()]);
    KeyPath { kind: KeyPathKind::Registry, set: key_path, possible: Some(id) }
}

pub(super) fn remove_key(c: &mut Compiler, node: &Node, scope: &Scope) {
    let own = Outer::read(c, node, None);
    let (root, key) = own.need(c, node);
    let on_install = node.choice(c, "Action", &[("removeOnInstall", true), ("removeOnUninstall", false)]);
    let on_install = node.need(c, "Action", on_install);
    let given_id = node.id(c, "Id").map(str::to_owned);
    let id = given_id.unwrap_or_else(|| identifier(c, &scope.component, root, &key, Some("-")));
    if on_install {
        c.row(node, "RemoveRegistry", cells![id, root, key, "-", scope.component.as_str()]);
    } else {
        let none: Option<&str> = None;
        c.row(node, "Registry", cells![id, root, key, "-", none, scope.component.as_str()]);
    }
    c.no_children(node);
}

pub(super) fn remove_value(c: &mut Compiler, node: &Node, scope: &Scope) {
    let own = Outer::read(c, node, None);
    let (root, key) = own.need(c, node);
    let name = node.text(c, "Name");
    let given_id = node.id(c, "Id").map(str::to_owned);
    let id = given_id.unwrap_or_else(|| identifier(c, &scope.component, root, &key, name));
    c.row(node, "RemoveRegistry", cells![id, root, key, name, scope.component.as_str()]);
    c.no_children(node);
}

/// `Registry`, which the newer elements replaced.
pub(super) fn old_registry(c: &mut Compiler, node: &Node, scope: &Scope, outer: Option<&Outer>) -> KeyPath {
    let message =
        "<Registry> is deprecated; write <RegistryKey>, <RegistryValue>, <RemoveRegistryKey> …".to_owned();
    c.warn(node, codes::DEPRECATED, message);
    let own = Outer::read(c, node, outer);
    let (root, key) = own.need(c, node);
    let given_action = node.text(c, "Action");
    let action = given_action.unwrap_or_default();
    let ty = node.text(c, "Type");
    let mut name = node.text(c, "Name").map(str::to_owned);
    let mut key_path =
        KeyPath { kind: KeyPathKind::Registry, set: node.yes_no(c, "KeyPath"), possible: None };
    let given_id = node.id(c, "Id").map(str::to_owned);
    let mut text = node.text(c, "Value").map(str::to_owned);
    let removes = matches!(action, "remove" | "removeKeyOnInstall");
    let key_action =
        matches!(action, "createKey" | "createKeyAndRemoveKeyOnUninstall" | "removeKeyOnUninstall");

    let inner = Outer { root, key: Some(key.clone()) };
    let mut permissions = Vec::new();
    for element in node.element.children() {
        let Some(child) = c.open(node, element) else { continue };
        if removes {
            let message = format!("<{}> can't stand in a key or value that is removed", child.name());
            c.error(&child, codes::CONFLICT, message);
        }
        match child.name() {
            "Registry" => {
                let found = old_registry(c, &child, scope, Some(&inner));
                if found.set == Some(true) {
                    take_key_path(c, &child, &mut key_path, found);
                }
            }
            "RegistryValue" => multi_string(c, &child, ty.unwrap_or_default(), &mut text),
            "Permission" | "PermissionEx" | "util:PermissionEx" => {
                permissions.push(child);
                continue;
            }
            _ => {
                c.not_supported(&child);
                continue;
            }
        }
        c.close(&child);
    }

    if removes || key_action {
        for attribute in ["KeyPath", "Value", "Type", "Name"] {
            let clash = match attribute {
                "KeyPath" => key_path.set == Some(true),
                "Value" => text.is_some(),
                "Type" => ty.is_some() && removes,
                _ => name.is_some() && action != "remove",
            };
            if clash {
                node.combination(c, attribute, format!("'{attribute}' does not go with Action=\"{action}\""));
            }
        }
    }
    let mut can_be_key_path = true;
    let id;
    if removes {
        if action == "removeKeyOnInstall" {
            name = Some("-".to_owned());
            can_be_key_path = false;
        }
        id = given_id.unwrap_or_else(|| identifier(c, &scope.component, root, &key, name.as_deref()));
        c.row(node, "RemoveRegistry", cells![id.as_str(), root, key, name, scope.component.as_str()]);
        c.ensure_table(node, "Registry");
    } else {
        if matches!(action, "append" | "prepend") && ty != Some("multiString") {
            node.combination(c, "Action", format!("Action=\"{action}\" needs Type=\"multiString\""));
        }
        can_be_key_path = !key_action;
        let mut cell = None;
        if let Some(text) = &text {
            if ty.is_none() {
                node.combination(c, "Value", "'Value' needs the attribute 'Type'".to_owned());
            }
            let action = if given_action.is_none() { "write" } else { action };
            cell = Some(written_value(ty.unwrap_or("string"), action, text));
        } else if name.is_none() {
            if ty.is_some() {
                node.combination(c, "Type", "'Type' needs 'Name' or 'Value'".to_owned());
            }
            name = match action {
                "createKey" => Some("+".to_owned()),
                "createKeyAndRemoveKeyOnUninstall" => Some("*".to_owned()),
                "removeKeyOnUninstall" => Some("-".to_owned()),
                _ => None,
            };
        } else {
            if matches!(name.as_deref(), Some("+" | "-" | "*")) {
                node.bad(c, "Name", "a value of this name needs a content".to_owned());
            }
            if key_path.set == Some(true) {
                node.combination(c, "KeyPath", "a value without content can't be a key path".to_owned());
            }
            if ty == Some("multiString") {
                cell = Some("[~][~]".to_owned());
            }
        }
        id = given_id.unwrap_or_else(|| identifier(c, &scope.component, root, &key, name.as_deref()));
        c.row(node, "Registry", cells![id.as_str(), root, key, name, cell, scope.component.as_str()]);
    }
    for child in permissions {
        if child.name() == "Permission" {
            permission::permission(c, &child, &id, permission::Object::Registry);
        } else if extensions::is_foreign(child.name()) {
            let (component, win64) = (scope.component.as_str(), scope.win64);
            let object = extensions::Object::new("Registry", &id, component, win64);
            extensions::in_object(c, &child, &object);
        } else {
            permission::permission_ex(c, &child, &id, "Registry");
        }
        c.close(&child);
    }
    if can_be_key_path && key_path.possible.is_none() {
        key_path.possible = Some(id);
    }
    key_path
}

impl Outer {
    /// `Root` and `Key` of an element, joined to what is around it.
    fn read(c: &mut Compiler, node: &Node, outer: Option<&Outer>) -> Outer {
        let root = node.root(c, "Root", true);
        let outer_root = outer.and_then(|outer| outer.root);
        if outer_root.is_some() && node.has("Root") {
            node.combination(c, "Root", "'Root' is given by the key around it".to_owned());
        }
        let outer_key = outer.and_then(|outer| outer.key.as_deref());
        let key = match (outer_key, node.text(c, "Key")) {
            (Some(outer), Some(key)) if outer.ends_with('\\') => Some(format!("{outer}{key}")),
            (Some(outer), Some(key)) => Some(format!("{outer}\\{key}")),
            (outer, key) => outer.or(key).map(str::to_owned),
        };
        Outer { root: outer_root.or(root), key }
    }

    fn need(self, c: &mut Compiler, node: &Node) -> (Option<i32>, String) {
        if self.root.is_none() {
            node.need::<i32>(c, "Root", None);
        }
        let key = self.key.unwrap_or_else(|| node.need(c, "Key", None));
        (self.root, key)
    }
}

/// The id that WiX makes for a row of the registry tables.
fn identifier(c: &Compiler, component: &str, root: Option<i32>, key: &str, name: Option<&str>) -> String {
    // A root that is missing was reported; the number that stands for it does not matter.
    let root = root.unwrap_or_default().to_string();
    let (key, name) = (key.to_lowercase(), name.unwrap_or_default().to_lowercase());
    c.generate_identifier("reg", &[component, &root, &key, &name])
}

/// A value with the prefix that tells its type.
fn written_value(ty: &str, action: &str, text: &str) -> String {
    match (ty, action) {
        ("binary", _) => format!("#x{text}"),
        ("expandable", _) => format!("#%{text}"),
        ("integer", _) => format!("#{text}"),
        ("multiString", "append") => format!("[~]{text}"),
        ("multiString", "prepend") => format!("{text}[~]"),
        ("multiString", _) if !text.contains("[~]") => format!("[~]{text}[~]"),
        ("string", _) if text.starts_with('#') => format!("#{text}"),
        _ => text.to_owned(),
    }
}

fn multi_string(c: &mut Compiler, child: &Node, ty: &str, text: &mut Option<String>) {
    let piece = child.raw_text().unwrap_or_default();
    match text {
        Some(_) if ty != "multiString" => {
            let message = "several values need Type=\"multiString\"".to_owned();
            c.error(child, codes::ATTRIBUTE_COMBINATION, message);
        }
        Some(text) => *text = format!("{text}[~]{piece}"),
        none => *none = Some(piece.to_owned()),
    }
    c.no_children(child);
}

/// Takes over what a nested key or value says of the key path.
fn take_key_path(c: &mut Compiler, child: &Node, key_path: &mut KeyPath, found: KeyPath) {
    if found.set == Some(true) {
        if key_path.set == Some(true) {
            let message = "a component has one key path, and another one is set already".to_owned();
            let finding = Diagnostic::error(codes::CONFLICT, message).at(child.place("KeyPath"));
            c.push(finding.hint("leave KeyPath=\"yes\" at one of them only"));
        }
        key_path.possible = found.possible;
        key_path.set = Some(true);
    } else if key_path.possible.is_none() && found.possible.is_some() {
        key_path.possible = found.possible;
    }
}

fn needs_creation(c: &mut Compiler, child: &Node, create: bool) {
    if !create {
        let message = format!("<{}> needs ForceCreateOnInstall=\"yes\" on its key", child.name());
        c.error(child, codes::ATTRIBUTE_COMBINATION, message);
    }
}
