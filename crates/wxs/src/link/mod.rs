//! Sections in, one product out.
//!
//! The linker starts at the one `Product`, takes in every fragment that something refers to, and nothing else; flattens the groups
//! into features, puts the actions of the five sequences in order and gathers the rows of each table. It reads no files, and texts keep their
//! `!(…)` variables.

mod access;
mod codes;
mod defaults;
mod feature_depth;
mod features;
mod groups;
mod order;
mod properties;
mod references;
mod required;
mod scope;
mod sequence;
mod standard_actions;
mod symbols;
mod tables;

use crate::extension;
use crate::ir::{Product, Section, SymbolId};
use diagnostics::Diagnostics;
use std::collections::HashSet;

pub use order::compare as compare_names;
pub use standard_actions::{STANDARD_ACTIONS, StandardAction};

/// Links the sections of all sources of a package. `None` means that errors stand in `diagnostics`.
pub fn link(sections: &[Section], diagnostics: &mut Diagnostics) -> Option<Product> {
    let mut found = Diagnostics::new();
    let product = link_all(sections, &mut found);
    let failed = found.has_errors();
    diagnostics.extend(found);
    product.filter(|_| !failed)
}

/// The names that a section defines.
pub(crate) fn defined_names(section: &Section) -> impl Iterator<Item = SymbolId> + '_ {
    symbols::symbols(section).map(|(id, _)| id)
}

/// What the sections refer to and neither they nor Windows Installer define.
pub(crate) fn undefined_names(sections: &[Section]) -> HashSet<&SymbolId> {
    let defined: HashSet<SymbolId> = sections.iter().flat_map(defined_names).collect();
    let references = sections.iter().flat_map(|section| &section.simple_references);
    let targets = references.map(|reference| &reference.target);
    targets.filter(|&target| !defined.contains(target) && !references::is_standard_action(target)).collect()
}

fn link_all(sections: &[Section], diagnostics: &mut Diagnostics) -> Option<Product> {
    let entry = scope::entry_section(sections, diagnostics)?;
    let index = symbols::Index::of(sections);
    let resolved = references::resolve(entry, sections, &index, diagnostics);
    let scope: Vec<&Section> = resolved.sections.iter().map(|&at| &sections[at]).collect();
    let settled = access::settle(&scope, diagnostics);
    let mut scope: Vec<&Section> = settled.iter().map(|section| &**section).collect();
    let default_feature = defaults::feature(&sections[entry], &scope);
    scope.extend(&default_feature);
    symbols::report_duplicates(&scope, diagnostics);

    let flat = groups::flatten(&scope, diagnostics);
    let connections = features::connect(&flat, diagnostics);
    if sections[entry].is_v4 {
        feature_depth::check(&connections, &scope, diagnostics);
    }
    // A reference that leads nowhere leaves its component without a feature; one error says enough.
    if !diagnostics.has_errors() {
        references::report_orphans(&scope, &connections, diagnostics);
    }
    if diagnostics.has_errors() {
        return None;
    }

    let mut product = tables::gather(&scope, &connections, diagnostics);
    let present = tables::present(&product);
    sequence::schedule(&scope, &present, &mut product, diagnostics);
    properties::add_lists(&scope, &mut product);
    extension::add_dependents(&mut product);
    Some(product)
}
