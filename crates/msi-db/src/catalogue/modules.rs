//! Merge modules.

use super::notation::*;
use crate::definition::Category::*;
use crate::definition::TableDef;

pub(super) static TABLES: &[TableDef] = &[
    table!(
        "ModuleAdminExecuteSequence",
        [
            s("Action", 64).key().is(Identifier).says("Action to insert"),
            i2("Sequence").null().range(-4, 32767).says("Standard Sequence number"),
            s("BaseAction", 64)
                .null()
                .refers("ModuleAdminExecuteSequence", 1)
                .is(Identifier)
                .says("Base action to determine insert location."),
            i2("After").null().range(0, 1).says("Before (0) or After (1)"),
            s("Condition", 255).null().is(Condition),
        ]
    ),
    table!(
        "ModuleAdminUISequence",
        [
            s("Action", 64).key().is(Identifier).says("Action to insert"),
            i2("Sequence").null().range(-4, 32767).says("Standard Sequence number"),
            s("BaseAction", 64)
                .null()
                .refers("ModuleAdminUISequence", 1)
                .is(Identifier)
                .says("Base action to determine insert location."),
            i2("After").null().range(0, 1).says("Before (0) or After (1)"),
            s("Condition", 255).null().is(Condition),
        ]
    ),
    table!(
        "ModuleAdvtExecuteSequence",
        [
            s("Action", 64).key().is(Identifier).says("Action to insert"),
            i2("Sequence").null().range(-4, 32767).says("Standard Sequence number"),
            s("BaseAction", 64)
                .null()
                .refers("ModuleAdvtExecuteSequence", 1)
                .is(Identifier)
                .says("Base action to determine insert location."),
            i2("After").null().range(0, 1).says("Before (0) or After (1)"),
            s("Condition", 255).null().is(Condition),
        ]
    ),
    table!(
        "ModuleAdvtUISequence",
        [
            s("Action", 64).key().is(Identifier).says("Action to insert"),
            i2("Sequence").null().range(-4, 32767).says("Standard Sequence number"),
            s("BaseAction", 64)
                .null()
                .refers("ModuleAdvtUISequence", 1)
                .is(Identifier)
                .says("Base action to determine insert location."),
            i2("After").null().range(0, 1).says("Before (0) or After (1)"),
            s("Condition", 255).null().is(Condition),
        ]
    ),
    table!(
        "ModuleComponents",
        [
            s("Component", 72)
                .key()
                .refers("Component", 1)
                .is(Identifier)
                .says("Component contained in the module."),
            s("ModuleID", 72)
                .key()
                .refers("ModuleSignature", 1)
                .is(Identifier)
                .says("Module containing the component."),
            i2("Language")
                .localizable()
                .key()
                .refers("ModuleSignature", 2)
                .says("Default language ID for module (may be changed by transform)."),
        ]
    ),
    table!(
        "ModuleSignature",
        [
            s("ModuleID", 72).key().is(Identifier).says("Module identifier (String.GUID)."),
            i2("Language").localizable().key().says("Default decimal language of module."),
            s("Version", 32).is(Version).says("Version of the module."),
        ]
    ),
    table!(
        "ModuleConfiguration",
        [
            s("Name", 72).key().is(Identifier).says("Unique identifier for this row."),
            i2("Format").range(0, 3).says("Format of this item."),
            s("Type", 72).null().is(Identifier).says("Additional type information for this item."),
            l("ContextData", 0).null().is(Text).says("Additional context information about this item."),
            l("DefaultValue", 0).null().is(Text).says("Default value for this item."),
            i4("Attributes").null().range(0, 3).says("Additional type-specific attributes."),
            l("DisplayName", 72).null().is(Text).says("A short human-readable name for this item."),
            l("Description", 0).null().is(Text).says("A human-readable description."),
            s("HelpLocation", 0)
                .null()
                .is(Text)
                .says("Filename or namespace of the context-sensitive help for this item."),
            s("HelpKeyword", 0).null().is(Text).says("Keyword index into the HelpLocation for this item."),
        ]
    ),
    table!(
        "ModuleDependency",
        [
            s("ModuleID", 72)
                .key()
                .refers("ModuleSignature", 1)
                .is(Identifier)
                .says("Module requiring the dependency."),
            i2("ModuleLanguage")
                .localizable()
                .key()
                .refers("ModuleSignature", 2)
                .says("Language of module requiring the dependency."),
            s("RequiredID", 72).key().says("String.GUID of required module."),
            i2("RequiredLanguage").localizable().key().says("LanguageID of the required module."),
            s("RequiredVersion", 32).null().is(Version).says("Version of the required version."),
        ]
    ),
    table!(
        "ModuleExclusion",
        [
            s("ModuleID", 72)
                .key()
                .refers("ModuleSignature", 1)
                .is(Identifier)
                .says("String.GUID of module with exclusion requirement."),
            i2("ModuleLanguage")
                .localizable()
                .key()
                .refers("ModuleSignature", 2)
                .says("LanguageID of module with exclusion requirement."),
            s("ExcludedID", 72).key().says("String.GUID of excluded module."),
            i2("ExcludedLanguage").localizable().key().says("Language of excluded module."),
            s("ExcludedMinVersion", 32).null().is(Version).says("Minimum version of excluded module."),
            s("ExcludedMaxVersion", 32).null().is(Version).says("Maximum version of excluded module."),
        ]
    ),
    table!(
        "ModuleIgnoreTable",
        [s("Table", 72).key().is(Identifier).says("Table name to ignore during merge operation."),]
    ),
    table!(
        "ModuleInstallExecuteSequence",
        [
            s("Action", 64).key().is(Identifier).says("Action to insert"),
            i2("Sequence").null().range(-4, 32767).says("Standard Sequence number"),
            s("BaseAction", 64)
                .null()
                .refers("ModuleInstallExecuteSequence", 1)
                .is(Identifier)
                .says("Base action to determine insert location."),
            i2("After").null().range(0, 1).says("Before (0) or After (1)"),
            s("Condition", 255).null().is(Condition),
        ]
    ),
    table!(
        "ModuleInstallUISequence",
        [
            s("Action", 64).key().is(Identifier).says("Action to insert"),
            i2("Sequence").null().range(-4, 32767).says("Standard Sequence number"),
            s("BaseAction", 64)
                .null()
                .refers("ModuleInstallUISequence", 1)
                .is(Identifier)
                .says("Base action to determine insert location."),
            i2("After").null().range(0, 1).says("Before (0) or After (1)"),
            s("Condition", 255).null().is(Condition),
        ]
    ),
    table!(
        "ModuleSubstitution",
        [
            s("Table", 72).key().is(Identifier).says("Table containing the data to be modified."),
            s("Row", 0).key().is(Text).says("Row containing the data to be modified."),
            s("Column", 72).key().is(Identifier).says("Column containing the data to be modified."),
            l("Value", 0).null().is(Text).says("Template for modification data."),
        ]
    ),
];
