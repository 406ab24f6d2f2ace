//! Registration of COM servers, file types and type libraries.

use super::notation::*;
use crate::definition::Category::*;
use crate::definition::TableDef;

pub(super) static TABLES: &[TableDef] = &[
    table!("AppId", [
        s("AppId", 38).key().is(Guid),
        s("RemoteServerName", 255).null().is(Formatted),
        s("LocalService", 255).null().is(Text),
        s("ServiceParameters", 255).null().is(Text),
        s("DllSurrogate", 255).null().is(Text),
        i2("ActivateAtStorage").null().range(0, 1),
        i2("RunAsInteractiveUser").null().range(0, 1),
    ]),
    table!("Class", [
        s("CLSID", 38).key().is(Guid).says("The CLSID of an OLE factory."),
        s("Context", 32).key().is(Identifier).says("The numeric server context for this server. CLSCTX_xxxx"),
        s("Component_", 72).key().refers("Component", 1).is(Identifier).says("Required foreign key into the Component Table, specifying the component for which to return a path when called through LocateComponent."),
        s("ProgId_Default", 255).null().refers("ProgId", 1).is(Text).says("Optional ProgId associated with this CLSID."),
        l("Description", 255).null().is(Text).says("Localized description for the Class."),
        s("AppId_", 38).null().refers("AppId", 1).is(Guid).says("Optional AppID containing DCOM information for associated application (string GUID)."),
        s("FileTypeMask", 255).null().is(Text).says("Optional string containing information for the HKCRthis CLSID) key. If multiple patterns exist, they must be delimited by a semicolon, and numeric subkeys will be generated: 0,1,2..."),
        s("Icon_", 72).null().refers("Icon", 1).is(Identifier).says("Optional foreign key into the Icon Table, specifying the icon file associated with this CLSID. Will be written under the DefaultIcon key."),
        i2("IconIndex").null().range(-32767, 32767).says("Optional icon index."),
        s("DefInprocHandler", 32).null().one_of("1;2;3").is(Filename).says("Optional default inproc handler.  Only optionally provided if Context=CLSCTX_LOCAL_SERVER.  Typically \"ole32.dll\" or \"mapi32.dll\""),
        s("Argument", 255).null().is(Formatted).says("optional argument for LocalServers."),
        s("Feature_", 38).refers("Feature", 1).is(Identifier).says("Required foreign key into the Feature Table, specifying the feature to validate or install in order for the CLSID factory to be operational."),
        i2("Attributes").null().max(32767).says("Class registration attributes."),
    ]),
    table!("ProgId", [
        s("ProgId", 255).key().is(Text).says("The Program Identifier. Primary key."),
        s("ProgId_Parent", 255).null().refers("ProgId", 1).is(Text).says("The Parent Program Identifier. If specified, the ProgId column becomes a version independent prog id."),
        s("Class_", 38).null().refers("Class", 1).is(Guid).says("The CLSID of an OLE factory corresponding to the ProgId."),
        l("Description", 255).null().is(Text).says("Localized description for the Program identifier."),
        s("Icon_", 72).null().refers("Icon", 1).is(Identifier).says("Optional foreign key into the Icon Table, specifying the icon file associated with this ProgId. Will be written under the DefaultIcon key."),
        i2("IconIndex").null().range(-32767, 32767).says("Optional icon index."),
    ]),
    table!("Extension", [
        s("Extension", 255).key().is(Text).says("The extension associated with the table row."),
        s("Component_", 72).key().refers("Component", 1).is(Identifier).says("Required foreign key into the Component Table, specifying the component for which to return a path when called through LocateComponent."),
        s("ProgId_", 255).null().refers("ProgId", 1).is(Text).says("Optional ProgId associated with this extension."),
        s("MIME_", 64).null().refers("MIME", 1).is(Text).says("Optional Context identifier, typically \"type/format\" associated with the extension"),
        s("Feature_", 38).refers("Feature", 1).is(Identifier).says("Required foreign key into the Feature Table, specifying the feature to validate or install in order for the CLSID factory to be operational."),
    ]),
    table!("MIME", [
        s("ContentType", 64).key().is(Text).says("Primary key. Context identifier, typically \"type/format\"."),
        s("Extension_", 255).refers("Extension", 1).is(Text).says("Optional associated extension (without dot)"),
        s("CLSID", 38).null().is(Guid).says("Optional associated CLSID."),
    ]),
    table!("Verb", [
        s("Extension_", 255).key().refers("Extension", 1).is(Text).says("The extension associated with the table row."),
        s("Verb", 32).key().is(Text).says("The verb for the command."),
        i2("Sequence").null().range(0, 32767).says("Order within the verbs for a particular extension. Also used simply to specify the default verb."),
        l("Command", 255).null().is(Formatted).says("The command text."),
        l("Argument", 255).null().is(Formatted).says("Optional value for the command arguments."),
    ]),
    table!("TypeLib", [
        s("LibID", 38).key().is(Guid).says("The GUID that represents the library."),
        i2("Language").key().range(0, 32767).says("The language of the library."),
        s("Component_", 72).key().refers("Component", 1).is(Identifier).says("Required foreign key into the Component Table, specifying the component for which to return a path when called through LocateComponent."),
        i4("Version").null().range(0, 16777215).says("The version of the library. The minor version is in the lower 8 bits of the integer. The major version is in the next 16 bits. "),
        l("Description", 128).null().is(Text),
        s("Directory_", 72).null().refers("Directory", 1).is(Identifier).says("Optional. The foreign key into the Directory table denoting the path to the help file for the type library."),
        s("Feature_", 38).refers("Feature", 1).is(Identifier).says("Required foreign key into the Feature Table, specifying the feature to validate or install in order for the type library to be operational."),
        i4("Cost").null().range(0, 2147483647).says("The cost associated with the registration of the typelib. This column is currently optional."),
    ]),
    table!("Complus", [
        s("Component_", 72).key().refers("Component", 1).is(Identifier).says("Foreign key referencing Component that controls the ComPlus component."),
        i2("ExpType").null().range(0, 32767).says("ComPlus component attributes."),
    ]),
];
