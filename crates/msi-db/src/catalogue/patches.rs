//! Patches, as a package or a patch carries them.

use super::notation::*;
use crate::definition::Category::*;
use crate::definition::TableDef;

pub(super) static TABLES: &[TableDef] = &[
    table!("Patch", [
        s("File_", 72).key().is(Identifier).says("Primary key, non-localized token, foreign key to File table, must match identifier in cabinet."),
        i4("Sequence").key().range(0, 2147483647).says("Primary key, sequence with respect to the media images; order must track cabinet order."),
        i4("PatchSize").range(0, 2147483647).says("Size of patch in bytes (long integer)."),
        i2("Attributes").range(0, 32767).says("Integer containing bit flags representing patch attributes"),
        object("Header").null().is(Binary).says("Binary stream. The patch header, used for patch validation."),
        s("StreamRef_", 38).null().is(Identifier).says("Identifier. Foreign key to the StreamRef column of the MsiPatchHeaders table."),
    ]),
    table!("PatchPackage", [
        s("PatchId", 38).key().is(Guid).says("A unique string GUID representing this patch."),
        i2("Media_").range(0, 32767).says("Foreign key to DiskId column of Media table. Indicates the disk containing the patch package."),
    ]),
    table!("MsiPatchCertificate", [
        s("PatchCertificate", 72).key().is(Identifier).says("Primary key. A unique identifier for the row."),
        s("DigitalCertificate_", 72).key().refers("MsiDigitalCertificate", 1).is(Identifier).says("Foreign key to MsiDigitalCertificate table identifying the signer certificate."),
    ]),
    table!("MsiPatchHeaders", [
        s("StreamRef", 38).key().is(Identifier).says("Primary key. A unique identifier for the row."),
        object("Header").is(Binary).says("Binary stream. The patch header, used for patch validation."),
    ]),
    table!("MsiPatchMetadata", [
        s("Company", 72).key().null(),
        s("Property", 72).key(),
        l("Value", 0),
    ]),
    table!("MsiPatchOldAssemblyFile", [
        s("File_", 72).key().refers("File", 1).is(Identifier).says("Foreign key into File table. Patch-only table."),
        s("Assembly_", 72).key().refers("MsiPatchOldAssemblyName", 1).is(Identifier).says("Foreign key into MsiPatchOldAssemblyName table."),
    ]),
    table!("MsiPatchOldAssemblyName", [
        s("Assembly", 72).key().is(Identifier).says("A unique identifier for the row."),
        s("Name", 255).key().is(Text).says("The name part of the name-value pairs for the assembly name. This represents the old name for the assembly."),
        s("Value", 255).is(Text).says("The value part of the name-value pairs for the assembly name. This represents the old name for the assembly."),
    ]),
    table!("MsiPatchSequence", [
        s("PatchFamily", 72).key(),
        s("ProductCode", 38).key().null(),
        s("Sequence", 72),
        i4("Attributes").null(),
    ]),
];
