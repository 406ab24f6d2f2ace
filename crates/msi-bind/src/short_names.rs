//! Short names of directories whose long names held variables, as WiX 4 makes them.

use crate::package::{Package, text};
use wxs::v4::{SHORT_NAME, names};

/// Replaces each placeholder in the Directory table.
pub(crate) fn fill(package: &mut Package) {
    for row in package.rows_mut("Directory") {
        let Some(cell) = text(row, 2).filter(|cell| cell.contains(SHORT_NAME)) else { continue };
        let parent = text(row, 1).unwrap_or_default();
        let sides: Vec<String> = cell
            .split(':')
            .map(|side| match side.split_once('|') {
                Some((SHORT_NAME, long)) if names::is_short(long) => long.to_owned(),
                Some((SHORT_NAME, long)) => {
                    format!("{}|{long}", names::short_name(long, false, &["Directory", parent]))
                }
                _ => side.to_owned(),
            })
            .collect();
        row.values[2] = sides.join(":").into();
    }
}
