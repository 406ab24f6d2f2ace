//! Groups dissolved: what a group holds belongs to whoever holds the group.

use super::codes;
use crate::ir::{ChildKind, ComplexReference, ParentKind, Section};
use diagnostics::{Diagnostic, Diagnostics};
use std::collections::HashMap;

/// A parent of references, by kind and name.
type Parent<'a> = (ParentKind, &'a str);

/// Gives the references whose parent is a feature, product or module, with no group left on either side.
pub(super) fn flatten(scope: &[&Section], diagnostics: &mut Diagnostics) -> Vec<ComplexReference> {
    let mut parents: HashMap<Parent<'_>, Vec<&ComplexReference>> = HashMap::new();
    let mut order: Vec<Parent<'_>> = Vec::new();
    for reference in scope.iter().flat_map(|section| &section.complex_references) {
        let parent = (reference.parent, reference.parent_id.as_str());
        parents
            .entry(parent)
            .or_insert_with(|| {
                order.push(parent);
                Vec::new()
            })
            .push(reference);
    }
    let mut flattening =
        Flattening { parents: &parents, done: HashMap::new(), path: Vec::new(), diagnostics };
    for &parent in &order {
        flattening.flatten(parent);
    }
    let mut done = flattening.done;
    order
        .into_iter()
        .filter(|(kind, _)| !matches!(kind, ParentKind::FeatureGroup | ParentKind::ComponentGroup))
        .flat_map(|parent| done.remove(&parent).unwrap_or_default())
        .collect()
}

struct Flattening<'a, 'd> {
    parents: &'a HashMap<Parent<'a>, Vec<&'a ComplexReference>>,
    done: HashMap<Parent<'a>, Vec<ComplexReference>>,
    path: Vec<Parent<'a>>,
    diagnostics: &'d mut Diagnostics,
}

/// A parent whose references are being copied.
struct Frame<'a> {
    parent: Parent<'a>,
    next: usize,
    flat: Vec<ComplexReference>,
}

impl<'a> Flattening<'a, '_> {
    /// Flattens one parent and every group below it, groups first. The stack is explicit: nesting is the author's to choose.
    fn flatten(&mut self, root: Parent<'a>) {
        if self.done.contains_key(&root) {
            return;
        }
        let mut stack = vec![Frame { parent: root, next: 0, flat: Vec::new() }];
        self.path.push(root);
        while let Some(frame) = stack.last_mut() {
            let references = self.parents.get(&frame.parent).map_or(&[][..], Vec::as_slice);
            let Some(&reference) = references.get(frame.next) else {
                let frame = stack.pop().expect("the loop holds a frame");
                self.path.pop();
                self.done.insert(frame.parent, tidy(frame.flat));
                continue;
            };
            let Some(group) = child_group(reference) else {
                frame.flat.push(reference.clone());
                frame.next += 1;
                continue;
            };
            if let Some(children) = self.done.get(&group) {
                frame.flat.extend(children.iter().map(|child| moved(child, reference)));
                frame.next += 1;
            } else if let Some(at) = self.path.iter().position(|&above| above == group) {
                frame.next += 1;
                let cycle: Vec<&str> =
                    self.path[at..].iter().chain([&group]).map(|&(_, name)| name).collect();
                self.diagnostics.push(
                    Diagnostic::error(
                        codes::GROUP_CYCLE,
                        format!("a group holds itself: {}", cycle.join(" → ")),
                    )
                    .at(reference.span),
                );
            } else {
                self.path.push(group);
                stack.push(Frame { parent: group, next: 0, flat: Vec::new() });
            }
        }
    }
}

fn child_group(reference: &ComplexReference) -> Option<Parent<'_>> {
    match reference.child {
        ChildKind::ComponentGroup => Some((ParentKind::ComponentGroup, &reference.child_id)),
        ChildKind::FeatureGroup => Some((ParentKind::FeatureGroup, &reference.child_id)),
        _ => None,
    }
}

fn moved(child: &ComplexReference, holder: &ComplexReference) -> ComplexReference {
    ComplexReference {
        parent: holder.parent,
        parent_id: holder.parent_id.clone(),
        parent_language: holder.parent_language.clone(),
        primary: child.primary || holder.primary,
        ..child.clone()
    }
}

/// One reference per child; a primary one wins.
fn tidy(flat: Vec<ComplexReference>) -> Vec<ComplexReference> {
    let mut places: HashMap<(ChildKind, String), usize> = HashMap::with_capacity(flat.len());
    let mut tidy: Vec<ComplexReference> = Vec::with_capacity(flat.len());
    for reference in flat {
        match places.get(&(reference.child, reference.child_id.clone())) {
            Some(&at) => tidy[at].primary |= reference.primary,
            None => {
                places.insert((reference.child, reference.child_id.clone()), tidy.len());
                tidy.push(reference);
            }
        }
    }
    tidy
}
