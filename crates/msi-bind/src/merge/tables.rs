//! Rows of a module in the package's tables.

use super::{Module, NULL_GUID};
use crate::codes;
use crate::package::{BoundTable, Package};
use crate::shape;
use diagnostics::{Diagnostic, Diagnostics};
use msi_db::{Row, Table, TableDef, Value};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use wxs::ir::{Product, SourceRow};

/// The root of every module's directories.
const ROOT: &str = "TARGETDIR";
/// Tables that say how to merge and are not merged themselves.
const INSTRUCTIONS: &[&str] = &[
    "ModuleIgnoreTable",
    "ModuleConfiguration",
    "ModuleSubstitution",
    "ModuleAdminUISequence",
    "ModuleAdminExecuteSequence",
    "ModuleAdvtUISequence",
    "ModuleAdvtExecuteSequence",
    "ModuleInstallUISequence",
    "ModuleInstallExecuteSequence",
    "_Validation",
];

/// Merges every table but those that the module says to ignore, and connects the module's components to its features.
pub(super) fn merge(module: Module, product: &Product, package: &mut Package, diagnostics: &mut Diagnostics) {
    let Module { symbol, features, database, .. } = module;
    let ignored: HashSet<String> = super::rows(&database, "ModuleIgnoreTable")
        .filter_map(|row| row.str("Table").map(str::to_owned))
        .collect();
    let primary = features.first().cloned().unwrap_or_default();
    let components: Vec<String> = super::rows(&database, "Component")
        .filter_map(|row| row.str("Component").map(str::to_owned))
        .collect();
    for (name, Table { def, rows }) in database.tables {
        if rows.is_empty() || INSTRUCTIONS.contains(&&*name) || ignored.contains(&*name) {
            continue;
        }
        let Some(columns) = target(&name, &def, product, package) else {
            let message =
                format!("module \"{}\" has the table {name} with other columns than the package", symbol.id);
            let finding = Diagnostic::error(codes::MODULE, message).at(symbol.span);
            diagnostics.push(finding.hint("declare the package's own table as the module has it"));
            continue;
        };
        let rows = rows.into_iter().filter(|row| &*name != "Directory" || row[0].as_str() != Some(ROOT));
        let rows = rows.map(|mut row| {
            if &*name == "Directory" && row[1].as_str() == Some(ROOT) {
                row[1] = symbol.directory.as_str().into();
            }
            for cell in row.iter_mut().filter(|cell| cell.as_str() == Some(NULL_GUID)) {
                *cell = primary.as_str().into();
            }
            columns.iter().map(|from| from.map_or(Value::Null, |from| row[from].clone())).collect()
        });
        let conflicts = put(&name, rows.collect(), symbol.span, package);
        for key in conflicts {
            let message = format!(
                "module \"{}\" has another row \"{key}\" in table {name} than the package, whose row stays",
                symbol.id
            );
            diagnostics.push(Diagnostic::warning(codes::MODULE, message).at(symbol.span));
        }
    }
    let connections = features.iter().flat_map(|feature| {
        components.iter().map(|component| vec![feature.as_str().into(), component.as_str().into()])
    });
    let def = shape::definition(product, "FeatureComponents");
    if let Some(def) = def {
        package
            .tables
            .entry("FeatureComponents".into())
            .or_insert_with(|| BoundTable { def, rows: Vec::new() });
    }
    put("FeatureComponents", connections.collect(), symbol.span, package);
}

/// Makes sure that the table is there. Gives for each of its columns the module's; `None` where the module has columns that
/// the table lacks or that hold something else.
fn target(
    name: &Arc<str>,
    own: &Arc<TableDef>,
    product: &Product,
    package: &mut Package,
) -> Option<Vec<Option<usize>>> {
    let table = package.tables.entry(Arc::clone(name)).or_insert_with(|| BoundTable {
        def: shape::definition(product, name)
            .filter(|known| fits(own, known))
            .unwrap_or_else(|| Arc::clone(own)),
        rows: Vec::new(),
    });
    fits(own, &table.def).then(|| table.def.columns.iter().map(|column| own.column(&column.name)).collect())
}

fn fits(own: &TableDef, target: &TableDef) -> bool {
    own.key_len() == target.key_len()
        && own.columns.iter().all(|column| {
            let known = target.column(&column.name).map(|at| &target.columns[at]);
            known.is_some_and(|known| std::mem::discriminant(&known.ty) == std::mem::discriminant(&column.ty))
        })
}

/// Adds rows; equal ones that are there already are passed over. Gives the keys of those that differ.
fn put(name: &str, rows: Vec<Row>, span: diagnostics::Span, package: &mut Package) -> Vec<String> {
    let Some(table) = package.tables.get_mut(name) else { return Vec::new() };
    let keys = table.def.key_len();
    let mut known: HashMap<Vec<Value>, usize> =
        table.rows.iter().enumerate().map(|(at, row)| (row.values[..keys].to_vec(), at)).collect();
    let mut conflicts = Vec::new();
    for values in rows {
        let key = values[..keys].to_vec();
        match known.get(&key) {
            Some(&at) if table.rows[at].values == values => {}
            Some(_) => conflicts.push(msi_db::value::key_text(&key)),
            None => {
                known.insert(key, table.rows.len());
                table.rows.push(SourceRow { table: name.into(), values, span });
            }
        }
    }
    conflicts
}
