//! The tree of features.

use super::{Result, sunken};
use crate::canvas::Box2;
use crate::model::{Control, Feature};
use crate::paint::{Layout, Painter, Place};

/// A tree deeper or longer than this is not drawn to its end.
const ROWS: usize = 200;
const DEPTH: usize = 16;

pub fn selection(painter: &mut Painter<'_>, control: &Control) -> Result {
    let area = painter.area(control.area);
    let inner = sunken(painter, area, true);
    let mut rows = Vec::new();
    collect(&painter.package.features, None, 0, &mut rows);
    let theme = *painter.theme;
    let (step, indent, size) = (painter.pixels(18), painter.pixels(19), painter.pixels(9));
    let thin = painter.pixels(1).max(1);
    let gap = painter.pixels(4);
    for (at, (feature, depth, inside)) in (0..).zip(&rows) {
        let row = Box2::new(inner.x, inner.y + gap / 2 + at * step, inner.w, step).shared(inner);
        if row.h < step {
            break;
        }
        let mut x = row.x + gap + indent * i32::try_from(*depth).unwrap_or(0);
        let sign = Box2::new(x, row.y + (step - size) / 2, size, size);
        if *inside {
            painter.canvas.frame(sign, thin, theme.edge);
            let middle = sign.y + size / 2;
            painter
                .canvas
                .fill(Box2::new(sign.x + 2 * thin, middle, size - 4 * thin, thin), theme.window_text);
            if feature.display % 2 == 0 {
                let across = sign.x + size / 2;
                painter
                    .canvas
                    .fill(Box2::new(across, sign.y + 2 * thin, thin, size - 4 * thin), theme.window_text);
            }
        }
        x += size + gap;
        let chosen = painter.state.chosen(&feature.id);
        let drive = Box2::new(x, row.y + step / 4, painter.pixels(20), step / 2);
        painter.canvas.fill(drive, theme.light_edge);
        painter.canvas.frame(drive, thin, theme.edge);
        if !chosen {
            let (left, top) = (drive.x as f32 + thin as f32, drive.y as f32);
            let far = drive.h as f32;
            painter.canvas.lines(&[(left, top), (left + far, top + far)], 1.5 * thin as f32, [200, 30, 30]);
            painter.canvas.lines(&[(left + far, top), (left, top + far)], 1.5 * thin as f32, [200, 30, 30]);
        }
        x = drive.right() + gap;
        let room = Box2::new(x, row.y, (row.right() - x).max(1), row.h);
        let first = at == 0;
        if first {
            let width = painter
                .plain(
                    &feature.title,
                    Box2::new(0, 0, 0, 0),
                    Layout { wrap: false, ..Layout::new(theme.text) },
                )
                .width as i32;
            painter
                .canvas
                .fill(Box2::new(x - thin, row.y, width + 2 * thin, row.h).shared(inner), theme.highlight);
        }
        let colour = if first { theme.highlight_text } else { theme.window_text };
        let layout = Layout { wrap: false, down: Place::Centre, ..Layout::new(colour) };
        let title = painter.spans(&feature.title);
        painter.text(&title, room, layout);
    }
    Result::of(area)
}

fn collect<'a>(
    features: &'a [Feature],
    parent: Option<&str>,
    depth: usize,
    rows: &mut Vec<(&'a Feature, usize, bool)>,
) {
    for feature in
        features.iter().filter(|feature| feature.parent.as_deref() == parent && feature.display != 0)
    {
        if rows.len() >= ROWS || depth > DEPTH {
            return;
        }
        let inside =
            features.iter().any(|child| child.parent.as_ref() == Some(&feature.id) && child.display != 0);
        rows.push((feature, depth, inside));
        if feature.display % 2 == 1 {
            collect(features, Some(&feature.id), depth + 1, rows);
        }
    }
}
