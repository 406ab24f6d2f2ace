//! Which standard actions a package needs: some always, the others because of the tables it has.

use crate::ir::SequenceTable::{
    self, AdminExecuteSequence as AdminExecute, AdminUISequence as AdminUI, AdvtExecuteSequence as Advertise,
    InstallExecuteSequence as Execute, InstallUISequence as UI,
};
use std::collections::BTreeSet;

/// Actions of every product, by sequence.
const ALWAYS: &[(SequenceTable, &[&str])] = &[
    (
        AdminExecute,
        &[
            "CostFinalize",
            "CostInitialize",
            "FileCost",
            "InstallAdminPackage",
            "InstallFiles",
            "InstallFinalize",
            "InstallInitialize",
            "InstallValidate",
        ],
    ),
    (AdminUI, &["CostFinalize", "CostInitialize", "ExecuteAction", "FileCost"]),
    (
        Advertise,
        &[
            "CostFinalize",
            "CostInitialize",
            "InstallFinalize",
            "InstallInitialize",
            "InstallValidate",
            "PublishFeatures",
            "PublishProduct",
        ],
    ),
    (
        Execute,
        &[
            "CostFinalize",
            "CostInitialize",
            "FileCost",
            "InstallFinalize",
            "InstallInitialize",
            "InstallValidate",
            "ProcessComponents",
            "PublishFeatures",
            "PublishProduct",
            "RegisterProduct",
            "RegisterUser",
            "UnpublishFeatures",
            "ValidateProductID",
        ],
    ),
    (UI, &["CostFinalize", "CostInitialize", "ExecuteAction", "FileCost", "ValidateProductID"]),
];

/// Actions that a table brings.
const BY_TABLE: &[(&str, &[(SequenceTable, &str)])] = &[
    ("AppSearch", &[(Execute, "AppSearch"), (UI, "AppSearch")]),
    ("BindImage", &[(Execute, "BindImage")]),
    (
        "CCPSearch",
        &[
            (Execute, "AppSearch"),
            (Execute, "CCPSearch"),
            (Execute, "RMCCPSearch"),
            (UI, "AppSearch"),
            (UI, "CCPSearch"),
            (UI, "RMCCPSearch"),
        ],
    ),
    (
        "Class",
        &[(Advertise, "RegisterClassInfo"), (Execute, "RegisterClassInfo"), (Execute, "UnregisterClassInfo")],
    ),
    ("Complus", &[(Execute, "RegisterComPlus"), (Execute, "UnregisterComPlus")]),
    ("CreateFolder", &[(Execute, "CreateFolders"), (Execute, "RemoveFolders")]),
    ("DuplicateFile", &[(Execute, "DuplicateFiles"), (Execute, "RemoveDuplicateFiles")]),
    ("Environment", &[(Execute, "WriteEnvironmentStrings"), (Execute, "RemoveEnvironmentStrings")]),
    (
        "Extension",
        &[
            (Advertise, "RegisterExtensionInfo"),
            (Execute, "RegisterExtensionInfo"),
            (Execute, "UnregisterExtensionInfo"),
        ],
    ),
    ("File", &[(Execute, "InstallFiles"), (Execute, "RemoveFiles")]),
    ("Font", &[(Execute, "RegisterFonts"), (Execute, "UnregisterFonts")]),
    ("IniFile", &[(Execute, "WriteIniValues"), (Execute, "RemoveIniValues")]),
    ("RemoveIniFile", &[(Execute, "WriteIniValues"), (Execute, "RemoveIniValues")]),
    ("IsolatedComponent", &[(Execute, "IsolateComponents")]),
    ("LaunchCondition", &[(Execute, "LaunchConditions"), (UI, "LaunchConditions")]),
    (
        "MIME",
        &[(Advertise, "RegisterMIMEInfo"), (Execute, "RegisterMIMEInfo"), (Execute, "UnregisterMIMEInfo")],
    ),
    ("MoveFile", &[(Execute, "MoveFiles")]),
    (
        "MsiAssembly",
        &[
            (Advertise, "MsiPublishAssemblies"),
            (Execute, "MsiPublishAssemblies"),
            (Execute, "MsiUnpublishAssemblies"),
        ],
    ),
    ("MsiServiceConfig", &[(Execute, "MsiConfigureServices")]),
    ("MsiServiceConfigFailureActions", &[(Execute, "MsiConfigureServices")]),
    ("ODBCDataSource", ODBC),
    ("ODBCTranslator", ODBC),
    ("ODBCDriver", ODBC),
    (
        "ProgId",
        &[
            (Advertise, "RegisterProgIdInfo"),
            (Execute, "RegisterProgIdInfo"),
            (Execute, "UnregisterProgIdInfo"),
        ],
    ),
    (
        "PublishComponent",
        &[(Advertise, "PublishComponents"), (Execute, "PublishComponents"), (Execute, "UnpublishComponents")],
    ),
    ("Registry", &[(Execute, "WriteRegistryValues"), (Execute, "RemoveRegistryValues")]),
    ("RemoveRegistry", &[(Execute, "WriteRegistryValues"), (Execute, "RemoveRegistryValues")]),
    ("RemoveFile", &[(Execute, "RemoveFiles")]),
    ("SelfReg", &[(Execute, "SelfRegModules"), (Execute, "SelfUnregModules")]),
    ("ServiceControl", &[(Execute, "StartServices"), (Execute, "StopServices"), (Execute, "DeleteServices")]),
    ("ServiceInstall", &[(Execute, "InstallServices")]),
    (
        "Shortcut",
        &[(Advertise, "CreateShortcuts"), (Execute, "CreateShortcuts"), (Execute, "RemoveShortcuts")],
    ),
    ("TypeLib", &[(Execute, "RegisterTypeLibraries"), (Execute, "UnregisterTypeLibraries")]),
    ("Upgrade", &[(Execute, "FindRelatedProducts"), (UI, "FindRelatedProducts")]),
];

const ODBC: &[(SequenceTable, &str)] =
    &[(Execute, "SetODBCFolders"), (Execute, "InstallODBC"), (Execute, "RemoveODBC")];

/// Actions that an Upgrade table brings when one of its rows migrates feature states.
const MIGRATING: &[(SequenceTable, &str)] =
    &[(Execute, "MigrateFeatureStates"), (UI, "MigrateFeatureStates")];

/// The standard actions of a package with these tables.
pub(super) fn actions(
    has_table: impl Fn(&str) -> bool,
    migrates_features: bool,
) -> BTreeSet<(SequenceTable, &'static str)> {
    let always =
        ALWAYS.iter().flat_map(|(sequence, actions)| actions.iter().map(|&action| (*sequence, action)));
    let by_table = BY_TABLE
        .iter()
        .filter(|(table, _)| has_table(table))
        .flat_map(|(_, actions)| actions.iter().copied());
    let migrating = MIGRATING.iter().copied().filter(|_| migrates_features);
    always.chain(by_table).chain(migrating).collect()
}

#[cfg(test)]
mod tests {
    use super::super::standard_actions;
    use super::{ALWAYS, BY_TABLE, MIGRATING};

    #[test]
    fn every_required_action_has_a_standard_place() {
        let always =
            ALWAYS.iter().flat_map(|(sequence, actions)| actions.iter().map(|&action| (*sequence, action)));
        let by_table = BY_TABLE.iter().flat_map(|(_, actions)| actions.iter().copied());
        for (sequence, action) in always.chain(by_table).chain(MIGRATING.iter().copied()) {
            assert!(standard_actions::find(sequence, action).is_some(), "{action} in {sequence:?}");
        }
    }
}
