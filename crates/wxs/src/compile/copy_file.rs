//! `CopyFile`: rows of DuplicateFile, or of MoveFile where no installed file is copied.

use super::{Compiler, Node, cells, names};
use crate::codes;

pub(super) fn copy_file(c: &mut Compiler, node: &Node, component: &str, file: Option<&str>) {
    let delete = node.flag(c, "Delete");
    let to_directory = c.reference(node, "DestinationDirectory", "Directory");
    let to_property = node.id(c, "DestinationProperty");
    let older_name = node.long_name(c, "DestinationLongName", false);
    let name = node.long_name(c, "DestinationName", false).or(older_name);
    let short = node.short_name(c, "DestinationShortName", false).map(str::to_owned);
    let from_directory = c.reference(node, "SourceDirectory", "Directory");
    let from_name = node.text(c, "SourceName");
    let from_property = node.id(c, "SourceProperty");
    for (attribute, other) in [
        ("SourceProperty", "SourceDirectory"),
        ("DestinationProperty", "DestinationDirectory"),
        ("DestinationShortName", "DestinationLongName"),
        ("DestinationName", "DestinationLongName"),
    ] {
        node.excludes(c, attribute, other);
    }
    if file.is_some() && node.has("FileId") {
        node.combination(c, "FileId", "'FileId' can't be given inside a <File>".to_owned());
    }
    let file_id = c.reference(node, "FileId", "File").or(file);
    let id = match (node.id(c, "Id"), name) {
        (Some(id), _) => id.to_owned(),
        (None, Some(name)) if !node.has("Id") => {
            let id = name.replace(' ', "_");
            if !names::is_identifier(&id) {
                node.bad(
                    c,
                    "DestinationName",
                    format!("'{id}' can't serve as an id; give the attribute 'Id'"),
                );
            }
            id
        }
        _ => node.need(c, "Id", None),
    };
    let short = match (short, name) {
        (None, Some(name)) if !names::is_short_name(name, false) => {
            Some(names::generate_short_name(name, true, false, &["CopyFile", component]))
        }
        (short, _) => short,
    };
    let cell = names::file_name_cell(short.as_deref(), name);
    let to = to_directory.or(to_property);
    match file_id {
        None => {
            if to.is_none() {
                let message =
                    "without a file to copy, 'DestinationDirectory' or 'DestinationProperty' is needed";
                c.error(node, codes::MISSING, message.to_owned());
            }
            let from = from_directory.or(from_property);
            let cells = cells![id, component, from_name, cell, from, to, i32::from(delete)];
            c.row(node, "MoveFile", cells);
        }
        Some(file) => {
            for attribute in ["SourceDirectory", "SourceName", "SourceProperty", "Delete"] {
                if node.has(attribute) && (attribute != "Delete" || delete) {
                    let message = format!("'{attribute}' is for files that are not installed");
                    node.combination(c, attribute, message);
                }
            }
            if name.is_none() && to.is_none() {
                let message = "copying a file to its own place and name does nothing".to_owned();
                c.warn(node, codes::SUSPICIOUS, message);
            }
            c.row(node, "DuplicateFile", cells![id, component, file, cell, to]);
        }
    }
    c.no_children(node);
}
