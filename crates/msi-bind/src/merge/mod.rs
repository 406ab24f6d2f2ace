//! Merge modules, really merged: what is in a module becomes part of the package as if it had been authored there.
//!
//! A module (`.msm`) is a database whose keys end in a GUID, with a cabinet in the stream `MergeModule.CABinet`. Merging takes three
//! steps, between which other passes work: the modules are opened in the wanted language and configured ([`open`]); their files
//! are taken out of their cabinets and join the package's files, so that media and sequence numbers come as for any other
//! ([`files::take`]); at last their rows are put into the package's tables ([`join`]). The rules are those of the Windows
//! Installer documentation on merge modules, as WiX 3 applies them.

mod configure;
pub(crate) mod files;
mod language;
mod rules;
mod sequences;
mod tables;

use crate::BindPath;
use crate::assemblies::lacking;
use crate::codes;
use crate::locate::Locator;
use crate::package::Package;
use diagnostics::{Diagnostic, Diagnostics};
use msi_db::database::RowRef;
use msi_db::{Database, Value};
use wxs::ir::{MergeSymbol, Product};
use wxs::world::World;

/// Stands in modules where the package's feature belongs.
const NULL_GUID: &str = "{00000000-0000-0000-0000-000000000000}";

/// An open module, in its language, configured.
pub(crate) struct Module {
    symbol: MergeSymbol,
    /// Features that its components belong to, the primary one first.
    features: Vec<String>,
    /// Key of its row in ModuleSignature.
    id: String,
    language: i32,
    version: String,
    database: Database,
}

/// Opens every module of the product. Modules that cannot be used are reported and left out.
pub(crate) fn open(
    product: &mut Product,
    package: &Package,
    (world, bind_paths, stand_ins): (&dyn World, &[BindPath], bool),
    diagnostics: &mut Diagnostics,
) -> Vec<Module> {
    let mut locator = Locator::new(world, bind_paths);
    let merges = std::mem::take(&mut product.merges);
    let others = std::mem::take(&mut product.merge_features);
    let mut modules = Vec::new();
    for symbol in merges {
        let Some(path) = locator.find(&symbol.source, symbol.span, diagnostics) else { continue };
        let read = world.open(&path).map_err(|error| error.to_string());
        let read = read.and_then(|file| Database::open(file).map_err(|error| error.to_string()));
        let database = match read {
            Ok(database) => database,
            Err(error) => {
                let message = format!("the merge module {} could not be read: {error}", path.display());
                let finding = lacking(stand_ins, codes::MODULE, message).at(symbol.span);
                diagnostics
                    .push(finding.hint(
                        "is it a .msm file, and whole? Version control may have changed its line ends",
                    ));
                continue;
            }
        };
        let opened = language::choose(database, &symbol)
            .and_then(|database| named(database, &symbol))
            .and_then(|module| configure::configure(module, diagnostics));
        match opened {
            Ok(mut module) => {
                module.features = symbol.feature.iter().cloned().collect();
                let named = others.iter().filter(|(merge, _)| *merge == symbol.id);
                module.features.extend(named.map(|(_, feature)| feature.clone()));
                rules::check(&module, package, diagnostics);
                modules.push(module);
            }
            Err(message) => {
                let message = format!("module \"{}\" cannot be merged: {message}", symbol.id);
                let finding = Diagnostic::error(codes::MODULE, message).at(symbol.span);
                diagnostics.push(
                    finding.hint("the module has to fit 'Language' and <ConfigurationData> of its <Merge>"),
                );
            }
        }
    }
    rules::exclusions(&modules, diagnostics);
    rules::dependencies(&modules, diagnostics);
    modules
}

/// Puts the modules' rows into the package, whose files have their places on the media.
pub(crate) fn join(
    modules: Vec<Module>,
    product: &Product,
    package: &mut Package,
    diagnostics: &mut Diagnostics,
) {
    for module in modules {
        sequences::merge(&module, &product.suppressed_actions, package, diagnostics);
        tables::merge(module, product, package, diagnostics);
    }
    files::settle(package);
}

fn named(database: Database, symbol: &MergeSymbol) -> Result<Module, String> {
    let signature = rows(&database, "ModuleSignature").next();
    let signature = signature.ok_or("it has no ModuleSignature, so it is no merge module")?;
    let text = |column| signature.str(column).unwrap_or_default().to_owned();
    Ok(Module {
        symbol: symbol.clone(),
        features: Vec::new(),
        id: text("ModuleID"),
        language: signature.int("Language").unwrap_or(0),
        version: text("Version"),
        database,
    })
}

/// Rows of a table that may not be there.
fn rows<'a>(database: &'a Database, table: &str) -> impl Iterator<Item = RowRef<'a>> {
    database.table(table).into_iter().flat_map(msi_db::Table::iter)
}

/// A cell as text, numbers in decimal.
fn cell_text(value: Option<&Value>) -> String {
    match value {
        Some(Value::Str(text)) => text.to_string(),
        Some(Value::Int(number)) => number.to_string(),
        _ => String::new(),
    }
}
