//! The catalogue of standard actions: where each stands when nobody says otherwise.
//!
//! Numbers and conditions are those that the Windows Installer reference suggests, as WiX 3 uses them.

use crate::ir::SequenceTable;

/// An action that the installer engine provides.
#[derive(Debug, Clone, Copy)]
pub struct StandardAction {
    pub name: &'static str,
    pub sequence: i16,
    pub condition: Option<&'static str>,
    tables: u8,
}

const ADMIN_UI: u8 = 1;
const ADMIN_EXECUTE: u8 = 2;
const ADVERTISE: u8 = 4;
const UI: u8 = 8;
const EXECUTE: u8 = 16;

impl StandardAction {
    /// Whether the action has a standard place in this sequence.
    pub fn stands_in(&self, sequence: SequenceTable) -> bool {
        let flag = match sequence {
            SequenceTable::AdminUISequence => ADMIN_UI,
            SequenceTable::AdminExecuteSequence => ADMIN_EXECUTE,
            SequenceTable::AdvtExecuteSequence => ADVERTISE,
            SequenceTable::InstallUISequence => UI,
            SequenceTable::InstallExecuteSequence => EXECUTE,
        };
        self.tables & flag != 0
    }
}

/// The action of this name, if it has a standard place in this sequence.
pub(super) fn find(sequence: SequenceTable, name: &str) -> Option<&'static StandardAction> {
    STANDARD_ACTIONS.iter().find(|action| action.name == name && action.stands_in(sequence))
}

/// The same, with the sequence's table name.
pub(super) fn find_by_name(sequence: &str, name: &str) -> Option<&'static StandardAction> {
    let sequence = SEQUENCES.into_iter().find(|&known| known.name() == sequence)?;
    find(sequence, name)
}

/// The five sequences, in the order of their tables' names as WiX numbers them.
pub(super) const SEQUENCES: [SequenceTable; 5] = [
    SequenceTable::AdminUISequence,
    SequenceTable::AdminExecuteSequence,
    SequenceTable::AdvtExecuteSequence,
    SequenceTable::InstallUISequence,
    SequenceTable::InstallExecuteSequence,
];

const fn action(
    name: &'static str,
    sequence: i16,
    condition: Option<&'static str>,
    tables: u8,
) -> StandardAction {
    StandardAction { name, sequence, condition, tables }
}

/// All standard actions with a suggested number, by that number.
pub const STANDARD_ACTIONS: &[StandardAction] = &[
    action("FindRelatedProducts", 25, None, UI | EXECUTE),
    action("AppSearch", 50, None, UI | EXECUTE),
    action("LaunchConditions", 100, None, ADMIN_UI | ADMIN_EXECUTE | UI | EXECUTE),
    action("CCPSearch", 500, Some("NOT Installed"), UI | EXECUTE),
    action("RMCCPSearch", 600, Some("NOT Installed"), UI | EXECUTE),
    action("ValidateProductID", 700, None, UI | EXECUTE),
    action("CostInitialize", 800, None, ADMIN_UI | ADMIN_EXECUTE | ADVERTISE | UI | EXECUTE),
    action("FileCost", 900, None, ADMIN_UI | ADMIN_EXECUTE | UI | EXECUTE),
    action("IsolateComponents", 950, None, UI | EXECUTE),
    action("CostFinalize", 1000, None, ADMIN_UI | ADMIN_EXECUTE | ADVERTISE | UI | EXECUTE),
    action("SetODBCFolders", 1100, None, EXECUTE),
    action("MigrateFeatureStates", 1200, None, UI | EXECUTE),
    action("ExecuteAction", 1300, None, ADMIN_UI | UI),
    action("InstallValidate", 1400, None, ADMIN_EXECUTE | ADVERTISE | EXECUTE),
    action("InstallInitialize", 1500, None, ADMIN_EXECUTE | ADVERTISE | EXECUTE),
    action("AllocateRegistrySpace", 1550, Some("NOT Installed"), EXECUTE),
    action("ProcessComponents", 1600, None, EXECUTE),
    action("UnpublishComponents", 1700, None, EXECUTE),
    action("MsiUnpublishAssemblies", 1750, None, EXECUTE),
    action("UnpublishFeatures", 1800, None, EXECUTE),
    action("StopServices", 1900, Some("VersionNT"), EXECUTE),
    action("DeleteServices", 2000, Some("VersionNT"), EXECUTE),
    action("UnregisterComPlus", 2100, None, EXECUTE),
    action("SelfUnregModules", 2200, None, EXECUTE),
    action("UnregisterTypeLibraries", 2300, None, EXECUTE),
    action("RemoveODBC", 2400, None, EXECUTE),
    action("UnregisterFonts", 2500, None, EXECUTE),
    action("RemoveRegistryValues", 2600, None, EXECUTE),
    action("UnregisterClassInfo", 2700, None, EXECUTE),
    action("UnregisterExtensionInfo", 2800, None, EXECUTE),
    action("UnregisterProgIdInfo", 2900, None, EXECUTE),
    action("UnregisterMIMEInfo", 3000, None, EXECUTE),
    action("RemoveIniValues", 3100, None, EXECUTE),
    action("RemoveShortcuts", 3200, None, EXECUTE),
    action("RemoveEnvironmentStrings", 3300, None, EXECUTE),
    action("RemoveDuplicateFiles", 3400, None, EXECUTE),
    action("RemoveFiles", 3500, None, EXECUTE),
    action("RemoveFolders", 3600, None, EXECUTE),
    action("CreateFolders", 3700, None, EXECUTE),
    action("MoveFiles", 3800, None, EXECUTE),
    action("InstallAdminPackage", 3900, None, ADMIN_EXECUTE),
    action("InstallFiles", 4000, None, ADMIN_EXECUTE | EXECUTE),
    action("PatchFiles", 4090, None, ADMIN_EXECUTE | EXECUTE),
    action("DuplicateFiles", 4210, None, EXECUTE),
    action("BindImage", 4300, None, EXECUTE),
    action("CreateShortcuts", 4500, None, ADVERTISE | EXECUTE),
    action("RegisterClassInfo", 4600, None, ADVERTISE | EXECUTE),
    action("RegisterExtensionInfo", 4700, None, ADVERTISE | EXECUTE),
    action("RegisterProgIdInfo", 4800, None, ADVERTISE | EXECUTE),
    action("RegisterMIMEInfo", 4900, None, ADVERTISE | EXECUTE),
    action("WriteRegistryValues", 5000, None, EXECUTE),
    action("WriteIniValues", 5100, None, EXECUTE),
    action("WriteEnvironmentStrings", 5200, None, EXECUTE),
    action("RegisterFonts", 5300, None, EXECUTE),
    action("InstallODBC", 5400, None, EXECUTE),
    action("RegisterTypeLibraries", 5500, None, EXECUTE),
    action("SelfRegModules", 5600, None, EXECUTE),
    action("RegisterComPlus", 5700, None, EXECUTE),
    action("InstallServices", 5800, Some("VersionNT"), EXECUTE),
    action("MsiConfigureServices", 5850, Some("VersionNT>=600"), EXECUTE),
    action("StartServices", 5900, Some("VersionNT"), EXECUTE),
    action("RegisterUser", 6000, None, EXECUTE),
    action("RegisterProduct", 6100, None, EXECUTE),
    action("PublishComponents", 6200, None, ADVERTISE | EXECUTE),
    action("MsiPublishAssemblies", 6250, None, ADVERTISE | EXECUTE),
    action("PublishFeatures", 6300, None, ADVERTISE | EXECUTE),
    action("PublishProduct", 6400, None, ADVERTISE | EXECUTE),
    action("InstallExecute", 6500, Some("NOT Installed"), EXECUTE),
    action("InstallExecuteAgain", 6550, Some("NOT Installed"), EXECUTE),
    action("InstallFinalize", 6600, None, ADMIN_EXECUTE | ADVERTISE | EXECUTE),
];
