//! Diagnostic codes of the binder.

use diagnostics::Code;

/// A file that goes into the package is nowhere.
pub const FILE_NOT_FOUND: Code = Code("BND0001");
/// A file was found only when case was ignored.
pub const FILE_CASE: Code = Code("BND0002");
/// A file or folder could not be read or written.
pub const IO: Code = Code("BND0003");
/// A file, a cabinet or the package is larger than Windows Installer can use.
pub const TOO_LARGE: Code = Code("BND0004");
/// A row does not fit its table.
pub const ROW: Code = Code("BND0005");
/// Two rows of a table have the same primary key.
pub const DUPLICATE_ROW: Code = Code("BND0006");
/// A text has a character that the code page lacks.
pub const CODEPAGE: Code = Code("BND0007");
/// A component cannot have a generated GUID.
pub const COMPONENT_GUID: Code = Code("BND0008");
/// A directory is missing or lies in a circle.
pub const DIRECTORY: Code = Code("BND0009");
/// Media, cabinets and files do not fit together.
pub const MEDIA: Code = Code("BND0010");
/// A `!(bind.X)` names nothing.
pub const BIND_VARIABLE: Code = Code("BND0011");
/// A version or language of a file is not what the source says.
pub const FILE_VERSION: Code = Code("BND0012");
/// A property that every product needs is missing or malformed.
pub const PROPERTY: Code = Code("BND0013");
/// A cabinet could not be made.
pub const CABINET: Code = Code("BND0015");
/// The database could not be written.
pub const DATABASE: Code = Code("BND0016");
/// An assembly is none, or not one that its place permits.
pub const ASSEMBLY: Code = Code("BND0018");
/// A merge module cannot be merged, or not as it asks for.
pub const MODULE: Code = Code("BND0020");
/// A summary information property is malformed.
pub const SUMMARY: Code = Code("BND0017");
/// An extension that was asked for is not known.
pub const EXTENSION: Code = Code("BND0019");
/// A language cannot be embedded, or its transform would change more than texts.
pub const LANGUAGE: Code = Code("BND0021");
