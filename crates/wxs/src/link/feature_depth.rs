//! How deep features nest: Windows Installer takes sixteen levels.

use super::codes;
use super::features::Connections;
use crate::ir::Section;
use diagnostics::{Diagnostic, Diagnostics};
use msi_db::Value;

const LEVELS: usize = 16;

/// Reports each feature that lies deeper.
pub(super) fn check(connections: &Connections, scope: &[&Section], diagnostics: &mut Diagnostics) {
    let rows = scope.iter().flat_map(|section| &section.rows);
    for row in rows.filter(|row| &*row.table == "Feature") {
        let Some(id) = row.values.first().and_then(Value::as_str) else { continue };
        let mut depth = 1;
        let mut at = id;
        while let Some(Some(parent)) = connections.features.get(at)
            && depth <= LEVELS
        {
            depth += 1;
            at = parent;
        }
        if depth > LEVELS {
            let message = format!("feature \"{id}\" lies deeper than {LEVELS} levels");
            let finding = Diagnostic::error(codes::FEATURE_CONNECTION, message).at(row.span);
            diagnostics.push(finding.hint("Windows Installer shows no deeper tree; move it up"));
        }
    }
}
