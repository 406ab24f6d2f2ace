//! `!(bind.X)`: what is only known once files have been looked at.

use crate::codes;
use crate::package::{Package, text};
use diagnostics::{Diagnostic, Diagnostics, Span};
use msi_db::Value;
use std::collections::{HashMap, HashSet};
use wxs::ir::SourceRow;
use wxs::resolve::variables::expressions;

/// Replaces `!(bind.property.X)`, `!(bind.fileVersion.X)` and `!(bind.fileLanguage.X)` everywhere; names ignore case.
///
/// Properties come first, since other texts may refer to properties that refer to files. Where files may be stand-ins, those
/// without a version get one.
pub(crate) fn resolve(package: &mut Package, stand_ins: bool, diagnostics: &mut Diagnostics) {
    if package.is_v4 {
        plain_version(package);
    }
    let mut values = Values::of(package, stand_ins);
    for row in package.rows_mut("Property") {
        let span = row.span;
        let name = row.values.first().and_then(Value::as_str).unwrap_or_default().to_owned();
        if let Some(Value::Str(value)) = row.values.get(1)
            && let Some(new) = values.replace(value, span, diagnostics)
        {
            values.set("property", &name, &new);
            row.values[1] = new.into();
        }
    }
    // A property whose value came out empty is none, as if it had been authored so.
    if let Some(properties) = package.tables.get_mut("Property") {
        properties.rows.retain(|row| row.values.get(1).and_then(Value::as_str) != Some(""));
    }
    values.add_version_parts();
    for (table, bound) in &mut package.tables {
        if &**table == "Property" {
            continue;
        }
        for row in &mut bound.rows {
            for value in &mut row.values {
                if let Value::Str(text) = value
                    && let Some(new) = values.replace(text, row.span, diagnostics)
                {
                    *value = new.into();
                }
            }
        }
    }
    for (value, span) in package.summary.values_mut() {
        if let Some(new) = values.replace(value, *span, diagnostics) {
            *value = new;
        }
    }
}

/// The same in the names of directories alone, which the GUIDs of components and the order of files depend on. WiX 3 makes GUIDs
/// from the names as they are written. What can't be told yet is left for [`resolve`].
pub(crate) fn resolve_directories(package: &mut Package, stand_ins: bool) {
    let delayed = |row: &SourceRow| text(row, 2).is_some_and(|name| name.contains("(bind."));
    if !package.is_v4 || !package.rows("Directory").iter().any(delayed) {
        return;
    }
    let mut values = Values::of(package, stand_ins);
    for row in package.rows("Property") {
        if let (Some(name), Some(value)) = (text(row, 0), text(row, 1))
            && let Some(new) = values.replace(value, row.span, &mut Diagnostics::new())
        {
            values.set("property", name, &new);
        }
    }
    values.add_version_parts();
    // It may not be made yet.
    values.by_name.remove("property.productcode");
    for row in package.rows_mut("Directory") {
        let mut open = Diagnostics::new();
        let Some(name) = text(row, 2).and_then(|name| values.replace(name, row.span, &mut open)) else {
            continue;
        };
        if !open.has_errors() {
            row.values[2] = name.into();
        }
    }
}

/// WiX 4 takes versions with a `v` in front.
fn plain_version(package: &mut Package) {
    for (table, columns) in [("Property", &[1][..]), ("Upgrade", &[1, 2])] {
        for row in package.rows_mut(table) {
            if table == "Property" && text(row, 0) != Some("ProductVersion") {
                continue;
            }
            for &column in columns {
                let plain = text(row, column).and_then(|text| text.strip_prefix(['v', 'V']));
                if let Some(plain) = plain.map(str::to_owned) {
                    row.values[column] = plain.into();
                }
            }
        }
    }
}

/// The version of a file that only stands in for one.
const STAND_IN: &str = "0.0.0.0";

#[derive(Default)]
struct Values {
    by_name: HashMap<String, String>,
    /// Files without a version, in lower case.
    unversioned: HashSet<String>,
}

impl Values {
    /// What the package's properties and files answer with.
    fn of(package: &Package, stand_ins: bool) -> Values {
        let mut values = Values::default();
        for row in package.rows("Property") {
            if let (Some(name), Some(value)) = (text(row, 0), text(row, 1)) {
                values.set("property", name, value);
            }
        }
        for file in &package.files {
            for (kind, value) in &file.bind_values {
                values.set(&kind.to_lowercase(), &file.symbol.id, value);
            }
            if file.facts.version.is_none() {
                values.unversioned.insert(file.symbol.id.to_lowercase());
                if stand_ins {
                    values.set("fileversion", &file.symbol.id, STAND_IN);
                    values.set("filelanguage", &file.symbol.id, "0");
                } else if package.is_v4 {
                    // A file without a version has an empty one.
                    values.set("fileversion", &file.symbol.id, "");
                    values.set("filelanguage", &file.symbol.id, "");
                }
                continue;
            }
            if let Some(version) = &file.version {
                values.set("fileversion", &file.symbol.id, version);
            }
            if let Some(language) = &file.language {
                values.set("filelanguage", &file.symbol.id, language);
            }
        }
        values
    }

    fn set(&mut self, kind: &str, name: &str, value: &str) {
        self.by_name.insert(format!("{kind}.{}", name.to_lowercase()), value.to_owned());
    }

    /// `property.ProductVersion.Major` and its like, unless a property has that name.
    fn add_version_parts(&mut self) {
        let Some(version) = self.by_name.get("property.productversion").cloned() else { return };
        let mut numbers = version.split('.').map(str::parse::<u32>);
        for part in ["major", "minor", "build", "revision"] {
            // A part that is not there is -1, as in .NET.
            let number = match numbers.next() {
                Some(Ok(number)) => number.to_string(),
                Some(Err(_)) => return,
                None => "-1".into(),
            };
            self.by_name.entry(format!("property.productversion.{part}")).or_insert(number);
        }
    }

    /// The text with its variables replaced; `None` if it has none.
    fn replace(&self, text: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<String> {
        if !text.contains("(bind.") {
            return None;
        }
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for expression in expressions(text).into_iter().filter(|found| found.namespace == "bind") {
            let before = &text[copied..expression.range.start];
            if expression.escaped {
                out.push_str(before.strip_suffix('!').unwrap_or(before));
                copied = expression.range.start;
                continue;
            }
            let name = expression.name.to_lowercase();
            let known = self.by_name.get(&name).map(String::as_str);
            let file = name.strip_prefix("fileversion.").or_else(|| name.strip_prefix("filelanguage."));
            let unversioned = file.is_some_and(|file| self.unversioned.contains(file));
            let Some(value) = known.or(expression.default) else {
                let (message, hint) = if unversioned {
                    let message = format!("!(bind.{}) is of a file without a version", expression.name);
                    (message, "the file needs a version resource; or write the version itself")
                } else {
                    let message = format!("!(bind.{}) names nothing", expression.name);
                    (
                        message,
                        "known are property.NAME, fileVersion.FILE and fileLanguage.FILE; FILE is the Id of a <File>",
                    )
                };
                diagnostics.push(Diagnostic::error(codes::BIND_VARIABLE, message).at(span).hint(hint));
                continue;
            };
            if unversioned && value == STAND_IN {
                let message = format!("!(bind.{}) is of a file without a version: {value}", expression.name);
                diagnostics.push(Diagnostic::warning(codes::BIND_VARIABLE, message).at(span));
            }
            out.push_str(before);
            out.push_str(value);
            copied = expression.range.end;
        }
        out.push_str(&text[copied..]);
        Some(out)
    }
}
