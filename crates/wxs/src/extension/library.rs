//! The fragments that come with the extensions, compiled like any other source.
//!
//! They are linked as sources are: only those that something refers to become part of a package. `!(loc.X)` in them is
//! answered by the strings of `library/*.wxl`, unless the author's localization files give the string another value.

use super::Extension;
use super::newer;
use super::scope::{action_mark, deferred_mark};
use crate::compile::{self, Arch, CompileOptions};
use crate::ir::{Section, SymbolId};
use crate::link;
use crate::localization;
use crate::preprocess::{PreprocessOptions, preprocess};
use crate::world::{FileStat, ReadSeek, World};
use diagnostics::{Diagnostics, SourceMap};
use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

/// How the source of a DLL of custom actions begins that is not ours yet; the name WiX gives it follows.
pub(super) const ACTIONS: &str = "wix-actions:";

/// Id of fragments that WiX 3.11 did not have.
const NEWER: &str = "since-3.14";

/// Platforms that libraries have actions for, with their names in sources.
const PLATFORMS: [(Arch, &str); 4] =
    [(Arch::X86, "x86"), (Arch::X64, "x64"), (Arch::Arm, "arm"), (Arch::Arm64, "arm64")];

/// What extensions bring to a build.
#[derive(Debug, Default)]
pub struct Library {
    pub sections: Vec<Section>,
    /// Texts by name, for names that no localization file of the author gives.
    pub strings: BTreeMap<String, String>,
}

/// The libraries of some extensions, for sources of WiX 3 or of WiX 4 and `newer`. Their texts are added to `sources`.
pub fn load(
    extensions: &[&Extension],
    newer: bool,
    options: &CompileOptions,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Library {
    let mut library = Library::default();
    for extension in extensions {
        let folder = PathBuf::from(extension.name);
        library.add(
            extension.common,
            &folder.join("common.wxs"),
            newer.then(|| ("Newer".to_owned(), String::new())).into_iter().collect(),
            options,
            sources,
            diagnostics,
        );
        for (arch, platform) in PLATFORMS {
            let mark = if newer { newer::mark(arch) } else { action_mark(arch) };
            let defines = [
                ("Platform", platform),
                ("Mark", mark),
                ("Deferred", deferred_mark(arch)),
                ("Actions", ACTIONS),
            ];
            let text = if newer { extension.newer } else { extension.per_platform };
            let defines = defines.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            let path = folder.join(format!("{platform}.wxs"));
            library.add(text, &path, defines, options, sources, diagnostics);
        }
        let file = sources.add(folder.join("en-us.wxl"), extension.strings);
        if let Some(strings) = localization::parse(file, extension.strings, diagnostics) {
            library.strings.extend(strings.strings.into_iter().map(|(name, string)| (name, string.value)));
        }
    }
    library
}

impl Library {
    /// Takes out what WiX 3.11 did not have yet and the author's own sources define: a source that was right then still is.
    pub fn give_way(&mut self, authored: &[Section]) {
        let newer = |section: &Section| section.id == NEWER;
        if !self.sections.iter().any(newer) {
            return;
        }
        let names: HashSet<SymbolId> = authored.iter().flat_map(link::defined_names).collect();
        self.sections.retain(|section| {
            !newer(section) || !link::defined_names(section).any(|name| names.contains(&name))
        });
    }

    fn add(
        &mut self,
        text: &'static str,
        path: &Path,
        defines: BTreeMap<String, String>,
        options: &CompileOptions,
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) {
        let preprocessing = PreprocessOptions { defines, ..PreprocessOptions::default() };
        if let Some(document) = preprocess(&Embedded(text), sources, path, &preprocessing, diagnostics) {
            // The libraries' searches look where 32-bit programs write unless they say otherwise, on every platform.
            let options = CompileOptions { arch: Arch::X86, ..options.clone() };
            self.sections.extend(compile::compile(&document, &options, diagnostics));
        }
    }
}

/// A world with one text in it.
struct Embedded(&'static str);

impl World for Embedded {
    fn read_source(&self, _: &Path) -> io::Result<String> {
        Ok(self.0.to_owned())
    }

    fn open(&self, _: &Path) -> io::Result<Box<dyn ReadSeek>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn is_file(&self, _: &Path) -> bool {
        false
    }

    fn stat(&self, _: &Path) -> io::Result<FileStat> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn list(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }

    fn env(&self, _: &str) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extension::ALL;
    use std::collections::BTreeSet;

    #[test]
    fn the_libraries_compile_and_their_texts_exist() {
        let all: Vec<&Extension> = ALL.iter().collect();
        let (mut wanted, mut known) = (BTreeSet::new(), BTreeSet::new());
        for newer in [false, true] {
            let (mut sources, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
            let options = CompileOptions::default();
            let library = load(&all, newer, &options, &mut sources, &mut diagnostics);
            let findings: Vec<&str> = diagnostics.iter().map(|finding| finding.message.as_str()).collect();
            assert!(findings.is_empty(), "{findings:?}");
            let values =
                library.sections.iter().flat_map(|section| &section.rows).flat_map(|row| &row.values);
            for value in values {
                if let Some(name) = value.as_str().and_then(|text| text.strip_prefix("!(loc.")) {
                    wanted.insert(name.trim_end_matches(')').to_owned());
                }
            }
            known.extend(library.strings.into_keys());
        }
        assert_eq!(wanted, known);
    }
}
