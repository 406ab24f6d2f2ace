//! `CustomTable` and `EnsureTable`: tables that a source brings itself.

use super::{Compiler, Handled, Node};
use crate::codes;
use crate::ir::CustomRow;
use diagnostics::Diagnostic;
use msi_db::{Category, Column, ColumnType, TableDef};
use std::borrow::Cow;
use std::sync::Arc;

pub(super) fn ensure_table(c: &mut Compiler, node: &Node) {
    let id = node.need_id(c, "Id");
    if id.len() > 31 {
        node.bad(c, "Id", format!("the table name '{id}' is longer than 31 characters"));
    }
    c.ensure_table(node, id);
    c.no_children(node);
}

pub(super) fn custom_table(c: &mut Compiler, node: &Node) {
    let id = node.need_id(c, "Id").to_owned();
    if id.len() > 31 {
        node.bad(c, "Id", format!("the table name '{id}' is longer than 31 characters"));
    }
    // Data for a bootstrapper application matters to bundles only.
    let for_bundle = node.flag(c, "BootstrapperApplicationData");
    let mut columns: Vec<Column> = Vec::new();
    c.each_child(node, |c, child| {
        match child.name() {
            "Column" => {
                let column = column(c, child);
                if columns.iter().any(|other| other.name == column.name) {
                    child.bad(c, "Id", format!("the column '{}' is given twice", column.name));
                }
                columns.push(column);
            }
            "Row" => row(c, child, &id),
            _ => return Handled::No,
        }
        Handled::Yes
    });
    if columns.is_empty() {
        return c.refer(node, "WixCustomTable", &id);
    }
    if !columns.iter().any(|column| column.primary_key) {
        let message = format!("the table '{id}' has no column with PrimaryKey=\"yes\"");
        c.error(node, codes::MISSING, message);
    }
    if for_bundle {
        return;
    }
    c.symbol(node, "WixCustomTable", &id);
    c.section.custom_tables.push(Arc::new(TableDef { name: id.into(), columns: columns.into() }));
}

fn column(c: &mut Compiler, node: &Node) -> Column {
    let name = node.need_id(c, "Id").to_owned();
    let category_word = node.text(c, "Category");
    let category = category_word.and_then(category);
    let key_column = node.int(c, "KeyColumn", 1, 32).map(|number| number as i16);
    let ty = node.choice(c, "Type", &[("binary", 'v'), ("int", 'i'), ("string", 's')]);
    let ty = ty.unwrap_or('s');
    let width = node.int(c, "Width", 0, i32::MAX).unwrap_or(0);
    let ty = match (ty, width) {
        ('i', 2) => ColumnType::Short,
        ('i', 4) => ColumnType::Long,
        ('i', _) => {
            let message = format!("the width of a whole number is 2 or 4 bytes, not {width}");
            let finding = Diagnostic::error(codes::BAD_VALUE, message).at(node.place("Width"));
            c.push(finding.hint("write Width=\"2\" or Width=\"4\""));
            ColumnType::Long
        }
        ('v', _) => {
            if category_word != Some("Binary") {
                let message = "a column of Type=\"binary\" needs Category=\"Binary\"".to_owned();
                node.combination(c, "Category", message);
            }
            ColumnType::Object
        }
        (_, width) => ColumnType::Str(u8::try_from(width).unwrap_or_else(|_| {
            node.bad(c, "Width", format!("a text of {width} characters is declared with Width=\"0\""));
            0
        })),
    };
    // Modules rename what is merged; a package has nothing to rename.
    node.text(c, "Modularize");
    let column = Column {
        name: name.into(),
        ty,
        nullable: node.flag(c, "Nullable"),
        primary_key: node.flag(c, "PrimaryKey"),
        localizable: node.flag(c, "Localizable"),
        category,
        min: node.int(c, "MinValue", i32::MIN + 1, i32::MAX),
        max: node.int(c, "MaxValue", i32::MIN + 1, i32::MAX),
        key_table: owned(node.text(c, "KeyTable")),
        key_column,
        set: owned(node.text(c, "Set")),
        description: owned(node.text(c, "Description")),
    };
    c.no_children(node);
    column
}

/// A row of the table, whose columns another section may declare.
fn row(c: &mut Compiler, node: &Node, table: &str) {
    let mut cells = Vec::new();
    c.each_child(node, |c, child| {
        if child.name() != "Data" {
            return Handled::No;
        }
        let column = child.need_text(c, "Column").to_owned();
        cells.push((column, child.raw_text().unwrap_or_default().to_owned(), child.span()));
        c.no_children(child);
        Handled::Yes
    });
    c.refer(node, "WixCustomTable", table);
    c.section.custom_rows.push(CustomRow { table: table.to_owned(), cells, span: node.span() });
}

fn owned(text: Option<&str>) -> Cow<'static, str> {
    Cow::Owned(text.unwrap_or_default().to_owned())
}

/// The category that a word of the schema names.
fn category(word: &str) -> Option<Category> {
    Some(match word {
        "Text" => Category::Text,
        "UpperCase" => Category::UpperCase,
        "LowerCase" => Category::LowerCase,
        "Integer" => Category::Integer,
        "DoubleInteger" => Category::DoubleInteger,
        "TimeDate" => Category::TimeDate,
        "Identifier" => Category::Identifier,
        "Property" => Category::Property,
        "Filename" => Category::Filename,
        "WildCardFilename" => Category::WildCardFilename,
        "Path" => Category::Path,
        "Paths" => Category::Paths,
        "AnyPath" => Category::AnyPath,
        "DefaultDir" => Category::DefaultDir,
        "RegPath" => Category::RegPath,
        "Formatted" => Category::Formatted,
        "FormattedSddl" | "FormattedSDDLText" => Category::FormattedSddlText,
        "Template" => Category::Template,
        "Condition" => Category::Condition,
        "Guid" => Category::Guid,
        "Version" => Category::Version,
        "Language" => Category::Language,
        "Binary" => Category::Binary,
        "CustomSource" => Category::CustomSource,
        "Cabinet" => Category::Cabinet,
        "Shortcut" => Category::Shortcut,
        _ => return None,
    })
}
