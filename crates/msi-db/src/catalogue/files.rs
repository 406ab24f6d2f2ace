//! What is installed where: features, components, directories, files.

use super::notation::*;
use crate::definition::Category::*;
use crate::definition::TableDef;

pub(super) static TABLES: &[TableDef] = &[
    table!("Feature", [
        s("Feature", 38).key().is(Identifier).says("Primary key used to identify a particular feature record."),
        s("Feature_Parent", 38).null().refers("Feature", 1).is(Identifier).says("Optional key of a parent record in the same table. If the parent is not selected, then the record will not be installed. Null indicates a root item."),
        l("Title", 64).null().is(Text).says("Short text identifying a visible feature item."),
        l("Description", 255).null().is(Text).says("Longer descriptive text describing a visible feature item."),
        i2("Display").null().range(0, 32767).says("Numeric sort order, used to force a specific display ordering."),
        i2("Level").range(0, 32767).says("The install level at which record will be initially selected. An install level of 0 will disable an item and prevent its display."),
        s("Directory_", 72).null().refers("Directory", 1).is(UpperCase).says("The name of the Directory that can be configured by the UI. A non-null value will enable the browse button."),
        i2("Attributes").one_of("0;1;2;4;5;6;8;9;10;16;17;18;20;21;22;24;25;26;32;33;34;36;37;38;48;49;50;52;53;54").says("Feature attributes"),
    ]),
    table!("Condition", [
        s("Feature_", 38).key().refers("Feature", 1).is(Identifier).says("Reference to a Feature entry in Feature table."),
        i2("Level").key().range(0, 32767).says("New selection Level to set in Feature table if Condition evaluates to TRUE."),
        s("Condition", 255).null().is(Condition).says("Expression evaluated to determine if Level in the Feature table is to change."),
    ]),
    table!("FeatureComponents", [
        s("Feature_", 38).key().refers("Feature", 1).is(Identifier).says("Foreign key into Feature table."),
        s("Component_", 72).key().refers("Component", 1).is(Identifier).says("Foreign key into Component table."),
    ]),
    table!("Component", [
        s("Component", 72).key().is(Identifier).says("Primary key used to identify a particular component record."),
        s("ComponentId", 38).null().is(Guid).says("A string GUID unique to this component, version, and language."),
        s("Directory_", 72).refers("Directory", 1).is(Identifier).says("Required key of a Directory table record. This is actually a property name whose value contains the actual path, set either by the AppSearch action or with the default setting obtained from the Directory table."),
        i2("Attributes").says("Remote execution option, one of irsEnum"),
        s("Condition", 255).null().is(Condition).says("A conditional statement that will disable this component if the specified condition evaluates to the 'True' state. If a component is disabled, it will not be installed, regardless of the 'Action' state associated with the component."),
        s("KeyPath", 72).null().refers("File;Registry;ODBCDataSource", 1).is(Identifier).says("Either the primary key into the File table, Registry table, or ODBCDataSource table. This extract path is stored when the component is installed, and is used to detect the presence of the component and to return the path to it."),
    ]),
    table!("PublishComponent", [
        s("ComponentId", 38).key().is(Guid).says("A string GUID that represents the component id that will be requested by the alien product."),
        s("Qualifier", 255).key().is(Text).says("This is defined only when the ComponentId column is an Qualified Component Id. This is the Qualifier for ProvideComponentIndirect."),
        s("Component_", 72).key().refers("Component", 1).is(Identifier).says("Foreign key into the Component table."),
        l("AppData", 0).null().is(Text).says("This is localisable Application specific data that can be associated with a Qualified Component."),
        s("Feature_", 38).refers("Feature", 1).is(Identifier).says("Foreign key into the Feature table."),
    ]),
    table!("Directory", [
        s("Directory", 72).key().is(Identifier).says("Unique identifier for directory entry, primary key. If a property by this name is defined, it contains the full path to the directory."),
        s("Directory_Parent", 72).null().refers("Directory", 1).is(Identifier).says("Reference to the entry in this table specifying the default parent directory. A record parented to itself or with a Null parent represents a root of the install tree."),
        l("DefaultDir", 255).is(DefaultDir).says("The default sub-path under parent's path."),
    ]),
    table!("CreateFolder", [
        s("Directory_", 72).key().refers("Directory", 1).is(Identifier).says("Primary key, could be foreign key into the Directory table."),
        s("Component_", 72).key().refers("Component", 1).is(Identifier).says("Foreign key into the Component table."),
    ]),
    table!("File", [
        s("File", 72).key().is(Identifier).says("Primary key, non-localized token, must match identifier in cabinet.  For uncompressed files, this field is ignored."),
        s("Component_", 72).refers("Component", 1).is(Identifier).says("Foreign key referencing Component that controls the file."),
        l("FileName", 255).is(Filename).says("File name used for installation, may be localized.  This may contain a \"short name|long name\" pair."),
        i4("FileSize").range(0, 2147483647).says("Size of file in bytes (long integer)."),
        s("Version", 72).null().refers("File", 1).is(Version).says("Version string for versioned files;  Blank for unversioned files."),
        s("Language", 20).null().is(Language).says("List of decimal language Ids, comma-separated if more than one."),
        i2("Attributes").null().range(0, 32767).says("Integer containing bit flags representing file attributes (with the decimal value of each bit position in parentheses)"),
        i4("Sequence").range(1, 2147483647).says("Sequence with respect to the media images; order must track cabinet order."),
    ]),
    table!("FileSFPCatalog", [
        s("File_", 72).key().refers("File", 1).is(Identifier).says("File associated with the catalog"),
        s("SFPCatalog_", 255).key().refers("SFPCatalog", 1).is(Filename).says("Catalog associated with the file"),
    ]),
    table!("SFPCatalog", [
        s("SFPCatalog", 255).key().is(Filename).says("File name for the catalog."),
        object("Catalog").is(Binary).says("SFP Catalog"),
        s("Dependency", 0).null().is(Formatted).says("Parent catalog - only used by SFP"),
    ]),
    table!("BindImage", [
        s("File_", 72).key().refers("File", 1).is(Identifier).says("The index into the File table. This must be an executable file."),
        s("Path", 255).null().is(Paths).says("A list of ;  delimited paths that represent the paths to be searched for the import DLLS. The list is usually a list of properties each enclosed within square brackets [] ."),
    ]),
    table!("DuplicateFile", [
        s("FileKey", 72).key().is(Identifier).says("Primary key used to identify a particular file entry"),
        s("Component_", 72).refers("Component", 1).is(Identifier).says("Foreign key referencing Component that controls the duplicate file."),
        s("File_", 72).refers("File", 1).is(Identifier).says("Foreign key referencing the source file to be duplicated."),
        l("DestName", 255).null().is(Filename).says("Filename to be given to the duplicate file."),
        s("DestFolder", 72).null().is(Identifier).says("Name of a property whose value is assumed to resolve to the full pathname to a destination folder."),
    ]),
    table!("MoveFile", [
        s("FileKey", 72).key().is(Identifier).says("Primary key that uniquely identifies a particular MoveFile record"),
        s("Component_", 72).refers("Component", 1).is(Identifier).says("If this component is not \"selected\" for installation or removal, no action will be taken on the associated MoveFile entry"),
        l("SourceName", 255).null().is(Text).says("Name of the source file(s) to be moved or copied.  Can contain the '*' or '?' wildcards."),
        l("DestName", 255).null().is(Filename).says("Name to be given to the original file after it is moved or copied.  If blank, the destination file will be given the same name as the source file"),
        s("SourceFolder", 72).null().is(Identifier).says("Name of a property whose value is assumed to resolve to the full path to the source directory"),
        s("DestFolder", 72).is(Identifier).says("Name of a property whose value is assumed to resolve to the full path to the destination directory"),
        i2("Options").range(0, 1).says("Integer value specifying the MoveFile operating mode, one of imfoEnum"),
    ]),
    table!("RemoveFile", [
        s("FileKey", 72).key().is(Identifier).says("Primary key used to identify a particular file entry"),
        s("Component_", 72).refers("Component", 1).is(Identifier).says("Foreign key referencing Component that controls the file to be removed."),
        l("FileName", 255).null().is(WildCardFilename).says("Name of the file to be removed."),
        s("DirProperty", 72).is(Identifier).says("Name of a property whose value is assumed to resolve to the full pathname to the folder of the file to be removed."),
        i2("InstallMode").one_of("1;2;3").says("Installation option, one of iimEnum."),
    ]),
    table!("ReserveCost", [
        s("ReserveKey", 72).key().is(Identifier).says("Primary key that uniquely identifies a particular ReserveCost record"),
        s("Component_", 72).refers("Component", 1).is(Identifier).says("Reserve a specified amount of space if this component is to be installed."),
        s("ReserveFolder", 72).null().is(Identifier).says("Name of a property whose value is assumed to resolve to the full path to the destination directory"),
        i4("ReserveLocal").range(0, 2147483647).says("Disk space to reserve if linked component is installed locally."),
        i4("ReserveSource").range(0, 2147483647).says("Disk space to reserve if linked component is installed to run from the source location."),
    ]),
    table!("IsolatedComponent", [
        s("Component_Shared", 72).key().refers("Component", 1).is(Identifier).says("Key to Component table item to be isolated"),
        s("Component_Application", 72).key().refers("Component", 1).is(Identifier).says("Key to Component table item for application"),
    ]),
    table!("MsiFileHash", [
        s("File_", 72).key().refers("File", 1).is(Identifier).says("Primary key, foreign key into File table referencing file with this hash"),
        i2("Options").range(0, 32767).says("Various options and attributes for this hash."),
        i4("HashPart1").says("Size of file in bytes (long integer)."),
        i4("HashPart2").says("Size of file in bytes (long integer)."),
        i4("HashPart3").says("Size of file in bytes (long integer)."),
        i4("HashPart4").says("Size of file in bytes (long integer)."),
    ]),
    table!("MsiAssembly", [
        s("Component_", 72).key().refers("Component", 1).is(Identifier).says("Foreign key into Component table."),
        s("Feature_", 38).refers("Feature", 1).is(Identifier).says("Foreign key into Feature table."),
        s("File_Manifest", 72).null().refers("File", 1).is(Identifier).says("Foreign key into the File table denoting the manifest file for the assembly."),
        s("File_Application", 72).null().refers("File", 1).is(Identifier).says("Foreign key into File table, denoting the application context for private assemblies. Null for global assemblies."),
        i2("Attributes").null().says("Assembly attributes"),
    ]),
    table!("MsiAssemblyName", [
        s("Component_", 72).key().refers("Component", 1).is(Identifier).says("Foreign key into Component table."),
        s("Name", 255).key().is(Text).says("The name part of the name-value pairs for the assembly name."),
        s("Value", 255).is(Text).says("The value part of the name-value pairs for the assembly name."),
    ]),
    table!("Font", [
        s("File_", 72).key().refers("File", 1).is(Identifier).says("Primary key, foreign key into File table referencing font file."),
        s("FontTitle", 128).null().is(Text).says("Font name."),
    ]),
    table!("SelfReg", [
        s("File_", 72).key().refers("File", 1).is(Identifier).says("Foreign key into the File table denoting the module that needs to be registered."),
        i2("Cost").null().range(0, 32767).says("The cost of registering the module."),
    ]),
    table!("MsiSFCBypass", [s("File_", 72).key().is(Identifier).says("foreign key to File.File")]),
];
