//! `MajorUpgrade`: Upgrade rows, launch conditions and the place of RemoveExistingProducts in one.

use super::upgrade::{IGNORE_REMOVE_FAILURE, MAX_INCLUSIVE, MIGRATE_FEATURES, MIN_INCLUSIVE, ONLY_DETECT};
use super::{Compiler, Node, cells};
use crate::codes;
use crate::ir::{ActionPlace, ActionSymbol, SequenceTable};

const UPGRADE_DETECTED: &str = "WIX_UPGRADE_DETECTED";
const DOWNGRADE_DETECTED: &str = "WIX_DOWNGRADE_DETECTED";

const SCHEDULES: [(&str, &str); 5] = [
    ("afterInstallValidate", "InstallValidate"),
    ("afterInstallInitialize", "InstallInitialize"),
    ("afterInstallExecute", "InstallExecute"),
    ("afterInstallExecuteAgain", "InstallExecuteAgain"),
    ("afterInstallFinalize", "InstallFinalize"),
];

pub(super) fn major_upgrade(c: &mut Compiler, node: &Node) {
    let facts = c.product.as_ref();
    let code = facts.and_then(|facts| facts.upgrade_code.clone());
    let version = facts.map(|facts| facts.version.clone()).unwrap_or_default();
    if code.is_none() {
        let message = "<MajorUpgrade> needs the attribute 'UpgradeCode' of its <Product>".to_owned();
        c.error(node, codes::MISSING, message);
    }
    let code = code.unwrap_or_default();
    let downgrades = node.flag(c, "AllowDowngrades");
    let same_version = node.flag(c, "AllowSameVersionUpgrades");
    let disallow = node.flag(c, "Disallow");
    let downgrade_message = node.text(c, "DowngradeErrorMessage");
    let upgrade_message = node.text(c, "DisallowUpgradeErrorMessage");
    let mut options = if node.yes_no(c, "MigrateFeatures") == Some(false) { 0 } else { MIGRATE_FEATURES };
    options |= node.bit(c, "IgnoreRemoveFailure", IGNORE_REMOVE_FAILURE);
    let features = node.text(c, "RemoveFeatures");
    let after = node.choice(c, "Schedule", &SCHEDULES).unwrap_or("InstallValidate");

    if !downgrades && !node.has("DowngradeErrorMessage") {
        let message = "<MajorUpgrade> needs 'DowngradeErrorMessage', or AllowDowngrades=\"yes\"".to_owned();
        c.error(node, codes::MISSING, message);
    }
    if downgrades && downgrade_message.is_some() {
        let message = "a downgrade that is allowed has no error message".to_owned();
        node.combination(c, "DowngradeErrorMessage", message);
    }
    if downgrades && same_version {
        let message = "AllowDowngrades=\"yes\" allows the same version too".to_owned();
        node.combination(c, "AllowSameVersionUpgrades", message);
    }
    if disallow && !node.has("DisallowUpgradeErrorMessage") {
        let message = "Disallow=\"yes\" needs the attribute 'DisallowUpgradeErrorMessage'".to_owned();
        c.error(node, codes::MISSING, message);
    }
    if !disallow && upgrade_message.is_some() {
        let message = "an upgrade that is allowed has no error message".to_owned();
        node.combination(c, "DisallowUpgradeErrorMessage", message);
    }

    let none: Option<&str> = None;
    let code = code.as_str();
    if downgrades {
        let options = options | MIN_INCLUSIVE;
        c.row(node, "Upgrade", cells![code, "0", none, none, options, features, UPGRADE_DETECTED]);
    } else {
        let options = if same_version { options | MAX_INCLUSIVE } else { options };
        let cells = cells![code, none, version.as_str(), none, options, features, UPGRADE_DETECTED];
        c.row(node, "Upgrade", cells);
        let cells = cells![code, version.as_str(), none, none, ONLY_DETECT, none, DOWNGRADE_DETECTED];
        c.row(node, "Upgrade", cells);
        let condition = format!("NOT {DOWNGRADE_DETECTED}");
        c.row(node, "LaunchCondition", cells![condition, downgrade_message]);
    }
    if disallow {
        let condition = format!("NOT {UPGRADE_DETECTED}");
        c.row(node, "LaunchCondition", cells![condition, upgrade_message]);
    }
    c.section.actions.push(ActionSymbol {
        sequence: SequenceTable::InstallExecuteSequence,
        action: "RemoveExistingProducts".to_owned(),
        condition: None,
        place: ActionPlace::After(after.to_owned()),
        overridable: false,
        span: node.span(),
    });
    c.no_children(node);
}
