//! Ids that a source leaves out.

use super::{Around, names};
use crate::document::Tree;

/// Gives an element the id that WiX 4 makes for it.
pub(super) fn name(tree: &mut Tree, around: &Around, is_64_bit: bool) {
    if tree.get("Id").is_some() {
        return;
    }
    let get = |name: &str| tree.get(name).unwrap_or_default().to_owned();
    let lower = |name: &str| get(name).to_lowercase();
    let first = |names: [&str; 2]| {
        names.iter().map(|name| get(name)).find(|text| !text.is_empty()).unwrap_or_default()
    };
    let component = around.component.clone().unwrap_or_default();
    let directory = around.directory.clone().unwrap_or_default();
    let (prefix, parts): (&str, Vec<String>) = match tree.local() {
        "ComponentSearch" => ("cmp", vec![get("Guid"), word(&get("Type"), &["directory", "file"])]),
        "CopyFile" => {
            let from = if tree.get("FileId").is_some() || around.file.is_some() {
                String::new()
            } else {
                get("SourceDirectory")
            };
            let rest =
                ["SourceProperty", "DestinationDirectory", "DestinationProperty", "DestinationName"].map(get);
            ("cf", [String::new(), from].into_iter().chain(rest).collect())
        }
        "DirectorySearch" => {
            let depth = if tree.get("Depth").is_some() { get("Depth") } else { i32::MIN.to_string() };
            ("dir", vec![get("Path"), depth])
        }
        "Environment" => {
            let action = ["set", "create", "remove"].iter().position(|word| *word == get("Action"));
            let part = ["all", "first", "last"].iter().position(|word| *word == get("Part"));
            let number = |at: Option<usize>| at.map(|at| at.to_string()).unwrap_or_default();
            ("env", vec![number(action), get("Name"), number(part), boolean(&get("System"))])
        }
        "FileSearch"
            if around.parent.ends_with("DirectorySearch") || around.parent == "DirectorySearchRef" =>
        {
            return;
        }
        "FileSearch" => ("fs", vec![first(["Name", "ShortName"])]),
        "IniFile" => {
            let name = first(["Name", "ShortName"]);
            ("ini", vec![first(["Directory", "Directory"]), name, get("Section"), get("Key"), get("Name")])
        }
        "IniFileSearch" => {
            let field = if tree.get("Field").is_some() { get("Field") } else { i32::MIN.to_string() };
            let ty = word(&get("Type"), &["directory", "file", "raw"]);
            ("ini", vec![get("Name"), get("Section"), get("Key"), field, ty])
        }
        "ODBCDriver" | "ODBCTranslator" => {
            let file = around.file.clone().unwrap_or_default();
            let setup = if tree.get("SetupFile").is_some() { get("SetupFile") } else { file.clone() };
            ("odb", vec![get("Name"), file, setup])
        }
        "RegistryKey" => {
            let name = match (yes(&get("ForceCreateOnInstall")), yes(&get("ForceDeleteOnUninstall"))) {
                (true, true) => "*",
                (true, false) => "+",
                (false, true) => "-",
                (false, false) => return,
            };
            let (root, key) = outer(tree, around);
            ("reg", vec![component, root_number(&root), key.to_lowercase(), name.to_owned()])
        }
        "RegistryValue" => {
            let (root, key) = outer(tree, around);
            ("reg", vec![component, root_number(&root), key.to_lowercase(), lower("Name")])
        }
        "RemoveRegistryKey" => {
            let parts = vec![component, root_number(&get("Root")), lower("Key"), "-".to_owned()];
            ("reg", parts)
        }
        "RemoveRegistryValue" => {
            ("reg", vec![component, root_number(&get("Root")), lower("Key"), lower("Name")])
        }
        "RegistrySearch" => {
            let root = match get("Root").as_str() {
                "HKCR" => "ClassesRoot",
                "HKCU" => "CurrentUser",
                "HKLM" => "LocalMachine",
                "HKU" => "Users",
                _ => "",
            };
            let wide = if tree.get("Win64").is_some() { yes(&get("Win64")) } else { is_64_bit };
            let wide = if wide { "True" } else { "False" };
            let ty = match get("Type").as_str() {
                "directory" => "Directory",
                "file" => "FileName",
                _ => "Raw",
            };
            ("reg", vec![root.to_owned(), get("Key"), get("Name"), ty.to_owned(), wide.to_owned()])
        }
        "RemoveFile" | "RemoveFolder" => {
            let on = match get("On").as_str() {
                "install" => "1",
                "uninstall" => "2",
                "both" => "3",
                _ => "0",
            };
            let property = get("Property");
            let own = if property.is_empty() && tree.get("Directory").is_none() {
                directory
            } else {
                get("Directory")
            };
            let place = if own.is_empty() { property } else { own };
            let mut parts = vec![place];
            if tree.local() == "RemoveFile" {
                parts.extend([lower("ShortName"), lower("Name")]);
            }
            parts.push(on.to_owned());
            ("rmf", parts)
        }
        "ReserveCost" => {
            let own = if tree.get("Directory").is_some() { get("Directory") } else { directory };
            ("rc", vec![component, own])
        }
        "ServiceControl" => {
            let id = crate::compile::names::identifier_from_name(&get("Name"));
            tree.set("Id", id);
            return;
        }
        "Shortcut" => {
            let own = if tree.get("Directory").is_some() { get("Directory") } else { directory };
            ("sct", vec![own, lower("Name")])
        }
        "ODBCDataSource" => {
            let registration = word(&get("Registration"), &["machine", "user"]);
            ("odc", vec![get("Name"), get("DriverName"), registration])
        }
        _ => return,
    };
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let id = names::identifier(prefix, &parts);
    tree.set("Id", id);
}

/// Root and key of a registry element, below those around it.
pub(super) fn outer(tree: &Tree, around: &Around) -> (String, String) {
    let (own_root, own_key) = (tree.get("Root").unwrap_or_default(), tree.get("Key").unwrap_or_default());
    match &around.key {
        Some((root, key)) if own_key.is_empty() => (root.clone(), key.clone()),
        Some((root, key)) => (root.clone(), format!("{}\\{own_key}", key.trim_end_matches('\\'))),
        None => (own_root.to_owned(), own_key.to_owned()),
    }
}

impl super::Lowering<'_> {
    /// What the values of a registry key stand below.
    pub(super) fn key_of(&self, tree: &Tree, around: &Around) -> Option<(String, String)> {
        Some(outer(tree, around))
    }
}

fn root_number(root: &str) -> String {
    let number = match root {
        "HKMU" => -1,
        "HKCR" => 0,
        "HKCU" => 1,
        "HKLM" => 2,
        "HKU" => 3,
        _ => i32::MAX,
    };
    number.to_string()
}

/// A word as the enumeration behind it is printed: with a capital.
fn word(value: &str, words: &[&str]) -> String {
    let known = words.iter().find(|word| **word == value).or(words.first()).copied().unwrap_or_default();
    let mut letters = known.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

fn yes(value: &str) -> bool {
    matches!(value, "yes" | "true")
}

fn boolean(value: &str) -> String {
    (if yes(value) { "True" } else { "False" }).to_owned()
}
