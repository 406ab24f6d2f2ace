//! The properties that list other properties.

use super::order::joined;
use crate::ir::{Product, Section, SourceRow};
use msi_db::Value;

/// `msidbCustomActionTypeHideTarget` and `msidbCustomActionTypeInScript`.
const HIDE_TARGET: i32 = 0x2000;
const IN_SCRIPT: i32 = 0x400;

/// Adds `AdminProperties`, `SecureCustomProperties` and `MsiHiddenProperties` where anything belongs there.
///
/// The engine passes secure properties to its elevated side and leaves hidden ones out of the log; a deferred action that hides its target
/// hides the property of its own name too, since that is where its data travels.
pub(super) fn add_lists(scope: &[&Section], product: &mut Product) {
    let flags = || scope.iter().flat_map(|section| &section.properties);
    let admin = joined(flags().filter(|flags| flags.admin).map(|flags| flags.id.as_str()));
    let upgrades = rows(product, "Upgrade").filter_map(|row| row.values.get(6).and_then(Value::as_str));
    let secure = joined(flags().filter(|flags| flags.secure).map(|flags| flags.id.as_str()).chain(upgrades));
    let hiding = rows(product, "CustomAction").filter_map(|row| {
        let kind = row.values.get(1).and_then(Value::as_int)?;
        let hides = kind & HIDE_TARGET != 0 && kind & IN_SCRIPT != 0;
        row.values.first().and_then(Value::as_str).filter(|_| hides)
    });
    let hidden = joined(flags().filter(|flags| flags.hidden).map(|flags| flags.id.as_str()).chain(hiding));

    let span = product.span;
    let table: std::sync::Arc<str> = "Property".into();
    for (name, list) in
        [("AdminProperties", admin), ("SecureCustomProperties", secure), ("MsiHiddenProperties", hidden)]
    {
        if !list.is_empty() {
            let row = SourceRow { table: table.clone(), values: vec![name.into(), list.into()], span };
            product.tables.entry(table.clone()).or_default().push(row);
        }
    }
}

fn rows<'a>(product: &'a Product, table: &str) -> impl Iterator<Item = &'a SourceRow> {
    product.tables.get(table).into_iter().flatten()
}
