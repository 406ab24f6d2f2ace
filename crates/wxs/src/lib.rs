//! The WiX source language, from text to a linked and resolved product.
//!
//! ```text
//! text ─► preprocess ─► parse ─► compile ─► link ─► resolve ─► msi-bind
//!         (elements with spans)  (sections)  (one product)  (texts final)
//! ```
//!
//! Sources of WiX 4 and later are checked against their own vocabulary after parsing, and rewritten ([`v4`]) in that of WiX 3,
//! with the defaults of their own written out. What follows knows one vocabulary.
//!
//! Every phase takes the previous one's value, pushes what is wrong into a [`diagnostics::Diagnostics`] and goes on.

#![forbid(unsafe_code)]

pub mod codes;
pub mod compile;
pub mod document;
pub mod extension;
pub mod ir;
pub mod link;
pub mod localization;
pub mod preprocess;
pub mod resolve;
pub mod schema;
pub mod v4;
pub mod world;
pub mod xml;

/// Namespace of WiX 3 sources.
pub const NAMESPACE_V3: &str = "http://schemas.microsoft.com/wix/2006/wi";
/// Namespace of the sources of WiX 4 and later.
pub const NAMESPACE_V4: &str = "http://wixtoolset.org/schemas/v4/wxs";
/// Namespace of the localization files of WiX 4 and later.
pub const NAMESPACE_LOCALIZATION_V4: &str = "http://wixtoolset.org/schemas/v4/wxl";
/// Namespace of WiX 3 localization files.
pub const NAMESPACE_LOCALIZATION_V3: &str = "http://schemas.microsoft.com/wix/2006/localization";
