//! Short names that wait for what the binder knows, as WiX 4 makes them: of directories whose long names held variables, and of
//! files that are removed, where the component's id is part of the name.

use crate::package::{Package, text};
use wxs::v4::{SHORT_NAME, names};

/// Replaces each placeholder in the Directory and RemoveFile tables.
pub(crate) fn fill(package: &mut Package) {
    for row in package.rows_mut("Directory") {
        let Some(cell) = text(row, 2).filter(|cell| cell.contains(SHORT_NAME)) else { continue };
        let parent = text(row, 1).unwrap_or_default();
        let sides: Vec<String> =
            cell.split(':').map(|side| filled(side, false, &["Directory", parent])).collect();
        row.values[2] = sides.join(":").into();
    }
    for row in package.rows_mut("RemoveFile") {
        let Some(cell) = text(row, 2).filter(|cell| cell.contains(SHORT_NAME)) else { continue };
        let component = text(row, 1).unwrap_or_default();
        row.values[2] = filled(cell, true, &["RemoveFile", component]).into();
    }
}

/// `short|long` with the short name in its place.
fn filled(cell: &str, keep_extension: bool, context: &[&str]) -> String {
    match cell.split_once('|') {
        Some((SHORT_NAME, long)) if names::is_short(long) => long.to_owned(),
        Some((SHORT_NAME, long)) => format!("{}|{long}", names::short_name(long, keep_extension, context)),
        _ => cell.to_owned(),
    }
}
