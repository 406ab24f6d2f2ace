//! How the catalogue is written: one call per column, attributes chained behind it, all computed by the compiler.

use crate::definition::{Category, Column, ColumnType};
use std::borrow::Cow;

/// A column while it is described. Unlike [`Column`] it can be copied, which constant functions need.
#[derive(Clone, Copy)]
pub(super) struct Spec {
    name: &'static str,
    ty: ColumnType,
    nullable: bool,
    primary_key: bool,
    localizable: bool,
    category: Option<Category>,
    min: Option<i32>,
    max: Option<i32>,
    key_table: &'static str,
    key_column: Option<i16>,
    set: &'static str,
    description: &'static str,
}

/// A string column of this width; 0 is unlimited.
pub(super) const fn s(name: &'static str, width: u8) -> Spec {
    spec(name, ColumnType::Str(width))
}

/// A localizable string column of this width.
pub(super) const fn l(name: &'static str, width: u8) -> Spec {
    Spec { localizable: true, ..spec(name, ColumnType::Str(width)) }
}

/// A two-byte number.
pub(super) const fn i2(name: &'static str) -> Spec {
    spec(name, ColumnType::Short)
}

/// A four-byte number.
pub(super) const fn i4(name: &'static str) -> Spec {
    spec(name, ColumnType::Long)
}

/// A stream.
pub(super) const fn object(name: &'static str) -> Spec {
    spec(name, ColumnType::Object)
}

const fn spec(name: &'static str, ty: ColumnType) -> Spec {
    Spec {
        name,
        ty,
        nullable: false,
        primary_key: false,
        localizable: false,
        category: None,
        min: None,
        max: None,
        key_table: "",
        key_column: None,
        set: "",
        description: "",
    }
}

impl Spec {
    /// Part of the primary key.
    pub(super) const fn key(self) -> Spec {
        Spec { primary_key: true, ..self }
    }

    /// May be translated; for numbers a compiler's concern only.
    pub(super) const fn localizable(self) -> Spec {
        Spec { localizable: true, ..self }
    }

    /// May be null.
    pub(super) const fn null(self) -> Spec {
        Spec { nullable: true, ..self }
    }

    pub(super) const fn min(self, min: i32) -> Spec {
        Spec { min: Some(min), ..self }
    }

    pub(super) const fn max(self, max: i32) -> Spec {
        Spec { max: Some(max), ..self }
    }

    /// Least and greatest number allowed.
    pub(super) const fn range(self, min: i32, max: i32) -> Spec {
        self.min(min).max(max)
    }

    /// Refers to this column (counted from 1) of these tables (separated by `;`).
    pub(super) const fn refers(self, key_table: &'static str, key_column: i16) -> Spec {
        Spec { key_table, key_column: Some(key_column), ..self }
    }

    /// The values allowed, separated by `;`.
    pub(super) const fn one_of(self, set: &'static str) -> Spec {
        Spec { set, ..self }
    }

    pub(super) const fn is(self, category: Category) -> Spec {
        Spec { category: Some(category), ..self }
    }

    /// Description.
    pub(super) const fn says(self, description: &'static str) -> Spec {
        Spec { description, ..self }
    }

    pub(super) const fn column(self) -> Column {
        Column {
            name: Cow::Borrowed(self.name),
            ty: self.ty,
            nullable: self.nullable,
            primary_key: self.primary_key,
            localizable: self.localizable,
            category: self.category,
            min: self.min,
            max: self.max,
            key_table: Cow::Borrowed(self.key_table),
            key_column: self.key_column,
            set: Cow::Borrowed(self.set),
            description: Cow::Borrowed(self.description),
        }
    }
}

/// A table definition from a name and columns.
macro_rules! table {
    ($name:literal, [$($column:expr),* $(,)?]) => {{
        const COLUMNS: &[$crate::definition::Column] = &[$($column.column()),*];
        $crate::definition::TableDef {
            name: ::std::borrow::Cow::Borrowed($name),
            columns: ::std::borrow::Cow::Borrowed(COLUMNS),
        }
    }};
}
pub(super) use table;
