//! The cargo package at hand: where its sources are, what its settings say, and the request that comes of it.

use super::args::Args;
use super::binary::{self, Binary};
use super::metadata::Settings;
use super::redirect::ProjectWorld;
use super::request::{common, file_or_folder};
use super::sources::{Chosen, existing, host_path, is_source};
use super::target::Target;
use super::{Plan, switches, version};
use crate::report::Failure;
use cargo_metadata::{Metadata, MetadataCommand, Package};
use msi_bind::BindPath;
use std::path::{Path, PathBuf};

/// The extensions that `cargo wix` always names.
const EXTENSIONS: [&str; 2] = ["WixUIExtension", "WixUtilExtension"];

/// Builds the package's binary, unless told otherwise, and says what the compiler shall do with it.
pub fn plan(args: &Args, chosen: &Chosen) -> Result<Plan, Failure> {
    let cargo = &args.cargo;
    let metadata = metadata(args)?;
    let package = package(args, chosen, &metadata)?;
    let name = package.name.to_string();
    let settings = Settings::of(&name, &package.metadata)?;
    let folder = package.manifest_path.parent().map_or_else(PathBuf::new, Into::into);

    let target = match cargo.target.as_ref().or(settings.target.as_ref()) {
        Some(triple) => Target::new(triple, true)?,
        None => Target::usual()?,
    };
    let profile = profile(args, &settings);
    let target_dir = metadata.target_directory.as_std_path();
    let bin_dir = match &cargo.target_bin_dir {
        Some(folder) => std::path::absolute(host_path(&folder.to_string_lossy()))
            .map_err(|error| Failure::new(format!("'{}': {error}", folder.display())))?,
        None => {
            let base = if target.named { target_dir.join(&target.triple) } else { target_dir.to_owned() };
            base.join(folder_of(&profile))
        }
    };

    let mut request = common(args)?;
    let mut given = switches::candle(either(&cargo.compiler_args, &settings.compiler_args))?;
    given.add(switches::light(either(&cargo.linker_args, &settings.linker_args))?);
    let product_version = product_version(args, &settings, package)?;
    let arch = args.arch.or(given.arch).unwrap_or(target.platform);
    request.arch = arch.into();
    for (name, value) in [
        ("TargetVendor", target.vendor.as_str()),
        ("Version", &product_version),
        ("Platform", request.arch.name()),
        ("Profile", &profile),
        ("TargetEnv", &target.env),
        ("TargetTriple", &target.triple),
        ("CargoProfile", &profile),
        ("CargoTargetDir", &target_dir.to_string_lossy()),
        ("CargoTargetBinDir", &bin_dir.to_string_lossy()),
    ] {
        request.defines.entry(name.into()).or_insert_with(|| value.into());
    }
    request.sources.splice(0..0, sources(&folder, &settings, args)?);
    if let Some(path) = &settings.locale
        && request.localizations.is_empty()
    {
        request.localizations.push(existing(&in_package(&folder, path))?);
    }
    let known = EXTENSIONS.iter().filter(|name| wxs::extension::by_name(name).is_some());
    request.extensions.extend(known.map(|name| (*name).to_owned()));
    let output = given.output.take();
    let mut cultures = std::mem::take(&mut given.cultures);
    given.apply(&mut request);
    if request.cultures.is_empty() {
        // Light gets the culture of the settings first, then what the switches add.
        request.cultures = match &settings.culture {
            Some(culture) => culture.split(';').map(str::to_owned).collect(),
            None if cultures.is_empty() => vec!["en-us".into()],
            None => std::mem::take(&mut cultures),
        };
    }
    if request.localizations.is_empty() && request.is_multilingual() {
        request.localizations = own_localizations(&folder.join("wix"));
    }
    for base in [&folder, metadata.workspace_root.as_std_path()] {
        request.bind_paths.push(BindPath { name: None, folder: base.to_path_buf() });
    }
    let debug = if cargo.debug_name || settings.dbg_name { "-debug" } else { "" };
    let label = cargo.name.as_ref().or(settings.name.as_ref()).unwrap_or(&name);
    let file = PathBuf::from(format!("{label}-{product_version}-{}{debug}.msi", target.arch));
    request.output = match (&args.output, &settings.output, output) {
        (Some(path), _, _) => file_or_folder(path, file),
        (None, Some(path), _) => file_or_folder(&in_package(&folder, path), file),
        (None, None, Some(path)) => file_or_folder(&path, file),
        (None, None, None) => target_dir.join("wix").join(file),
    };

    if !(chosen.print || cargo.no_build || settings.no_build) {
        binary::build(&Binary {
            manifest: package.manifest_path.as_std_path(),
            package: chosen.package.as_deref(),
            target: &target,
            profile: &profile,
            features: either(&cargo.features, &settings.features),
            all_features: cargo.all_features || settings.all_features,
            no_default_features: cargo.no_default_features || settings.no_default_features,
            target_dir,
            args: cargo,
        })?;
    }
    let own = target_dir.join(folder_of(&profile));
    Ok(Plan { request, world: ProjectWorld::new(folder, metadata.workspace_root.into(), own, bin_dir) })
}

fn metadata(args: &Args) -> Result<Metadata, Failure> {
    let mut command = MetadataCommand::new();
    command.no_deps();
    if let Some(manifest) = &args.cargo.manifest_path {
        command.manifest_path(host_path(&manifest.to_string_lossy()));
    }
    command.exec().map_err(|error| {
        let error = error.to_string();
        if error.contains("could not find `Cargo.toml`") {
            Failure::new(format!("no cargo package was found: {}", error.trim_end()))
                .hint("run this where Cargo.toml is, or name the WiX sources: `cargo msi build main.wxs`")
        } else {
            Failure::new(format!("cargo can't read the package: {}", error.trim_end()))
                .hint("or name the WiX sources: `cargo msi build main.wxs`")
        }
    })
}

/// The package that is meant: the one that is named, the one of the manifest at hand, or the only one that has sources.
fn package<'m>(args: &Args, chosen: &Chosen, metadata: &'m Metadata) -> Result<&'m Package, Failure> {
    let members = metadata.workspace_packages();
    if let Some(name) = &chosen.package {
        return members.iter().find(|package| package.name.as_str() == name).copied().ok_or_else(|| {
            Failure::new(format!("the workspace has no package '{name}'"))
                .hint(format!("it has: {}", names(&members)))
        });
    }
    let here = match &args.cargo.manifest_path {
        Some(manifest) => std::path::absolute(host_path(&manifest.to_string_lossy())).ok(),
        None => std::env::current_dir().ok().and_then(|folder| {
            let manifests = folder.ancestors().map(|folder| folder.join("Cargo.toml"));
            manifests.into_iter().find(|manifest| manifest.is_file())
        }),
    };
    let here = here.and_then(|manifest| manifest.canonicalize().ok());
    let is_here = |package: &&Package| package.manifest_path.as_std_path().canonicalize().ok() == here;
    if let Some(package) = members.iter().copied().find(is_here) {
        return Ok(package);
    }
    let with_sources: Vec<&Package> =
        members.iter().copied().filter(|package| has_sources(package)).collect();
    match with_sources.as_slice() {
        [package] => Ok(package),
        [] => Err(Failure::new("no package of this workspace has WiX sources in a folder wix")
            .hint("`cargo msi build main.wxs` builds sources from anywhere")),
        several => Err(Failure::new("several packages of this workspace have WiX sources")
            .hint(format!("name one with -p: {}", names(several)))),
    }
}

fn names(packages: &[&Package]) -> String {
    let mut names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    names.sort_unstable();
    names.join(", ")
}

fn has_sources(package: &Package) -> bool {
    let folder = package.manifest_path.parent().map(|folder| folder.join("wix"));
    folder.is_some_and(|folder| !own_sources(folder.as_std_path()).is_empty())
}

/// The package's sources: all of its folder `wix`, then what the settings include.
fn sources(folder: &Path, settings: &Settings, args: &Args) -> Result<Vec<PathBuf>, Failure> {
    let mut sources = own_sources(&folder.join("wix"));
    // As with `cargo wix`, included sources of the command line replace those of the settings.
    if !args.includes.iter().any(|path| is_source(path)) {
        for path in &settings.include {
            sources.push(existing(&in_package(folder, path))?);
        }
    }
    if sources.is_empty() && !args.includes.iter().any(|path| is_source(path)) {
        return Err(Failure::new(format!("there are no WiX sources in '{}'", folder.join("wix").display()))
            .hint("write wix/main.wxs, or name the sources: `cargo msi build main.wxs`"));
    }
    Ok(sources)
}

fn own_sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut sources: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| is_source(path)).collect();
    sources.sort();
    sources
}

/// The localization files in a folder and one folder below it, such as `wix/loc`.
fn own_localizations(folder: &Path) -> Vec<PathBuf> {
    let list = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    };
    let here = list(folder);
    let below = here.iter().filter(|path| path.is_dir()).flat_map(|folder| list(folder));
    let mut found: Vec<PathBuf> = here.iter().cloned().chain(below).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("wxl")));
    found.sort();
    found
}

/// A path of the settings, which is relative to the package; to where we are, if it is there and not in the package.
fn in_package(folder: &Path, path: &str) -> PathBuf {
    let path = host_path(path);
    let inside = folder.join(&path);
    if !inside.exists() && path.exists() { path } else { inside }
}

fn product_version(args: &Args, settings: &Settings, package: &Package) -> Result<String, Failure> {
    let text = args.cargo.install_version.as_ref().or(settings.version.as_ref());
    match text {
        Some(text) => {
            let parsed = text.parse().map_err(|error| {
                Failure::new(format!("'{text}' is no version: {error}")).hint("three numbers, such as 1.2.0")
            })?;
            version::of_product(&parsed)
        }
        None => version::of_product(&package.version),
    }
}

fn profile(args: &Args, settings: &Settings) -> String {
    let cargo = &args.cargo;
    let named = cargo.profile.as_deref().or(if cargo.debug_build { Some("dev") } else { None });
    let set = settings.profile.as_deref().or(if settings.dbg_build { Some("dev") } else { None });
    named.or(set).unwrap_or("release").to_owned()
}

/// Where cargo puts what it builds with a profile.
fn folder_of(profile: &str) -> &str {
    match profile {
        "dev" | "test" => "debug",
        "release" | "bench" => "release",
        other => other,
    }
}

fn either<'a>(flags: &'a [String], settings: &'a [String]) -> &'a [String] {
    if flags.is_empty() { settings } else { flags }
}
