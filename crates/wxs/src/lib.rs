//! The WiX source language, from text to a linked and resolved product.
//!
//! ```text
//! text ─► preprocess ─► parse ─► compile ─► link ─► resolve ─► msi-bind
//!         (elements with spans)  (sections)  (one product)  (texts final)
//! ```
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
pub mod world;
pub mod xml;

/// Namespace of WiX 3 sources.
pub const NAMESPACE_V3: &str = "http://schemas.microsoft.com/wix/2006/wi";
/// Namespace of WiX 3 localization files.
pub const NAMESPACE_LOCALIZATION_V3: &str = "http://schemas.microsoft.com/wix/2006/localization";
