//! Push buttons.

use super::{Result, image};
use crate::canvas::Box2;
use crate::model::Control;
use crate::model::control::bits;
use crate::paint::{Layout, Painter, Place};

pub fn push(painter: &mut Painter<'_>, control: &Control, enabled: bool, is_default: bool) -> Result {
    let area = painter.area(control.area);
    let thin = painter.pixels(1).max(1);
    let theme = *painter.theme;
    let is_default = is_default && enabled;
    painter.canvas.fill(area, if enabled { theme.button } else { theme.face });
    let edge = match (is_default, enabled) {
        (true, _) => theme.highlight,
        (false, true) => theme.edge,
        (false, false) => theme.light_edge,
    };
    painter.canvas.frame(area, if is_default { 2 * thin } else { thin }, edge);
    let result = Result::of(area);
    if control.attributes & (bits::BITMAP | bits::ICON) != 0 {
        return image::inside(painter, control, area.inset(2 * thin), result);
    }
    let spans = painter.spans(&control.text);
    let colour = if enabled { theme.text } else { theme.disabled };
    let mut room = area.inset(2 * thin);
    if control.has(bits::ELEVATION_SHIELD) {
        let size = painter.pixels(14);
        let shield = Box2::new(room.x + thin, room.y + (room.h - size) / 2, size, size);
        painter.canvas.circle(shield, theme.highlight, theme.edge, thin as f32);
        room = Box2::new(room.x + size + 2 * thin, room.y, room.w - size - 2 * thin, room.h);
    }
    let layout = Layout {
        across: Place::Centre,
        down: Place::Centre,
        wrap: false,
        prefix: true,
        right_to_left: control.right_to_left(),
        forced: !enabled,
        ..Layout::new(colour)
    };
    let extent = painter.text(&spans, room, layout);
    result.fit(extent, room)
}
