//! Where linking starts.

use super::codes;
use crate::ir::{Section, SectionKind};
use diagnostics::{Diagnostic, Diagnostics};

/// Position of the one section that makes a package.
pub(super) fn entry_section(sections: &[Section], diagnostics: &mut Diagnostics) -> Option<usize> {
    let mut entries = (0..sections.len()).filter(|&at| sections[at].kind != SectionKind::Fragment);
    let Some(first) = entries.next() else {
        let message =
            "none of the sources has a Product or Package element, so there is nothing to make a package of";
        let finding = Diagnostic::error(codes::ENTRY_SECTION, message);
        diagnostics
            .push(finding.hint("give the source that has it to this build; fragments alone make no package"));
        return None;
    };
    for other in entries {
        diagnostics.push(
            Diagnostic::error(codes::ENTRY_SECTION, "the sources have more than one Product or Module")
                .at(sections[other].span)
                .label(sections[first].span, "the first one is here")
                .hint("build each package from sources of its own"),
        );
    }
    Some(first)
}
