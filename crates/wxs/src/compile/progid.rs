//! `ProgId`.

use super::{Compiler, Handled, Node, cells, class, extension};
use crate::codes;

/// What is around a ProgId.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Outer<'o> {
    pub(super) advertise: Option<bool>,
    pub(super) class: Option<&'o str>,
    pub(super) description: Option<&'o str>,
    /// The ProgId around this one, which then is the one of no version.
    pub(super) parent: Option<&'o str>,
    /// The first ProgId of its class; unknown outside of one.
    pub(super) first_for_class: Option<bool>,
}

pub(super) fn in_component(c: &mut Compiler, node: &Node, component: &str) {
    prog_id(c, node, component, &Outer::default(), &mut false);
}

/// Gives the id. `found_extension` is set where some extension stands inside.
pub(super) fn prog_id(
    c: &mut Compiler,
    node: &Node,
    component: &str,
    outer: &Outer,
    found_extension: &mut bool,
) -> String {
    let id = node.need_text(c, "Id");
    let advertised = class::advertise(c, node, outer.advertise).unwrap_or(false);
    let description = node.text_or_empty("Description").or(outer.description);
    let icon = node.id(c, "Icon");
    let icon_index = node.int(c, "IconIndex", -i32::from(i16::MAX), i32::from(i16::MAX));
    let no_open = node.text_or_empty("NoOpen");
    if outer.parent.is_some() && (icon.is_some() || icon_index.is_some()) {
        let message = "a ProgId without a version has no icon of its own".to_owned();
        c.error(node, codes::ATTRIBUTE_COMBINATION, message);
    }
    let mut first = true;
    c.each_child(node, |c, child| {
        match child.name() {
            "Extension" => {
                extension::extension(c, child, component, Some(advertised), Some(id));
                *found_extension = true;
            }
            "ProgId" if outer.parent.is_some() => {
                c.error(child, codes::CONFLICT, "ProgIds nest one level deep".to_owned());
            }
            "ProgId" => {
                let inner = Outer {
                    advertise: Some(advertised),
                    class: outer.class.filter(|_| !advertised),
                    description,
                    parent: Some(id),
                    first_for_class: Some(first),
                };
                prog_id(c, child, component, &inner, found_extension);
                first = false;
            }
            _ => return Handled::No,
        }
        Handled::Yes
    });
    if advertised {
        if let Some(icon) = icon {
            c.refer(node, "Icon", icon);
        }
        let cells = cells![id, outer.parent, outer.class, description, icon, icon_index];
        c.row(node, "ProgId", cells);
        c.ensure_table(node, "Class");
        if !*found_extension && outer.parent.is_none() && outer.class.is_none() {
            let message = format!("the ProgId '{id}' belongs to neither a class nor an extension");
            c.warn(node, codes::SUSPICIOUS, message);
        }
    } else {
        write_registry(c, node, component, outer, id, description);
        if let Some(icon) = icon {
            c.refer(node, "File", icon);
            let index = icon_index.map(|index| format!(",{index}")).unwrap_or_default();
            let text = format!("\"[#{icon}]\"{index}");
            c.class_value(node, component, &format!("{id}\\DefaultIcon"), None, Some(&text));
        }
    }
    if no_open.is_some() {
        c.class_value(node, component, id, Some("NoOpen"), no_open);
    }
    id.to_owned()
}

fn write_registry(
    c: &mut Compiler,
    node: &Node,
    component: &str,
    outer: &Outer,
    id: &str,
    description: Option<&str>,
) {
    c.class_value(node, component, id, None, description);
    let class = outer.class.unwrap_or_default();
    if outer.class.is_some() {
        c.class_value(node, component, &format!("{id}\\CLSID"), None, outer.class);
        let name = if outer.parent.is_some() { "VersionIndependentProgID" } else { "ProgID" };
        if outer.first_for_class == Some(true) {
            c.class_value(node, component, &format!("CLSID\\{class}\\{name}"), None, Some(id));
        }
        if outer.parent.is_some() {
            c.class_value(node, component, &format!("{id}\\CurVer"), None, outer.parent);
        }
    }
}
