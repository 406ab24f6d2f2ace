//! Fields that are filled in, and those that drop a list down.

use super::{Result, sunken};
use crate::canvas::Box2;
use crate::formatted;
use crate::model::control::bits;
use crate::model::list::Family;
use crate::model::{Control, Kind};
use crate::paint::{Layout, Painter, Place};

pub fn edit(painter: &mut Painter<'_>, control: &Control, enabled: bool) -> Result {
    let area = painter.area(control.area);
    let inner = sunken(painter, area, enabled);
    let mut value = current(painter, control);
    if control.kind == Kind::MaskedEdit && value.is_empty() {
        value = mask(&control.text);
    }
    if control.kind == Kind::Edit && control.has(bits::PASSWORD) {
        value = "\u{25cf}".repeat(value.chars().count());
    }
    let several = control.kind == Kind::Edit && control.has(bits::MULTI_LINE);
    let layout = Layout {
        wrap: several,
        down: if several { Place::Start } else { Place::Centre },
        right_to_left: control.right_to_left(),
        ..Layout::new(if enabled { painter.theme.window_text } else { painter.theme.disabled })
    };
    let gap = painter.pixels(3);
    let room = Box2::new(inner.x + gap, inner.y, (inner.w - 2 * gap).max(1), inner.h);
    // What is too long for a field scrolls in it.
    painter.plain(&value, room, layout);
    let mut result = Result::of(area);
    let line = painter.plain("X", Box2::new(0, 0, 0, 0), layout);
    if line.height.ceil() as i32 > inner.h + 1 {
        result.clipped = Some(((inner.w, line.height.ceil() as i32), (inner.w, inner.h)));
    }
    result
}

pub fn combo(painter: &mut Painter<'_>, control: &Control, enabled: bool) -> Result {
    let area = painter.area(control.area);
    // The height of a combo box may count its list; the field itself has one line.
    let line = painter.plain("X", Box2::new(0, 0, 0, 0), Layout::new(painter.theme.text)).height;
    let height = (line as i32 + painter.pixels(8)).min(area.h.max(painter.pixels(20)));
    let field = Box2::new(area.x, area.y, area.w, height);
    let inner = sunken(painter, field, enabled);
    let theme = *painter.theme;
    let arrow = painter.pixels(17).min(inner.w);
    let value = match control.kind {
        Kind::ComboBox => {
            let value = current(painter, control);
            let key = (Family::Combo, control.property.clone().unwrap_or_default());
            let items = painter.package.items.get(&key);
            let chosen = items.into_iter().flatten().find(|item| item.value == value);
            chosen.map_or(value, |item| item.text.clone())
        }
        Kind::DirectoryCombo => r"C:\".to_owned(),
        _ => "C:".to_owned(),
    };
    let gap = painter.pixels(3);
    let (room, button) = if control.right_to_left() {
        let button = Box2::new(inner.x, inner.y, arrow, inner.h);
        (Box2::new(inner.x + arrow, inner.y, (inner.w - arrow - gap).max(1), inner.h), button)
    } else {
        let button = Box2::new(inner.right() - arrow, inner.y, arrow, inner.h);
        (Box2::new(inner.x + gap, inner.y, (inner.w - arrow - gap).max(1), inner.h), button)
    };
    let colour = if enabled { theme.window_text } else { theme.disabled };
    let layout = Layout {
        wrap: false,
        down: Place::Centre,
        right_to_left: control.right_to_left(),
        ..Layout::new(colour)
    };
    let spans = painter.spans(&value);
    let extent = painter.text(&spans, room, layout);
    let (x, y) = (button.x as f32 + button.w as f32 / 2.0, button.y as f32 + button.h as f32 / 2.0);
    let reach = painter.pixels(4) as f32;
    let thin = painter.pixels(1).max(1) as f32;
    painter.canvas.lines(
        &[(x - reach, y - reach / 2.0), (x, y + reach / 2.0), (x + reach, y - reach / 2.0)],
        1.4 * thin,
        colour,
    );
    Result::of(field).fit(extent, Box2 { h: field.h, ..room })
}

/// The value of the control's property, or of the property that it names.
fn current(painter: &Painter<'_>, control: &Control) -> String {
    let Some(name) = control.property.as_deref() else { return String::new() };
    let value = painter.state.value(name);
    if control.has(bits::INDIRECT) && !value.is_empty() {
        painter.state.value(value).to_owned()
    } else {
        formatted::expand(value, painter.state)
    }
}

/// An empty mask: what must be typed is a line, the rest stands as it is ("MaskedEdit Control").
fn mask(text: &str) -> String {
    let inner = text.trim_start_matches('<').split('>').next().unwrap_or_default();
    inner.chars().map(|letter| if "#%@&^?`".contains(letter) { '_' } else { letter }).collect()
}
