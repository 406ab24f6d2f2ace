//! `Feature` and `FeatureRef`.

use super::{Compiler, Handled, Node, Parent, cells, condition, group};
use crate::codes;
use crate::ir::{ChildKind, ParentKind};

/// Compiles a feature. `last_display` is the display number that the feature before it, beside it, got.
pub(super) fn feature(c: &mut Compiler, node: &Node, parent: &Parent, last_display: &mut i32) {
    let id = node.need_id(c, "Id");
    if id.len() > 38 {
        node.bad(c, "Id", format!("the feature id '{id}' is longer than 38 characters"));
    }
    let mut bits = node.choice(c, "Absent", &[("allow", 0), ("disallow", 16)]).unwrap_or(0);
    let advertise = node.choice(c, "AllowAdvertise", &[("yes", 0), ("no", 8), ("system", 32)]);
    let default = node.choice(c, "InstallDefault", &[("local", 0), ("source", 1), ("followParent", 2)]);
    let typical = node.choice(c, "TypicalDefault", &[("install", 0), ("advertise", 4)]);
    bits |= advertise.unwrap_or(0) | default.unwrap_or(0) | typical.unwrap_or(0);
    let directory = c.reference(node, "ConfigurableDirectory", "Directory");
    let title = node.text(c, "Title");
    let description = node.text(c, "Description");
    let display = node.text(c, "Display").unwrap_or("collapse");
    let level = node.int(c, "Level", 0, i32::from(i16::MAX)).unwrap_or(1);

    if default == Some(2) && parent.kind == ParentKind::Product {
        let message = "a feature at the top has no parent to follow".to_owned();
        node.combination(c, "InstallDefault", message);
    }
    if typical == Some(4) && advertise == Some(8) {
        let message = "a feature can't favour advertising and forbid it".to_owned();
        node.combination(c, "TypicalDefault", message);
    }
    if let Some(directory) = directory.filter(|directory| directory.to_uppercase() != *directory) {
        let message = format!("'{directory}' must be upper case, since a user may set it");
        node.bad(c, "ConfigurableDirectory", message);
    }
    if title == Some("PUT-FEATURE-TITLE-HERE") {
        c.warn_at(codes::SUSPICIOUS, node.place("Title"), "the title is a placeholder".to_owned());
    }

    let own = Parent::new(ParentKind::Feature, id);
    let mut child_display = 0;
    c.each_child(node, |c, child| match child.name() {
        "Condition" => {
            condition::of_feature(c, child, id);
            Handled::Yes
        }
        _ => group::feature_content(c, child, &own, &mut child_display),
    });

    let display = display_number(c, node, display, last_display);
    // The linker fills in the parent, from the reference below.
    let no_parent: Option<&str> = None;
    c.row(node, "Feature", cells![id, no_parent, title, description, display, level, directory, bits]);
    if parent.is_known() {
        c.complex(node, parent, ChildKind::Feature, id, false);
    }
}

pub(super) fn feature_ref(c: &mut Compiler, node: &Node, parent: &Parent) {
    let id = c.simple_reference(node, "Feature");
    let ignore_parent = node.flag(c, "IgnoreParent");
    let own = Parent::new(ParentKind::Feature, id);
    let mut display = 0;
    c.each_child(node, |c, child| group::feature_content(c, child, &own, &mut display));
    if parent.is_known() && !ignore_parent {
        c.complex(node, parent, ChildKind::Feature, id, false);
    }
}

/// Odd numbers are shown expanded, even ones collapsed, 0 not at all.
fn display_number(c: &mut Compiler, node: &Node, display: &str, last: &mut i32) -> i32 {
    match display {
        "collapse" => *last = (*last | 1).saturating_add(1),
        "expand" => *last = last.saturating_add(1) | 1,
        "hidden" => return 0,
        number => match number.trim().parse::<i32>() {
            Ok(0) => return 0,
            Ok(number) => *last = number,
            Err(_) => {
                let message = format!("'{number}' is none of 'collapse', 'expand', 'hidden', nor a number");
                node.bad(c, "Display", message);
            }
        },
    }
    *last
}
