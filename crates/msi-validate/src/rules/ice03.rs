//! ICE03: each cell is what `_Validation` says of its column.

use crate::category;
use crate::package::{Entry, Package};
use crate::rule::{Report, Rule, Severity};
use msi_db::{Category, Column, ColumnType, Value};
use std::collections::{HashMap, HashSet};

pub const RULE: Rule = Rule {
    id: "ICE03",
    what: "Each cell fits its column: null only where allowed, numbers in range, text of the column's form and width, references that lead to a row.",
    why: "The engine reads cells without checking them and does something undefined with those it does not expect.",
    source: "https://learn.microsoft.com/windows/win32/msi/ice03",
    severity: Severity::Error,
    check,
};

fn check(package: &Package, report: &mut Report) {
    let mut targets = Targets { package, values: HashMap::new() };
    for (table, def) in package.tables() {
        // `_Validation` speaks of tables that need not be there, and says nothing of itself that the writer does not know.
        if table.starts_with('_') {
            continue;
        }
        let mut keys = HashSet::new();
        for entry in package.rows(table) {
            if def.key_len() > 0 && !keys.insert(entry.key()) {
                report.at(&entry, "", "another row has the same primary key");
            }
            for (column, value) in entry.columns() {
                if let Err(fault) = cell(column, value, &entry, &mut targets) {
                    report.at(&entry, &column.name, fault);
                }
            }
        }
    }
}

fn cell<'a>(
    column: &'a Column,
    value: &'a Value,
    entry: &Entry<'a>,
    targets: &mut Targets<'a, '_>,
) -> Result<(), String> {
    match value {
        Value::Null if column.nullable => Ok(()),
        Value::Null => Err(format!("`{}` must have a value", column.name)),
        Value::Int(number) => int(column, *number, targets),
        Value::Str(text) => {
            if let ColumnType::Str(width) = column.ty
                && width != 0
                && text.encode_utf16().count() > usize::from(width)
            {
                return Err(format!("`{text}` is longer than the column's {width} characters"));
            }
            string(column, text, entry, targets)
        }
        Value::Stream(_) => Ok(()),
    }
}

fn int<'a>(column: &'a Column, number: i32, targets: &mut Targets<'a, '_>) -> Result<(), String> {
    let written = number.to_string();
    if column.set.split(';').any(|item| item == written) || targets.has(column, &written) {
        return Ok(());
    }
    let low = column.min.is_some_and(|min| number < min);
    let high = column.max.is_some_and(|max| number > max);
    match (column.min, column.max) {
        _ if low || high => Err(format!("{number} is outside the column's range")),
        (None, None) if !column.set.is_empty() => Err(format!("{number} is none of {}", column.set)),
        (None, None) if !column.key_table.is_empty() => Err(no_row(column, &written)),
        _ => Ok(()),
    }
}

fn string<'a>(
    column: &'a Column,
    text: &str,
    entry: &Entry,
    targets: &mut Targets<'a, '_>,
) -> Result<(), String> {
    if column.set.split(';').any(|item| item == text) {
        return Ok(());
    }
    let category = column.category.unwrap_or(Category::Text);
    if !column.key_table.is_empty() {
        if targets.has(column, text) {
            return Ok(());
        }
        // A value with brackets is resolved at run time; a version is either a version or another file's name.
        return match category {
            Category::Version => category::check(category, text)
                .map_err(|fault| format!("`{text}` {fault}, nor a file's name")),
            Category::Formatted | Category::Shortcut if text.contains('[') => Ok(()),
            _ => Err(no_row(column, text)),
        };
    }
    // With a category the set names values beside those that the category allows.
    if !column.set.is_empty() && column.category.is_none() {
        return Err(format!("`{text}` is none of {}", column.set));
    }
    // A root directory's default is a property's name, which its form as a file name allows as well.
    let root = category == Category::DefaultDir && entry.is_null("Directory_Parent");
    let category = if root { Category::Identifier } else { category };
    category::check(category, text).map_err(|fault| format!("`{text}` {fault}"))
}

fn no_row(column: &Column, text: &str) -> String {
    format!("`{text}` is no row of {}", column.key_table.replace(';', ", "))
}

/// Values of the columns that others refer to, each collected when it is first asked for.
struct Targets<'a, 'p> {
    package: &'p Package<'a>,
    values: HashMap<(&'a str, i16), HashSet<String>>,
}

impl<'a> Targets<'a, '_> {
    /// Whether a table that the column refers to has the value.
    fn has(&mut self, column: &'a Column, text: &str) -> bool {
        let Some(number) = column.key_column else { return false };
        column.key_table.split(';').any(|table| {
            let package = self.package;
            let values =
                self.values.entry((table, number)).or_insert_with(|| collect(package, table, number));
            values.contains(text)
        })
    }
}

fn collect(package: &Package, table: &str, number: i16) -> HashSet<String> {
    let Some(at) = usize::try_from(number).ok().and_then(|number| number.checked_sub(1)) else {
        return HashSet::new();
    };
    let cells = package.rows(table).filter_map(|entry| entry.columns().nth(at));
    cells
        .filter_map(|(_, value)| match value {
            Value::Str(text) => Some(text.to_string()),
            Value::Int(number) => Some(number.to_string()),
            Value::Null | Value::Stream(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{planted, planted_one, row};

    #[test]
    fn each_kind_of_fault_is_found_at_its_cell() {
        let cases: [(&str, &str, &str, Value, &str); 12] = [
            ("Component", "Readme", "Directory_", "NOWHERE".into(), "Component.Directory_ Readme"),
            ("Component", "Readme", "ComponentId", "{abc}".into(), "Component.ComponentId Readme"),
            ("Component", "Readme", "Condition", "A AND".into(), "Component.Condition Readme"),
            ("Component", "Readme", "Directory_", Value::Null, "Component.Directory_ Readme"),
            ("File", "Readme", "FileName", "a?b".into(), "File.FileName Readme"),
            ("File", "Readme", "Version", "1.x".into(), "File.Version Readme"),
            ("File", "Readme", "Language", "en".into(), "File.Language Readme"),
            ("File", "Readme", "Sequence", 0.into(), "File.Sequence Readme"),
            ("Feature", "Main", "Attributes", 3.into(), "Feature.Attributes Main"),
            ("Feature", "Main", "Title", "t".repeat(65).into(), "Feature.Title Main"),
            ("Directory", "TARGETDIR", "DefaultDir", "Source Dir".into(), "Directory.DefaultDir TARGETDIR"),
            (
                "InstallExecuteSequence",
                "Apply",
                "Condition",
                "(1".into(),
                "InstallExecuteSequence.Condition Apply",
            ),
        ];
        for (table, key, column, value, place) in cases {
            let found = planted_one(&RULE, |fixture| fixture.set(table, key, column, value));
            assert_eq!(found, format!("error {place}"));
        }
    }

    #[test]
    fn a_companion_files_version_is_the_other_files_name() {
        assert_eq!(planted(&RULE, |fixture| fixture.set("File", "Readme", "Version", "Program")), []);
    }

    #[test]
    fn two_rows_of_one_key_are_told_once() {
        let place = planted_one(&RULE, |fixture| fixture.property("ALLUSERS", "2"));
        assert_eq!(place, "error Property. ALLUSERS");
    }

    #[test]
    fn a_formatted_reference_is_left_to_run_time() {
        let findings = planted(&RULE, |fixture| {
            fixture.add(
                "Shortcut",
                row![
                    "Shortcut" => "S", "Directory_" => "INSTALLDIR", "Name" => "S", "Component_" => "Program", "Target" => "[#Program]",
                ],
            );
        });
        assert_eq!(findings, []);
    }
}
