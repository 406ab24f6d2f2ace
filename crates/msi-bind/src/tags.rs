//! Files that tell inventories what is installed (ISO/IEC 19770-2), which nobody but the binder can write: they name the
//! package's code.
//!
//! They lie in a folder of their own, empty at first, so that every pass treats them as the other files. When the package is
//! complete but for them, its code is known and they are written. A code made from the content is thus one of everything else.

use crate::codes;
use crate::facts::{self, Facts};
use crate::package::{Package, text};
use diagnostics::{Diagnostic, Diagnostics};
use msi_db::Value;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use wxs::ir::{FileSymbol, SourceRow};
use wxs::v4::names;
use wxs::world::World;

/// The table that lists them.
const TABLE: &str = "SoftwareIdentificationTag";

/// The tags of a package.
#[derive(Debug, Default)]
pub(crate) struct Tags {
    folder: Option<TempDir>,
    /// What was written: id of the file, what is in it, and its row.
    written: Vec<(String, Facts, Vec<Value>)>,
}

impl Tags {
    /// Makes the files, in a new folder below `parent`, and gives `files` their places.
    pub fn prepare(
        package: &Package,
        files: &mut [FileSymbol],
        parent: &Path,
        diagnostics: &mut Diagnostics,
    ) -> Tags {
        if package.tags.is_empty() {
            return Tags::default();
        }
        let ids: HashSet<&str> = package.tags.iter().map(|(id, _)| id.as_str()).collect();
        let made = tempfile::Builder::new().prefix(".tags-").tempdir_in(parent).and_then(|folder| {
            for (number, file) in files.iter_mut().filter(|file| ids.contains(&*file.id)).enumerate() {
                let path = std::path::absolute(folder.path())?.join(number.to_string());
                fs::write(&path, [])?;
                file.source = path.to_string_lossy().into_owned();
                if package.is_v4 && !names::is_short(&file.name) {
                    // To WiX, this file has no directory of its own.
                    let context = ["File", ""];
                    file.short_name = Some(names::short_name(&file.name, true, &context));
                }
            }
            Ok(folder)
        });
        match made {
            Ok(folder) => Tags { folder: Some(folder), written: Vec::new() },
            Err(error) => {
                let message = format!("a folder for software tags could not be made: {error}");
                diagnostics.push(Diagnostic::error(codes::IO, message).at(package.span));
                Tags::default()
            }
        }
    }

    /// Where the files lie.
    pub fn folder(&self) -> Option<PathBuf> {
        std::path::absolute(self.folder.as_ref()?.path()).ok()
    }

    /// Writes the files and completes their rows. A translation keeps those of the package that it is one of, since its files are
    /// that package's.
    pub fn write(
        &mut self,
        package: &mut Package,
        code: &str,
        translated: Option<&Tags>,
        world: &dyn World,
        diagnostics: &mut Diagnostics,
    ) {
        if self.folder.is_none() {
            return;
        }
        let plain = |code: &str| code.trim_matches(['{', '}']).to_ascii_uppercase();
        let tag_id = format!("msi:package/{}", plain(code));
        let persistent_id =
            package.property("UpgradeCode").map(|code| format!("msi:upgrade/{}", plain(code)));
        for (id, regid) in std::mem::take(&mut package.tags) {
            let Some(file) = package.files.iter_mut().find(|file| file.symbol.id == id) else { continue };
            let span = file.symbol.span;
            let known = translated.and_then(|base| base.written.iter().find(|(known, ..)| *known == id));
            let (facts, values) = match known {
                Some((_, facts, values)) => (facts.clone(), values.clone()),
                None => {
                    let path = file.source.clone();
                    let content = content(package, &tag_id, persistent_id.as_deref(), &regid);
                    let facts = fs::write(&path, content).and_then(|()| look(world, path));
                    let Ok(facts) = facts.map_err(|error| {
                        let message = format!("the software tag could not be written: {error}");
                        diagnostics.push(Diagnostic::error(codes::IO, message).at(span));
                    }) else {
                        continue;
                    };
                    let values: Vec<Value> = vec![
                        id.as_str().into(),
                        regid.as_str().into(),
                        tag_id.as_str().into(),
                        persistent_id.as_deref().into(),
                        Value::Null,
                    ];
                    (facts, values)
                }
            };
            settle(package, &id, &facts);
            if let Some(table) = package.tables.get_mut(TABLE) {
                table.rows.push(SourceRow { table: TABLE.into(), values: values.clone(), span });
            }
            self.written.push((id, facts, values));
        }
    }
}

fn look(world: &dyn World, path: PathBuf) -> io::Result<Facts> {
    facts::gather(world, &[path], NonZeroUsize::MIN).remove(0)
}

/// Puts a file's length and hash where those of an empty one were.
fn settle(package: &mut Package, id: &str, facts: &Facts) {
    let is_v4 = package.is_v4;
    for file in package.files.iter_mut().filter(|file| file.symbol.id == id) {
        file.facts = facts.clone();
    }
    for row in package.rows_mut("File").iter_mut().filter(|row| text(row, 0) == Some(id)) {
        row.values[3] = i32::try_from(facts.len).unwrap_or(i32::MAX).into();
        // WiX 3 leaves the attributes of tags empty.
        if row.values[6] == Value::Int(0) && !is_v4 {
            row.values[6] = Value::Null;
        }
    }
    for row in package.rows_mut("MsiFileHash").iter_mut().filter(|row| text(row, 0) == Some(id)) {
        for (value, number) in row.values[2..].iter_mut().zip(facts.hash) {
            *value = number.into();
        }
    }
}

/// The text of a tag, byte for byte as WiX writes it.
fn content(package: &Package, tag_id: &str, persistent_id: Option<&str>, regid: &str) -> String {
    let property = |name: &str| escape(package.property(name).unwrap_or_default());
    let version = property("ProductVersion");
    let mut parts: Vec<&str> = version.split('.').collect();
    let scheme = if package.is_v4 && !(2..=4).contains(&parts.len()) { "semver" } else { "multipartnumeric" };
    if !package.is_v4 {
        parts.resize(parts.len().max(4), "0");
    }
    let version = parts.join(".");
    let (name, manufacturer) = (property("ProductName"), property("Manufacturer"));
    let (tag_id, regid) = (escape(tag_id), escape(regid));
    let mut lines = vec![
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>".to_owned(),
        format!(
            "<SoftwareIdentity tagId=\"{tag_id}\" name=\"{name}\" version=\"{version}\" versionScheme=\"{scheme}\" \
             xmlns=\"http://standards.iso.org/iso/19770/-2/2015/schema.xsd\">"
        ),
        format!("  <Entity name=\"{manufacturer}\" regid=\"{regid}\" role=\"softwareCreator tagCreator\" />"),
    ];
    if let Some(id) = persistent_id {
        lines.push(format!("  <Meta persistentId=\"{}\" />", escape(id)));
    }
    lines.push("</SoftwareIdentity>".to_owned());
    lines.join("\r\n")
}

/// A text as the value of an attribute.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
