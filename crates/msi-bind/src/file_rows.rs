//! Rows of File, MsiFileHash and Media.

use crate::codes;
use crate::package::Package;
use diagnostics::{Diagnostic, Diagnostics};
use msi_db::Value;
use std::collections::HashSet;

/// Settles the version and language of every file: what is in the file counts, a companion file's name stays.
pub(crate) fn settle_versions(package: &mut Package, diagnostics: &mut Diagnostics) {
    let ids: HashSet<String> = package.files.iter().map(|file| file.symbol.id.clone()).collect();
    for file in package.files.iter_mut().filter(|file| !file.from_module) {
        let symbol = &file.symbol;
        let authored = symbol.version.clone().or_else(|| symbol.default_version.clone());
        let language = symbol.language.clone().or_else(|| symbol.default_language.clone());
        let mut warn = |message: String| {
            diagnostics.push(Diagnostic::warning(codes::FILE_VERSION, message).at(symbol.span));
        };
        let Some(found) = &file.facts.version else {
            match &authored {
                Some(version) if !ids.contains(version) => {
                    warn(format!("file \"{}\" has no version of its own; its row says {version}", symbol.id));
                }
                None if language.is_some() => warn(format!(
                    "file \"{}\" has a language but no version, so the language says nothing",
                    symbol.id
                )),
                _ => {}
            }
            (file.version, file.language) = (authored, language);
            continue;
        };
        file.version = Some(match authored {
            Some(companion) if ids.contains(&companion) => companion,
            _ => found.version.clone(),
        });
        file.language = match language {
            Some(language) if found.languages.is_empty() => {
                warn(format!("file \"{}\" names no language; its row says {language}", symbol.id));
                Some(language)
            }
            _ => Some(found.languages.clone()).filter(|languages| !languages.is_empty()),
        };
    }
}

/// Adds the rows.
pub(crate) fn add(package: &mut Package, diagnostics: &mut Diagnostics) {
    let files = std::mem::take(&mut package.files);
    for file in files.iter().filter(|file| !file.from_module) {
        let symbol = &file.symbol;
        let Ok(size) = i32::try_from(file.facts.len) else {
            let message = format!("{} is larger than 2 GiB, the most that a package can hold", symbol.source);
            let finding = Diagnostic::error(codes::TOO_LARGE, message).at(symbol.span);
            diagnostics.push(finding.hint("divide the file, or have the program fetch it"));
            continue;
        };
        let name = match &symbol.short_name {
            Some(short) if !short.eq_ignore_ascii_case(&symbol.name) => format!("{short}|{}", symbol.name),
            _ => symbol.name.clone(),
        };
        let values = vec![
            symbol.id.as_str().into(),
            symbol.component.as_str().into(),
            name.into(),
            size.into(),
            file.version.as_deref().into(),
            file.language.as_deref().into(),
            symbol.attributes.into(),
            file.sequence.into(),
        ];
        package.add("File", values, symbol.span);
        if file.version.is_none() && file.facts.version.is_none() {
            let [a, b, c, d] = file.facts.hash;
            let values = vec![symbol.id.as_str().into(), 0.into(), a.into(), b.into(), c.into(), d.into()];
            package.add("MsiFileHash", values, symbol.span);
        }
    }
    package.files = files;

    let media = std::mem::take(&mut package.media);
    for medium in &media {
        let cabinet =
            medium.cabinet.as_ref().map(|name| if medium.embed { format!("#{name}") } else { name.clone() });
        let values: Vec<Value> = vec![
            medium.disk_id.into(),
            medium.last_sequence.into(),
            medium.disk_prompt.as_deref().into(),
            cabinet.into(),
            medium.volume_label.as_deref().into(),
            medium.source.as_deref().into(),
        ];
        package.add("Media", values, medium.span);
    }
    package.media = media;
}
