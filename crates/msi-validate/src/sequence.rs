//! Sequence tables, and what is known of Windows Installer's own actions: where each may stand and what it must follow.

use crate::package::{Entry, Package};
use std::collections::HashMap;

pub const EXECUTE: &str = "InstallExecuteSequence";
pub const UI: &str = "InstallUISequence";
pub const ADMIN_EXECUTE: &str = "AdminExecuteSequence";
pub const ADMIN_UI: &str = "AdminUISequence";
pub const ADVERTISE: &str = "AdvtExecuteSequence";

pub const TABLES: [&str; 5] = [ADMIN_EXECUTE, ADMIN_UI, ADVERTISE, EXECUTE, UI];

/// An action that runs, with its place.
#[derive(Clone, Copy)]
pub struct Scheduled<'a> {
    pub action: &'a str,
    pub sequence: i32,
    pub entry: Entry<'a>,
}

/// The actions of a sequence table in the order they run in. Rows without a number never run; negative numbers are the dialogs
/// shown at the end.
pub fn actions<'a>(package: &Package<'a>, table: &str) -> Vec<Scheduled<'a>> {
    let mut actions: Vec<Scheduled> = package
        .rows(table)
        .filter_map(|entry| {
            let sequence = entry.number("Sequence").filter(|number| *number > 0)?;
            Some(Scheduled { action: entry.text("Action"), sequence, entry })
        })
        .collect();
    actions.sort_by_key(|scheduled| scheduled.sequence);
    actions
}

/// The numbers of a table's actions.
pub fn numbers<'a>(package: &Package<'a>, table: &str) -> HashMap<&'a str, i32> {
    actions(package, table).into_iter().map(|scheduled| (scheduled.action, scheduled.sequence)).collect()
}

/// What a custom action's Type column says (`Summary List of All Custom Action Types`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind(pub i32);

impl Kind {
    pub fn of(entry: &Entry) -> Kind {
        Kind(entry.flags("Type"))
    }

    /// Kind of program and of its source: the documented type number.
    pub fn base(self) -> i32 {
        self.0 & 0x3f
    }

    /// Written into the script and run by the service: deferred, rollback or commit.
    pub fn is_in_script(self) -> bool {
        self.0 & 0x400 != 0
    }

    pub fn is_rollback(self) -> bool {
        self.is_in_script() && self.0 & 0x100 != 0
    }

    pub fn is_commit(self) -> bool {
        self.is_in_script() && self.0 & 0x200 != 0
    }

    /// Deferred and neither rollback nor commit: what changes the machine.
    pub fn is_deferred(self) -> bool {
        self.is_in_script() && self.0 & 0x300 == 0
    }

    /// Runs as SYSTEM when it is in the script of a per-machine installation.
    pub fn is_unimpersonated(self) -> bool {
        self.0 & 0x800 != 0
    }

    /// Its target is kept out of the log.
    pub fn hides_target(self) -> bool {
        self.0 & 0x2000 != 0
    }

    /// Sets a property (51) or a directory (35) to a formatted text.
    pub fn sets_value(self) -> bool {
        matches!(self.base(), 35 | 51)
    }

    pub fn runs_executable(self) -> bool {
        matches!(self.base(), 2 | 18 | 34 | 50)
    }
}

/// Parts of a sequence, as flags.
pub mod section {
    pub const SEARCH: u8 = 1;
    pub const COSTING: u8 = 2;
    pub const SELECTION: u8 = 4;
    pub const EXECUTION: u8 = 8;
    pub const AFTER: u8 = 16;
    pub const ANY: u8 = 31;
}

/// A standard action.
pub struct Standard {
    pub name: &'static str,
    /// The sections it may stand in.
    pub sections: u8,
    /// The sequence tables it may stand in.
    pub tables: &'static [&'static str],
}

const EVERYWHERE: &[&str] = &TABLES;
const NOWHERE: &[&str] = &[];
const BOTH_UI: &[&str] = &[ADMIN_UI, UI];
const INSTALL: &[&str] = &[EXECUTE, UI];
const ONLY_EXECUTE: &[&str] = &[EXECUTE];
const WITH_ADMIN: &[&str] = &[EXECUTE, ADMIN_EXECUTE];
const WITH_ADVERTISE: &[&str] = &[EXECUTE, ADVERTISE];
const ALL_EXECUTE: &[&str] = &[EXECUTE, ADMIN_EXECUTE, ADVERTISE];

/// The standard action of this name.
pub fn standard(name: &str) -> Option<&'static Standard> {
    STANDARD.binary_search_by(|action| action.name.cmp(name)).ok().map(|at| &STANDARD[at])
}

const fn action(name: &'static str, sections: u8, tables: &'static [&'static str]) -> Standard {
    Standard { name, sections, tables }
}

/// All standard actions, sorted by name as bytes.
#[rustfmt::skip]
static STANDARD: &[Standard] = {
    use section::*;
    &[
        action("ADMIN", ANY, NOWHERE),
        action("ADVERTISE", ANY, NOWHERE),
        action("AllocateRegistrySpace", EXECUTION, ALL_EXECUTE),
        action("AppSearch", SEARCH, EVERYWHERE),
        action("BindImage", EXECUTION, ONLY_EXECUTE),
        action("CCPSearch", ANY, EVERYWHERE),
        action("CostFinalize", COSTING | SELECTION, EVERYWHERE),
        action("CostInitialize", COSTING, EVERYWHERE),
        action("CreateFolders", EXECUTION, WITH_ADMIN),
        action("CreateShortcuts", EXECUTION, ALL_EXECUTE),
        action("DeleteServices", EXECUTION, ONLY_EXECUTE),
        action("DisableRollback", SEARCH | COSTING | SELECTION | EXECUTION, EVERYWHERE),
        action("DuplicateFiles", EXECUTION, WITH_ADMIN),
        action("ExecuteAction", SELECTION, BOTH_UI),
        action("FileCost", COSTING, EVERYWHERE),
        action("FindRelatedProducts", SEARCH, INSTALL),
        action("ForceReboot", EXECUTION, ONLY_EXECUTE),
        action("INSTALL", ANY, NOWHERE),
        action("InstallAdminPackage", EXECUTION, &[ADMIN_EXECUTE]),
        action("InstallExecute", EXECUTION, ALL_EXECUTE),
        action("InstallExecuteAgain", EXECUTION, ALL_EXECUTE),
        action("InstallFiles", EXECUTION, ALL_EXECUTE),
        action("InstallFinalize", EXECUTION | AFTER, ALL_EXECUTE),
        action("InstallInitialize", EXECUTION, ALL_EXECUTE),
        action("InstallODBC", EXECUTION, WITH_ADMIN),
        action("InstallSFPCatalogFile", EXECUTION, ONLY_EXECUTE),
        action("InstallServices", EXECUTION, ONLY_EXECUTE),
        action("InstallValidate", SELECTION | EXECUTION, ALL_EXECUTE),
        action("IsolateComponents", COSTING, INSTALL),
        action("LaunchConditions", SEARCH, EVERYWHERE),
        action("MigrateFeatureStates", SELECTION, INSTALL),
        action("MoveFiles", EXECUTION, WITH_ADMIN),
        action("MsiConfigureServices", EXECUTION, ONLY_EXECUTE),
        action("MsiPublishAssemblies", EXECUTION, WITH_ADVERTISE),
        action("MsiUnpublishAssemblies", EXECUTION, WITH_ADVERTISE),
        action("PatchFiles", EXECUTION, WITH_ADMIN),
        action("ProcessComponents", EXECUTION, ONLY_EXECUTE),
        action("PublishComponents", EXECUTION, WITH_ADVERTISE),
        action("PublishFeatures", EXECUTION, WITH_ADVERTISE),
        action("PublishProduct", EXECUTION, WITH_ADVERTISE),
        action("RMCCPSearch", ANY, EVERYWHERE),
        action("RegisterClassInfo", EXECUTION, WITH_ADVERTISE),
        action("RegisterComPlus", EXECUTION, WITH_ADVERTISE),
        action("RegisterExtensionInfo", EXECUTION, WITH_ADVERTISE),
        action("RegisterFonts", EXECUTION, WITH_ADVERTISE),
        action("RegisterMIMEInfo", EXECUTION, WITH_ADVERTISE),
        action("RegisterProduct", EXECUTION, WITH_ADVERTISE),
        action("RegisterProgIdInfo", EXECUTION, WITH_ADVERTISE),
        action("RegisterTypeLibraries", EXECUTION, WITH_ADVERTISE),
        action("RegisterUser", EXECUTION, WITH_ADVERTISE),
        action("RemoveDuplicateFiles", EXECUTION, WITH_ADMIN),
        action("RemoveEnvironmentStrings", EXECUTION, ONLY_EXECUTE),
        action("RemoveExistingProducts", EXECUTION | AFTER, ONLY_EXECUTE),
        action("RemoveFiles", EXECUTION, WITH_ADMIN),
        action("RemoveFolders", EXECUTION, WITH_ADMIN),
        action("RemoveIniValues", EXECUTION, ONLY_EXECUTE),
        action("RemoveODBC", EXECUTION, ONLY_EXECUTE),
        action("RemoveRegistryValues", EXECUTION, ONLY_EXECUTE),
        action("RemoveShortcuts", EXECUTION, ONLY_EXECUTE),
        action("ResolveSource", COSTING, EVERYWHERE),
        action("SEQUENCE", ANY, NOWHERE),
        action("ScheduleReboot", ANY, EVERYWHERE),
        action("SelfRegModules", EXECUTION, ONLY_EXECUTE),
        action("SelfUnregModules", EXECUTION, ONLY_EXECUTE),
        action("SetODBCFolders", SELECTION, EVERYWHERE),
        action("StartServices", EXECUTION, ONLY_EXECUTE),
        action("StopServices", EXECUTION, ONLY_EXECUTE),
        action("UnpublishComponents", EXECUTION, WITH_ADVERTISE),
        action("UnpublishFeatures", EXECUTION, WITH_ADVERTISE),
        action("UnregisterClassInfo", EXECUTION, WITH_ADVERTISE),
        action("UnregisterComPlus", EXECUTION, WITH_ADVERTISE),
        action("UnregisterExtensionInfo", EXECUTION, WITH_ADVERTISE),
        action("UnregisterFonts", EXECUTION, WITH_ADVERTISE),
        action("UnregisterMIMEInfo", EXECUTION, WITH_ADVERTISE),
        action("UnregisterProgIdInfo", EXECUTION, WITH_ADVERTISE),
        action("UnregisterTypeLibraries", EXECUTION, ONLY_EXECUTE),
        action("ValidateProductID", SEARCH, EVERYWHERE),
        action("WriteEnvironmentStrings", EXECUTION, ONLY_EXECUTE),
        action("WriteIniValues", EXECUTION, ONLY_EXECUTE),
        action("WriteRegistryValues", EXECUTION, ONLY_EXECUTE),
    ]
};

/// Pairs of which the first must come before the second where both are in a table, from the pages of the actions.
#[rustfmt::skip]
pub static ORDER: &[(&str, &str)] = &[
    ("CCPSearch", "RMCCPSearch"),
    ("CostFinalize", "InstallValidate"),
    ("CostFinalize", "MigrateFeatureStates"),
    ("CostInitialize", "FileCost"),
    ("CostInitialize", "ResolveSource"),
    ("CreateFolders", "InstallFiles"),
    ("DeleteServices", "InstallFiles"),
    ("DeleteServices", "InstallServices"),
    ("FileCost", "CostFinalize"),
    ("FindRelatedProducts", "MigrateFeatureStates"),
    ("FindRelatedProducts", "RemoveExistingProducts"),
    ("InstallFiles", "BindImage"),
    ("InstallFiles", "CreateShortcuts"),
    ("InstallFiles", "DuplicateFiles"),
    ("InstallFiles", "InstallODBC"),
    ("InstallFiles", "InstallServices"),
    ("InstallFiles", "PatchFiles"),
    ("InstallFiles", "RegisterClassInfo"),
    ("InstallFiles", "RegisterComPlus"),
    ("InstallFiles", "RegisterExtensionInfo"),
    ("InstallFiles", "RegisterFonts"),
    ("InstallFiles", "RegisterMIMEInfo"),
    ("InstallFiles", "RegisterProgIdInfo"),
    ("InstallFiles", "RegisterTypeLibraries"),
    ("InstallFiles", "SelfRegModules"),
    ("InstallInitialize", "AllocateRegistrySpace"),
    ("InstallInitialize", "InstallExecute"),
    ("InstallInitialize", "InstallExecuteAgain"),
    ("InstallInitialize", "InstallFiles"),
    ("InstallInitialize", "InstallFinalize"),
    ("InstallInitialize", "MsiPublishAssemblies"),
    ("InstallInitialize", "MsiUnpublishAssemblies"),
    ("InstallInitialize", "ProcessComponents"),
    ("InstallInitialize", "SelfRegModules"),
    ("InstallInitialize", "UnregisterClassInfo"),
    ("InstallInitialize", "UnregisterExtensionInfo"),
    ("InstallInitialize", "UnregisterMIMEInfo"),
    ("InstallInitialize", "UnregisterProgIdInfo"),
    ("InstallInitialize", "WriteRegistryValues"),
    ("InstallExecute", "InstallFinalize"),
    ("InstallExecuteAgain", "InstallFinalize"),
    ("InstallServices", "MsiConfigureServices"),
    ("InstallServices", "StartServices"),
    ("InstallValidate", "InstallInitialize"),
    ("IsolateComponents", "CostFinalize"),
    ("CostInitialize", "IsolateComponents"),
    ("MoveFiles", "InstallFiles"),
    ("MsiConfigureServices", "StartServices"),
    ("PatchFiles", "DuplicateFiles"),
    ("PublishFeatures", "PublishProduct"),
    ("RegisterClassInfo", "RegisterExtensionInfo"),
    ("RegisterExtensionInfo", "RegisterProgIdInfo"),
    ("RegisterExtensionInfo", "RegisterMIMEInfo"),
    ("RemoveDuplicateFiles", "InstallFiles"),
    ("RemoveFiles", "InstallFiles"),
    ("RemoveFiles", "RemoveFolders"),
    ("RemoveIniValues", "WriteIniValues"),
    ("RemoveRegistryValues", "UnregisterClassInfo"),
    ("RemoveRegistryValues", "UnregisterExtensionInfo"),
    ("RemoveRegistryValues", "UnregisterMIMEInfo"),
    ("RemoveRegistryValues", "UnregisterProgIdInfo"),
    ("RemoveRegistryValues", "WriteRegistryValues"),
    ("RemoveShortcuts", "CreateShortcuts"),
    ("SelfUnregModules", "RemoveFiles"),
    ("SelfUnregModules", "SelfRegModules"),
    ("StopServices", "DeleteServices"),
    ("StopServices", "InstallFiles"),
    ("StopServices", "RemoveFiles"),
    ("UnregisterClassInfo", "RegisterClassInfo"),
    ("UnregisterClassInfo", "UnregisterExtensionInfo"),
    ("UnregisterComPlus", "RegisterComPlus"),
    ("UnregisterExtensionInfo", "RegisterExtensionInfo"),
    ("UnregisterExtensionInfo", "UnregisterProgIdInfo"),
    ("UnregisterFonts", "RemoveFiles"),
    ("UnregisterMIMEInfo", "RegisterMIMEInfo"),
    ("UnregisterProgIdInfo", "RegisterProgIdInfo"),
    ("UnregisterTypeLibraries", "RemoveFiles"),
    ("ValidateProductID", "RegisterUser"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_sorted_and_the_orders_name_its_actions() {
        assert!(STANDARD.is_sorted_by(|a, b| a.name < b.name));
        for (before, after) in ORDER {
            assert!(standard(before).is_some() && standard(after).is_some(), "{before} {after}");
        }
    }
}
