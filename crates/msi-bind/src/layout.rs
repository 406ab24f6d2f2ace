//! What goes beside the database, and what is told about the files in it.

use crate::BuiltFile;
use crate::codes;
use crate::directories::{Directories, Names, join};
use crate::package::{Package, text};
use diagnostics::{Diagnostic, Diagnostics};
use std::collections::HashMap;
use std::path::PathBuf;

/// Files that are not in a cabinet, with their places below the package's folder. In a compressed package they lie beside it,
/// otherwise in the folders of the Directory table's source names.
pub(crate) fn uncompressed(package: &Package, diagnostics: &mut Diagnostics) -> Vec<(String, PathBuf)> {
    let long = package.long_names();
    let mut directories =
        Directories::new(package, if long { Names::SourceLong } else { Names::SourceShort });
    let components: HashMap<&str, &str> =
        package.rows("Component").iter().filter_map(|row| Some((text(row, 0)?, text(row, 2)?))).collect();
    let mut places = Vec::new();
    for file in package.files.iter().filter(|file| !file.compressed) {
        let symbol = &file.symbol;
        let name = if long { &symbol.name } else { symbol.short_name.as_ref().unwrap_or(&symbol.name) };
        let mut place = name.clone();
        if !package.compressed() {
            let directory = components.get(symbol.component.as_str()).copied().unwrap_or_default();
            match directories.path(directory) {
                Ok(folder) => place = join(folder, Some(name)),
                Err(_) => {
                    let message = format!("directory \"{directory}\" leads nowhere");
                    let finding = Diagnostic::error(codes::DIRECTORY, message).at(symbol.span);
                    diagnostics.push(finding.hint("its parents have to end at TARGETDIR, without a circle"));
                    continue;
                }
            }
        }
        let place = place.strip_prefix("SourceDir\\").unwrap_or(&place).replace('\\', "/");
        places.push((place, file.source.clone()));
    }
    places
}

/// The files in their sequence.
pub(crate) fn built_files(package: &Package) -> Vec<BuiltFile> {
    let mut files: Vec<(i32, BuiltFile)> = package
        .files
        .iter()
        .map(|file| {
            let built = BuiltFile {
                id: file.symbol.id.clone(),
                name: file.symbol.name.clone(),
                source: file.source.clone(),
                size: file.facts.len,
                version: file.version.clone(),
            };
            (file.sequence, built)
        })
        .collect();
    files.sort_by_key(|(sequence, _)| *sequence);
    files.into_iter().map(|(_, file)| file).collect()
}
