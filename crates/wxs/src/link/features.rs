//! Which feature holds what, and which one is the primary one.

use super::codes;
use crate::ir::{ChildKind, ComplexReference, ParentKind};
use diagnostics::{Diagnostic, Diagnostics, Span};
use std::collections::BTreeMap;

/// Everything that features hold.
#[derive(Default)]
pub(super) struct Connections {
    pub components: BTreeMap<String, Connection>,
    /// The feature that a feature is nested in; none at the top.
    pub features: BTreeMap<String, Option<String>>,
    pub merges: BTreeMap<String, Connection>,
    /// Rows of FeatureComponents in the order of the references.
    pub feature_components: Vec<(String, String, Span)>,
}

pub(super) struct Connection {
    pub primary: String,
    explicit: bool,
    span: Span,
    /// The features beside the primary one.
    pub others: Vec<String>,
}

/// Reads the flattened references. The first feature that holds a component is its primary one, unless another says that it is.
pub(super) fn connect(references: &[ComplexReference], diagnostics: &mut Diagnostics) -> Connections {
    let mut connections = Connections::default();
    for reference in references {
        match (reference.parent, reference.child) {
            (ParentKind::Feature, ChildKind::Component) => {
                let attached = attach(&mut connections.components, reference, diagnostics);
                if attached {
                    connections.feature_components.push((
                        reference.parent_id.clone(),
                        reference.child_id.clone(),
                        reference.span,
                    ));
                }
            }
            (ParentKind::Feature, ChildKind::Merge) => {
                attach(&mut connections.merges, reference, diagnostics);
            }
            (ParentKind::Feature | ParentKind::Product, ChildKind::Feature) => {
                let parent = (reference.parent == ParentKind::Feature).then(|| reference.parent_id.clone());
                if let Some(before) = connections.features.get(&reference.child_id) {
                    let place = |parent: &Option<String>| {
                        parent.as_ref().map_or("the product".into(), |id| format!("feature \"{id}\""))
                    };
                    let message = format!(
                        "feature \"{}\" is nested in {} and in {}",
                        reference.child_id,
                        place(before),
                        place(&parent)
                    );
                    diagnostics.push(
                        Diagnostic::error(codes::FEATURE_CONNECTION, message)
                            .at(reference.span)
                            .hint("a feature has one parent; set IgnoreParent=\"yes\" on a FeatureRef that only adds content"),
                    );
                } else {
                    connections.features.insert(reference.child_id.clone(), parent);
                }
            }
            _ => {}
        }
    }
    connections
}

/// Adds a feature to a child's connection; `false` after an error.
fn attach(
    connections: &mut BTreeMap<String, Connection>,
    reference: &ComplexReference,
    diagnostics: &mut Diagnostics,
) -> bool {
    let feature = reference.parent_id.clone();
    let Some(connection) = connections.get_mut(&reference.child_id) else {
        let connection = Connection {
            primary: feature,
            explicit: reference.primary,
            span: reference.span,
            others: Vec::new(),
        };
        connections.insert(reference.child_id.clone(), connection);
        return true;
    };
    if !reference.primary {
        connection.others.push(feature);
    } else if connection.explicit {
        diagnostics.push(
            Diagnostic::error(
                codes::FEATURE_CONNECTION,
                format!(
                    "\"{}\" has two primary features, \"{}\" and \"{feature}\"",
                    reference.child_id, connection.primary
                ),
            )
            .at(reference.span)
            .label(connection.span, "the first is set here")
            .hint("set Primary=\"yes\" at one reference only"),
        );
        return false;
    } else {
        connection.others.push(std::mem::replace(&mut connection.primary, feature));
        connection.explicit = true;
        connection.span = reference.span;
    }
    true
}
