//! Whether a module may be merged into this package, and beside these other modules.

use super::{Module, rows};
use crate::codes;
use crate::package::Package;
use diagnostics::{Diagnostic, Diagnostics};
use msi_db::database::RowRef;

/// Bits of a language that say which one, without the country.
const PRIMARY: i32 = 0x3ff;

/// The module's platform has to be the package's, or 32-bit Intel; its installer version should not be higher.
pub(super) fn check(module: &Module, package: &Package, diagnostics: &mut Diagnostics) {
    let platform = |template: &str| template.split(';').next().unwrap_or_default().to_ascii_lowercase();
    let summary = &module.database.summary;
    let own = platform(summary.template.as_deref().unwrap_or_default());
    let target = platform(package.summary.get(&7).map(|(text, _)| text.as_str()).unwrap_or_default());
    if !["", "intel"].contains(&own.as_str()) && own != target {
        let message =
            format!("module \"{}\" is for the platform {own}, the package for {target}", module.symbol.id);
        let finding = Diagnostic::error(codes::MODULE, message).at(module.symbol.span);
        diagnostics.push(
            finding
                .hint("take the module of the package's platform, or build the package with another --arch"),
        );
    }
    let needed = summary.page_count.unwrap_or(0);
    let given = package.summary.get(&14).and_then(|(text, _)| text.parse::<i32>().ok()).unwrap_or(0);
    if needed > given {
        let message = format!(
            "module \"{}\" needs version {needed} of Windows Installer, the package says {given}",
            module.symbol.id
        );
        diagnostics.push(
            Diagnostic::warning(codes::MODULE, message)
                .at(module.symbol.span)
                .hint(format!("set InstallerVersion=\"{needed}\" on Package")),
        );
    }
}

/// No module of the package may be one that another excludes.
pub(super) fn exclusions(modules: &[Module], diagnostics: &mut Diagnostics) {
    for module in modules {
        for exclusion in rows(&module.database, "ModuleExclusion") {
            let other = modules.iter().find(|other| other.id != module.id && excludes(&exclusion, other));
            if let Some(other) = other {
                let message =
                    format!("module \"{}\" excludes module \"{}\"", module.symbol.id, other.symbol.id);
                diagnostics.push(
                    Diagnostic::error(codes::MODULE, message)
                        .at(module.symbol.span)
                        .label(other.symbol.span, "the other is merged here")
                        .hint("leave one of the modules out"),
                );
            }
        }
    }
}

/// Whether a row of ModuleExclusion means this module: by id, by language (one below zero means all others), by version.
fn excludes(exclusion: &RowRef<'_>, other: &Module) -> bool {
    let language = exclusion.int("ExcludedLanguage").unwrap_or(0);
    let language_meant = match language {
        0 => true,
        language if language < 0 => !same_language(-language, other.language),
        language => same_language(language, other.language),
    };
    let version = numbers(&other.version);
    let bound = |column| exclusion.str(column).map(numbers);
    exclusion.str("ExcludedID") == Some(&*other.id)
        && language_meant
        && bound("ExcludedMinVersion").is_none_or(|least| version >= least)
        && bound("ExcludedMaxVersion").is_none_or(|most| version <= most)
}

/// Modules that another needs should be there; the package may bring their files in other ways.
pub(super) fn dependencies(modules: &[Module], diagnostics: &mut Diagnostics) {
    for module in modules {
        for dependency in rows(&module.database, "ModuleDependency") {
            let id = dependency.str("RequiredID").unwrap_or_default();
            let language = dependency.int("RequiredLanguage").unwrap_or(0);
            let least = dependency.str("RequiredVersion").map(numbers);
            let there = modules.iter().any(|other| {
                other.id == id
                    && (language == 0 || same_language(language, other.language))
                    && least.as_ref().is_none_or(|least| numbers(&other.version) >= *least)
            });
            if !there {
                let message =
                    format!("module \"{}\" needs the module {id}, which is not merged", module.symbol.id);
                diagnostics.push(Diagnostic::warning(codes::MODULE, message).at(module.symbol.span));
            }
        }
    }
}

/// A language without a country stands for all of its countries.
fn same_language(meant: i32, found: i32) -> bool {
    meant == found || (meant & PRIMARY == meant && found & PRIMARY == meant)
}

fn numbers(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}
