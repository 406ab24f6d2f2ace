//! Language transforms: the package in another language, as a storage of the package. Only texts, the layout of dialogs, the code
//! page and `ProductLanguage` may differ; whatever says what is installed, and where, is the same in every language.

use crate::bind::Bound;
use crate::codes;
use crate::languages::{Language, property};
use diagnostics::{Diagnostic, Diagnostics, Span};
use msi_db::transform::{self, Tolerance, Validation};
use msi_db::{Category, Column, ColumnType, Database, Row, Storage, Table, Value};
use std::collections::BTreeMap;
use wxs::resolve::Resolved;

/// Properties that identify a product or release.
const IDENTITY: [&str; 6] = [
    "ProductCode",
    "UpgradeCode",
    "ProductVersion",
    "SecureCustomProperties",
    "AdminProperties",
    "MsiHiddenProperties",
];

/// Columns that may be translated as far as the table's definition goes, and that name what is written, not what is read.
const NAMES: [(&str, &str); 2] = [("Registry", "Name"), ("Environment", "Name")];

/// Columns of dialogs and controls that say where these are, and how they are aligned.
const LAYOUT: [&str; 5] = ["X", "Y", "Width", "Height", "Attributes"];

/// A finished transform.
pub(crate) struct Translation {
    id: u16,
    culture: String,
    storage: Storage,
}

/// Makes the code page of a package neutral where its texts permit, so that any language's transform fits it.
pub(crate) fn prefer_neutral(resolved: &mut Resolved) {
    let product = &resolved.product;
    let values = product.tables.values().flatten().flat_map(|row| &row.values);
    let files = product.files.iter().map(|file| file.name.as_str());
    if values.filter_map(Value::as_str).chain(files).all(str::is_ascii) {
        resolved.codepage = 0;
    }
}

/// The transform that makes `translated` of `base`.
pub(crate) fn transform(
    language: &Language,
    base: &Bound,
    translated: &Bound,
    span: Span,
    diagnostics: &mut Diagnostics,
) -> Option<Translation> {
    let mut fail = |message: String, hint: &str| {
        let finding = Diagnostic::error(codes::LANGUAGE, message).at(span);
        diagnostics.push(if hint.is_empty() { finding } else { finding.hint(hint) });
    };
    let Language { culture, id, .. } = language;
    let has_instances = base.has_instances;
    let (base, translated) = (&base.database, &translated.database);
    if base.codepage != 0 && base.codepage != translated.codepage {
        fail(
            format!(
                "the package's own texts need code page {}, and those of {culture} code page {}",
                base.codepage, translated.codepage
            ),
            "a transform fits a package of another code page only if that one has plain ASCII texts; put an English culture first",
        );
        return None;
    }
    let differences = not_texts(base, translated);
    if !differences.is_empty() {
        for difference in differences {
            fail(
                format!("{difference}, in {culture} and in the package's own language"),
                "a language changes texts only; take the difference out of the localization files",
            );
        }
        return None;
    }
    // Streams are the same: the files are.
    let plain = Database {
        codepage: base.codepage,
        summary: base.summary.clone(),
        tables: base.tables.clone(),
        ..Database::default()
    };
    let mut target = translated.clone();
    target.streams.clear();
    let platform =
        base.summary.template.as_deref().and_then(|text| text.split(';').next()).unwrap_or_default();
    target.summary.template = Some(format!("{platform};{id}"));
    // The transform of an instance, which gives the product another code, is applied before.
    let validation = if has_instances { Validation::NONE } else { Validation::PRODUCT };
    // It was made for this very package and only changes cells, so there is nothing to forgive. The code page differs from a
    // neutral one at most, which is no error. (Wine would take what is forgiven for what has to be checked.)
    let summary = transform::summary(&plain, &target, validation, Tolerance::NONE);
    match transform::create(&plain, &target, &summary) {
        Ok(storage) => Some(Translation { id: *id, culture: culture.clone(), storage }),
        Err(error) => {
            fail(format!("the transform of {culture} cannot be made: {error}"), "");
            None
        }
    }
}

/// Puts transforms into the package, which from then on says that it speaks their languages.
pub(crate) fn embed(
    transforms: impl Iterator<Item = Translation>,
    database: &mut Database,
    span: Span,
    diagnostics: &mut Diagnostics,
) {
    let own = property(database, "ProductLanguage").unwrap_or_default().to_owned();
    let mut languages: BTreeMap<u16, String> = BTreeMap::new();
    for Translation { id, culture, storage } in transforms {
        let name = id.to_string();
        let other = languages.insert(id, culture.clone());
        if name == own || other.is_some() || database.storages.contains_key(&name) {
            let other = other.unwrap_or_else(|| "the package's own language".to_owned());
            let message = format!("the language {id} of {culture} is also that of {other}");
            diagnostics.push(
                Diagnostic::error(codes::LANGUAGE, message)
                    .at(span)
                    .hint("Product/@Language is the language of the first culture"),
            );
            continue;
        }
        if let Some(template) = &mut database.summary.template {
            if !template.contains(';') {
                template.push(';');
            }
            template.push_str(&format!(",{id}"));
        }
        database.storages.insert(name, storage);
    }
}

/// What differs and is no text.
fn not_texts(base: &Database, translated: &Database) -> Vec<String> {
    let mut found = Vec::new();
    for name in base.tables.keys().chain(translated.tables.keys()) {
        match (base.tables.get(name), translated.tables.get(name)) {
            (Some(own), Some(other)) => rows(name, own, other, &mut found),
            _ => found.push(format!("table {name} is not there both")),
        }
    }
    found.sort();
    found.dedup();
    found
}

fn rows(name: &str, own: &Table, other: &Table, found: &mut Vec<String>) {
    let keys = own.def.key_len();
    if own.def != other.def {
        found.push(format!("table {name} does not have the same columns"));
        return;
    }
    let index = |table: &Table| -> BTreeMap<Vec<Value>, Row> {
        table.rows.iter().map(|row| (row[..keys].to_vec(), row.clone())).collect()
    };
    let (own_rows, other_rows) = (index(own), index(other));
    for (key, row) in &own_rows {
        let Some(translated) = other_rows.get(key) else {
            found.push(format!("the row {} of table {name} is not there both", shown(key)));
            continue;
        };
        for ((column, before), after) in own.def.columns.iter().zip(row).zip(translated) {
            if before != after && !may_differ(name, column, key) {
                found.push(format!("{name}.{} of the row {} is not the same", column.name, shown(key)));
            }
        }
    }
    for key in other_rows.keys().filter(|key| !own_rows.contains_key(*key)) {
        found.push(format!("the row {} of table {name} is not there both", shown(key)));
    }
}

/// Whether a cell is text, or how text is laid out.
fn may_differ(table: &str, column: &Column, key: &[Value]) -> bool {
    match (table, &*column.name) {
        ("Dialog" | "Control" | "BBControl", name) if LAYOUT.contains(&name) => return true,
        ("TextStyle", _) | ("Shortcut", "Name") => return true,
        ("Property", _) => {
            let name = key.first().and_then(Value::as_str).unwrap_or_default();
            return !IDENTITY.contains(&name);
        }
        (table, name) if NAMES.contains(&(table, name)) => return false,
        _ => {}
    }
    let places = [
        Category::Filename,
        Category::WildCardFilename,
        Category::DefaultDir,
        Category::Path,
        Category::Paths,
        Category::AnyPath,
        Category::RegPath,
        Category::Guid,
        Category::Version,
        Category::Condition,
    ];
    let is_place = column.category.is_some_and(|category| places.contains(&category));
    matches!(column.ty, ColumnType::Str(_)) && column.localizable && !is_place
}

fn shown(key: &[Value]) -> String {
    let parts: Vec<String> = key
        .iter()
        .map(|value| match value {
            Value::Str(text) => text.to_string(),
            Value::Int(number) => number.to_string(),
            Value::Null | Value::Stream(_) => String::new(),
        })
        .collect();
    parts.join("/")
}
