//! Lines, frames, progress.

use super::Result;
use crate::canvas::Box2;
use crate::formatted;
use crate::model::{Control, Kind};
use crate::paint::{Layout, Painter};

pub fn line(painter: &mut Painter<'_>, control: &Control) -> Result {
    let area = painter.area(control.area);
    let thin = painter.pixels(1).max(1);
    let (dark, light) = (painter.theme.edge, painter.theme.window);
    // A line is two pixels whatever height its row gives.
    painter.canvas.fill(Box2::new(area.x, area.y, area.w, thin), dark);
    painter.canvas.fill(Box2::new(area.x, area.y + thin, area.w, thin), light);
    Result::default()
}

pub fn group(painter: &mut Painter<'_>, control: &Control) -> Result {
    framed(painter, control, &control.text);
    Result::default()
}

/// A frame with its title in the upper edge.
pub fn framed(painter: &mut Painter<'_>, control: &Control, title: &str) {
    let area = painter.area(control.area);
    let thin = painter.pixels(1).max(1);
    let theme = *painter.theme;
    let line = painter.plain("X", Box2::new(0, 0, 0, 0), Layout::new(theme.text)).height as i32;
    let top = area.y + line / 2;
    painter.canvas.frame(Box2::new(area.x, top, area.w, area.bottom() - top), thin, theme.light_edge);
    let spans = painter.spans(title);
    if spans.is_empty() {
        return;
    }
    let gap = painter.pixels(9);
    let room = Box2::new(area.x + gap, area.y, (area.w - 2 * gap).max(1), line);
    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
    let layout = Layout { wrap: false, prefix: true, ..Layout::new(theme.text) };
    let width = painter.plain(&formatted::accelerator(&text).0, Box2::new(0, 0, 0, 0), layout).width;
    let ground = Box2::new(room.x - thin, area.y, (width as i32 + 2 * thin).min(room.w), line);
    painter.canvas.fill(ground, theme.face);
    painter.text(&spans, room, layout);
}

/// A bar that is partly filled, as in the middle of an installation.
pub fn progress(painter: &mut Painter<'_>, control: &Control) -> Result {
    let area = painter.area(control.area);
    let theme = *painter.theme;
    let thin = painter.pixels(1).max(1);
    painter.canvas.fill(area, theme.light_edge);
    painter.canvas.frame(area, thin, theme.edge);
    let inner = area.inset(thin);
    let filled = inner.w * 2 / 5;
    let from = if control.right_to_left() { inner.right() - filled } else { inner.x };
    painter.canvas.fill(Box2::new(from, inner.y, filled, inner.h), theme.highlight);
    Result::of(area)
}

/// What has no picture before an installation runs: a thin frame with its name.
pub fn placeholder(painter: &mut Painter<'_>, control: &Control) -> Result {
    let area = painter.area(control.area);
    let (thin, edge, grey) = (painter.pixels(1).max(1), painter.theme.light_edge, painter.theme.disabled);
    painter.canvas.frame(area, thin, edge);
    let name = if control.kind == Kind::Unknown { &control.type_name } else { &control.id };
    painter.plain(name, area.inset(2 * thin), Layout::new(grey));
    Result::default()
}
