//! The whole drive: sources, preprocessed, compiled, linked, resolved, bound, written.

use crate::{BuildRequest, Built};
use diagnostics::{Code, Diagnostic, Diagnostics, SourceMap};
use wxs::world::World;

/// Builds one package. `None` means that errors stand in `diagnostics` and nothing was written.
///
/// `sources` receives every text that spans point into, for rendering.
pub fn build(
    request: &BuildRequest,
    world: &dyn World,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Built> {
    let _ = (request, world, sources);
    diagnostics.push(Diagnostic::error(Code("BND0001"), "the compiler's phases are not connected yet"));
    None
}
