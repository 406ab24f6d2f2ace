//! GUIDs of components that say `Guid="*"`.
//!
//! The same algorithm as WiX 3.11, so that a component keeps its identity whichever compiler built the package: UUID version 5 of the
//! key path, UTF-16, in a namespace that WiX chose. A file's key path is where it goes, in lower case, with standard directories by
//! their key; a registry key path is root, key and name, with `64` in front for 64-bit components.

use crate::codes;
use crate::directories::{Directories, Names, NoPath, join};
use crate::package::{BoundFile, Package, int, text};
use diagnostics::{Diagnostic, Diagnostics};
use std::collections::HashMap;
use uuid::{Uuid, uuid};
use wxs::ir::SourceRow;

const NAMESPACE: Uuid = uuid!("3064E5C6-FB63-4FE9-AC49-E446A792EFA5");
/// `msidbComponentAttributes…`.
const REGISTRY_KEY_PATH: i32 = 0x4;
const ODBC_KEY_PATH: i32 = 0x20;
const IS_64_BIT: i32 = 0x100;

/// Paths that Windows gives a standard directory of its own: one place must not have two names.
const UNCANONICAL: &[&str] = &[
    "PersonalFolder\\my pictures",
    "ProgramFilesFolder\\common files",
    "ProgramMenuFolder\\startup",
    "TARGETDIR",
    "StartMenuFolder\\programs",
    "WindowsFolder\\fonts",
];

/// Replaces every `*` in the Component table.
pub(crate) fn generate(package: &mut Package, diagnostics: &mut Diagnostics) {
    let mut guids: Vec<(usize, String)> = Vec::new();
    {
        let mut directories = Directories::new(package, Names::Canonical);
        let registry: HashMap<&str, &SourceRow> =
            package.rows("Registry").iter().filter_map(|row| Some((text(row, 0)?, row))).collect();
        let mut files: HashMap<&str, Vec<&BoundFile>> = HashMap::new();
        for file in &package.files {
            files.entry(&file.symbol.component).or_default().push(file);
        }
        for (at, row) in package.rows("Component").iter().enumerate() {
            if text(row, 1) != Some("*") {
                continue;
            }
            let component = text(row, 0).unwrap_or_default();
            let files = files.get(component).map_or(&[][..], Vec::as_slice);
            match key(row, files, &registry, &mut directories, package.is_v4) {
                Ok(key) => guids.push((at, guid(&key))),
                Err(why) => diagnostics.push(
                    Diagnostic::error(
                        codes::COMPONENT_GUID,
                        format!("component \"{component}\" cannot have a generated GUID: {why}"),
                    )
                    .at(row.span)
                    .hint("give the component a Guid of its own"),
                ),
            }
        }
    }
    let rows = package.rows_mut("Component");
    for (at, guid) in guids {
        rows[at].values[1] = guid.into();
    }
}

/// The GUID as databases hold it.
pub(crate) fn guid(key: &str) -> String {
    let bytes: Vec<u8> = key.encode_utf16().flat_map(u16::to_le_bytes).collect();
    format!("{{{:X}}}", Uuid::new_v5(&NAMESPACE, &bytes).hyphenated())
}

fn key(
    row: &SourceRow,
    files: &[&BoundFile],
    registry: &HashMap<&str, &SourceRow>,
    directories: &mut Directories<'_>,
    is_v4: bool,
) -> Result<String, String> {
    let attributes = int(row, 3).unwrap_or(0);
    let key_path = text(row, 5)
        .filter(|_| attributes & ODBC_KEY_PATH == 0)
        .ok_or("its key path is neither a file nor a registry value")?;
    if attributes & REGISTRY_KEY_PATH != 0 {
        let value =
            registry.get(key_path).ok_or_else(|| format!("registry value \"{key_path}\" is missing"))?;
        let bitness = if attributes & IS_64_BIT != 0 { "64" } else { "" };
        let root = match int(value, 1).unwrap_or(0) {
            // WiX 4 writes the root's name where WiX 3 wrote its number.
            -1 if is_v4 => "machineuser".to_owned(),
            0 if is_v4 => "classesroot".to_owned(),
            1 if is_v4 => "currentuser".to_owned(),
            2 if is_v4 => "localmachine".to_owned(),
            3 if is_v4 => "users".to_owned(),
            number => number.to_string(),
        };
        let (key, name) = (text(value, 2).unwrap_or_default(), text(value, 3).unwrap_or_default());
        return Ok(format!("{bitness}{root}\\{key}\\{name}").to_lowercase());
    }
    let key_file = files
        .iter()
        .find(|file| file.symbol.id == key_path)
        .ok_or_else(|| format!("its key path \"{key_path}\" is no file of it"))?;
    if files.len() > 1 {
        if key_file.version.is_none() {
            return Err("it has several files, and its key path has no version".into());
        }
        if let Some(other) = files.iter().find(|file| file.symbol.id != key_path && file.version.is_some()) {
            return Err(format!(
                "it has several files, and \"{}\", which is not its key path, has a version",
                other.symbol.id
            ));
        }
    }
    let directory = text(row, 2).unwrap_or_default();
    let folder = directories.path(directory).map_err(|no_path| match no_path {
        NoPath::Missing(id) => format!("directory \"{id}\" is missing"),
        NoPath::Circle(id) => format!("directory \"{id}\" lies inside itself"),
    })?;
    let path = join(folder, Some(&key_file.symbol.name.to_lowercase()));
    match UNCANONICAL.iter().find(|known| path.starts_with(**known)) {
        Some(_) => Err(format!("its path {path} has another name on some machines")),
        None => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use super::guid;

    #[test]
    fn guids_are_those_that_wix_makes() {
        // A file below a standard directory, and a registry value of a 64-bit component, as WiX 3.11 computed them.
        assert_eq!(
            guid("ProgramFiles64Folder\\provisioning agent\\provisioning-agent.exe"),
            "{79CD2F85-4513-54F9-B95B-3F9AD6434291}"
        );
        assert_eq!(guid("642\\software\\test\\name"), "{8F652394-A864-5991-BD32-D8A58090134C}");
    }
}
