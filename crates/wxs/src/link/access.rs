//! Definitions that give way to others: what one section defines as `virtual`, another may define anew with `override`.

use super::codes;
use super::symbols::{plain, symbols};
use crate::ir::{Section, SymbolId};
use diagnostics::{Diagnostic, Diagnostics, Span};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// The sections without the virtual definitions that are overridden. What else is defined twice is left to be reported.
pub(super) fn settle<'s>(scope: &[&'s Section], diagnostics: &mut Diagnostics) -> Vec<Cow<'s, Section>> {
    let virtuals: HashSet<Span> =
        scope.iter().flat_map(|section| section.access.virtuals.iter().copied()).collect();
    let overrides: HashSet<Span> =
        scope.iter().flat_map(|section| section.access.overrides.iter().copied()).collect();
    if virtuals.is_empty() && overrides.is_empty() {
        return scope.iter().map(|section| Cow::Borrowed(*section)).collect();
    }
    let mut definitions: HashMap<SymbolId, Vec<Span>> = HashMap::new();
    let mut order = Vec::new();
    for (id, span) in scope.iter().flat_map(|section| symbols(section)) {
        if virtuals.contains(&span) || overrides.contains(&span) {
            order.push(id.clone());
        }
        definitions.entry(id).or_default().push(span);
    }
    let mut dropped: HashSet<(SymbolId, Span)> = HashSet::new();
    let mut seen: HashSet<SymbolId> = HashSet::new();
    for id in order {
        if !seen.insert(id.clone()) {
            continue;
        }
        let spans = &definitions[&id];
        let given_way: Vec<Span> = spans.iter().copied().filter(|span| virtuals.contains(span)).collect();
        let taken: Vec<Span> = spans.iter().copied().filter(|span| overrides.contains(span)).collect();
        match (&given_way[..], &taken[..]) {
            ([], [span, ..]) => {
                let message = format!("no virtual {} \"{}\" is there to override", plain(&id.table), id.key);
                let finding = Diagnostic::error(codes::DUPLICATE_SYMBOL, message).at(*span);
                diagnostics
                    .push(finding.hint("leave 'override' out, or write 'virtual' at the one that gives way"));
            }
            ([span], [_]) => {
                dropped.insert((id.clone(), *span));
            }
            _ => {}
        }
    }
    let keep = |table: &str, key: &str, span: Span| {
        !virtuals.contains(&span) || !dropped.contains(&(SymbolId::new(table, key), span))
    };
    let gone: HashSet<Span> = dropped.iter().map(|(_, span)| *span).collect();
    scope
        .iter()
        .map(|section| {
            if !section.access.virtuals.iter().any(|span| gone.contains(span)) {
                return Cow::Borrowed(*section);
            }
            let mut section = (*section).clone();
            section.rows.retain(|row| !gone.contains(&row.span));
            section.files.retain(|file| keep("File", &file.id, file.span));
            section.media.retain(|media| !gone.contains(&media.span));
            section.symbols.retain(|symbol| !gone.contains(&symbol.span));
            section.properties.retain(|property| !gone.contains(&property.span));
            Cow::Owned(section)
        })
        .collect()
}
