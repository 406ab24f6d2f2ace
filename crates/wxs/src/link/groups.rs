//! Groups dissolved: what a group holds belongs to whoever holds the group.

use super::codes;
use crate::ir::{ChildKind, ComplexReference, ParentKind, Section};
use diagnostics::{Diagnostic, Diagnostics};
use std::collections::{HashMap, HashSet};

/// A parent of references, by kind and name.
type Parent<'a> = (ParentKind, &'a str);

/// Gives the references whose parent is a feature, product or module, with no group left on either side.
///
/// Each such parent walks the groups below it once, so that long chains of groups cost no more than their length. The walks keep
/// stacks of their own: nesting is the author's to choose.
pub(super) fn flatten(scope: &[&Section], diagnostics: &mut Diagnostics) -> Vec<ComplexReference> {
    let graph = Graph::of(scope);
    graph.report_cycles(diagnostics);
    graph
        .order
        .iter()
        .filter(|(kind, _)| !is_group(*kind))
        .flat_map(|&parent| graph.content(parent))
        .collect()
}

struct Graph<'a> {
    references: HashMap<Parent<'a>, Vec<&'a ComplexReference>>,
    /// Parents in the order of their first reference.
    order: Vec<Parent<'a>>,
}

impl<'a> Graph<'a> {
    fn of(scope: &[&'a Section]) -> Graph<'a> {
        let mut graph = Graph { references: HashMap::new(), order: Vec::new() };
        for reference in scope.iter().flat_map(|section| &section.complex_references) {
            let parent = (reference.parent, reference.parent_id.as_str());
            let order = &mut graph.order;
            let references = graph.references.entry(parent).or_insert_with(|| {
                order.push(parent);
                Vec::new()
            });
            references.push(reference);
        }
        graph
    }

    fn children(&self, parent: Parent<'a>) -> &[&'a ComplexReference] {
        self.references.get(&parent).map_or(&[], Vec::as_slice)
    }

    /// Everything below a parent that is no group, each once; where several paths lead to it, a primary one wins.
    fn content(&self, parent: Parent<'a>) -> Vec<ComplexReference> {
        let mut content: Vec<ComplexReference> = Vec::new();
        let mut places: HashMap<(ChildKind, &str), usize> = HashMap::new();
        let mut seen: HashSet<(Parent<'a>, bool)> = HashSet::new();
        // References still to be followed, with whether the way to them is primary; the next one on top.
        let mut waiting: Vec<(&ComplexReference, bool)> =
            self.children(parent).iter().rev().map(|&reference| (reference, false)).collect();
        while let Some((reference, primary)) = waiting.pop() {
            let primary = primary || reference.primary;
            if let Some(group) = child_group(reference) {
                if seen.insert((group, primary)) {
                    waiting.extend(self.children(group).iter().rev().map(|&below| (below, primary)));
                }
            } else if let Some(&place) = places.get(&(reference.child, reference.child_id.as_str())) {
                content[place].primary |= primary;
            } else {
                places.insert((reference.child, &reference.child_id), content.len());
                content.push(ComplexReference {
                    parent: parent.0,
                    parent_id: parent.1.to_owned(),
                    primary,
                    ..reference.clone()
                });
            }
        }
        content
    }

    /// Reports groups that hold themselves.
    fn report_cycles(&self, diagnostics: &mut Diagnostics) {
        let mut done: HashSet<Parent<'a>> = HashSet::new();
        for &start in self.order.iter().filter(|(kind, _)| is_group(*kind)) {
            if done.contains(&start) {
                continue;
            }
            let mut path: Vec<(Parent<'a>, usize)> = vec![(start, 0)];
            let mut depth: HashMap<Parent<'a>, usize> = HashMap::from([(start, 0)]);
            while let Some((parent, next)) = path.last_mut() {
                let Some(&reference) = self.children(*parent).get(*next) else {
                    depth.remove(parent);
                    done.insert(*parent);
                    path.pop();
                    continue;
                };
                *next += 1;
                let Some(group) = child_group(reference).filter(|group| !done.contains(group)) else {
                    continue;
                };
                if let Some(&at) = depth.get(&group) {
                    let names: Vec<&str> =
                        path[at..].iter().map(|((_, name), _)| *name).chain([group.1]).collect();
                    let message = format!("a group holds itself: {}", names.join(" → "));
                    diagnostics.push(
                        Diagnostic::error(codes::GROUP_CYCLE, message)
                            .at(reference.span)
                            .hint("take one of these references out"),
                    );
                } else {
                    depth.insert(group, path.len());
                    path.push((group, 0));
                }
            }
        }
    }
}

fn is_group(kind: ParentKind) -> bool {
    matches!(kind, ParentKind::FeatureGroup | ParentKind::ComponentGroup)
}

fn child_group(reference: &ComplexReference) -> Option<Parent<'_>> {
    match reference.child {
        ChildKind::ComponentGroup => Some((ParentKind::ComponentGroup, &reference.child_id)),
        ChildKind::FeatureGroup => Some((ParentKind::FeatureGroup, &reference.child_id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::flatten;
    use crate::ir::{ChildKind, ComplexReference, ParentKind, Section, SectionKind};
    use diagnostics::{Diagnostics, SourceMap, Span};

    #[test]
    fn long_chains_of_groups_are_followed_in_linear_time_and_little_stack() {
        let file = SourceMap::new().add("t", "");
        let span = Span { file, start: 0, end: 0 };
        let mut section = Section::new(SectionKind::Product, "", span);
        let mut add = |parent, parent_id: String, child, child_id: String, primary| {
            section.complex_references.push(ComplexReference {
                parent,
                parent_id,
                parent_language: None,
                child,
                child_id,
                primary,
                span,
            });
        };
        let count = 50_000;
        add(ParentKind::Feature, "F".into(), ChildKind::ComponentGroup, "0".into(), true);
        for number in 0..count {
            let group = number.to_string();
            add(ParentKind::ComponentGroup, group.clone(), ChildKind::Component, format!("C{number}"), false);
            if number + 1 < count {
                let next = (number + 1).to_string();
                add(ParentKind::ComponentGroup, group, ChildKind::ComponentGroup, next, false);
            }
        }
        let mut diagnostics = Diagnostics::new();
        let flat = flatten(&[&section], &mut diagnostics);
        assert!(diagnostics.is_empty());
        assert_eq!(flat.len(), count);
        assert!(flat.iter().all(|reference| reference.primary && reference.parent_id == "F"));
        assert_eq!(flat[count - 1].child_id, format!("C{}", count - 1));
    }
}
