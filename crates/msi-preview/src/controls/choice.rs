//! Check boxes and groups of radio buttons.

use super::{Result, image, layout};
use crate::canvas::Box2;
use crate::formatted;
use crate::model::control::bits;
use crate::model::list::Family;
use crate::model::{Area, Control};
use crate::paint::{Layout, Painter, Place};

pub fn check_box(painter: &mut Painter<'_>, control: &Control, enabled: bool) -> Result {
    let area = painter.area(control.area);
    let thin = painter.pixels(1).max(1);
    let theme = *painter.theme;
    let checked = control.property.as_deref().is_some_and(|name| !painter.state.value(name).is_empty());
    if control.has(bits::PUSH_LIKE) {
        painter.canvas.fill(area, if checked { theme.light_edge } else { theme.button });
        painter.canvas.frame(area, thin, theme.edge);
        let layout =
            Layout { across: Place::Centre, down: Place::Centre, prefix: true, ..Layout::new(theme.text) };
        let spans = painter.spans(&control.text);
        let extent = painter.text(&spans, area, layout);
        return Result::of(area).fit(extent, area);
    }
    let (mark, room) = split(painter, control, area);
    painter.canvas.fill(mark, theme.window);
    painter.canvas.frame(mark, thin, if enabled { theme.window_text } else { theme.disabled });
    if checked {
        let at = |x: f32, y: f32| (mark.x as f32 + mark.w as f32 * x, mark.y as f32 + mark.h as f32 * y);
        let colour = if enabled { theme.window_text } else { theme.disabled };
        painter.canvas.lines(&[at(0.2, 0.5), at(0.42, 0.72), at(0.8, 0.27)], 1.6 * thin as f32, colour);
    }
    label(painter, control, &control.text, room, enabled, area)
}

pub fn radio_group(painter: &mut Painter<'_>, control: &Control, enabled: bool) -> Result {
    let theme = *painter.theme;
    let thin = painter.pixels(1).max(1);
    if control.has(bits::HAS_BORDER) {
        super::frame::framed(painter, control, &control.text);
    }
    let property = control.property.clone().unwrap_or_default();
    let current = formatted::expand(painter.state.value(&property), painter.state);
    let package = painter.package;
    let mut result = Result::default();
    for item in package.items.get(&(Family::Radio, property)).into_iter().flatten() {
        let own = item.area.unwrap_or(Area { x: 0, y: 0, width: 0, height: 0 });
        let area = painter.area(Area {
            x: control.area.x.saturating_add(own.x),
            y: control.area.y.saturating_add(own.y),
            ..own
        });
        result.ink.push(area);
        if control.attributes & (bits::BITMAP | bits::ICON) != 0 {
            result =
                image::inside(painter, &Control { text: item.text.clone(), ..control.clone() }, area, result);
            continue;
        }
        let (mark, room) = split(painter, control, area);
        let colour = if enabled { theme.window_text } else { theme.disabled };
        painter.canvas.circle(mark, theme.window, colour, thin as f32);
        if formatted::expand(&item.value, painter.state) == current {
            let dot = mark.inset((mark.w as f32 * 0.28).round() as i32);
            painter.canvas.circle(dot, colour, colour, 1.0);
        }
        let drawn = label(painter, control, &item.text, room, enabled, area);
        result.clipped = result.clipped.or(drawn.clipped);
    }
    result
}

/// The square of the mark, and the room for the text beside it.
fn split(painter: &Painter<'_>, control: &Control, area: Box2) -> (Box2, Box2) {
    let (size, gap) = (painter.pixels(13), painter.pixels(4));
    let top = area.y + ((area.h - size) / 2).max(0);
    if control.right_to_left() {
        let mark = Box2::new(area.right() - size, top, size, size);
        (mark, Box2::new(area.x, area.y, (area.w - size - gap).max(0), area.h))
    } else {
        let mark = Box2::new(area.x, top, size, size);
        (mark, Box2::new(area.x + size + gap, area.y, (area.w - size - gap).max(0), area.h))
    }
}

fn label(
    painter: &mut Painter<'_>,
    control: &Control,
    text: &str,
    room: Box2,
    enabled: bool,
    area: Box2,
) -> Result {
    let layout = Layout { down: Place::Centre, prefix: true, ..layout(painter, control, enabled) };
    let spans = painter.spans(text);
    let extent = painter.text(&spans, room, layout);
    Result::of(area).fit(extent, room)
}
