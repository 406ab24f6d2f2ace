//! `UI` and the lists of choices in it.

use super::{Compiler, Handled, Node, binary, cells, control, dialog, embedded, property, sequence, ui_text};
use crate::codes;
use crate::extension;

pub(super) fn ui(c: &mut Compiler, node: &Node) {
    if let Some(id) = node.text(c, "Id") {
        c.symbol(node, "WixUI", id);
    }
    let mut embedded_uis = 0;
    c.each_child(node, |c, child| {
        match child.name() {
            "AdminUISequence" | "InstallUISequence" => sequence::sequence(c, child),
            "BillboardAction" => dialog::billboard_action(c, child),
            "Binary" => binary::binary(c, child),
            "ComboBox" | "ListBox" | "ListView" => list(c, child),
            "Dialog" => dialog::dialog(c, child),
            "DialogRef" => drop(c.simple_reference(child, "Dialog")),
            "EmbeddedUI" => {
                embedded_uis += 1;
                if embedded_uis > 1 {
                    c.error(child, codes::CONFLICT, "a second <EmbeddedUI>".to_owned());
                }
                embedded::ui(c, child);
            }
            "Error" => ui_text::error(c, child),
            "ProgressText" => ui_text::progress_text(c, child),
            "Property" => property::property(c, child),
            "PropertyRef" => drop(c.simple_reference(child, "Property")),
            "Publish" => control::publish(c, child, None, &mut 0),
            "RadioButtonGroup" => {
                if radio_button_group(c, child, None).is_some_and(|kind| kind != RadioButtons::Text) {
                    let message = "buttons with pictures stand inside their control".to_owned();
                    c.error(child, codes::CONFLICT, message);
                }
            }
            "TextStyle" => ui_text::text_style(c, child),
            "UIRef" => drop(c.simple_reference(child, "WixUI")),
            "UIText" => ui_text::ui_text(c, child),
            other if extension::is_foreign(other) => return extension::in_ui(c, child),
            _ => return Handled::No,
        }
        Handled::Yes
    });
}

/// `ComboBox`, `ListBox` and `ListView`: the choices of a property.
pub(super) fn list(c: &mut Compiler, node: &Node) {
    let table = node.name();
    let property = node.need_text(c, "Property");
    let mut order = 0;
    c.each_child(node, |c, child| {
        match child.name() {
            "ListItem" => {
                order += 1;
                let value = child.need_text(c, "Value");
                let text = child.text(c, "Text");
                if table == "ListView" {
                    let icon = c.reference(child, "Icon", "Binary");
                    c.row(child, table, cells![property, order, value, text, icon]);
                } else {
                    if child.has("Icon") {
                        child.id(c, "Icon");
                        let message = "only the items of a <ListView> have icons".to_owned();
                        child.combination(c, "Icon", message);
                    }
                    c.row(child, table, cells![property, order, value, text]);
                }
                c.no_children(child);
            }
            "Property" => property::property(c, child),
            _ => return Handled::No,
        }
        Handled::Yes
    });
}

/// What the buttons of a group show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RadioButtons {
    Text,
    Bitmap,
    Icon,
}

/// Compiles a group and says what its buttons show. `property`: of the control around it.
pub(super) fn radio_button_group(
    c: &mut Compiler,
    node: &Node,
    property: Option<&str>,
) -> Option<RadioButtons> {
    let property = c.reference(node, "Property", "Property").or(property).map(str::to_owned);
    let property = node.need(c, "Property", property);
    let mut order = 0;
    let mut kind = None;
    c.each_child(node, |c, child| {
        if child.name() != "RadioButton" {
            return Handled::No;
        }
        order += 1;
        let own = radio_button(c, child, &property, order);
        if kind.is_some() && own.is_some() && kind != own {
            let message = "the buttons of a group show either texts, bitmaps or icons".to_owned();
            c.error(child, codes::CONFLICT, message);
        }
        kind = kind.or(own);
        Handled::Yes
    });
    kind
}

fn radio_button(c: &mut Compiler, node: &Node, property: &str, order: i32) -> Option<RadioButtons> {
    node.excludes(c, "Icon", "Bitmap");
    node.excludes(c, "Text", "Bitmap");
    node.excludes(c, "Text", "Icon");
    let bitmap = c.reference(node, "Bitmap", "Binary").map(|text| (text, RadioButtons::Bitmap));
    let icon = c.reference(node, "Icon", "Binary").map(|text| (text, RadioButtons::Icon));
    let text = node.text(c, "Text").map(|text| (text, RadioButtons::Text));
    let shown = bitmap.or(icon).or(text);
    let value = node.need_text(c, "Value");
    let [x, y, width, height] = control::placement(c, node);
    let help = control::help(c, node);
    let cells = cells![property, order, value, x, y, width, height, shown.map(|(text, _)| text), help];
    c.row(node, "RadioButton", cells);
    c.no_children(node);
    shown.map(|(_, kind)| kind)
}
