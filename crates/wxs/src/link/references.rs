//! Which sections belong to the package: those that a reference leads to.

use super::codes;
use super::features::Connections;
use super::standard_actions;
use super::symbols::{Index, plain};
use crate::extension;
use crate::ir::{Section, SectionKind, SimpleReference, SymbolId};
use crate::schema;
use crate::schema::moved::{self, Foreign};
use diagnostics::{Diagnostic, Diagnostics};
use std::collections::HashSet;

/// Unresolved names that get a hint. Each hint looks at all names of a table.
const MAX_HINTS: usize = 50;

/// Sections of the package in the order in which references reached them; the entry section is first.
pub(super) struct Resolved {
    pub sections: Vec<usize>,
}

/// Follows every reference from the entry section on and reports those that lead nowhere.
pub(super) fn resolve(
    entry: usize,
    sections: &[Section],
    index: &Index,
    diagnostics: &mut Diagnostics,
) -> Resolved {
    let mut taken = vec![false; sections.len()];
    let mut order = Vec::new();
    let mut reported: HashSet<&SymbolId> = HashSet::new();
    // Depth first, as if each reference were followed where it stands; a stack of its own keeps long chains off the thread's.
    let mut walk: Vec<(usize, usize)> = vec![(entry, 0)];
    taken[entry] = true;
    order.push(entry);
    while let Some((at, next)) = walk.pop() {
        let Some(reference) = sections[at].simple_references.get(next) else { continue };
        walk.push((at, next + 1));
        let definitions = index.followed(&reference.target, sections[entry].is_v4);
        if definitions.is_empty()
            && !is_standard_action(&reference.target)
            && reported.insert(&reference.target)
        {
            let newer = sections[at].is_v4;
            diagnostics.push(unresolved(reference, index, newer, reported.len() <= MAX_HINTS));
        }
        for &definition in definitions.iter().rev() {
            if !std::mem::replace(&mut taken[definition], true) {
                order.push(definition);
                walk.push((definition, 0));
            }
        }
    }
    Resolved { sections: order }
}

/// Reports components of fragments that no feature holds: they would be in no installation.
pub(super) fn report_orphans(scope: &[&Section], connections: &Connections, diagnostics: &mut Diagnostics) {
    for section in scope.iter().filter(|section| section.kind == SectionKind::Fragment || section.is_v4) {
        for row in section.rows.iter().filter(|row| &*row.table == "Component") {
            let Some(id) = row.values.first().and_then(|value| value.as_str()) else { continue };
            if !connections.components.contains_key(id) {
                diagnostics.push(
                    Diagnostic::error(
                        codes::ORPHANED_COMPONENT,
                        format!("component \"{id}\" belongs to no feature"),
                    )
                    .at(row.span)
                    .hint("add a ComponentRef to a Feature, or to a ComponentGroup that a feature refers to"),
                );
            }
        }
    }
}

pub(super) fn is_standard_action(target: &SymbolId) -> bool {
    &*target.table == "WixAction"
        && target
            .key
            .split_once('/')
            .is_some_and(|(sequence, action)| standard_actions::find_by_name(sequence, action).is_some())
}

fn unresolved(reference: &SimpleReference, index: &Index, newer: bool, hint: bool) -> Diagnostic {
    let SymbolId { table, key } = &reference.target;
    let what = plain(table);
    let finding = Diagnostic::error(
        codes::UNRESOLVED,
        format!("{what} \"{key}\" is referred to, but no source defines it"),
    )
    .at(reference.span);
    if let Some(hint) = moved::instead(Foreign::Reference { table: what, key }, newer) {
        return finding.hint(hint);
    }
    if hint
        && &**table == "CustomAction"
        && let Some(other) = renamed_action(key, index)
    {
        // Actions of WiX 4 exist for each platform.
        let plain = ["_X86", "_X64", "_A32", "_A64"].iter().find_map(|mark| other.strip_suffix(mark));
        return finding.hint(match plain {
            Some(plain) => format!("write \"{plain}_$(sys.BUILDARCHSHORT)\""),
            None => format!("write \"{other}\""),
        });
    }
    if let Some(extension) = extension::owner_of(key) {
        return finding.hint(format!("names like this are of {extension}, which does not have it"));
    }
    match schema::nearest(key, index.keys(table).filter(|_| hint)) {
        Some(near) => finding.hint(format!("did you mean \"{near}\"?")),
        None => finding.hint(match kind_elsewhere(key, index, table) {
            Some(other) => format!("there is a {other} \"{key}\"; a reference to a {what} does not find it"),
            None if what == "ComponentGroup" && newer => format!("if heat makes it of a folder while a .wixproj is built, write <ComponentGroup Id=\"{key}\"><Files Include=\"FOLDER\\**\" /></ComponentGroup>"),
            None if what == "ComponentGroup" => {
                "if heat makes it of a folder while a .wixproj is built, give the source that heat writes to this build".to_owned()
            }
            None => {
                "define it, or give the source that does to this build; the case of letters counts".to_owned()
            }
        }),
    }
}

/// Another table that has the name.
fn kind_elsewhere(key: &str, index: &Index, table: &str) -> Option<&'static str> {
    const KINDS: &[(&str, &str)] = &[
        ("Component", "component"),
        ("WixComponentGroup", "component group"),
        ("Directory", "directory"),
        ("Feature", "feature"),
        ("WixFeatureGroup", "feature group"),
        ("Property", "property"),
        ("CustomAction", "custom action"),
        ("File", "file"),
        ("Binary", "binary"),
    ];
    let has = |other: &str| !index.definitions(&SymbolId::new(other, key)).is_empty();
    KINDS.iter().find(|(other, _)| *other != table && has(other)).map(|(_, words)| *words)
}

/// What the other generation's name of an extension's action is here: `WixCloseApplications` and
/// `Wix4CloseApplications_X64` are one action.
fn renamed_action<'i>(key: &str, index: &'i Index) -> Option<&'i str> {
    let bare = |name: &str| -> String {
        let name = name.strip_prefix("Wix").map_or(name, |rest| rest.trim_start_matches(['4', '5', '6']));
        let end = ["_X86", "_X64", "_A64", "_x64", "_ARM64"].iter().find_map(|end| name.strip_suffix(end));
        end.unwrap_or(name).to_owned()
    };
    let wanted = bare(key);
    let mut found: Vec<&str> = index.keys("CustomAction").filter(|known| bare(known) == wanted).collect();
    found.sort_unstable();
    found.first().copied()
}
