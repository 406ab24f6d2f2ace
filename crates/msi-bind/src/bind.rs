//! From a resolved product to a package that only has to be written.

use crate::cabinets::{self, Making};
use crate::merge::files::WithModules;
use crate::package::{BoundTable, Package};
use crate::sources::KnownFacts;
use crate::{
    BindPath, assemblies, check, codes, companions, component_guids, delayed, file_rows, identity, instances,
    layout, media, merge, shape, short_names, sources, summary, tags,
};
use diagnostics::{Diagnostic, Diagnostics, Span};
use msi_db::{Data, Database, SummaryInfo, Table, Value};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::Path;
use tempfile::TempDir;
use wxs::resolve::Resolved;
use wxs::world::World;

/// The engine reads packages up to this length.
const MAX_PACKAGE: u64 = i32::MAX as u64;

/// What binding depends on beside the product and its files.
#[derive(Debug, Clone, Copy)]
pub struct BindOptions<'a> {
    pub bind_paths: &'a [BindPath],
    /// Seconds since 1970 (UTC) for summary information and cabinets.
    pub timestamp: i64,
    pub threads: NonZeroUsize,
    pub creating_application: &'a str,
    /// Folder for finished cabinets; those already there are used again. It must outlive the writing of the package.
    pub cabinet_folder: &'a Path,
    /// The package that this one is a translation of. Its files are not read again, and no cabinets are made.
    pub translation_of: Option<&'a Bound>,
    /// Assemblies, merge modules and versioned files may be others that only stand in for them. Then the package lacks their rows.
    pub stand_ins: bool,
    /// The code page of a package that has none and needs one; 0 is none.
    pub fallback_codepage: u16,
}

/// A complete package: the database, and what lies beside it.
#[derive(Debug)]
pub struct Bound {
    pub database: Database,
    /// External cabinets: name beside the package, and where each is now.
    pub cabinets: Vec<(String, std::path::PathBuf)>,
    /// Files that are not compressed: place below the package's folder, and source.
    pub uncompressed: Vec<(String, std::path::PathBuf)>,
    /// Files in their sequence.
    pub files: Vec<crate::BuiltFile>,
    /// What the files of the sources hold.
    facts: KnownFacts,
    /// Summary information as authored.
    summary: BTreeMap<i32, (String, Span)>,
    /// The product has instances, each with a transform of its own.
    pub(crate) has_instances: bool,
    /// The files that were made for it.
    tags: tags::Tags,
    /// Where the files of merge modules lie until the package is written.
    _module_files: Option<TempDir>,
}

/// Binds a product. `None` means that errors stand in `diagnostics`.
pub fn bind(
    mut resolved: Resolved,
    world: &dyn World,
    options: &BindOptions<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Bound> {
    let mut found = Diagnostics::new();
    let bound = passes(&mut resolved, world, options, &mut found);
    let failed = found.has_errors();
    diagnostics.extend(found);
    bound.filter(|_| !failed)
}

fn passes(
    resolved: &mut Resolved,
    world: &dyn World,
    options: &BindOptions<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Bound> {
    let mut package = shape::shape(resolved, diagnostics);
    let product = &mut resolved.product;
    let looking = (world, options.bind_paths, options.stand_ins);
    let mut modules = merge::open(product, &package, looking, diagnostics);
    let mut files = std::mem::take(&mut product.files);
    let mut tags = tags::Tags::prepare(&package, &mut files, options.cabinet_folder, diagnostics);
    let tags_folder = tags.folder();
    let with_tags = WithModules { world, folder: tags_folder.as_deref() };
    let world: &dyn World = &with_tags;
    let none = KnownFacts::new();
    let known = options.translation_of.map_or(&none, |base| &base.facts);
    if let Some(base) = options.translation_of {
        // A transform does not reach the summary information.
        package.summary.clone_from(&base.summary);
    }
    let authored_summary = package.summary.clone();
    let has_instances = !package.instances.is_empty();
    let facts =
        sources::bind(&mut package, files, world, options.bind_paths, options.threads, known, diagnostics);
    let looking = (world, options.threads);
    let taken = merge::files::take(&mut modules, &mut package, options.cabinet_folder, looking, diagnostics);
    let with_modules = WithModules { world, folder: taken.as_ref().map(TempDir::path) };
    let world: &dyn World = &with_modules;
    file_rows::settle_versions(&mut package, diagnostics);
    assemblies::name(&mut package, world, options.stand_ins, diagnostics);
    delayed::resolve_directories(&mut package, options.stand_ins);
    let media = std::mem::take(&mut product.media);
    media::assign(&mut package, media, product.media_template.as_ref(), diagnostics);
    // Without all files, components seem to lack key paths.
    if !diagnostics.has_errors() {
        component_guids::generate(&mut package, diagnostics);
    }
    file_rows::add(&mut package, diagnostics);
    merge::join(modules, product, &mut package, diagnostics);
    companions::declare(&mut package);
    identity::product_code(&mut package);
    delayed::resolve(&mut package, options.stand_ins, diagnostics);
    short_names::fill(&mut package);
    check::fall_back(&mut package, options.fallback_codepage);
    summary::fit_codepage(&mut package, diagnostics);
    check::check(&package, diagnostics);
    instances::check(&package, diagnostics);
    let mut summary = summary::make(&package, options.timestamp, options.creating_application, diagnostics);
    if summary.revision.as_deref().is_none_or(|code| code == "*") {
        summary.revision = None;
        summary.revision = Some(identity::package_code(&package, &summary));
    }
    let base_tags = options.translation_of.map(|base| &base.tags);
    tags.write(&mut package, summary.revision.as_deref().unwrap_or_default(), base_tags, world, diagnostics);
    if diagnostics.has_errors() {
        return None;
    }

    if options.translation_of.is_some() {
        let database = database(&mut package, summary);
        return Some(Bound {
            database,
            cabinets: Vec::new(),
            uncompressed: Vec::new(),
            files: Vec::new(),
            facts: KnownFacts::new(),
            summary: authored_summary,
            has_instances,
            tags,
            _module_files: taken,
        });
    }
    let making = Making {
        world,
        folder: options.cabinet_folder,
        timestamp: options.timestamp,
        threads: options.threads,
    };
    let made = cabinets::make(&package, &making, diagnostics)?;
    let uncompressed = layout::uncompressed(&package, diagnostics);
    let mut database = database(&mut package, summary);
    instances::embed(&package.instances, &product.instance_components, &mut database, diagnostics);
    let mut beside = Vec::new();
    for cabinet in made {
        let media = &package.media[cabinet.media];
        let name = media.cabinet.clone().expect("a made cabinet has a name");
        if media.embed {
            database.streams.insert(name, Data::File { path: cabinet.path, len: cabinet.len });
        } else {
            let name =
                media.layout.as_ref().map_or_else(|| name.clone(), |folder| format!("{folder}/{name}"));
            beside.push((name.replace('\\', "/"), cabinet.path));
        }
    }
    refuse_too_large(&database, package.span, diagnostics);
    let files = layout::built_files(&package);
    Some(Bound {
        database,
        cabinets: beside,
        uncompressed,
        files,
        facts,
        summary: authored_summary,
        has_instances,
        tags,
        _module_files: taken,
    })
}

fn database(package: &mut Package, summary: SummaryInfo) -> Database {
    let mut database = Database { codepage: package.codepage, summary, ..Database::default() };
    for (name, BoundTable { def, rows }) in std::mem::take(&mut package.tables) {
        let rows = rows.into_iter().map(|row| row.values).collect();
        database.tables.insert(name, Table { def, rows });
    }
    database
}

fn refuse_too_large(database: &Database, span: Span, diagnostics: &mut Diagnostics) {
    let len_of = |data: &Data| match data {
        Data::Bytes(bytes) => bytes.len() as u64,
        Data::File { len, .. } => *len,
    };
    let values = database.tables.values().flat_map(|table| &table.rows).flatten();
    let in_tables = values.filter_map(|value| match value {
        Value::Stream(data) => Some(len_of(data)),
        _ => None,
    });
    let total: u64 = in_tables.chain(database.streams.values().map(len_of)).sum();
    if total > MAX_PACKAGE {
        let message =
            format!("the package would hold {total} bytes; Windows Installer reads at most {MAX_PACKAGE}");
        diagnostics.push(
            Diagnostic::error(codes::TOO_LARGE, message)
                .at(span)
                .hint("set EmbedCab=\"no\", so that cabinets lie beside the package, and divide the files between several"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_past_two_gigabytes_is_refused() {
        let file = diagnostics::SourceMap::new().add("main.wxs", "<Product/>");
        let span = Span { file, start: 0, end: 1 };
        let findings = |lens: &[u64]| {
            let mut database = Database::default();
            for (number, &len) in lens.iter().enumerate() {
                let data = Data::File { path: "cabinet".into(), len };
                database.streams.insert(number.to_string(), data);
            }
            let mut diagnostics = Diagnostics::new();
            refuse_too_large(&database, span, &mut diagnostics);
            let text = |finding: &Diagnostic| format!("{} {}", finding.message, finding.hints.join(" "));
            diagnostics.iter().map(text).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(findings(&[1 << 30, (1 << 30) - 1]), "");
        let refused = findings(&[1 << 30, 1 << 30]);
        assert!(refused.contains("2147483648 bytes") && refused.contains("EmbedCab=\"no\""), "{refused}");
    }
}
