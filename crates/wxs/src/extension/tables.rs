//! The tables of extensions, read from the catalogues in `tables/`.
//!
//! A table stands at the start of a line, followed by `named` where references may name its rows. Its columns are indented:
//! name, storage (`s72`, `l255`, `i2`, `i4`, `v0`; `l` may be translated), then in any order `key`, `null`, a category of
//! `_Validation`, a range `min..max`, `>Table:column` for what it refers to and `=a;b` for the values allowed.

use super::{ALL, newer};
use msi_db::{Category, Column, ColumnType, TableDef};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// A table of an extension.
#[derive(Debug)]
pub struct ExtensionTable {
    pub def: Arc<TableDef>,
    /// References may name its rows.
    pub named: bool,
}

/// The table of this name, if an extension has one.
pub fn find_table(name: &str) -> Option<&'static ExtensionTable> {
    tables().get(name)
}

/// Every table of an extension whose rows can be named, with the number of its key columns.
pub(crate) fn named_tables() -> impl Iterator<Item = (&'static str, usize)> {
    tables().iter().filter(|(_, table)| table.named).map(|(name, table)| (*name, table.def.key_len()))
}

fn tables() -> &'static BTreeMap<&'static str, ExtensionTable> {
    static TABLES: OnceLock<BTreeMap<&'static str, ExtensionTable>> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut tables: BTreeMap<_, _> = ALL.iter().flat_map(|extension| parse(extension.tables)).collect();
        tables.extend(parse(include_str!("tables/newer.txt")));
        for (older, name) in newer::tables() {
            if !tables.contains_key(name)
                && let Some(table) = tables.get(older)
            {
                let table = renamed(table, name);
                tables.insert(name, table);
            }
        }
        tables
    })
}

/// An older table as WiX 4 has it: under its newer name, and referring to newer ones.
fn renamed(table: &ExtensionTable, name: &'static str) -> ExtensionTable {
    let mut columns = table.def.columns.to_vec();
    for column in &mut columns {
        if let Some(target) = newer::table(&column.key_table) {
            column.key_table = Cow::Borrowed(target);
        }
    }
    // What WiX 3 marked as its own by a prefix has it in the table's name now.
    let keeps = matches!(name, "Wix4Dependency" | "Wix4HttpUrlReservation" | "Wix4HttpUrlAce");
    if let Some(plain) = columns[0].name.strip_prefix("Wix").filter(|_| !keeps) {
        columns[0].name = Cow::Owned(plain.to_owned());
    }
    ExtensionTable {
        def: Arc::new(TableDef { name: Cow::Borrowed(name), columns: columns.into() }),
        named: table.named,
    }
}

fn parse(text: &'static str) -> Vec<(&'static str, ExtensionTable)> {
    let mut tables: Vec<(&'static str, bool, Vec<Column>)> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let Some(name) = words.next() else { continue };
        match tables.last_mut() {
            Some((.., columns)) if line.starts_with(' ') => columns.push(column(name, words)),
            _ => tables.push((name, words.next() == Some("named"), Vec::new())),
        }
    }
    tables
        .into_iter()
        .map(|(name, named, columns)| {
            let def = Arc::new(TableDef { name: Cow::Borrowed(name), columns: columns.into() });
            (name, ExtensionTable { def, named })
        })
        .collect()
}

fn column(name: &'static str, mut words: impl Iterator<Item = &'static str>) -> Column {
    let storage = words.next().unwrap_or_default();
    let mut column = Column {
        name: Cow::Borrowed(name),
        ty: match storage {
            "i4" => ColumnType::Long,
            "v0" => ColumnType::Object,
            number if number.starts_with('i') => ColumnType::Short,
            text => ColumnType::Str(text[1..].parse().unwrap_or(0)),
        },
        nullable: false,
        primary_key: false,
        localizable: storage.starts_with('l'),
        category: None,
        min: None,
        max: None,
        key_table: Cow::Borrowed(""),
        key_column: None,
        set: Cow::Borrowed(""),
        description: Cow::Borrowed(""),
    };
    for word in words {
        if let Some(target) = word.strip_prefix('>') {
            let (table, number) = target.split_once(':').unwrap_or((target, "1"));
            column.key_table = Cow::Borrowed(table);
            column.key_column = number.parse().ok();
        } else if let Some(values) = word.strip_prefix('=') {
            column.set = Cow::Borrowed(values);
        } else if let Some((min, max)) = word.split_once("..") {
            column.min = min.parse().ok();
            column.max = max.parse().ok();
        } else {
            match word {
                "key" => column.primary_key = true,
                "null" => column.nullable = true,
                category => column.category = Category::from_name(category),
            }
        }
    }
    column
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogues_say_nothing_that_is_not_understood() {
        for extension in &ALL {
            for line in extension.tables.lines().filter(|line| line.starts_with(' ')) {
                for word in line.split_whitespace().skip(2) {
                    let known = matches!(word, "key" | "null")
                        || word.starts_with(['>', '='])
                        || word.contains("..")
                        || Category::from_name(word).is_some();
                    assert!(known, "{}: {line}: {word}", extension.name);
                }
            }
        }
    }

    #[test]
    fn keys_come_first_and_names_are_unlike_those_of_standard_tables() {
        for (name, table) in tables() {
            let keys = table.def.columns.iter().filter(|column| column.primary_key).count();
            assert!(keys > 0 && keys == table.def.key_len(), "{name}");
            assert!(msi_db::catalogue::find(name).is_none(), "{name}");
        }
    }

    #[test]
    fn columns_are_read_as_written() {
        let table = find_table("WixCloseApplication").expect("the table is in the catalogue");
        let target = &table.def.columns[1];
        assert_eq!((target.ty, target.localizable, target.nullable), (ColumnType::Str(0), true, false));
        assert_eq!(table.def.columns[4].max, Some(i32::MAX));
        assert!(find_table("FileShare").is_some_and(|table| table.named));
    }
}
