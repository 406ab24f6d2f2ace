//! Diagnostic codes of the front half: 1xx text and preprocessor, 2xx vocabulary and attribute values, 3xx meaning.

use diagnostics::Code;

/// The text is no well-formed XML, or can't be read.
pub const MALFORMED_XML: Code = Code("WXS0101");
/// A source, include or localization file is missing or unreadable.
pub const UNREADABLE: Code = Code("WXS0102");
/// A preprocessor instruction is unknown, misplaced, unfinished or written wrongly.
pub const INSTRUCTION: Code = Code("WXS0103");
/// A `$(…)` names nothing that is defined, or is written wrongly.
pub const PREPROCESSOR_VARIABLE: Code = Code("WXS0104");
/// A condition of `<?if?>` or `<?elseif?>` can't be understood.
pub const EXPRESSION: Code = Code("WXS0105");
/// `<?error?>` was reached.
pub const AUTHORED_ERROR: Code = Code("WXS0106");
/// `<?warning?>` was reached.
pub const AUTHORED_WARNING: Code = Code("WXS0107");
/// A preprocessor variable was given another value.
pub const REDEFINED: Code = Code("WXS0108");
/// A file includes itself, directly or through others.
pub const INCLUDE_CYCLE: Code = Code("WXS0109");
/// Something in the text is deeper or more than the compiler takes.
pub const LIMIT: Code = Code("WXS0110");

/// No element of this name exists.
pub const UNKNOWN_ELEMENT: Code = Code("WXS0201");
/// The element exists, but not here.
pub const MISPLACED_ELEMENT: Code = Code("WXS0202");
/// The element has no attribute of this name.
pub const UNKNOWN_ATTRIBUTE: Code = Code("WXS0203");
/// Valid WiX that this compiler does not do yet.
pub const NOT_SUPPORTED: Code = Code("WXS0204");
/// Valid WiX that this compiler will not do, such as bundles and patches.
pub const REFUSED: Code = Code("WXS0205");
/// A required attribute or child is missing.
pub const MISSING: Code = Code("WXS0206");
/// An attribute's value is not of its type.
pub const BAD_VALUE: Code = Code("WXS0207");
/// Attributes that exclude or need each other.
pub const ATTRIBUTE_COMBINATION: Code = Code("WXS0208");
/// Text where an element takes none, or a missing or misplaced text.
pub const TEXT: Code = Code("WXS0209");
/// The element or attribute is still understood, but something else replaced it.
pub const DEPRECATED: Code = Code("WXS0210");

/// An element needs custom actions whose code this compiler does not have.
pub const MISSING_ACTIONS: Code = Code("WXS0211");

/// Elements that contradict each other.
pub const CONFLICT: Code = Code("WXS0301");
/// A component's `Guid` can't be generated or is needed.
pub const COMPONENT_GUID: Code = Code("WXS0302");
/// Valid, but probably not what was meant.
pub const SUSPICIOUS: Code = Code("WXS0303");
