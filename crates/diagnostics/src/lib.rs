//! Diagnostics as values: where something is wrong, what, and what to do about it.
//!
//! Nothing here prints. Passes push [`Diagnostic`]s into a [`Diagnostics`] and go on; a front end renders them all together.

#![forbid(unsafe_code)]

mod diagnostic;
pub mod render;
mod source;

pub use diagnostic::{Code, Diagnostic, Diagnostics, Label, Severity};
pub use source::{FileId, Position, SourceFile, SourceMap, Span};
