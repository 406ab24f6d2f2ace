//! Configurable modules: what `ConfigurationData` says, put into the cells that the module leaves open.
//!
//! ModuleConfiguration names the items with their defaults, ModuleSubstitution the cells with a template each, such as
//! `[=Name]-[=Key;2]`. In templates, keys and lists, `;` and `=` separate and a backslash takes a character literally.

use super::{Module, cell_text, rows};
use crate::codes;
use diagnostics::{Diagnostic, Diagnostics};
use msi_db::{Column, ColumnType, Database, Value};
use std::collections::{HashMap, HashSet};

/// `msmConfigurableItemKey` and `…Bitfield` of the column Format.
const KEY: i32 = 1;
const BITFIELD: i32 = 3;
/// `msmConfigurableOptionKeyNoOrphan` and `…NonNullable` of the column Attributes.
const KEY_NO_ORPHAN: i32 = 1;
const NOT_NULLABLE: i32 = 2;

/// An item of ModuleConfiguration.
struct Item {
    format: i32,
    attributes: i32,
    /// Table that a key leads to.
    ty: String,
    context: String,
    default: String,
    value: String,
    /// The package gives no value.
    by_default: bool,
}

/// The module after its substitutions.
pub(super) fn configure(mut module: Module, diagnostics: &mut Diagnostics) -> Result<Module, String> {
    let items = items(&module, diagnostics)?;
    let substitutions: Vec<[String; 4]> = rows(&module.database, "ModuleSubstitution")
        .map(|row| ["Table", "Row", "Column", "Value"].map(|column| cell_text(row.get(column))))
        .collect();
    // All rows are found by their keys before any key changes.
    let mut changes = Vec::new();
    let mut used = HashSet::new();
    for [table, key, column, template] in &substitutions {
        changes.extend(substitution(&module.database, table, key, column, template, &items, &mut used)?);
    }
    for (table, row, column, value) in changes {
        if let Some(table) = module.database.tables.get_mut(table.as_str()) {
            table.rows[row][column] = value;
        }
    }
    drop_orphans(&mut module.database, &items, &used);
    Ok(module)
}

fn items(module: &Module, diagnostics: &mut Diagnostics) -> Result<HashMap<String, Item>, String> {
    let given: HashMap<&str, &str> =
        module.symbol.configuration.iter().map(|(name, value)| (&**name, &**value)).collect();
    let mut items = HashMap::new();
    for row in rows(&module.database, "ModuleConfiguration") {
        let text = |column| cell_text(row.get(column));
        let (name, default) = (text("Name"), text("DefaultValue"));
        let value = given.get(name.as_str()).copied();
        let item = Item {
            format: row.int("Format").unwrap_or(0),
            attributes: row.int("Attributes").unwrap_or(0),
            ty: text("Type"),
            context: text("ContextData"),
            value: value.map_or_else(|| default.clone(), str::to_owned),
            by_default: value.is_none(),
            default,
        };
        if item.value.is_empty() && (item.attributes & NOT_NULLABLE != 0 || item.format > KEY) {
            return Err(format!("the item \"{name}\" needs a value"));
        }
        items.insert(name, item);
    }
    for name in given.keys().filter(|name| !items.contains_key(**name)) {
        let message = format!("module \"{}\" has no item \"{name}\" to configure", module.symbol.id);
        let mut known: Vec<&str> = items.keys().map(String::as_str).collect();
        known.sort_unstable();
        let hint = if known.is_empty() {
            "it is not configurable".to_owned()
        } else {
            format!("it has {}", known.join(", "))
        };
        diagnostics.push(Diagnostic::warning(codes::MODULE, message).at(module.symbol.span).hint(hint));
    }
    Ok(items)
}

/// A cell that changes: table, row, column, new value.
type Change = (String, usize, usize, Value);

fn substitution(
    database: &Database,
    table: &str,
    key: &str,
    column: &str,
    template: &str,
    items: &HashMap<String, Item>,
    used: &mut HashSet<String>,
) -> Result<Option<Change>, String> {
    let forbidden = ["ModuleSubstitution", "ModuleConfiguration", "ModuleExclusion", "ModuleSignature"];
    if forbidden.contains(&table) {
        return Err(format!("it substitutes into {table}, which is not allowed"));
    }
    let Some(found) = database.table(table) else { return Ok(None) };
    let keys = split(key);
    let row = found.rows.iter().position(|row| {
        let own = &row[..found.def.key_len().min(row.len())];
        own.len() == keys.len() && own.iter().zip(&keys).all(|(cell, part)| cell_text(Some(cell)) == *part)
    });
    let Some(row) = row else { return Ok(None) };
    let Some(column) = found.def.column(column) else {
        return Err(format!("it substitutes into the column {table}.{column}, which it does not have"));
    };
    let parts = parse(template, items)?;
    used.extend(parts.iter().filter_map(|part| match part {
        Part::Item(name, _) => Some(name.clone()),
        Part::Text(_) => None,
    }));
    let value = evaluate(&parts, &found.rows[row][column], &found.def.columns[column], items)
        .map_err(|why| format!("{table}.{}: {why}", found.def.columns[column].name))?;
    Ok(Some((table.to_owned(), row, column, value)))
}

/// A piece of a template.
enum Part {
    Text(String),
    /// An item, and which part of its key, from 1.
    Item(String, usize),
}

fn parse(template: &str, items: &HashMap<String, Item>) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = template;
    while let Some(character) = rest.chars().next() {
        if let Some(inner) = rest.strip_prefix("[=") {
            let (inner, after) = inner.split_once(']').ok_or("a substitution has no end")?;
            let (name, index) = inner.split_once(';').unwrap_or((inner, "1"));
            if !items.contains_key(name) {
                return Err(format!("it refers to the item \"{name}\", which it does not have"));
            }
            let index = index.parse().map_err(|_| format!("\"{index}\" is no part of a key"))?;
            parts.extend((!text.is_empty()).then(|| Part::Text(std::mem::take(&mut text))));
            parts.push(Part::Item(name.to_owned(), index));
            rest = after;
            continue;
        }
        rest = &rest[character.len_utf8()..];
        match (character, rest.chars().next()) {
            ('\\', Some(literal)) => {
                text.push(literal);
                rest = &rest[literal.len_utf8()..];
            }
            _ => text.push(character),
        }
    }
    parts.extend((!text.is_empty()).then_some(Part::Text(text)));
    Ok(parts)
}

fn evaluate(
    parts: &[Part],
    old: &Value,
    column: &Column,
    items: &HashMap<String, Item>,
) -> Result<Value, String> {
    let is_number = matches!(column.ty, ColumnType::Short | ColumnType::Long);
    let bitfields =
        parts.iter().all(|part| matches!(part, Part::Item(name, _) if items[name].format == BITFIELD));
    if is_number && bitfields && !parts.is_empty() {
        return bits(parts, old, items);
    }
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(literal) => text.push_str(literal),
            Part::Item(name, index) => {
                let item = &items[name];
                if item.format == KEY {
                    let keys = split(&item.value);
                    text.push_str(keys.get(index.wrapping_sub(1)).map(String::as_str).unwrap_or_default());
                } else {
                    text.push_str(&item.value);
                }
            }
        }
    }
    match (text.is_empty(), is_number) {
        (true, _) if column.nullable => Ok(Value::Null),
        (true, _) => Err("the value is empty, and the column needs one".into()),
        (false, true) => text
            .parse()
            .map(Value::Int)
            .map_err(|_| format!("\"{text}\" is no number, and the column takes one")),
        (false, false) => Ok(text.into()),
    }
}

/// Bits that the items' masks name are set to the items' values; the others stay.
fn bits(parts: &[Part], old: &Value, items: &HashMap<String, Item>) -> Result<Value, String> {
    let mut cell = old.as_int().unwrap_or(0);
    for part in parts {
        let Part::Item(name, _) = part else { continue };
        let item = &items[name];
        let mask = split(&item.context).first().and_then(|mask| mask.trim().parse::<i32>().ok());
        let mask = mask.ok_or_else(|| format!("the item \"{name}\" has no mask"))?;
        let value: i32 = item.value.trim().parse().map_err(|_| format!("\"{}\" is no number", item.value))?;
        cell = cell & !mask | value & mask;
    }
    Ok(cell.into())
}

/// Rows that only defaults lead to go where nothing uses those defaults.
fn drop_orphans(database: &mut Database, items: &HashMap<String, Item>, used: &HashSet<String>) {
    let keys = || items.iter().filter(|(name, item)| item.format == KEY && used.contains(*name));
    let needed: HashSet<(&str, &str)> = keys()
        .filter(|(_, item)| item.attributes & KEY_NO_ORPHAN == 0 || item.by_default)
        .map(|(_, item)| (&*item.ty, &*item.default))
        .collect();
    for (_, item) in keys().filter(|(_, item)| !item.default.is_empty()) {
        if needed.contains(&(&*item.ty, &*item.default)) {
            continue;
        }
        let Some(table) = database.tables.get_mut(item.ty.as_str()) else { continue };
        let (key, len) = (split(&item.default), table.def.key_len());
        table.rows.retain(|row| {
            let own = &row[..len.min(row.len())];
            !(own.len() == key.len()
                && own.iter().zip(&key).all(|(cell, part)| cell_text(Some(cell)) == *part))
        });
    }
}

/// Parts between semicolons, backslashes resolved.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let character = match character {
            ';' => {
                parts.push(String::new());
                continue;
            }
            '\\' => characters.next().unwrap_or('\\'),
            other => other,
        };
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts
}
