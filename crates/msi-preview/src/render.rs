//! One dialog as a picture: window, caption, then each control.

use crate::canvas::{Box2, Canvas};
use crate::check::{self, Drawn, Finding};
use crate::controls;
use crate::font::Fonts;
use crate::formatted;
use crate::model::control::bits;
use crate::model::{Control, Dialog, Package};
use crate::paint::{Layout, Painter, Place, scaled};
use crate::state::State;
use crate::theme::Theme;

/// How dialogs are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Dots per inch: 96 is 100 %, 144 is 150 %.
    pub dpi: u32,
    pub theme: Theme,
}

impl Default for Look {
    fn default() -> Look {
        Look { dpi: 96, theme: Theme::LIGHT }
    }
}

/// A drawn dialog.
#[derive(Debug, Clone)]
pub struct Picture {
    pub png: Vec<u8>,
    pub width: u32,
    pub height: u32,
    /// What is wrong with what can be seen.
    pub findings: Vec<Finding>,
}

/// Whether a control shows, and whether it can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    pub visible: bool,
    pub enabled: bool,
}

/// Draws a dialog as `state` has it. `None` where it is too large to be one.
pub fn render(
    package: &Package,
    dialog: &Dialog,
    state: &State,
    fonts: &mut Fonts,
    look: &Look,
) -> Option<Picture> {
    let dpi = look.dpi.clamp(48, 480);
    let theme = &look.theme;
    let (width, height) = (scaled(dialog.width, dpi), scaled(dialog.height, dpi));
    let border = (dpi as i32 / 96).max(1);
    let caption = scaled(23, dpi);
    let canvas = Canvas::new(width + 2 * border, height + caption + 2 * border, theme.face)?;
    let origin = (border, border + caption);
    let mut painter = Painter { package, state, theme, fonts, canvas, dpi, origin };
    draw_window(&mut painter, dialog, border, caption);

    let default = default_control(dialog, state);
    let mut drawn = Vec::new();
    for control in &dialog.controls {
        let shown = shown(control, state);
        if shown.visible {
            let result = controls::draw(&mut painter, control, shown.enabled, default == Some(&control.id));
            drawn.push(Drawn { control, shown, result });
        }
    }
    let findings = check::check(dialog, &drawn, &painter);
    let png = painter.canvas.png()?;
    Some(Picture {
        png,
        width: (width + 2 * border) as u32,
        height: (height + caption + 2 * border) as u32,
        findings,
    })
}

/// What the conditions of a control make of it. The last row that holds wins, as in the engine.
pub fn shown(control: &Control, state: &State) -> Shown {
    let mut shown = Shown { visible: control.has(bits::VISIBLE), enabled: control.has(bits::ENABLED) };
    for (action, condition) in &control.conditions {
        if !state.holds(condition) {
            continue;
        }
        match action.as_str() {
            "Show" => shown.visible = true,
            "Hide" => shown.visible = false,
            "Enable" => shown.enabled = true,
            "Disable" => shown.enabled = false,
            _ => {}
        }
    }
    shown
}

/// The control that Return presses: one that a condition makes the default and that can be pressed, else the dialog's own.
fn default_control<'a>(dialog: &'a Dialog, state: &State) -> Option<&'a String> {
    let by_condition = dialog.controls.iter().find(|control| {
        let shown = shown(control, state);
        let made = |(action, condition): &(String, String)| action == "Default" && state.holds(condition);
        shown.visible && shown.enabled && control.conditions.iter().any(made)
    });
    by_condition.map(|control| &control.id).or(dialog.default.as_ref())
}

fn draw_window(painter: &mut Painter<'_>, dialog: &Dialog, border: i32, caption: i32) {
    let width = scaled(dialog.width, painter.dpi) + 2 * border;
    let height = scaled(dialog.height, painter.dpi) + caption + 2 * border;
    let theme = *painter.theme;
    painter.canvas.fill(Box2::new(0, 0, width, border + caption), theme.caption);
    painter.canvas.frame(Box2::new(0, 0, width, height), border, theme.edge);
    let title: Vec<_> = painter.spans(&dialog.title);
    let plain: String = title.into_iter().map(|span| span.text).collect();
    let (plain, _) = formatted::accelerator(&plain);
    let inner = Box2::new(painter.pixels(8), border, (width - painter.pixels(56)).max(0), caption);
    let layout = Layout { wrap: false, down: Place::Centre, ..Layout::new(theme.caption_text) };
    painter.plain(&plain, inner, layout);
    let (size, thin) = (painter.pixels(10), painter.pixels(1).max(1) as f32);
    let (right, top) = ((width - painter.pixels(28)) as f32, border as f32 + (caption - size) as f32 / 2.0);
    let far = size as f32;
    painter.canvas.lines(&[(right, top), (right + far, top + far)], thin, theme.caption_text);
    painter.canvas.lines(&[(right + far, top), (right, top + far)], thin, theme.caption_text);
}
