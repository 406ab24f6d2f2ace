//! The WiX source language, from text to a linked and resolved product.
//!
//! ```text
//! text ─► preprocess ─► parse ─► compile ─► link ─► resolve ─► msi-bind
//!         (elements with spans)  (sections)  (one product)  (texts final)
//! ```
//!
//! Every phase takes the previous one's value, pushes what is wrong into a [`diagnostics::Diagnostics`] and goes on.

#![forbid(unsafe_code)]

pub mod ir;
pub mod world;
