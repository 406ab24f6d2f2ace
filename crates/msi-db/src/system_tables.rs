//! `_Tables`, `_Columns` and `_Validation`: what a database says of its own tables.

use crate::catalogue;
use crate::definition::{Category, Column, ColumnType, TableDef};
use crate::value::{Row, Value};
use std::borrow::Cow;

pub(crate) const TABLES: &str = "_Tables";
pub(crate) const COLUMNS: &str = "_Columns";
pub(crate) const VALIDATION: &str = "_Validation";

/// Bits of a column's type in `_Columns`. The low byte is the width.
const VALID: u16 = 0x0100;
const LOCALIZABLE: u16 = 0x0200;
/// Set for all but four-byte numbers and streams.
const SHORT: u16 = 0x0400;
const STRING: u16 = 0x0800;
const NULLABLE: u16 = 0x1000;
const KEY: u16 = 0x2000;

/// A column's type as `_Columns` stores it.
pub(crate) fn type_bits(column: &Column) -> u16 {
    let mut bits = VALID
        | match column.ty {
            ColumnType::Short => SHORT | 2,
            ColumnType::Long => 4,
            ColumnType::Str(width) => STRING | SHORT | u16::from(width),
            ColumnType::Object => STRING,
        };
    if column.localizable && matches!(column.ty, ColumnType::Str(_)) {
        bits |= LOCALIZABLE;
    }
    if column.nullable {
        bits |= NULLABLE;
    }
    if column.primary_key {
        bits |= KEY;
    }
    bits
}

/// What `_Tables` looks like.
pub(crate) fn tables_def() -> TableDef {
    TableDef { name: TABLES.into(), columns: vec![plain("Name", ColumnType::Str(64), true)].into() }
}

/// What `_Columns` looks like. Transforms leave numbers out.
pub(crate) fn columns_def() -> TableDef {
    let mut number = plain("Number", ColumnType::Short, true);
    number.nullable = true;
    let columns = vec![
        plain("Table", ColumnType::Str(64), true),
        number,
        plain("Name", ColumnType::Str(64), false),
        plain("Type", ColumnType::Short, false),
    ];
    TableDef { name: COLUMNS.into(), columns: columns.into() }
}

fn plain(name: &'static str, ty: ColumnType, primary_key: bool) -> Column {
    Column {
        name: name.into(),
        ty,
        nullable: false,
        primary_key,
        localizable: false,
        category: None,
        min: None,
        max: None,
        key_table: Cow::Borrowed(""),
        key_column: None,
        set: Cow::Borrowed(""),
        description: Cow::Borrowed(""),
    }
}

/// The column that `_Columns` describes; `None` for a type that no column can have.
pub(crate) fn column_of(name: String, bits: u16) -> Option<Column> {
    let width = bits as u8;
    let ty = match (bits & STRING != 0, bits & SHORT != 0, width) {
        (true, true, width) => ColumnType::Str(width),
        (true, false, _) => ColumnType::Object,
        (false, _, 0..=2) => ColumnType::Short,
        (false, _, 4) => ColumnType::Long,
        _ => return None,
    };
    Some(Column {
        name: name.into(),
        ty,
        nullable: bits & NULLABLE != 0,
        primary_key: bits & KEY != 0,
        localizable: bits & LOCALIZABLE != 0,
        category: None,
        min: None,
        max: None,
        key_table: Cow::Borrowed(""),
        key_column: None,
        set: Cow::Borrowed(""),
        description: Cow::Borrowed(""),
    })
}

/// The rows of `_Validation` for these tables.
pub(crate) fn validation_rows<'a>(tables: impl Iterator<Item = &'a TableDef>) -> Vec<Row> {
    let text = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    let mut rows = Vec::new();
    for table in tables {
        for column in table.columns.iter() {
            rows.push(vec![
                text(&table.name),
                text(&column.name),
                if column.nullable { "Y".into() } else { "N".into() },
                column.min.into(),
                column.max.into(),
                text(&column.key_table),
                column.key_column.map(i32::from).into(),
                column.category.map(Category::name).into(),
                text(&column.set),
                text(&column.description),
            ]);
        }
    }
    rows
}

/// Takes into a column what a row of `_Validation` says of it. What makes no sense is left out.
pub(crate) fn apply_validation(column: &mut Column, row: &Row) {
    let definition = catalogue::find(VALIDATION).expect("the catalogue has _Validation");
    let cell = |name: &str| definition.column(name).and_then(|index| row.get(index));
    let text = |name| cell(name).and_then(Value::as_str).unwrap_or_default().to_owned().into();
    column.min = cell("MinValue").and_then(Value::as_int);
    column.max = cell("MaxValue").and_then(Value::as_int);
    column.key_table = text("KeyTable");
    column.key_column = cell("KeyColumn").and_then(Value::as_int).and_then(|number| number.try_into().ok());
    column.category = cell("Category").and_then(Value::as_str).and_then(Category::from_name);
    column.set = text("Set");
    column.description = text("Description");
}
