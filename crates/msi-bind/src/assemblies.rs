//! MsiAssemblyName: what .NET and side-by-side assemblies are known by.

use crate::codes;
use crate::package::{Package, text};
use crate::pe::assembly::{self, AssemblyName};
use diagnostics::{Code, Diagnostic, Diagnostics, SourceMap, Span};
use msi_db::Value;
use std::collections::HashMap;
use std::path::Path;
use wxs::document::Document;
use wxs::world::World;

const NO_ASSEMBLY: &str = "leave Assembly=\".net\" out where the file is no assembly";
const NO_MANIFEST: &str = "'AssemblyManifest' names an XML file with an <assemblyIdentity>";

/// Adds the rows, over those that the source gives, and the values of `!(bind.assembly….FILE)`.
pub(crate) fn name(package: &mut Package, world: &dyn World, stand_ins: bool, diagnostics: &mut Diagnostics) {
    let manifests: HashMap<String, std::path::PathBuf> =
        package.files.iter().map(|file| (file.symbol.id.clone(), file.source.clone())).collect();
    let mut authored: HashMap<(String, String), usize> = HashMap::new();
    for (at, row) in package.rows("MsiAssemblyName").iter().enumerate() {
        if let (Some(component), Some(part)) = (text(row, 0), text(row, 1)) {
            authored.insert((component.to_owned(), part.to_owned()), at);
        }
    }
    let mut files = std::mem::take(&mut package.files);
    for file in &mut files {
        let Some(symbol) = &file.symbol.assembly else { continue };
        let span = file.symbol.span;
        let parts = if symbol.win32 {
            let manifest = symbol.manifest.as_ref().and_then(|id| manifests.get(id));
            let parts = manifest.map(|path| side_by_side(path, world));
            parts.and_then(|parts| told(parts, stand_ins, (span, NO_MANIFEST), diagnostics))
        } else {
            told(dot_net(&file.source, world), stand_ins, (span, NO_ASSEMBLY), diagnostics).and_then(|name| {
                let global = symbol.application.is_none();
                let stem =
                    file.symbol.name.rsplit_once('.').map_or(file.symbol.name.as_str(), |(stem, _)| stem);
                if let Some(why) = refused(&name, global, stem) {
                    let finding = Diagnostic::error(codes::ASSEMBLY, why).at(span);
                    diagnostics.push(finding.hint(
                        "set AssemblyApplication to keep it beside its program, or leave Assembly=\".net\" out",
                    ));
                    return None;
                }
                file.bind_values = full_names(&name);
                let mut parts = dot_net_parts(name);
                // WiX 4 tells assemblies of one name apart by the version of their file, too.
                if let Some(version) = file.version.clone().filter(|_| package.is_v4) {
                    parts.push(("fileVersion", version));
                }
                Some(parts)
            })
        };
        for (part, value) in parts.unwrap_or_default() {
            file.bind_values.push((format!("assembly{part}"), value.clone()));
            let component = &file.symbol.component;
            if let Some(&at) = authored.get(&(component.clone(), part.to_owned())) {
                package.rows_mut("MsiAssemblyName")[at].values[2] = value.into();
            } else {
                let values: Vec<Value> = vec![component.as_str().into(), part.into(), value.into()];
                package.add("MsiAssemblyName", values, span);
            }
        }
    }
    package.files = files;
}

/// What was found, or nothing after it was told why.
fn told<T>(
    found: Result<T, String>,
    stand_ins: bool,
    (span, hint): (Span, &str),
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    found.map_err(|why| diagnostics.push(lacking(stand_ins, codes::ASSEMBLY, why).at(span).hint(hint))).ok()
}

/// Where stand-ins are allowed, what they lack is worth a warning.
pub(crate) fn lacking(stand_ins: bool, code: Code, message: String) -> Diagnostic {
    if stand_ins { Diagnostic::warning(code, message) } else { Diagnostic::error(code, message) }
}

fn dot_net(path: &Path, world: &dyn World) -> Result<AssemblyName, String> {
    match world.open(path).and_then(|mut file| assembly::read(&mut file)) {
        Ok(Some(name)) => Ok(name),
        Ok(None) => Err(format!("{} is no .NET assembly", path.display())),
        Err(error) => Err(format!("{} could not be read: {error}", path.display())),
    }
}

/// What the global assembly cache would not take.
fn refused(name: &AssemblyName, global: bool, stem: &str) -> Option<String> {
    if global && name.public_key_token.is_none() {
        return Some(format!(
            "the assembly \"{}\" has no strong name, which the global cache needs",
            name.name
        ));
    }
    (global && !stem.eq_ignore_ascii_case(&name.name)).then(|| {
        format!("the file is called \"{stem}\", but the assembly \"{}\"; the cache refuses that", name.name)
    })
}

fn dot_net_parts(name: AssemblyName) -> Vec<(&'static str, String)> {
    let token = name.public_key_token.unwrap_or_else(|| "null".into());
    vec![
        ("name", name.name),
        ("version", name.version),
        ("culture", name.culture),
        ("publicKeyToken", token),
        ("processorArchitecture", name.processor_architecture.to_owned()),
    ]
}

fn full_names(name: &AssemblyName) -> Vec<(String, String)> {
    let token = name.public_key_token.as_deref().unwrap_or("null");
    let full = |token: &str| {
        format!(
            "{}, version={}, culture={}, publicKeyToken={token}, processorArchitecture={}",
            name.name, name.version, name.culture, name.processor_architecture
        )
    };
    let preserved = token.to_lowercase();
    vec![
        ("assemblyfullname".into(), full(token)),
        ("assemblyfullnamepreservedcase".into(), full(&preserved)),
        ("assemblypublickeytokenpreservedcase".into(), preserved),
    ]
}

/// The identity in a manifest.
fn side_by_side(path: &Path, world: &dyn World) -> Result<Vec<(&'static str, String)>, String> {
    let parsed = world.read_source(path).map_err(|error| error.to_string()).and_then(|content| {
        let mut sources = SourceMap::new();
        let id = sources.add(path, content.as_str());
        let mut found = Diagnostics::new();
        Document::parse(id, &content, &mut found).ok_or_else(|| {
            found.iter().next().map_or_else(|| "it is no XML".to_owned(), |finding| finding.message.clone())
        })
    });
    let problem = match parsed {
        Err(error) => error,
        Ok(document) => {
            let root = document.root();
            match root.children().find(|child| child.local() == "assemblyIdentity") {
                Some(identity) if root.local() == "assembly" => {
                    let attribute = |name: &str| {
                        let attributes = identity.attributes().iter();
                        let found = attributes.filter(|attribute| &*attribute.name.local == name);
                        found.map(|attribute| attribute.value.clone()).find(|value| !value.is_empty())
                    };
                    let parts = ["name", "version", "type", "processorArchitecture", "publicKeyToken"];
                    return Ok(parts.into_iter().filter_map(|part| Some((part, attribute(part)?))).collect());
                }
                _ => "it has no assemblyIdentity".to_owned(),
            }
        }
    };
    Err(format!("the manifest {} says nothing usable: {problem}", path.display()))
}
