//! Component groups and feature groups, and references to them and to components.

use super::component::{Place, component};
use super::directory::with_separator;
use super::{Compiler, Handled, Node, Parent, feature, merge, names};
use crate::codes;
use crate::ir::{ChildKind, ParentKind};

pub(super) fn component_group(c: &mut Compiler, node: &Node) {
    let id = node.need_text(c, "Id");
    warn_of_id(c, node, id);
    let directory = c.reference(node, "Directory", "Directory").map(str::to_owned);
    let source = node.text(c, "Source").map(with_separator).unwrap_or_default();
    let parent = Parent::new(ParentKind::ComponentGroup, id);
    let place = Place { directory, disk_id: None, source };
    c.symbol(node, "WixComponentGroup", id);
    c.each_child(node, |c, child| {
        match child.name() {
            "ComponentGroupRef" => component_group_ref(c, child, &parent),
            "ComponentRef" => component_ref(c, child, &parent),
            "Component" => drop(component(c, child, &parent, &place)),
            _ => return Handled::No,
        }
        Handled::Yes
    });
}

pub(super) fn component_group_ref(c: &mut Compiler, node: &Node, parent: &Parent) {
    let id = node.need_text(c, "Id");
    warn_of_id(c, node, id);
    c.refer(node, "WixComponentGroup", id);
    let primary = node.flag(c, "Primary");
    c.complex(node, parent, ChildKind::ComponentGroup, id, primary);
    c.no_children(node);
}

pub(super) fn component_ref(c: &mut Compiler, node: &Node, parent: &Parent) {
    let id = c.simple_reference(node, "Component");
    let primary = node.flag(c, "Primary");
    c.complex(node, parent, ChildKind::Component, id, primary);
    c.no_children(node);
}

/// A feature group belongs to nobody until somebody refers to it, wherever it stands.
pub(super) fn feature_group(c: &mut Compiler, node: &Node) {
    let id = node.need_text(c, "Id");
    c.symbol(node, "WixFeatureGroup", id);
    let parent = Parent::new(ParentKind::FeatureGroup, id);
    let mut display = 0;
    c.each_child(node, |c, child| feature_content(c, child, &parent, &mut display));
}

pub(super) fn feature_group_ref(c: &mut Compiler, node: &Node, parent: &Parent) {
    let id = node.need_text(c, "Id");
    c.refer(node, "WixFeatureGroup", id);
    let ignore_parent = node.flag(c, "IgnoreParent");
    let primary = node.flag(c, "Primary");
    if !ignore_parent {
        c.complex(node, parent, ChildKind::FeatureGroup, id, primary);
    }
    c.no_children(node);
}

/// What features, references to features and feature groups may all hold.
pub(super) fn feature_content(c: &mut Compiler, child: &Node, parent: &Parent, display: &mut i32) -> Handled {
    match child.name() {
        "ComponentGroupRef" => component_group_ref(c, child, parent),
        "ComponentRef" => component_ref(c, child, parent),
        "Component" => drop(component(c, child, parent, &Place::default())),
        "Feature" => feature::feature(c, child, parent, display),
        "FeatureGroup" => feature_group(c, child),
        "FeatureGroupRef" => feature_group_ref(c, child, parent),
        "FeatureRef" => feature::feature_ref(c, child, parent),
        "MergeRef" => merge::merge_ref(c, child, parent),
        _ => return Handled::No,
    }
    Handled::Yes
}

fn warn_of_id(c: &mut Compiler, node: &Node, id: &str) {
    if !names::is_identifier(id) {
        let message = format!("'{id}' is not an identifier, as the id of a group should be");
        c.warn_at(codes::DEPRECATED, node.place("Id"), message);
    }
}
