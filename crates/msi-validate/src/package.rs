//! A database as the rules read it: rows with cells by column name, rows found by their key.

use msi_db::{Column, Database, Row, SummaryInfo, TableDef, Value};
use std::collections::HashMap;

/// A database with an index for each table that has a single string as its key.
pub struct Package<'a> {
    database: &'a Database,
    /// Row numbers by table and key.
    rows_by_key: HashMap<&'a str, HashMap<&'a str, usize>>,
}

/// A row with its table.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    table: &'a str,
    def: &'a TableDef,
    row: &'a Row,
}

impl<'a> Package<'a> {
    pub fn new(database: &'a Database) -> Package<'a> {
        let mut rows_by_key = HashMap::new();
        for (name, table) in &database.tables {
            if table.def.key_len() != 1 {
                continue;
            }
            let keys = table.rows.iter().enumerate();
            let index: HashMap<&str, usize> =
                keys.filter_map(|(at, row)| Some((row.first()?.as_str()?, at))).collect();
            rows_by_key.insert(name.as_ref(), index);
        }
        Package { database, rows_by_key }
    }

    /// Whether the table is there and has a row.
    pub fn has(&self, table: &str) -> bool {
        self.database.tables.get(table).is_some_and(|table| !table.rows.is_empty())
    }

    /// All rows of a table; none where the table is not there.
    pub fn rows(&self, table: &str) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let table = self.database.tables.get_key_value(table);
        table.into_iter().flat_map(|(name, table)| {
            table.rows.iter().map(move |row| Entry { table: name.as_ref(), def: &table.def, row })
        })
    }

    /// Names of all tables, in order.
    pub fn tables(&self) -> impl Iterator<Item = (&'a str, &'a TableDef)> + use<'a> {
        let database = self.database;
        database.tables.iter().map(|(name, table)| (name.as_ref(), &*table.def))
    }

    /// The row of this key in a table whose key is one string.
    pub fn find(&self, table: &str, key: &str) -> Option<Entry<'a>> {
        let at = *self.rows_by_key.get(table)?.get(key)?;
        let (name, table) = self.database.tables.get_key_value(table)?;
        Some(Entry { table: name.as_ref(), def: &table.def, row: &table.rows[at] })
    }

    /// The value of a row of the Property table.
    pub fn property(&self, name: &str) -> Option<&'a str> {
        self.find("Property", name).map(|entry| entry.text("Value"))
    }

    /// The names in a property that lists names divided by `;`.
    pub fn property_list(&self, name: &str) -> Vec<&'a str> {
        let list = self.property(name).unwrap_or_default();
        list.split(';').map(str::trim).filter(|name| !name.is_empty()).collect()
    }

    pub fn summary(&self) -> &'a SummaryInfo {
        &self.database.summary
    }

    /// Whether an installation changes the machine for all users. Two packages in one (`ALLUSERS=2`) count, since they can.
    pub fn is_per_machine(&self) -> bool {
        self.property("ALLUSERS").is_some_and(|value| !value.is_empty())
    }
}

impl<'a> Entry<'a> {
    pub fn table(&self) -> &'a str {
        self.table
    }

    pub fn columns(&self) -> impl Iterator<Item = (&'a Column, &'a Value)> + use<'a> {
        self.def.columns.iter().zip(self.row)
    }

    /// The cell, or null where the table has no such column.
    pub fn value(&self, column: &str) -> &'a Value {
        const NULL: &Value = &Value::Null;
        self.def.column(column).and_then(|at| self.row.get(at)).unwrap_or(NULL)
    }

    /// A string cell; empty where it is null.
    pub fn text(&self, column: &str) -> &'a str {
        self.value(column).as_str().unwrap_or_default()
    }

    pub fn number(&self, column: &str) -> Option<i32> {
        self.value(column).as_int()
    }

    /// A column of flags; 0 where it is null.
    pub fn flags(&self, column: &str) -> i32 {
        self.number(column).unwrap_or(0)
    }

    pub fn is_null(&self, column: &str) -> bool {
        self.value(column).is_null()
    }

    /// The cells of the primary key, divided by `/`.
    pub fn key(&self) -> String {
        let cells = self.row.iter().take(self.def.key_len());
        let cells: Vec<String> = cells
            .map(|cell| match cell {
                Value::Str(text) => text.to_string(),
                Value::Int(number) => number.to_string(),
                Value::Null | Value::Stream(_) => String::new(),
            })
            .collect();
        cells.join("/")
    }
}
