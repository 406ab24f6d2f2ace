//! The Dependency extension: `Provides`, `Requires` and `RequiresRef`.
//!
//! A package that provides something writes a key below `Software\Classes\Installer\Dependencies`; one that requires it writes
//! its own name there. The second kind of rows needs both ends, so the linker makes them ([`add_dependents`]).

use super::newer;
use crate::codes;
use crate::compile::component::{KeyPath, KeyPathKind, Scope};
use crate::compile::node::Node;
use crate::compile::{Arch, Compiler, Handled, cells, names};
use crate::ir::{Product, SourceRow};
use diagnostics::Diagnostic;
use msi_db::Value;
use std::collections::HashMap;

const ROOT: &str = "Software\\Classes\\Installer\\Dependencies\\";
/// Machine or user, as the package is installed.
const MACHINE_OR_USER: i32 = -1;
const OWN: &[Arch] = &[Arch::Arm, Arch::Arm64];

pub(super) fn in_section(c: &mut Compiler, node: &Node) -> Handled {
    if node.name() != "dep:Requires" {
        return Handled::No;
    }
    requires(c, node, None);
    Handled::Yes
}

pub(super) fn in_component(c: &mut Compiler, node: &Node, scope: &Scope) -> Option<KeyPath> {
    if node.name() != "dep:Provides" {
        return None;
    }
    // WiX 4 registers for both kinds of installers.
    if scope.win64 && !c.is_v4 {
        let message = "a provider in a 64-bit component is not seen by 32-bit installers".to_owned();
        c.warn(node, codes::SUSPICIOUS, message);
    }
    Some(provides(c, node, &scope.component))
}

fn provides(c: &mut Compiler, node: &Node, component: &str) -> KeyPath {
    let given_id = node.id(c, "Id").map(str::to_owned);
    let key = match node.text_or_empty("Key") {
        Some(key) if !key.is_empty() => {
            check_key(c, node, "Key");
            key
        }
        _ => {
            c.refer(node, "Property", "ProductCode");
            "!(bind.property.ProductCode)"
        }
    };
    let version = version(c, node, "Version");
    if version.is_some() {
        let message = "the version of a provider in a package is better left to ProductVersion".to_owned();
        c.warn_at(codes::SUSPICIOUS, node.place("Version"), message);
    }
    let display_name = node.text(c, "DisplayName");
    let id = given_id.unwrap_or_else(|| c.generate_identifier("dep", &["Provides", component, key]));
    c.each_child(node, |c, child| {
        match child.name() {
            "dep:Requires" => requires(c, child, Some(&id)),
            "dep:RequiresRef" => {
                let target = c.simple_reference(child, "WixDependency");
                enforce(c, child);
                c.row(child, "WixDependencyRef", cells![id.as_str(), target]);
                c.no_children(child);
            }
            _ => return Handled::No,
        }
        Handled::Yes
    });
    c.row(
        node,
        "WixDependencyProvider",
        cells![id.as_str(), component, key, version.as_deref(), display_name],
    );
    // WiX 4 has the actions where attributes ask for them.
    if !c.is_v4 || node.flag(c, "Check") {
        c.refer_to_action(node, "WixDependencyCheck", OWN);
    }
    let place = format!("{ROOT}{key}");
    let version_row = c.generate_identifier("reg", &[&id, "Version"]);
    for (value, content) in [
        (None, "[ProductCode]"),
        (Some("Version"), version.as_deref().unwrap_or("[ProductVersion]")),
        (Some("DisplayName"), display_name.unwrap_or("[ProductName]")),
    ] {
        let row_id = c.generate_identifier("reg", &[&id, value.unwrap_or("(Default)")]);
        c.row(node, "Registry", cells![row_id, MACHINE_OR_USER, place.as_str(), value, content, component]);
    }
    // WiX 4 takes it as the key path only where nothing else is.
    let set = (!c.is_v4).then_some(true);
    KeyPath { kind: KeyPathKind::Registry, set, possible: Some(version_row) }
}

/// `provider` is the row that the requirement belongs to; at the top of a section nobody has it yet.
fn requires(c: &mut Compiler, node: &Node, provider: Option<&str>) {
    let given_id = node.id(c, "Id").map(str::to_owned);
    let key = node.need_text(c, "ProviderKey");
    check_key(c, node, "ProviderKey");
    let minimum = version(c, node, "Minimum");
    let maximum = version(c, node, "Maximum");
    let bits = node.bit(c, "IncludeMinimum", 256) | node.bit(c, "IncludeMaximum", 512);
    let bits = (bits != 0 || c.is_v4).then_some(bits);
    let id = match (given_id, provider) {
        (Some(id), _) => id,
        (None, Some(_)) => c.generate_identifier("dep", &["Requires", key]),
        (None, None) => {
            let message = "<dep:Requires> needs 'Id' where it stands in no <dep:Provides>".to_owned();
            return c.error(node, codes::MISSING, message);
        }
    };
    c.row(node, "WixDependency", cells![id.as_str(), key, minimum, maximum, bits]);
    if let Some(provider) = provider {
        enforce(c, node);
        c.row(node, "WixDependencyRef", cells![provider, id]);
    }
    c.no_children(node);
}

/// Has a package refuse to be installed without what it requires.
fn enforce(c: &mut Compiler, node: &Node) {
    if !c.is_v4 || node.flag(c, "Enforce") {
        c.refer_to_action(node, "WixDependencyRequire", OWN);
    }
}

/// A version of four numbers, or a variable.
fn version(c: &mut Compiler, node: &Node, attribute: &str) -> Option<String> {
    let version = node.version(c, attribute)?;
    if !c.is_v4 && version.split('.').count() != 4 && !version.contains("!(") {
        node.bad(c, attribute, format!("'{version}' is not a version of four numbers"));
        return None;
    }
    Some(version)
}

/// Keys are parts of registry paths, and `ALL` means every provider.
fn check_key(c: &mut Compiler, node: &Node, attribute: &str) {
    let Some(key) = node.text_or_empty(attribute) else { return };
    let problem = match key.chars().find(|character| matches!(character, ' ' | '"' | ';' | '\\')) {
        Some(character) => format!("the key of a provider can't hold '{character}'"),
        None if key == "ALL" => "'ALL' stands for every provider and can't be the key of one".to_owned(),
        None => return,
    };
    let finding = Diagnostic::error(codes::BAD_VALUE, problem).at(node.place(attribute));
    c.push(finding.hint("write a key such as 'Example.Product,v1'"));
}

/// Adds the registry rows by which a package says what it depends on.
pub(crate) fn add_dependents(product: &mut Product) {
    let text = |row: &SourceRow, at: usize| row.values.get(at).and_then(Value::as_str).map(str::to_owned);
    let by_key = |table: &str| -> HashMap<String, SourceRow> {
        let rows = product.tables.get(table).into_iter().flatten();
        rows.filter_map(|row| Some((text(row, 0)?, row.clone()))).collect()
    };
    let name = |older| if product.is_v4 { newer::table(older).unwrap_or(older) } else { older };
    let (providers, requirements) = (by_key(name("WixDependencyProvider")), by_key(name("WixDependency")));
    let mut added = Vec::new();
    for reference in product.tables.get(name("WixDependencyRef")).into_iter().flatten() {
        let (Some(provider_id), Some(requirement_id)) = (text(reference, 0), text(reference, 1)) else {
            continue;
        };
        let (Some(provider), Some(requirement)) =
            (providers.get(&provider_id), requirements.get(&requirement_id))
        else {
            continue;
        };
        let (component, own_key) = (text(provider, 1), text(provider, 2).unwrap_or_default());
        let place = format!("{ROOT}{}\\Dependents\\{own_key}", text(requirement, 1).unwrap_or_default());
        let mut add = |value: &str, name: &str, content: Option<String>| {
            let id = names::generate_identifier_by_sha1("reg", &[&provider_id, &requirement_id, value]);
            let values = cells![id, MACHINE_OR_USER, place.as_str(), name, content, component.as_deref()];
            added.push(SourceRow { table: "Registry".into(), values, span: requirement.span });
        };
        add("(Default)", "*", None);
        let minimum = text(requirement, 2);
        if minimum.is_some() {
            add("MinVersion", "MinVersion", minimum);
            // The greatest version is written where there is a least one, as WiX does it.
            add("MaxVersion", "MaxVersion", text(requirement, 3));
        }
        if let Some(bits) = requirement.values.get(4).and_then(Value::as_int).filter(|bits| *bits != 0) {
            add("Attributes", "Attributes", Some(format!("#{bits}")));
        }
    }
    if !added.is_empty() {
        product.tables.entry("Registry".into()).or_default().extend(added);
    }
}
