//! Lists: what can be chosen, folders, what volumes hold.

use super::{Result, label, sunken};
use crate::canvas::Box2;
use crate::model::list::Family;
use crate::model::{Control, Kind};
use crate::paint::{Layout, Painter, Place};

pub fn list(painter: &mut Painter<'_>, control: &Control) -> Result {
    let area = painter.area(control.area);
    let inner = sunken(painter, area, true);
    let property = control.property.clone().unwrap_or_default();
    let current = painter.state.value(&property).to_owned();
    let package = painter.package;
    let rows: Vec<(String, bool)> = match control.kind {
        Kind::DirectoryList => vec![("Program Files".into(), false), ("Windows".into(), false)],
        kind => {
            let family = if kind == Kind::ListView { Family::View } else { Family::List };
            let items = package.items.get(&(family, property)).into_iter().flatten();
            items.map(|item| (item.text.clone(), item.value == current)).collect()
        }
    };
    let theme = *painter.theme;
    let line = painter.plain("X", Box2::new(0, 0, 0, 0), Layout::new(theme.text)).height as i32;
    let step = line + painter.pixels(2);
    let needed = step.saturating_mul(i32::try_from(rows.len()).unwrap_or(i32::MAX));
    let bar = if needed > inner.h { painter.pixels(17) } else { 0 };
    let gap = painter.pixels(3);
    for (at, (text, chosen)) in (0..).zip(&rows) {
        let row = Box2::new(inner.x, inner.y + at * step, inner.w - bar, step).shared(inner);
        if row.h == 0 {
            break;
        }
        if *chosen {
            painter.canvas.fill(row, theme.highlight);
        }
        let colour = if *chosen { theme.highlight_text } else { theme.window_text };
        let layout = Layout {
            wrap: false,
            down: Place::Centre,
            right_to_left: control.right_to_left(),
            ..Layout::new(colour)
        };
        let spans = painter.spans(text);
        painter.text(&spans, Box2::new(row.x + gap, row.y, (row.w - 2 * gap).max(1), row.h), layout);
    }
    if bar > 0 {
        let track = Box2::new(inner.right() - bar, inner.y, bar, inner.h);
        label::scroll_bar(painter, track, inner.h as f32 / needed as f32);
    }
    Result::of(area)
}

/// What each volume has and needs, with the headings of UIText.
pub fn volumes(painter: &mut Painter<'_>, control: &Control) -> Result {
    let area = painter.area(control.area);
    let inner = sunken(painter, area, true);
    let theme = *painter.theme;
    let package = painter.package;
    // The control's text gives the widths of its columns: {80}{60}….
    let widths: Vec<i32> = control.text.split(['{', '}']).filter_map(|part| part.parse().ok()).collect();
    let headings = [
        "VolumeCostVolume",
        "VolumeCostSize",
        "VolumeCostAvailable",
        "VolumeCostRequired",
        "VolumeCostDifference",
    ];
    let values = ["C:", "238GB", "97GB", "21MB", "97GB"];
    let line = painter.plain("X", Box2::new(0, 0, 0, 0), Layout::new(theme.text)).height as i32;
    let (step, gap) = (line + painter.pixels(4), painter.pixels(3));
    painter.canvas.fill(Box2::new(inner.x, inner.y, inner.w, step), theme.face);
    let mut x = inner.x;
    for (at, (heading, value)) in headings.iter().zip(values).enumerate() {
        let width = widths.get(at).map_or(inner.w / 5, |width| painter.pixels(*width)).max(1);
        let layout = Layout { wrap: false, down: Place::Centre, ..Layout::new(theme.window_text) };
        let title = package.ui_texts.get(*heading).cloned().unwrap_or_default();
        let cell = |y: i32| Box2::new(x + gap, y, width - gap, step).shared(inner);
        let (head, body) = (cell(inner.y), cell(inner.y + step));
        painter.plain(&title, head, layout);
        painter.plain(value, body, layout);
        x = x.saturating_add(width);
    }
    Result::of(area)
}
