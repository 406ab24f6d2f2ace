//! What `_Validation` says of File.Version.
//!
//! The column holds a version, or the key of another file of the package, its companion. `_Validation` can only say one of
//! the two strictly: with a key table, validators that follow it to the letter take every plain version for a broken link.
//! So the link is declared where a companion file is really used, and not otherwise.

use crate::package::{Package, text};
use std::collections::HashSet;
use std::sync::Arc;

const FILE: usize = 0;
const VERSION: usize = 4;

/// Takes the link out of the definition of a File table that has no companion files.
pub(crate) fn declare(package: &mut Package) {
    let rows = package.rows("File");
    let ids: HashSet<&str> = rows.iter().filter_map(|row| text(row, FILE)).collect();
    let companions = rows.iter().filter_map(|row| text(row, VERSION)).any(|version| ids.contains(version));
    if companions {
        return;
    }
    if let Some(table) = package.tables.get_mut("File") {
        let version = &mut Arc::make_mut(&mut table.def).columns.to_mut()[VERSION];
        version.key_table = "".into();
        version.key_column = None;
    }
}
