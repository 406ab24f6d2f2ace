//! Product-wide tables: properties, conditions, upgrades, searches, messages, custom actions, cabinets and streams.

use super::notation::*;
use crate::definition::Category::*;
use crate::definition::TableDef;

pub(super) static TABLES: &[TableDef] = &[
    table!("Property", [
        s("Property", 72).key().is(Identifier).says("Name of property, uppercase if settable by launcher or loader."),
        l("Value", 0).is(Text).says("String value for property.  Never null or empty."),
    ]),
    table!("LaunchCondition", [
        s("Condition", 255).key().is(Condition).says("Expression which must evaluate to TRUE in order for install to commence."),
        l("Description", 255).is(Formatted).says("Localizable text to display when condition fails and install must abort."),
    ]),
    table!("Upgrade", [
        s("UpgradeCode", 38).key().is(Guid).says("The UpgradeCode GUID belonging to the products in this set."),
        s("VersionMin", 20).key().null().is(Text).says("The minimum ProductVersion of the products in this set.  The set may or may not include products with this particular version."),
        s("VersionMax", 20).key().null().is(Text).says("The maximum ProductVersion of the products in this set.  The set may or may not include products with this particular version."),
        s("Language", 255).key().null().is(Language).says("A comma-separated list of languages for either products in this set or products not in this set."),
        i4("Attributes").key().range(0, 2147483647).says("The attributes of this product set."),
        s("Remove", 255).null().is(Formatted).says("The list of features to remove when uninstalling a product from this set.  The default is \"ALL\"."),
        s("ActionProperty", 72).is(UpperCase).says("The property to set when a product in this set is found."),
    ]),
    table!("Error", [
        i2("Error").key().range(0, 32767).says("Integer error number, obtained from header file IError(...) macros."),
        l("Message", 0).null().is(Template).says("Error formatting template, obtained from user ed. or localizers."),
    ]),
    table!("ActionText", [
        s("Action", 72).key().is(Identifier).says("Name of action to be described."),
        l("Description", 0).null().is(Text).says("Localized description displayed in progress dialog and log when action is executing."),
        l("Template", 0).null().is(Template).says("Optional localized format template used to format action data records for display during action execution."),
    ]),
    table!("UIText", [
        s("Key", 72).key().is(Identifier).says("A unique key that identifies the particular string."),
        l("Text", 255).null().is(Text).says("The localized version of the string."),
    ]),
    table!("Binary", [
        s("Name", 72).key().is(Identifier).says("Unique key identifying the binary data."),
        object("Data").is(Binary).says("The unformatted binary data."),
    ]),
    table!("Icon", [
        s("Name", 72).key().is(Identifier).says("Primary key. Name of the icon file."),
        object("Data").is(Binary).says("Binary stream. The binary icon data in PE (.DLL or .EXE) or icon (.ICO) format."),
    ]),
    table!("CustomAction", [
        s("Action", 72).key().is(Identifier).says("Primary key, name of action, normally appears in sequence table unless private use."),
        i2("Type").range(1, 32767).says("The numeric custom action type, consisting of source location, code type, entry, option flags."),
        s("Source", 72).null().is(CustomSource).says("The table reference of the source of the code."),
        s("Target", 255).null().is(Formatted).says("Excecution parameter, depends on the type of custom action"),
        i4("ExtendedType").null().range(0, 2147483647).says("A numeric custom action type that extends code type or option flags of the Type column."),
    ]),
    table!("AppSearch", [
        s("Property", 72).key().is(Identifier).says("The property associated with a Signature"),
        s("Signature_", 72).key().refers("Signature;RegLocator;IniLocator;DrLocator;CompLocator", 1).is(Identifier).says("The Signature_ represents a unique file signature and is also the foreign key in the Signature,  RegLocator, IniLocator, CompLocator and the DrLocator tables."),
    ]),
    table!("CCPSearch", [
        s("Signature_", 72).key().refers("Signature;RegLocator;IniLocator;DrLocator;CompLocator", 1).is(Identifier).says("The Signature_ represents a unique file signature and is also the foreign key in the Signature,  RegLocator, IniLocator, CompLocator and the DrLocator tables."),
    ]),
    table!("CompLocator", [
        s("Signature_", 72).key().is(Identifier).says("The table key. The Signature_ represents a unique file signature and is also the foreign key in the Signature table."),
        s("ComponentId", 38).is(Guid).says("A string GUID unique to this component, version, and language."),
        i2("Type").null().range(0, 1).says("A boolean value that determines if the registry value is a filename or a directory location."),
    ]),
    table!("DrLocator", [
        s("Signature_", 72).key().is(Identifier).says("The Signature_ represents a unique file signature and is also the foreign key in the Signature table."),
        s("Parent", 72).key().null().is(Identifier).says("The parent file signature. It is also a foreign key in the Signature table. If null and the Path column does not expand to a full path, then all the fixed drives of the user system are searched using the Path."),
        s("Path", 255).key().null().is(AnyPath).says("The path on the user system. This is a either a subpath below the value of the Parent or a full path. The path may contain properties enclosed within [ ] that will be expanded."),
        i2("Depth").null().range(0, 32767).says("The depth below the path to which the Signature_ is recursively searched. If absent, the depth is assumed to be 0."),
    ]),
    table!("IniLocator", [
        s("Signature_", 72).key().is(Identifier).says("The table key. The Signature_ represents a unique file signature and is also the foreign key in the Signature table."),
        s("FileName", 255).is(Filename).says("The .INI file name."),
        s("Section", 96).is(Text).says("Section name within in file (within square brackets in INI file)."),
        s("Key", 128).is(Text).says("Key value (followed by an equals sign in INI file)."),
        i2("Field").null().range(0, 32767).says("The field in the .INI line. If Field is null or 0 the entire line is read."),
        i2("Type").null().range(0, 2).says("An integer value that determines if the .INI value read is a filename or a directory location or to be used as is w/o interpretation."),
    ]),
    table!("RegLocator", [
        s("Signature_", 72).key().is(Identifier).says("The table key. The Signature_ represents a unique file signature and is also the foreign key in the Signature table. If the type is 0, the registry values refers a directory, and _Signature is not a foreign key."),
        i2("Root").range(0, 3).says("The predefined root key for the registry value, one of rrkEnum."),
        s("Key", 255).is(RegPath).says("The key for the registry value."),
        s("Name", 255).null().is(Formatted).says("The registry value name."),
        i2("Type").null().range(0, 18).says("An integer value that determines if the registry value is a filename or a directory location or to be used as is w/o interpretation."),
    ]),
    table!("Signature", [
        s("Signature", 72).key().is(Identifier).says("The table key. The Signature represents a unique file signature."),
        s("FileName", 255).is(Text).says("The name of the file. This may contain a \"short name|long name\" pair."),
        s("MinVersion", 20).null().is(Text).says("The minimum version of the file."),
        s("MaxVersion", 20).null().is(Text).says("The maximum version of the file."),
        i4("MinSize").null().range(0, 2147483647).says("The minimum size of the file."),
        i4("MaxSize").null().range(0, 2147483647).says("The maximum size of the file. "),
        i4("MinDate").null().range(0, 2147483647).says("The minimum creation date of the file."),
        i4("MaxDate").null().range(0, 2147483647).says("The maximum creation date of the file."),
        s("Languages", 255).null().is(Language).says("The languages supported by the file."),
    ]),
    table!("Media", [
        i2("DiskId").key().range(1, 32767).says("Primary key, integer to determine sort order for table."),
        i4("LastSequence").range(0, 2147483647).says("File sequence number for the last file for this media."),
        l("DiskPrompt", 64).null().is(Text).says("Disk name: the visible text actually printed on the disk.  This will be used to prompt the user when this disk needs to be inserted."),
        s("Cabinet", 255).null().is(Cabinet).says("If some or all of the files stored on the media are compressed in a cabinet, the name of that cabinet."),
        s("VolumeLabel", 32).null().is(Text).says("The label attributed to the volume."),
        s("Source", 72).null().is(Property).says("The property defining the location of the cabinet file."),
    ]),
    table!("MsiEmbeddedChainer", [
        s("MsiEmbeddedChainer", 72).key().is(Identifier).says("The primary key for the table."),
        s("Condition", 255).null().is(Condition).says("A conditional statement for running the user-defined function."),
        s("CommandLine", 255).null().is(Formatted).says("The value in this field is a part of the command line string passed to the executable file identified in the Source column."),
        s("Source", 72).is(CustomSource).says("The location of the executable file for the user-defined function."),
        i2("Type").one_of("2;18;50").says("The functions listed in the MsiEmbeddedChainer table are described using the following custom action numeric types."),
    ]),
    table!("MsiEmbeddedUI", [
        s("MsiEmbeddedUI", 72).key().is(Identifier).says("The primary key for the table."),
        l("FileName", 255).is(Text).says("The name of the file that receives the binary information in the Data column."),
        i2("Attributes").one_of("0;1;2;3").says("Information about the data in the Data column."),
        i4("MessageFilter").null().says("Specifies the types of messages that are sent to the user interface DLL."),
        object("Data").is(Binary).says("This column contains binary information."),
    ]),
    table!("MsiDigitalCertificate", [
        s("DigitalCertificate", 72).key().is(Identifier).says("A unique identifier for the row"),
        object("CertData").is(Binary).says("A certificate context blob for a signer certificate"),
    ]),
    table!("MsiDigitalSignature", [
        s("Table", 32).key().one_of("Media").says("Reference to another table name (only Media table is supported)"),
        s("SignObject", 72).key().is(Text).says("Foreign key to Media table"),
        s("DigitalCertificate_", 72).refers("MsiDigitalCertificate", 1).is(Identifier).says("Foreign key to MsiDigitalCertificate table identifying the signer certificate"),
        object("Hash").null().is(Binary).says("The encoded hash blob from the digital signature"),
    ]),
    table!("MsiPackageCertificate", [
        s("PackageCertificate", 72).key().is(Identifier).says("Primary key. A unique identifier for the row."),
        s("DigitalCertificate_", 72).key().refers("MsiDigitalCertificate", 1).is(Identifier).says("Foreign key to MsiDigitalCertificate table identifying the signer certificate."),
    ]),
];
