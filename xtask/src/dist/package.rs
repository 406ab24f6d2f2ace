//! Configured variant + binaries → unsigned package: `wix/` compiled and bound.

use super::config::Configured;
use super::inputs::Binaries;
use super::{Plan, wix_backend};
use crate::Context;
use crate::failure::{Context as _, Failure, Outcome};
use crate::manifest::{Arch, Backend};
use diagnostics::render::{self, Colour};
use diagnostics::{Diagnostics, SourceMap};
use msi_bind::{BuildRequest, DiskWorld};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A package without a signature of its own.
#[derive(Debug, Clone)]
pub struct Package {
    pub configured: Configured,
    pub path: PathBuf,
}

/// Folders that every package of an architecture draws on.
#[derive(Debug, Clone)]
pub struct Sources {
    pub licences: PathBuf,
    /// Compressed cabinets by content: most of a package is the same for every cloud.
    pub cabinets: PathBuf,
    pub threads: usize,
}

/// Compiles one package to `output`.
pub fn compile(
    context: &Context,
    plan: &Plan,
    configured: &Configured,
    binaries: &Binaries,
    sources: &Sources,
    output: &Path,
) -> Outcome<Package> {
    let request = request(context, plan, configured, binaries, sources, output)?;
    match plan.backend {
        Backend::Native => native(context, &request)?,
        Backend::Wix => wix_backend::build(&request)?,
    }
    Ok(Package { configured: configured.clone(), path: output.to_owned() })
}

fn request(
    context: &Context,
    plan: &Plan,
    configured: &Configured,
    binaries: &Binaries,
    sources: &Sources,
    output: &Path,
) -> Outcome<BuildRequest> {
    let wix = context.repo.join("wix");
    let variant = &configured.variant;
    let arch = match variant.arch {
        Arch::X64 => msi_bind::Arch::X64,
        Arch::Arm64 => msi_bind::Arch::Arm64,
    };
    let folder = |path: &Path| path.display().to_string();
    let defines = [
        ("Version", plan.product_version.to_string()),
        ("Platform", arch.name().to_owned()),
        ("ProductName", plan.product_name.clone()),
        ("Manufacturer", plan.manufacturer.clone()),
        ("ProductCode", variant.product_code.to_string()),
        ("UpgradeCode", plan.upgrade_code.to_string()),
        ("Cloud", variant.cloud.to_string()),
        ("EnvironmentName", configured.cloud.environment.to_string()),
        ("FipsPolicy", variant.fips.to_string()),
        ("AgentDir", folder(&binaries.folder)),
        ("ActionsDir", folder(&binaries.folder)),
        ("ConfigDir", folder(&configured.folder)),
        ("LicenseDir", folder(&sources.licences)),
    ];
    Ok(BuildRequest {
        sources: files_below(&wix, "wxs")?,
        include_dirs: vec![wix.clone()],
        defines: defines.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        bind_paths: vec![msi_bind::BindPath { name: None, folder: wix.clone() }],
        localizations: files_below(&wix.join("loc"), "wxl")?,
        cultures: plan.cultures.clone(),
        multilingual: plan.multilingual,
        wix_variables: BTreeMap::new(),
        arch,
        output: output.to_owned(),
        timestamp: plan.epoch,
        threads: sources.threads,
        cabinet_cache: Some(sources.cabinets.clone()),
        creating_application: format!("{} xtask", plan.product_name),
        ..BuildRequest::default()
    })
}

fn native(context: &Context, request: &BuildRequest) -> Outcome {
    let mut texts = SourceMap::new();
    let mut diagnostics = Diagnostics::new();
    let built = msi_bind::build(request, &DiskWorld, &mut texts, &mut diagnostics);
    if !diagnostics.is_empty() {
        let colour = if context.reporter.colours() { Colour::Always } else { Colour::Never };
        let shown = render::human(&diagnostics, &texts, colour);
        context.reporter.say(shown.trim_end());
    }
    built.map(drop).ok_or_else(|| Failure::failed("wix/ does not compile"))
}

/// The files with an extension in a folder and the folders below it, sorted, so that the order on disk does not matter.
fn files_below(folder: &Path, extension: &str) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).context(next.display())? {
            let path = entry.context(next.display())?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
