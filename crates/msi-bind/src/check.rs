//! What must hold of a package before anything is written.

use crate::codes;
use crate::package::{BoundTable, Package};
use diagnostics::{Diagnostic, Diagnostics, Span};
use msi_db::Value;
use msi_db::codepage::Codepage;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Checks keys, code page and product properties.
pub(crate) fn check(package: &Package, diagnostics: &mut Diagnostics) {
    for (name, table) in &package.tables {
        unique_keys(name, table, diagnostics);
        no_missing_values(name, table, diagnostics);
    }
    encodable(package, diagnostics);
    product_properties(package, diagnostics);
    component_guids(package, diagnostics);
}

/// Components with one GUID are one for Windows, so that at most one of them may ever be installed.
fn component_guids(package: &Package, diagnostics: &mut Diagnostics) {
    let mut known: HashMap<String, (bool, Span)> = HashMap::new();
    for row in package.rows("Component") {
        let Some(guid) = crate::package::text(row, 1).filter(|guid| *guid != "*") else { continue };
        let conditional = crate::package::text(row, 4).is_some();
        let Some((before, first)) = known.get(guid).copied() else {
            known.insert(guid.to_owned(), (conditional, row.span));
            continue;
        };
        let all = before && conditional;
        known.insert(guid.to_owned(), (all, first));
        let id = crate::package::text(row, 0).unwrap_or_default();
        let finding = if all {
            let message =
                format!("component \"{id}\" shares its GUID; its condition has to exclude the others");
            Diagnostic::warning(codes::COMPONENT_GUID, message)
        } else {
            let message = format!("component \"{id}\" has the GUID of another one, {guid}");
            Diagnostic::error(codes::COMPONENT_GUID, message)
                .hint("give each its own GUID, or Guid=\"*\", or conditions that exclude each other")
        };
        diagnostics.push(finding.at(row.span).label(first, "the first component with it is here"));
    }
}

fn unique_keys(name: &str, table: &BoundTable, diagnostics: &mut Diagnostics) {
    let keys = table.def.key_len();
    let mut first: HashMap<&[Value], Span> = HashMap::with_capacity(table.rows.len());
    for row in &table.rows {
        match first.entry(&row.values[..keys.min(row.values.len())]) {
            Entry::Vacant(free) => {
                free.insert(row.span);
            }
            Entry::Occupied(taken) => {
                let key: Vec<String> = taken.key().iter().map(shown).collect();
                let message = format!("table {name} gets two rows with the key \"{}\"", key.join("/"));
                diagnostics.push(
                    Diagnostic::error(codes::DUPLICATE_ROW, message)
                        .at(row.span)
                        .label(*taken.get(), "the first row comes from here")
                        .hint("leave one of them out, or give it another id"),
                );
            }
        }
    }
}

fn no_missing_values(name: &str, table: &BoundTable, diagnostics: &mut Diagnostics) {
    for row in &table.rows {
        for (column, value) in table.def.columns.iter().zip(&row.values) {
            if value.is_null() && !column.nullable {
                let message = format!("a row of table {name} has no value for {}", column.name);
                let finding = Diagnostic::error(codes::ROW, message).at(row.span);
                diagnostics.push(finding.hint("what is written there has to give one"));
            }
        }
    }
}

/// Gives a package without a code page another one, where its texts need one and that has all of them.
pub(crate) fn fall_back(package: &mut Package, codepage: u16) {
    let Some(other) = Codepage::new(codepage).filter(|_| package.codepage == 0 && codepage != 0) else {
        return;
    };
    let rows = package.tables.values().flat_map(|table| &table.rows);
    let texts = rows.flat_map(|row| &row.values).filter_map(Value::as_str);
    let foreign: Vec<&str> = texts.filter(|text| !text.is_ascii()).collect();
    if !foreign.is_empty() && foreign.iter().all(|text| other.encode(text).is_ok()) {
        package.codepage = codepage;
    }
}

/// Every character must exist in the code page: the engine would show another one.
fn encodable(package: &Package, diagnostics: &mut Diagnostics) {
    let Some(codepage) = Codepage::new(package.codepage) else {
        let message = format!("code page {} is not supported", package.codepage);
        let finding = Diagnostic::error(codes::CODEPAGE, message).at(package.span);
        diagnostics
            .push(finding.hint("use 65001 for UTF-8, or one of 1250 to 1258, 932, 936, 949, 950, 874"));
        return;
    };
    for (name, table) in &package.tables {
        for row in &table.rows {
            for (column, value) in table.def.columns.iter().zip(&row.values) {
                let Value::Str(text) = value else { continue };
                if let Err(character) = codepage.encode(text) {
                    diagnostics.push(
                        unencodable(character, package.codepage, row.span)
                            .hint(format!("it stands in {name}.{}: \"{text}\"", column.name)),
                    );
                }
            }
        }
    }
}

fn unencodable(character: char, codepage: u16, span: Span) -> Diagnostic {
    let message = match codepage {
        0 => format!("the character '{character}' (U+{:04X}) needs a code page", character as u32),
        codepage => format!("code page {codepage} has no '{character}' (U+{:04X})", character as u32),
    };
    let finding = Diagnostic::error(codes::CODEPAGE, message).at(span);
    finding.hint(match codepage {
        0 => {
            "set Codepage on Product or in the localization file, or name a --culture whose dialogs bring one"
        }
        _ => "set Codepage=\"65001\", which has every character, or write it otherwise",
    })
}

fn product_properties(package: &Package, diagnostics: &mut Diagnostics) {
    for name in ["ProductCode", "ProductName", "ProductVersion", "ProductLanguage", "Manufacturer"] {
        if package.property(name).is_none() {
            let message = format!("the product has no {name}");
            let finding = Diagnostic::error(codes::PROPERTY, message).at(package.span);
            let finding = finding
                .hint(format!("give it with the product's attribute, or <Property Id=\"{name}\" … />"));
            diagnostics.push(match name {
                "ProductVersion" => {
                    finding.hint("!(bind.fileVersion.FILE) is empty for a file without a version")
                }
                _ => finding,
            });
        }
    }
    // WiX 3 lets any text be the version of an upgrade.
    for row in package.rows("Upgrade").iter().filter(|_| package.is_v4) {
        for version in [1, 2].iter().filter_map(|&column| crate::package::text(row, column)) {
            check_version(version, package, row.span, diagnostics);
        }
    }
    if let Some(version) = package.property("ProductVersion") {
        check_version(version, package, package.span, diagnostics);
    }
}

/// WiX 4 and later build packages with versions that the engine can't compare.
fn check_version(version: &str, package: &Package, span: Span, diagnostics: &mut Diagnostics) {
    if valid_version(version) {
        return;
    }
    let message = format!("\"{version}\" is no product version");
    let finding = match package.is_v4 {
        true => Diagnostic::warning(codes::PROPERTY, message),
        false => Diagnostic::error(codes::PROPERTY, message),
    };
    let hint = "a product version is major.minor.build, at most 255.255.65535";
    diagnostics.push(finding.at(span).hint(hint));
}

/// Up to four numbers; the engine compares the first three.
fn valid_version(version: &str) -> bool {
    let limits = [255, 255, 65535, i32::MAX.unsigned_abs()];
    let parts: Vec<&str> = version.split('.').collect();
    parts.len() <= limits.len()
        && parts.iter().zip(limits).all(|(part, limit)| {
            part.chars().all(|c| c.is_ascii_digit())
                && part.parse::<u32>().is_ok_and(|number| number <= limit)
        })
}

fn shown(value: &Value) -> String {
    match value {
        Value::Str(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::valid_version;

    #[test]
    fn versions_stay_within_what_the_engine_compares() {
        for good in ["1", "1.2", "255.255.65535", "1.2.3.4", "1.2.3.70000"] {
            assert!(valid_version(good), "{good}");
        }
        for bad in ["", "256.0.0", "1.256.0", "1.0.65536", "1.2.3.4.5", "1..2", "1.2-beta", "+1"] {
            assert!(!valid_version(bad), "{bad}");
        }
    }
}
