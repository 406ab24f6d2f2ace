//! The standard tables of the Windows Installer reference, as data.
//!
//! Types, widths and nullability are what the engine's own schema has; the other attributes are what its `_Validation` table
//! says. The tables stand in files by concern, one line per column, in the notation of [`notation`].

mod files;
mod modules;
mod notation;
mod patches;
mod product;
mod registration;
mod sequences;
mod system;
mod ui;
mod validation;

use crate::definition::TableDef;
use std::sync::LazyLock;

static SORTED: LazyLock<Vec<&'static TableDef>> = LazyLock::new(|| {
    let groups = [
        product::TABLES,
        files::TABLES,
        system::TABLES,
        registration::TABLES,
        ui::TABLES,
        sequences::TABLES,
        patches::TABLES,
        modules::TABLES,
        validation::TABLES,
    ];
    let mut tables: Vec<&TableDef> = groups.into_iter().flatten().collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    tables
});

/// The standard table of this name; case counts, as it does in the engine.
pub fn find(name: &str) -> Option<&'static TableDef> {
    let tables = all();
    tables.binary_search_by(|table| table.name.as_ref().cmp(name)).ok().map(|index| tables[index])
}

/// All standard tables, sorted by name.
pub fn all() -> &'static [&'static TableDef] {
    &SORTED
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Category, ColumnType};

    #[test]
    fn every_table_can_exist() {
        for pair in all().windows(2) {
            assert!(pair[0].name < pair[1].name, "{} twice", pair[0].name);
        }
        for table in all() {
            assert!(table.key_len() > 0, "{} has no key", table.name);
            assert!(table.columns.len() <= 31, "{} has too many columns", table.name);
            let keys = table.columns.iter().filter(|column| column.primary_key).count();
            assert_eq!(keys, table.key_len(), "the key of {} does not come first", table.name);
            for (index, column) in table.columns.iter().enumerate() {
                assert_eq!(table.column(&column.name), Some(index), "{}.{} twice", table.name, column.name);
                assert_eq!(column.key_table.is_empty(), column.key_column.is_none());
            }
        }
    }

    #[test]
    fn references_lead_to_columns() {
        for table in all() {
            for column in table.columns.iter().filter(|column| !column.key_table.is_empty()) {
                for target in column.key_table.split(';') {
                    let found = find(target);
                    let place = format!("{}.{} → {target}", table.name, column.name);
                    // Tables of tools, which no database holds, may be named too.
                    let known_elsewhere = ["All tables", "Properties", "_Tables"].contains(&target);
                    assert!(found.is_some() || known_elsewhere, "{place}: no such table");
                    let last = column.key_column.map_or(0, usize::from_i16);
                    assert!(found.is_none_or(|table| last <= table.columns.len()), "{place}: no such column");
                }
            }
        }
    }

    trait FromI16 {
        fn from_i16(number: i16) -> usize;
    }

    impl FromI16 for usize {
        fn from_i16(number: i16) -> usize {
            usize::try_from(number).expect("column numbers are positive")
        }
    }

    #[test]
    fn columns_are_as_the_reference_has_them() {
        let file = find("File").unwrap();
        let summary: Vec<_> = file.columns.iter().map(|c| (c.name.as_ref(), c.ty, c.nullable)).collect();
        assert_eq!(
            summary,
            [
                ("File", ColumnType::Str(72), false),
                ("Component_", ColumnType::Str(72), false),
                ("FileName", ColumnType::Str(255), false),
                ("FileSize", ColumnType::Long, false),
                ("Version", ColumnType::Str(72), true),
                ("Language", ColumnType::Str(20), true),
                ("Attributes", ColumnType::Short, true),
                ("Sequence", ColumnType::Long, false),
            ]
        );
        assert!(file.columns[2].localizable);
        assert_eq!(file.columns[2].category, Some(Category::Filename));
        assert_eq!((file.columns[7].min, file.columns[7].max), (Some(1), Some(2_147_483_647)));
        assert!(find("file").is_none() && find("_Tables").is_none());
    }
}
