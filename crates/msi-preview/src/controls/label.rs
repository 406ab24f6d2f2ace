//! Texts: plain, with links, and long ones with a scroll bar.

use super::{Result, layout, sunken};
use crate::canvas::Box2;
use crate::formatted;
use crate::model::Control;
use crate::model::control::bits;
use crate::paint::{Layout, Painter, Place};
use crate::rtf;

pub fn text(painter: &mut Painter<'_>, control: &Control, enabled: bool) -> Result {
    let area = painter.area(control.area);
    if !control.has(bits::TRANSPARENT) {
        let face = painter.theme.face;
        painter.canvas.fill(area, face);
    }
    if control.has(bits::SUNKEN) {
        let (thin, edge) = (painter.pixels(1).max(1), painter.theme.edge);
        painter.canvas.frame(area, thin, edge);
    }
    let layout = Layout {
        wrap: !control.has(bits::NO_WRAP),
        prefix: !control.has(bits::NO_PREFIX),
        ..layout(painter, control, enabled)
    };
    // The value of an event that the control follows is not there before the installation runs.
    let shown = if control.has(bits::INDIRECT) {
        control.property.as_deref().map(|name| painter.state.value(name).to_owned()).unwrap_or_default()
    } else {
        control.text.clone()
    };
    let spans = painter.spans(&shown);
    painter.canvas.forget_letters();
    let extent = painter.text(&spans, area, layout);
    let unreadable = enabled && painter.canvas.letters_are_lost();
    // A text covers what its letters cover, not the room that it was given.
    let width = (extent.width.ceil() as i32).min(area.w);
    let left = match layout.across {
        Place::Start if !layout.right_to_left => area.x,
        Place::Centre => area.x + (area.w - width) / 2,
        _ => area.right() - width,
    };
    let ink = Box2::new(left, area.y, width, (extent.height.ceil() as i32).min(area.h));
    Result { unreadable, ..Result::of(ink) }.fit(extent, area)
}

pub fn hyperlink(painter: &mut Painter<'_>, control: &Control) -> Result {
    let area = painter.area(control.area);
    let layout = layout(painter, control, true);
    let spans = formatted::links(painter.spans(&control.text));
    let extent = painter.text(&spans, area, layout);
    Result::of(area).fit(extent, area)
}

pub fn scrollable(painter: &mut Painter<'_>, control: &Control) -> Result {
    let area = painter.area(control.area);
    let room = if control.has(bits::SUNKEN) {
        sunken(painter, area, true)
    } else {
        let window = painter.theme.window;
        painter.canvas.fill(area, window);
        area
    };
    let bar = painter.pixels(17);
    let text = rtf::text(&formatted::expand_outside_rtf(&control.text, painter.state));
    let gap = painter.pixels(3);
    let inner = Box2::new(room.x + gap, room.y + gap, (room.w - bar - 2 * gap).max(1), (room.h - gap).max(1));
    let layout = Layout { right_to_left: control.right_to_left(), ..Layout::new(painter.theme.window_text) };
    let extent = painter.text(&text, inner, layout);
    let track = Box2::new(room.right() - bar, room.y, bar, room.h);
    scroll_bar(painter, track, room.h as f32 / extent.height.max(1.0));
    Result::of(area)
}

/// A scroll bar whose thumb takes `share` of the track.
pub fn scroll_bar(painter: &mut Painter<'_>, track: Box2, share: f32) {
    let theme = *painter.theme;
    painter.canvas.fill(track, theme.face);
    if share < 1.0 {
        let arrow = track.w;
        let length = ((track.h - 2 * arrow) as f32 * share).max(8.0) as i32;
        let thumb = Box2::new(track.x, track.y + arrow, track.w, length).inset(painter.pixels(2));
        painter.canvas.fill(thumb, theme.edge);
    }
    let (middle, thin) = (track.x as f32 + track.w as f32 / 2.0, painter.pixels(1).max(1) as f32);
    let reach = track.w as f32 / 5.0;
    for (y, turn) in
        [(track.y as f32 + track.w as f32 / 2.0, 1.0), (track.bottom() as f32 - track.w as f32 / 2.0, -1.0)]
    {
        let points = [
            (middle - reach, y + turn * reach / 2.0),
            (middle, y - turn * reach / 2.0),
            (middle + reach, y + turn * reach / 2.0),
        ];
        painter.canvas.lines(&points, thin, theme.text);
    }
}
