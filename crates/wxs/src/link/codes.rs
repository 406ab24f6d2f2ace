//! Diagnostic codes of the linker: 4xx.

use diagnostics::Code;

/// No source has a `Product`, or several have one.
pub const ENTRY_SECTION: Code = Code("WXS0401");
/// Something refers to a name that no source defines.
pub const UNRESOLVED: Code = Code("WXS0402");
/// A name is defined twice.
pub const DUPLICATE_SYMBOL: Code = Code("WXS0403");
/// Groups hold each other.
pub const GROUP_CYCLE: Code = Code("WXS0404");
/// A component, feature or module has several primary parents, or none.
pub const FEATURE_CONNECTION: Code = Code("WXS0405");
/// A component of a fragment belongs to no feature.
pub const ORPHANED_COMPONENT: Code = Code("WXS0406");
/// An action stands in a sequence twice.
pub const ACTION_COLLISION: Code = Code("WXS0407");
/// Actions wait for each other, or for an action that is nowhere.
pub const ACTION_ORDER: Code = Code("WXS0408");
/// No number is left between two actions.
pub const ACTION_NUMBERS: Code = Code("WXS0409");
/// An action was suppressed, or cannot be.
pub const SUPPRESSED_ACTION: Code = Code("WXS0410");
/// A row does not fit its table.
pub const CUSTOM_TABLE: Code = Code("WXS0411");
/// A WiX variable has two values.
pub const VARIABLE_COLLISION: Code = Code("WXS0412");
