//! The fragments that come with the extensions, compiled like any other source.
//!
//! They are linked as sources are: only those that something refers to become part of a package. `!(loc.X)` in them is
//! answered by the strings of `library/*.wxl`, unless the author's localization files give the string another value.

use super::scope::{action_mark, deferred_mark};
use super::{ALL, Extension, newer};
use crate::compile::{self, Arch, CompileOptions};
use crate::ir::{Section, SymbolId};
use crate::link;
use crate::localization::{self, LocalizedControl};
use crate::preprocess::{PreprocessOptions, preprocess};
use crate::world::{FileStat, ReadSeek, World};
use diagnostics::{Diagnostics, SourceMap, Span};
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

/// How the paths of files begin that libraries bring with them; see [`file`].
const FILES: &str = "wix-library:";

/// A file of a library, where the path is of one. Whoever reads files has to ask here first.
pub fn file(path: &Path) -> Option<&'static [u8]> {
    let (extension, name) = path.to_str()?.strip_prefix(FILES)?.split_once('/')?;
    let extension = ALL.iter().find(|known| known.name == extension)?;
    extension.files.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes)
}

/// What a library depends on in the package that it becomes part of.
#[derive(Debug, Clone)]
pub struct LibraryOptions<'a> {
    pub compiling: CompileOptions,
    /// The package is written for WiX 4 or later.
    pub newer: bool,
    /// Cultures in order of preference.
    pub cultures: &'a [String],
}

/// What extensions bring to a build.
#[derive(Debug, Default)]
pub struct Library {
    pub sections: Vec<Section>,
    pub texts: Texts,
}

/// What libraries say in some cultures, for names that no localization file of the author gives.
#[derive(Debug, Default)]
pub struct Texts {
    pub strings: BTreeMap<String, String>,
    /// Dialogs and controls (see [`localization::Localization::controls`]) that a culture places or aligns in its own way.
    pub controls: BTreeMap<(String, String), LocalizedControl>,
    /// The code page of the first culture, where it is another than the one that the library is written in.
    pub codepage: Option<(String, Span)>,
}

/// The libraries of some extensions. Their texts are added to `sources`.
pub fn load(
    extensions: &[&Extension],
    options: &LibraryOptions<'_>,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Library {
    let mut library = Library::default();
    let compiling = &options.compiling;
    for extension in extensions {
        let folder = PathBuf::from(extension.name);
        library.add_files(extension, options, sources, diagnostics);
        if !extension.common.is_empty() {
            let files = Embedded { folder: &folder, texts: &[("common.wxs", extension.common)] };
            let defines = options.newer.then(|| ("Newer".to_owned(), String::new())).into_iter().collect();
            library.add(&files, "common.wxs", defines, compiling, sources, diagnostics);
        }
        let text = if options.newer { extension.newer } else { extension.per_platform };
        for (arch, platform) in PLATFORMS {
            if text.is_empty() {
                break;
            }
            let mark = if options.newer { newer::mark(arch) } else { action_mark(arch) };
            let defines = [
                ("Platform", platform),
                ("Mark", mark),
                ("Deferred", deferred_mark(arch)),
                ("Actions", ACTIONS),
            ];
            let defines = defines.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            let name = format!("{platform}.wxs");
            let files = Embedded { folder: &folder, texts: &[(&name, text)] };
            library.add(&files, &name, defines, compiling, sources, diagnostics);
        }
        library.texts.add(extension, options.cultures, sources, diagnostics);
    }
    library
}

/// The extensions whose libraries define what the sections, with those of `named` among them, refer to and don't define.
/// candle and light want extensions named; here the reference is enough.
pub fn referred_to(
    sections: &[Section],
    named: &[&'static Extension],
    options: &LibraryOptions<'_>,
) -> Vec<&'static Extension> {
    let mut open = link::undefined_names(sections);
    if open.is_empty() {
        return Vec::new();
    }
    let others = ALL.iter().filter(|known| !named.iter().any(|named| named.name == known.name));
    let defines = |extension: &&'static Extension| {
        let (mut sources, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
        let library = load(&[*extension], options, &mut sources, &mut diagnostics);
        let before = open.len();
        library.sections.iter().flat_map(link::defined_names).for_each(|name| {
            open.remove(&name);
        });
        open.len() < before
    };
    others.filter(defines).collect()
}

/// The texts of some extensions' libraries in order of preference of the cultures. They are added to `sources`.
pub fn texts(
    extensions: &[&Extension],
    cultures: &[String],
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Texts {
    let mut texts = Texts::default();
    for extension in extensions {
        texts.add(extension, cultures, sources, diagnostics);
    }
    texts
}

/// What a package of WiX 4 has from its libraries where its author gives no texts: the language and the code pages of the first one
/// that speaks the culture.
pub fn voice(extensions: &[&Extension], cultures: &[String]) -> Vec<(String, String)> {
    // Those that say nothing of their own in WiX 4 and later.
    let silent = |extension: &Extension| {
        matches!(extension.name, "WixNetFxExtension" | "WixTagExtension" | "WixVSExtension")
    };
    let speaking = extensions.iter().filter(|extension| !silent(extension));
    let mut spoken = speaking.filter_map(|extension| match cultures.first() {
        Some(culture) => extension.strings.iter().find(|(known, _)| known.eq_ignore_ascii_case(culture)),
        None => extension.strings.first(),
    });
    let culture = spoken.next().map(|(culture, _)| culture.to_lowercase());
    culture.map_or_else(Vec::new, |culture| crate::v4::cultures::strings(Some(&culture), None, None))
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

    /// The sources of a library of many files.
    fn add_files(
        &mut self,
        extension: &Extension,
        options: &LibraryOptions<'_>,
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) {
        let arch = options.compiling.arch;
        let platform = PLATFORMS.iter().find(|(known, _)| *known == arch).map_or("x86", |(_, name)| *name);
        let files = Embedded { folder: Path::new(extension.name), texts: extension.sources };
        for (name, _) in extension.sources.iter().filter(|(name, _)| name.ends_with(".wxs")) {
            let defines = [
                ("Wix4", if options.newer { "yes" } else { "no" }.to_owned()),
                ("Files", format!("{FILES}{}/", extension.name)),
                ("Actions", ACTIONS.to_owned()),
                ("Platform", platform.to_owned()),
            ];
            let defines = defines.map(|(name, value)| (name.to_owned(), value)).into();
            self.add(&files, name, defines, &options.compiling, sources, diagnostics);
        }
    }

    fn add(
        &mut self,
        files: &Embedded<'_>,
        name: &str,
        defines: BTreeMap<String, String>,
        options: &CompileOptions,
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) {
        let preprocessing = PreprocessOptions { defines, ..PreprocessOptions::default() };
        let path = files.folder.join(name);
        if let Some(document) = preprocess(files, sources, &path, &preprocessing, diagnostics) {
            // The libraries' searches look where 32-bit programs write unless they say otherwise, on every platform.
            let options = CompileOptions { arch: Arch::X86, ..options.clone() };
            self.sections.extend(compile::compile(&document, &options, diagnostics));
        }
    }
}

impl Texts {
    /// The texts for the cultures; what they leave open is said as the first culture of the library says it.
    fn add(
        &mut self,
        extension: &Extension,
        cultures: &[String],
        sources: &mut SourceMap,
        diagnostics: &mut Diagnostics,
    ) {
        let own = extension.strings.first();
        let wanted = cultures.iter().filter_map(|culture| {
            extension.strings.iter().find(|(known, _)| known.eq_ignore_ascii_case(culture))
        });
        for (at, (culture, text)) in wanted.chain(own).enumerate() {
            let is_own = own.is_some_and(|(own, _)| own == culture);
            let file = sources.add(Path::new(extension.name).join(format!("{culture}.wxl")), *text);
            let Some(found) = localization::parse(file, text, diagnostics) else { continue };
            for (name, string) in found.strings {
                self.strings.entry(name).or_insert(string.value);
            }
            for (key, control) in found.controls {
                self.controls.entry(key).or_insert(control);
            }
            if at == 0 && !is_own && self.codepage.is_none() {
                self.codepage = found.codepage.map(|text| (text, found.span));
            }
        }
    }
}

/// A world with one folder of texts in it.
struct Embedded<'a> {
    folder: &'a Path,
    texts: &'a [(&'a str, &'static str)],
}

impl Embedded<'_> {
    fn text(&self, path: &Path) -> Option<&'static str> {
        let name = path.strip_prefix(self.folder).ok()?;
        self.texts.iter().find(|(known, _)| Path::new(known) == name).map(|(_, text)| *text)
    }
}

impl World for Embedded<'_> {
    fn read_source(&self, path: &Path) -> io::Result<String> {
        self.text(path).map(str::to_owned).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn open(&self, _: &Path) -> io::Result<Box<dyn ReadSeek>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn is_file(&self, path: &Path) -> bool {
        self.text(path).is_some()
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
    use crate::extension::by_name;
    use crate::resolve::variables::expressions;
    use std::collections::BTreeSet;

    #[test]
    fn the_libraries_compile_and_their_texts_exist() {
        let all: Vec<&Extension> = ALL.iter().collect();
        let (mut wanted, mut known) = (BTreeSet::new(), BTreeSet::new());
        for newer in [false, true] {
            let (mut sources, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
            let options = LibraryOptions { compiling: CompileOptions::default(), newer, cultures: &[] };
            let library = load(&all, &options, &mut sources, &mut diagnostics);
            let findings: Vec<&str> = diagnostics.iter().map(|finding| finding.message.as_str()).collect();
            assert!(findings.is_empty(), "{findings:?}");
            let values =
                library.sections.iter().flat_map(|section| &section.rows).flat_map(|row| &row.values);
            for value in values {
                let found = expressions(value.as_str().unwrap_or_default()).into_iter();
                let names = found.filter(|found| found.namespace == "loc");
                wanted.extend(names.map(|found| found.name.to_owned()));
            }
            known.extend(library.texts.strings.into_keys());
        }
        // Names that WiX's library has and does not use, for authors who do.
        let spare = [
            "AdvancedWelcomeEulaDlgLicenseAcceptedCheckBox",
            "InstallScopeDlgChange",
            "InstallScopeDlgFolderLabel",
            "WelcomeEulaDlgUpdate",
        ];
        wanted.extend(spare.map(str::to_owned));
        assert_eq!(wanted, known);
    }

    #[test]
    fn the_dialog_library_compiles_for_packages_of_wix_4() {
        let (mut sources, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
        let compiling = CompileOptions { arch: Arch::X64, ..CompileOptions::default() };
        let options = LibraryOptions { compiling, newer: true, cultures: &[] };
        let ui = by_name("WixToolset.UI.wixext").expect("it is known");
        let library = load(&[ui], &options, &mut sources, &mut diagnostics);
        let findings: Vec<&str> = diagnostics.iter().map(|finding| finding.message.as_str()).collect();
        assert!(findings.is_empty(), "{findings:?}");
        let names: BTreeSet<String> = library
            .sections
            .iter()
            .flat_map(link::defined_names)
            .filter(|name| &*name.table == "WixUI")
            .map(|name| name.key.to_string())
            .collect();
        for set in ["WixUI_Minimal_X86", "WixUI_InstallDir_X64", "WixUI_Mondo_ExtendedPathValidation_A64"] {
            assert!(names.contains(set), "{set}");
        }
    }
}
