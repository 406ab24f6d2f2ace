//! `Shortcut` and `ShortcutProperty`.

use super::file::ANY_FEATURE;
use super::remove_file::ShortAndLong;
use super::{Compiler, Handled, Node, binary, cells};
use crate::codes;

/// What a shortcut stands in, and points to where it does not say.
#[derive(Clone, Copy)]
pub(super) enum Target<'t> {
    /// The component's directory.
    Component(&'t str),
    CreateFolder(&'t str),
    File {
        id: &'t str,
        key_path: bool,
    },
}

pub(super) fn shortcut(c: &mut Compiler, node: &Node, component: &str, parent: Target) {
    const MAX: i32 = i16::MAX as i32;
    let id = node.need_id(c, "Id");
    let advertise = node.flag(c, "Advertise");
    let arguments = node.text(c, "Arguments");
    let description = node.text(c, "Description");
    let description_dll = node.text(c, "DescriptionResourceDll");
    let description_id = node.int(c, "DescriptionResourceId", 0, MAX);
    let display_dll = node.text(c, "DisplayResourceDll");
    let display_id = node.int(c, "DisplayResourceId", 0, MAX);
    for (dll, number) in
        [("DescriptionResourceDll", "DescriptionResourceId"), ("DisplayResourceDll", "DisplayResourceId")]
    {
        if node.has(dll) != node.has(number) {
            let given = if node.has(dll) { dll } else { number };
            node.combination(c, given, format!("'{dll}' and '{number}' need each other"));
        }
    }
    let directory = match (c.reference(node, "Directory", "Directory"), parent) {
        (Some(directory), _) => directory.to_owned(),
        (None, Target::Component(directory)) => directory.to_owned(),
        (None, _) => node.need(c, "Directory", None),
    };
    let hotkey = node.int(c, "Hotkey", 0, MAX);
    let icon_index = node.int(c, "IconIndex", -MAX, MAX);
    let mut icon = c.reference(node, "Icon", "Icon").map(str::to_owned);
    let name = ShortAndLong::read(c, node, false, &["Shortcut", component, &directory]).cell();
    let show = node.choice(c, "Show", &[("normal", 1), ("maximized", 3), ("minimized", 7)]);
    let target = node.text(c, "Target");
    let working_directory = node.id(c, "WorkingDirectory");
    if target.is_some() && advertise {
        let message = "an advertised shortcut points to its feature and has no 'Target'".to_owned();
        node.combination(c, "Target", message);
    }
    if target.is_some() && !matches!(parent, Target::Component(_)) {
        node.combination(c, "Target", "the shortcut points to what it stands in".to_owned());
    }
    c.each_child(node, |c, child| {
        match child.name() {
            "Icon" => icon = Some(binary::icon(c, child).to_owned()),
            "ShortcutProperty" => shortcut_property(c, child, id),
            _ => return Handled::No,
        }
        Handled::Yes
    });
    let target = if advertise {
        if let Target::File { id: file, key_path: false } = parent {
            let message = format!(
                "the advertised shortcut points to its component's key path, which may not be '{file}'"
            );
            c.warn(node, codes::SUSPICIOUS, message);
        }
        ANY_FEATURE.to_owned()
    } else {
        match (target, parent) {
            (Some(target), _) => target.to_owned(),
            (None, Target::Component(directory) | Target::CreateFolder(directory)) => {
                format!("[{directory}]")
            }
            (None, Target::File { id, .. }) => format!("[#{id}]"),
        }
    };
    let cells = cells![
        id,
        directory,
        name,
        component,
        target,
        arguments,
        description,
        hotkey,
        icon,
        icon_index,
        show,
        working_directory,
        display_dll,
        display_id,
        description_dll,
        description_id,
    ];
    c.row(node, "Shortcut", cells);
}

fn shortcut_property(c: &mut Compiler, node: &Node, shortcut: &str) {
    let key = node.need_text(c, "Key");
    let given = node.id(c, "Id").map(str::to_owned);
    let id = given.unwrap_or_else(|| c.generate_identifier("scp", &[shortcut, &key.to_uppercase()]));
    let inner = node.inner_text();
    let attribute = node.text(c, "Value");
    if attribute.is_some() && !inner.is_empty() {
        node.combination(c, "Value", "the value is given as attribute and as text".to_owned());
    }
    let value = attribute.or((!inner.is_empty()).then_some(inner));
    let value = node.need(c, "Value", value);
    c.row(node, "MsiShortcutProperty", cells![id, shortcut, key, value]);
    c.no_children(node);
}
