//! The rows of all sections gathered by table, with features filled in.

use super::codes;
use super::features::Connections;
use crate::ir::{CustomRow, Product, Section, SourceRow, VariableSymbol};
use diagnostics::{Diagnostic, Diagnostics, Span};
use msi_db::{ColumnType, TableDef, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What compiled rows hold where the primary feature of their component belongs.
const NO_FEATURE: &str = "{00000000-0000-0000-0000-000000000000}";

/// Columns that name a component's primary feature: table, component, feature.
const FEATURE_COLUMNS: &[(&str, usize, usize)] = &[
    ("Class", 2, 11),
    ("Extension", 1, 4),
    ("MsiAssembly", 0, 1),
    ("PublishComponent", 2, 4),
    ("Shortcut", 3, 4),
    ("TypeLib", 2, 6),
];

/// Tables that must be there because another one is.
const COMPANIONS: &[(&str, &str)] =
    &[("AppSearch", "Signature"), ("Dialog", "ListBox"), ("ProgId", "Extension")];

/// Makes the product of its sections. Sequences and property lists are still missing.
pub(super) fn gather(
    scope: &[&Section],
    connections: &Connections,
    diagnostics: &mut Diagnostics,
) -> Product {
    let mut product = Product {
        is_v4: scope[0].is_v4,
        span: scope[0].span,
        codepage: scope[0].codepage.clone(),
        files: collect(scope, |section| &section.files),
        media: collect(scope, |section| &section.media),
        merges: collect(scope, |section| &section.merges),
        media_template: scope.iter().find_map(|section| section.media_template.clone()),
        variables: variables(scope, diagnostics),
        instance_components: collect(scope, |section| &section.instance_components)
            .into_iter()
            .map(|(id, _)| id)
            .collect(),
        suppressed_actions: collect(scope, |section| &section.suppressed_actions)
            .into_iter()
            .map(|(sequence, action, _)| (sequence, action))
            .collect(),
        tables: BTreeMap::new(),
        custom_tables: BTreeMap::new(),
        ensured_tables: Vec::new(),
        primary_features: BTreeMap::new(),
        merge_features: Vec::new(),
    };
    for table in collect(scope, |section| &section.custom_tables) {
        product.custom_tables.insert(table.name.as_ref().into(), table);
    }
    for row in scope.iter().flat_map(|section| &section.rows) {
        // A property without a value is only a name to refer to; the engine reads an absent row the same way.
        if &*row.table == "Property" && row.values.get(1).is_none_or(Value::is_null) {
            product.tables.entry(row.table.clone()).or_default();
            continue;
        }
        let row = connected(row.clone(), connections, diagnostics);
        product.tables.entry(row.table.clone()).or_default().push(row);
    }
    for row in scope.iter().flat_map(|section| &section.custom_rows) {
        if let Some(row) = custom_row(row, &product.custom_tables, diagnostics) {
            product.tables.entry(row.table.clone()).or_default().push(row);
        }
    }
    nest_features(&mut product, connections);
    for (feature, component, span) in &connections.feature_components {
        let table: Arc<str> = "FeatureComponents".into();
        let values = vec![feature.as_str().into(), component.as_str().into()];
        product.tables.entry(table.clone()).or_default().push(SourceRow { table, values, span: *span });
    }
    for (component, connection) in &connections.components {
        product.primary_features.insert(component.clone(), connection.primary.clone());
    }
    for merge in &mut product.merges {
        match connections.merges.get(&merge.id) {
            Some(connection) => merge.feature = Some(connection.primary.clone()),
            None => diagnostics.push(
                Diagnostic::error(
                    codes::FEATURE_CONNECTION,
                    format!("merge module \"{}\" belongs to no feature", merge.id),
                )
                .at(merge.span)
                .hint("add a MergeRef to a Feature"),
            ),
        }
    }
    for (id, connection) in &connections.merges {
        for feature in &connection.others {
            product.merge_features.push((id.clone(), feature.clone()));
        }
    }
    for (table, _) in collect(scope, |section| &section.ensured_tables) {
        product.ensured_tables.push(table);
    }
    for &(table, companion) in COMPANIONS {
        if product.tables.contains_key(table) {
            product.ensured_tables.push(companion.into());
        }
    }
    product.ensured_tables.extend(["File".into(), "Media".into()]);
    product.ensured_tables.sort();
    product.ensured_tables.dedup();
    product
}

/// Names of the tables that the product has so far, for the actions they need.
///
/// `File` and `Media` are always written, but only files bring the actions that install them.
pub(super) fn present(product: &Product) -> BTreeSet<String> {
    let ensured = product.ensured_tables.iter().filter(|name| !matches!(name.as_str(), "File" | "Media"));
    let mut present: BTreeSet<String> =
        product.tables.keys().map(ToString::to_string).chain(ensured.cloned()).collect();
    if !product.files.is_empty() {
        present.insert("File".into());
    }
    if product.files.iter().any(|file| file.assembly.is_some()) {
        present.insert("MsiAssembly".into());
    }
    // WiX 4 expects every component to have its folder made.
    if product.is_v4 && product.tables.contains_key("Component") {
        present.insert("CreateFolder".into());
    }
    present
}

fn collect<T: Clone>(scope: &[&Section], part: impl Fn(&Section) -> &Vec<T>) -> Vec<T> {
    scope.iter().flat_map(|section| part(section).iter().cloned()).collect()
}

fn connected(mut row: SourceRow, connections: &Connections, diagnostics: &mut Diagnostics) -> SourceRow {
    let Some(&(_, component, feature)) = FEATURE_COLUMNS.iter().find(|(table, _, _)| *table == &*row.table)
    else {
        return row;
    };
    if row.values.get(feature).and_then(Value::as_str) != Some(NO_FEATURE) {
        return row;
    }
    let id = row.values[component].as_str().unwrap_or_default();
    match connections.components.get(id) {
        Some(connection) => row.values[feature] = connection.primary.as_str().into(),
        None => diagnostics.push(
            Diagnostic::error(
                codes::FEATURE_CONNECTION,
                format!("component \"{id}\" belongs to no feature, but what it advertises needs one"),
            )
            .at(row.span)
            .hint("add a ComponentRef to a Feature"),
        ),
    }
    row
}

fn nest_features(product: &mut Product, connections: &Connections) {
    for row in product.tables.get_mut("Feature").into_iter().flatten() {
        let parent = row.values.first().and_then(Value::as_str).and_then(|id| connections.features.get(id));
        if let (Some(Some(parent)), Some(cell)) = (parent, row.values.get_mut(1)) {
            *cell = parent.as_str().into();
        }
    }
}

/// WiX variables: one that may be overridden gives way to one that may not.
fn variables(scope: &[&Section], diagnostics: &mut Diagnostics) -> Vec<VariableSymbol> {
    let mut chosen: BTreeMap<&str, &VariableSymbol> = BTreeMap::new();
    for variable in scope.iter().flat_map(|section| &section.variables) {
        match chosen.get(variable.id.as_str()) {
            Some(first) if first.overridable == variable.overridable => diagnostics.push(
                Diagnostic::error(
                    codes::VARIABLE_COLLISION,
                    format!("WiX variable \"{}\" is defined twice", variable.id),
                )
                .at(variable.span)
                .label(first.span, "first defined here")
                .hint("leave one out, or set Overridable=\"yes\" at the one that gives way"),
            ),
            Some(first) if !first.overridable => {}
            _ => {
                chosen.insert(&variable.id, variable);
            }
        }
    }
    chosen.into_values().cloned().collect()
}

fn custom_row(
    row: &CustomRow,
    tables: &BTreeMap<Arc<str>, Arc<TableDef>>,
    diagnostics: &mut Diagnostics,
) -> Option<SourceRow> {
    // A row of a table that nobody defines was reported as a reference that leads nowhere.
    let table = tables.get(row.table.as_str())?;
    let mut values = vec![Value::Null; table.columns.len()];
    let mut problem = |message: String, span: Span, hint: String| {
        diagnostics.push(Diagnostic::error(codes::CUSTOM_TABLE, message).at(span).hint(hint));
    };
    for (column, text, span) in &row.cells {
        let Some(at) = table.column(column) else {
            let names: Vec<&str> = table.columns.iter().map(|known| &*known.name).collect();
            let hint = match crate::schema::nearest(column, names.iter().copied()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => format!("it has {}", names.join(", ")),
            };
            problem(format!("table {} has no column \"{column}\"", row.table), *span, hint);
            continue;
        };
        let number = matches!(table.columns[at].ty, ColumnType::Short | ColumnType::Long);
        values[at] = match text.as_str() {
            "" => Value::Null,
            text if number && !text.contains("!(") => match text.parse::<i32>() {
                Ok(number) => number.into(),
                Err(_) => {
                    let hint = "write a whole number, or declare the column with Type=\"string\"".to_owned();
                    problem(format!("column \"{column}\" takes an integer, not \"{text}\""), *span, hint);
                    continue;
                }
            },
            text => text.into(),
        };
    }
    for (column, value) in table.columns.iter().zip(&values) {
        if !column.nullable && value.is_null() {
            problem(
                format!("a row of table {} has no value for column \"{}\"", row.table, column.name),
                row.span,
                format!(
                    "add <Data Column=\"{}\">…</Data>, or declare the column with Nullable=\"yes\"",
                    column.name
                ),
            );
        }
    }
    Some(SourceRow { table: row.table.as_str().into(), values, span: row.span })
}
