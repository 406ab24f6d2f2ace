//! `Upgrade`, `UpgradeVersion` and `ProductSearch`: rows of the Upgrade table.

use super::sequence::ACTION_REFERENCES;
use super::{Compiler, Handled, Node, cells, property};
use crate::codes;
use diagnostics::Diagnostic;

pub(super) const MIGRATE_FEATURES: i32 = 1;
pub(super) const ONLY_DETECT: i32 = 2;
pub(super) const IGNORE_REMOVE_FAILURE: i32 = 4;
pub(super) const MIN_INCLUSIVE: i32 = 0x100;
pub(super) const MAX_INCLUSIVE: i32 = 0x200;
const LANGUAGES_EXCLUSIVE: i32 = 0x400;

pub(super) fn upgrade(c: &mut Compiler, node: &Node) {
    let code = node.guid(c, "Id", false);
    let code = node.need(c, "Id", code);
    c.each_child(node, |c, child| {
        match child.name() {
            "UpgradeVersion" => version(c, child, &code),
            "Property" => {
                let message = "a <Property> inside <Upgrade> is deprecated; put it beside it".to_owned();
                c.warn(child, codes::DEPRECATED, message);
                property::property(c, child);
            }
            _ => return Handled::No,
        }
        Handled::Yes
    });
}

fn version(c: &mut Compiler, node: &Node, code: &str) {
    let options = range_options(c, node)
        | node.bit(c, "IgnoreRemoveFailure", IGNORE_REMOVE_FAILURE)
        | node.bit(c, "MigrateFeatures", MIGRATE_FEATURES)
        | node.bit(c, "OnlyDetect", ONLY_DETECT);
    let language = node.text(c, "Language");
    let minimum = node.version(c, "Minimum");
    let maximum = node.version(c, "Maximum");
    let property = node.need_id(c, "Property");
    let features = node.text(c, "RemoveFeatures");
    if property.to_uppercase() != property {
        let message = format!("the property '{property}' must be upper case, since it is secure");
        let finding = Diagnostic::error(codes::BAD_VALUE, message).at(node.place("Property"));
        c.push(finding.hint(format!("write '{}'", property.to_uppercase())));
    }
    needs_bound(c, node);
    c.row(node, "Upgrade", cells![code, minimum, maximum, language, options, features, property]);
    // A <MajorUpgrade> schedules the action itself, and needs nobody who does; in WiX 4 and later the property tells it.
    let is_major = c.is_v4 && property == "WIX_UPGRADE_DETECTED";
    if options & ONLY_DETECT == 0 && !is_major {
        c.refer(node, ACTION_REFERENCES, "InstallExecuteSequence/RemoveExistingProducts");
    }
    c.no_children(node);
}

/// A search for a product that sets a property.
pub(super) fn product_search(c: &mut Compiler, node: &Node, property: &str) {
    let options = range_options(c, node) | ONLY_DETECT;
    let language = node.text(c, "Language");
    let minimum = node.text(c, "Minimum");
    let maximum = node.text(c, "Maximum");
    let code = node.guid(c, "UpgradeCode", false);
    needs_bound(c, node);
    let none: Option<&str> = None;
    c.row(node, "Upgrade", cells![code, minimum, maximum, language, options, none, property]);
    c.no_children(node);
}

fn range_options(c: &mut Compiler, node: &Node) -> i32 {
    let minimum = if node.yes_no(c, "IncludeMinimum") == Some(false) { 0 } else { MIN_INCLUSIVE };
    minimum
        | node.bit(c, "IncludeMaximum", MAX_INCLUSIVE)
        | node.bit(c, "ExcludeLanguages", LANGUAGES_EXCLUSIVE)
}

fn needs_bound(c: &mut Compiler, node: &Node) {
    if !node.has("Minimum") && !node.has("Maximum") {
        let message = format!("<{}> needs the attribute 'Minimum' or 'Maximum'", node.name());
        c.error(node, codes::MISSING, message);
    }
}
