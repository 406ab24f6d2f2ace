//! The whole drive: sources, preprocessed, compiled, linked, resolved, bound, written.

use crate::bind::{BindOptions, bind};
use crate::languages::Languages;
use crate::libraries::WithLibraries;
use crate::{Arch, BindPath, BuildRequest, Built, codes, output, translate};
use diagnostics::{Diagnostic, Diagnostics, SourceMap};
use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use wxs::compile::{CompileOptions, compile};
use wxs::document::Document;
use wxs::extension::{self, Extension, LibraryOptions, missing};
use wxs::ir::Section;
use wxs::link::link;
use wxs::localization::{self, Localization};
use wxs::preprocess::PreprocessOptions;
use wxs::resolve::{choose, resolve};
use wxs::v4::{LowerOptions, lower};
use wxs::world::World;

/// Builds one package. `None` means that errors stand in `diagnostics` and nothing was written.
///
/// `sources` receives every text that spans point into, for rendering.
pub fn build(
    request: &BuildRequest,
    world: &dyn World,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Built> {
    let built = write(request, &WithLibraries(world), sources, diagnostics);
    request.warnings.apply(diagnostics);
    built
}

/// The sources as the preprocessor leaves them, as XML.
pub fn preprocess(
    request: &BuildRequest,
    world: &dyn World,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    let documents = documents(request, world, sources, diagnostics);
    request.warnings.apply(diagnostics);
    documents.iter().map(Document::to_xml).collect()
}

fn write(
    request: &BuildRequest,
    world: &dyn World,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Built> {
    let documents = documents(request, world, sources, diagnostics);
    let compiled = sections(documents, request, world, sources, diagnostics);
    let Compiled { sections: mut authored, count, strings, extensions } = compiled;
    let localizations = localizations(request, world, sources, diagnostics);
    let languages = Languages::choose(request, &localizations, &extensions, diagnostics);
    if diagnostics.has_errors() {
        return None;
    }
    let localizer = |cultures: &[String], sources: &mut SourceMap, diagnostics: &mut Diagnostics| {
        let mut localizer = choose(&localizations, cultures, diagnostics);
        if !strings.is_empty() && localizer.names().next().is_none() {
            localizer.add_defaults(extension::voice(&extensions, cultures).into_iter().collect());
        }
        localizer.add_defaults(strings.clone());
        localizer.add_library(extension::texts(&extensions, cultures, sources, diagnostics));
        localizer
    };
    let base = localizer(&languages.base, sources, diagnostics);
    let mut product = link(&authored, diagnostics)?;
    let library = authored.split_off(count);
    let allowed = request.allow_missing_actions;
    missing::replace(
        &mut product,
        &prebuilt_actions::find,
        &authored,
        &library,
        allowed,
        sources,
        diagnostics,
    );
    if diagnostics.has_errors() {
        return None;
    }
    let untranslated = (!languages.translations.is_empty()).then(|| product.clone());
    let mut resolved = resolve(product, &base, &request.wix_variables, diagnostics)?;
    if untranslated.is_some() {
        translate::prefer_neutral(&mut resolved);
    }

    let cabinets = CabinetFolder::of(request, diagnostics)?;
    let bind_paths = bind_paths(request);
    let options = BindOptions {
        bind_paths: &bind_paths,
        timestamp: request.timestamp,
        threads: NonZeroUsize::new(request.threads).unwrap_or(NonZeroUsize::MIN),
        creating_application: &request.creating_application,
        cabinet_folder: cabinets.path(),
        translation_of: None,
        stand_ins: allowed,
        // The English texts of WiX's extensions bring a code page into packages without one.
        fallback_codepage: if extensions.is_empty() { 0 } else { 1252 },
    };
    let mut bound = bind(resolved, world, &options, diagnostics)?;
    if let Some(product) = untranslated {
        let mut transforms = Vec::new();
        for language in &languages.translations {
            let mut found = Diagnostics::new();
            let texts = localizer(&language.cultures, sources, &mut found);
            let resolved = resolve(product.clone(), &texts, &request.wix_variables, &mut found);
            let options = BindOptions { translation_of: Some(&bound), ..options };
            let translated = resolved.and_then(|resolved| {
                bind(language.mark(resolved, &bound.database), world, &options, &mut found)
            });
            if let Some(translated) = translated {
                transforms.push(translate::transform(
                    language,
                    &bound,
                    &translated,
                    product.span,
                    &mut found,
                ));
            }
            language.report(found, diagnostics);
        }
        translate::embed(transforms.into_iter().flatten(), &mut bound.database, product.span, diagnostics);
    }
    // Warnings that are errors keep the package from being written, so they are looked at before.
    request.warnings.apply(diagnostics);
    if diagnostics.has_errors() {
        return None;
    }
    let beside = output::write(&bound, &request.output, cabinets.path(), world, diagnostics)?;

    let property = |name: &str| {
        let table = bound.database.table("Property")?;
        let row = table.iter().find(|row| row.str("Property") == Some(name))?;
        row.str("Value").map(str::to_owned)
    };
    Some(Built {
        path: request.output.clone(),
        product_name: property("ProductName").unwrap_or_default(),
        manufacturer: property("Manufacturer").unwrap_or_default(),
        version: property("ProductVersion").unwrap_or_default(),
        product_code: property("ProductCode").unwrap_or_default(),
        package_code: bound.database.summary.revision.clone().unwrap_or_default(),
        upgrade_code: property("UpgradeCode"),
        files: bound.files,
        beside,
    })
}

/// What the sources and the libraries of their extensions compile to.
struct Compiled {
    sections: Vec<Section>,
    /// How many of the sections are the author's; they come first.
    count: usize,
    /// Texts that count where neither a localization file nor a library has one.
    strings: BTreeMap<String, String>,
    /// Extensions whose libraries are used.
    extensions: Vec<&'static Extension>,
}

fn documents(
    request: &BuildRequest,
    world: &dyn World,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Vec<Document> {
    let preprocessing = PreprocessOptions {
        defines: request.defines.clone(),
        include_dirs: request.include_dirs.clone(),
        arch: request.arch.name().to_owned(),
        current_dir: world.current_dir().to_string_lossy().into_owned(),
        now: request.timestamp,
    };
    let mut documents = Vec::new();
    for path in &request.sources {
        documents.extend(wxs::preprocess::preprocess(world, sources, path, &preprocessing, diagnostics));
    }
    documents
}

fn sections(
    documents: Vec<Document>,
    request: &BuildRequest,
    world: &dyn World,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Compiled {
    let arch = match request.arch {
        Arch::X86 => wxs::compile::Arch::X86,
        Arch::X64 => wxs::compile::Arch::X64,
        Arch::Arm64 => wxs::compile::Arch::Arm64,
    };
    let bind_paths: Vec<_> =
        request.bind_paths.iter().map(|path| (path.name.clone(), path.folder.clone())).collect();
    let lowering = LowerOptions { arch, bind_paths: &bind_paths };
    let documents = lower(documents, lowering, world, sources, diagnostics);
    let compiling = CompileOptions { arch, pedantic: request.pedantic };
    let mut sections = Vec::new();
    let strings = wxs::v4::default_strings(&documents);
    let mut extensions = named_extensions(request, diagnostics);
    for document in &documents {
        extensions.extend(document.namespaces().iter().filter_map(|name| extension::by_namespace(name)));
        sections.extend(compile(document, &compiling, diagnostics));
    }
    let count = sections.len();
    let mut used: Vec<&Extension> =
        extension::ALL.iter().filter(|known| extensions.iter().any(|used| used.name == known.name)).collect();
    let options = LibraryOptions {
        compiling,
        newer: documents.iter().any(Document::is_v4),
        cultures: &request.cultures,
    };
    let mut add = |extensions: &[&Extension], sections: &mut Vec<Section>| {
        let mut library = extension::load(extensions, &options, sources, diagnostics);
        library.give_way(&sections[..count]);
        sections.extend(library.sections);
    };
    add(&used, &mut sections);
    let more = extension::referred_to(&sections, &used, &options);
    add(&more, &mut sections);
    used.extend(more);
    Compiled { sections, count, strings, extensions: used }
}

/// The extensions that the request names. Names of others are passed over where they bring nothing to a package.
fn named_extensions(request: &BuildRequest, diagnostics: &mut Diagnostics) -> Vec<&'static Extension> {
    let mut found = Vec::new();
    for name in &request.extensions {
        match extension::by_name(name) {
            Some(extension) => found.push(extension),
            // What such an extension would have given is missed where a source refers to it.
            None => diagnostics.push(
                Diagnostic::warning(
                    codes::EXTENSION,
                    format!("the extension {name} is not known; its elements and fragments are not there"),
                )
                .hint(format!(
                    "known are {}",
                    extension::ALL.iter().map(|known| known.name).collect::<Vec<_>>().join(", ")
                )),
            ),
        }
    }
    found
}

fn localizations(
    request: &BuildRequest,
    world: &dyn World,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Vec<Localization> {
    let mut files: Vec<Localization> = Vec::new();
    for path in &request.localizations {
        match world.read_source(path) {
            Ok(text) => {
                let file = sources.add(path, text.as_str());
                files.extend(localization::parse(file, &text, diagnostics));
            }
            Err(error) => {
                let message = format!("the localization file {} could not be read: {error}", path.display());
                let hint = "--loc takes a .wxl file, relative to the folder that the build runs in";
                diagnostics.push(Diagnostic::error(codes::IO, message).hint(hint));
            }
        }
    }
    files
}

/// The given paths, then the folders of the sources.
fn bind_paths(request: &BuildRequest) -> Vec<BindPath> {
    let mut paths = request.bind_paths.clone();
    for source in &request.sources {
        let folder = source.parent().unwrap_or(Path::new("")).to_owned();
        if !paths.iter().any(|path| path.name.is_none() && path.folder == folder) {
            paths.push(BindPath { name: None, folder });
        }
    }
    paths
}

/// Where cabinets are made: the cache, or a folder beside the output that goes away.
enum CabinetFolder {
    Kept(PathBuf),
    Temporary(TempDir),
}

impl CabinetFolder {
    fn of(request: &BuildRequest, diagnostics: &mut Diagnostics) -> Option<CabinetFolder> {
        let made = match &request.cabinet_cache {
            Some(folder) => fs::create_dir_all(folder).map(|()| CabinetFolder::Kept(folder.clone())),
            None => {
                let parent = request.output.parent().filter(|parent| !parent.as_os_str().is_empty());
                let parent = parent.unwrap_or(Path::new("."));
                fs::create_dir_all(parent)
                    .and_then(|()| tempfile::Builder::new().prefix(".cabinets-").tempdir_in(parent))
                    .map(CabinetFolder::Temporary)
            }
        };
        made.map_err(|error| {
            let message = format!("a folder for cabinets could not be made: {error}");
            let hint = "the output's folder has to be one that this user may write to";
            diagnostics.push(Diagnostic::error(codes::IO, message).hint(hint));
        })
        .ok()
    }

    fn path(&self) -> &Path {
        match self {
            CabinetFolder::Kept(path) => path,
            CabinetFolder::Temporary(folder) => folder.path(),
        }
    }
}
