//! Instance transforms: one embedded transform for each further installation of the product.
//!
//! An instance has a product code of its own, a property that names it, perhaps a product name and an upgrade code of its own, and
//! components that say `MultiInstance` have GUIDs of their own in it, so that instances do not share them.

use crate::codes;
use crate::component_guids;
use crate::package::{Package, text};
use diagnostics::{Diagnostic, Diagnostics, Span};
use msi_db::transform::{self, Tolerance, Validation};
use msi_db::{Database, Value, catalogue};
use std::collections::HashMap;
use wxs::ir::SourceRow;

/// One `Instance`.
#[derive(Debug)]
pub(crate) struct Instance {
    pub id: String,
    /// The property that tells instances apart.
    pub property: String,
    pub product_code: String,
    pub product_name: Option<String>,
    pub upgrade_code: Option<String>,
    pub span: Span,
}

impl Instance {
    /// From a row of WiX's table for them.
    pub fn of(row: &SourceRow) -> Instance {
        let cell = |at| text(row, at).map(str::to_owned);
        Instance {
            id: cell(0).unwrap_or_default(),
            property: cell(1).unwrap_or_default(),
            product_code: cell(2).unwrap_or_default(),
            product_name: cell(3),
            upgrade_code: cell(4),
            span: row.span,
        }
    }
}

/// Adds the transforms to the database that the package became.
pub(crate) fn embed(
    instances: &[Instance],
    components: &[String],
    database: &mut Database,
    diagnostics: &mut Diagnostics,
) {
    if instances.is_empty() {
        return;
    }
    let base = Database {
        codepage: database.codepage,
        summary: database.summary.clone(),
        tables: database.tables.clone(),
        ..Database::default()
    };
    for instance in instances {
        let target = of_instance(instance, components, &base);
        // The instance is chosen by name, and checking the product would not let it be installed again.
        let summary = transform::summary(&base, &target, Validation::NONE, Tolerance::NONE);
        match transform::create(&base, &target, &summary) {
            Ok(storage) => drop(database.storages.insert(instance.id.clone(), storage)),
            Err(error) => {
                let message =
                    format!("the transform of instance \"{}\" cannot be made: {error}", instance.id);
                diagnostics.push(Diagnostic::error(codes::DATABASE, message).at(instance.span));
            }
        }
    }
}

/// Every instance tells itself apart from the product and from the others by code and by name.
pub(crate) fn check(package: &Package, diagnostics: &mut Diagnostics) {
    let mut codes_of: HashMap<&str, Span> = HashMap::new();
    if let Some(code) = package.property("ProductCode") {
        codes_of.insert(code, package.span);
    }
    let mut ids: HashMap<&str, Span> = HashMap::new();
    for instance in &package.instances {
        if let Some(first) = ids.insert(&instance.id, instance.span) {
            let message = format!("there are two instances \"{}\"", instance.id);
            diagnostics.push(
                Diagnostic::error(codes::DUPLICATE_ROW, message)
                    .at(instance.span)
                    .label(first, "the first is here")
                    .hint("give one of them another Id"),
            );
        }
        if let Some(&first) = codes_of.get(instance.product_code.as_str()) {
            let message = format!("instance \"{}\" has the product code of another", instance.id);
            diagnostics.push(
                Diagnostic::error(codes::PROPERTY, message)
                    .at(instance.span)
                    .label(first, "this has it too")
                    .hint("give it another ProductCode, or '*'"),
            );
        }
        codes_of.insert(&instance.product_code, instance.span);
    }
}

fn of_instance(instance: &Instance, components: &[String], base: &Database) -> Database {
    let mut target = base.clone();
    let upgrade_code = property(base, "UpgradeCode").map(str::to_owned);
    set_property(&mut target, "ProductCode", &instance.product_code);
    set_property(&mut target, &instance.property, &instance.id);
    if let Some(name) = &instance.product_name {
        set_property(&mut target, "ProductName", name);
    }
    if let Some(code) = &instance.upgrade_code {
        set_property(&mut target, "UpgradeCode", code);
        // Rows for other products stay as they are.
        for row in rows(&mut target, "Upgrade") {
            if row.first().and_then(Value::as_str) == upgrade_code.as_deref() {
                row[0] = code.as_str().into();
            }
        }
    }
    for row in rows(&mut target, "Component") {
        let named = row[0].as_str().is_some_and(|id| components.iter().any(|known| known == id));
        if let Some(guid) = row[1].as_str().filter(|_| named) {
            row[1] = component_guids::guid(&format!("{guid}{}", instance.id)).into();
        }
    }
    target
}

fn rows<'a>(database: &'a mut Database, table: &str) -> &'a mut [msi_db::Row] {
    database.tables.get_mut(table).map_or(&mut [], |table| &mut table.rows)
}

fn property<'a>(database: &'a Database, name: &str) -> Option<&'a str> {
    let mut rows = database.table("Property")?.iter();
    rows.find(|row| row.str("Property") == Some(name))?.str("Value")
}

fn set_property(database: &mut Database, name: &str, value: &str) {
    let Some(def) = catalogue::find("Property") else { return };
    let table = database.ensure_table(def);
    match table.rows.iter_mut().find(|row| row[0].as_str() == Some(name)) {
        Some(row) => row[1] = value.into(),
        None => table.rows.push(vec![name.into(), value.into()]),
    }
}
