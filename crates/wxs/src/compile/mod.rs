//! From elements to sections of rows and symbols.

use crate::document::Document;
use crate::ir::Section;
use diagnostics::Diagnostics;

/// The architecture that `-arch` names; it decides what `Win64` means where the source doesn't say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Arch {
    #[default]
    X86,
    X64,
    Ia64,
    Arm,
    Arm64,
}

#[derive(Debug, Clone, Default)]
pub struct CompileOptions {
    pub arch: Arch,
    /// Gives the warnings of `-pedantic` too.
    pub pedantic: bool,
}

/// Compiles one source. Sections may be incomplete when errors were pushed.
pub fn compile(document: &Document, options: &CompileOptions, diagnostics: &mut Diagnostics) -> Vec<Section> {
    let _ = (document, options, diagnostics);
    Vec::new()
}
