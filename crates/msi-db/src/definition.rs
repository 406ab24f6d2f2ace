//! What a table looks like: columns with their storage type and with what `_Validation` says of them.

use std::borrow::Cow;

/// A table's name and columns, primary key columns first. Catalogue entries are `'static`; custom tables own their text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDef {
    pub name: Cow<'static, str>,
    pub columns: Cow<'static, [Column]>,
}

/// One column. The first block is stored in `_Columns`, the second in `_Validation`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: Cow<'static, str>,
    pub ty: ColumnType,
    pub nullable: bool,
    pub primary_key: bool,
    /// Whether translations may differ here. Stored for strings only.
    pub localizable: bool,

    pub category: Option<Category>,
    pub min: Option<i32>,
    pub max: Option<i32>,
    /// Tables this column refers to, separated by `;`.
    pub key_table: Cow<'static, str>,
    /// Column of `key_table` (1-based) that is referred to.
    pub key_column: Option<i16>,
    /// Permitted values, separated by `;`.
    pub set: Cow<'static, str>,
    pub description: Cow<'static, str>,
}

/// How a cell is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Two bytes (`i2`).
    Short,
    /// Four bytes (`i4`).
    Long,
    /// A string pool reference; the number is the declared width, 0 is unlimited (`s72`, `l255`, `s0`).
    Str(u8),
    /// A stream (`v0`).
    Object,
}

/// The categories of the `_Validation` table ("Column Data Types" in the Windows Installer reference).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    Text,
    UpperCase,
    LowerCase,
    Integer,
    DoubleInteger,
    TimeDate,
    Identifier,
    Property,
    Filename,
    WildCardFilename,
    Path,
    Paths,
    AnyPath,
    DefaultDir,
    RegPath,
    Formatted,
    FormattedSddlText,
    Template,
    Condition,
    Guid,
    Version,
    Language,
    Binary,
    CustomSource,
    Cabinet,
    Shortcut,
}

impl TableDef {
    /// Number of leading primary key columns.
    pub fn key_len(&self) -> usize {
        self.columns.iter().take_while(|column| column.primary_key).count()
    }

    /// Position of the column of this name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

impl Category {
    /// All categories.
    pub const ALL: [Category; 26] = [
        Category::Text,
        Category::UpperCase,
        Category::LowerCase,
        Category::Integer,
        Category::DoubleInteger,
        Category::TimeDate,
        Category::Identifier,
        Category::Property,
        Category::Filename,
        Category::WildCardFilename,
        Category::Path,
        Category::Paths,
        Category::AnyPath,
        Category::DefaultDir,
        Category::RegPath,
        Category::Formatted,
        Category::FormattedSddlText,
        Category::Template,
        Category::Condition,
        Category::Guid,
        Category::Version,
        Category::Language,
        Category::Binary,
        Category::CustomSource,
        Category::Cabinet,
        Category::Shortcut,
    ];

    /// The name that `_Validation` uses.
    pub fn name(self) -> &'static str {
        match self {
            Category::Text => "Text",
            Category::UpperCase => "UpperCase",
            Category::LowerCase => "LowerCase",
            Category::Integer => "Integer",
            Category::DoubleInteger => "DoubleInteger",
            Category::TimeDate => "Time/Date",
            Category::Identifier => "Identifier",
            Category::Property => "Property",
            Category::Filename => "Filename",
            Category::WildCardFilename => "WildCardFilename",
            Category::Path => "Path",
            Category::Paths => "Paths",
            Category::AnyPath => "AnyPath",
            Category::DefaultDir => "DefaultDir",
            Category::RegPath => "RegPath",
            Category::Formatted => "Formatted",
            Category::FormattedSddlText => "FormattedSDDLText",
            Category::Template => "Template",
            Category::Condition => "Condition",
            Category::Guid => "Guid",
            Category::Version => "Version",
            Category::Language => "Language",
            Category::Binary => "Binary",
            Category::CustomSource => "CustomSource",
            Category::Cabinet => "Cabinet",
            Category::Shortcut => "Shortcut",
        }
    }

    /// The category of this name, in any case, as databases write them differently.
    pub fn from_name(name: &str) -> Option<Category> {
        Category::ALL.into_iter().find(|category| category.name().eq_ignore_ascii_case(name))
    }
}
