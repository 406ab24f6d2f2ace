//! Draws controls, one file for each family.

mod button;
mod choice;
mod field;
mod frame;
mod image;
mod label;
mod list;
mod tree;

use crate::canvas::Box2;
use crate::model::control::bits;
use crate::model::{Control, Kind};
use crate::paint::{Extent, Layout, Painter, Place};
use crate::theme::Rgb;

/// What drawing a control came to.
#[derive(Debug, Clone, Default)]
pub struct Result {
    /// Where something was drawn that others must not cover; the buttons of a group leave room between them.
    pub ink: Vec<Box2>,
    /// Width and height in pixels that a text needs and has, where it has too little.
    pub clipped: Option<((i32, i32), (i32, i32))>,
    pub missing_picture: Option<String>,
    /// Its letters have nearly the colour of what is behind them.
    pub unreadable: bool,
}

impl Result {
    fn of(ink: Box2) -> Result {
        Result { ink: vec![ink], ..Result::default() }
    }

    /// Notes that a text did not fit, one pixel aside: fonts differ by that much between machines.
    fn fit(mut self, extent: Extent, room: Box2) -> Result {
        let needs = (extent.width.ceil() as i32, extent.height.ceil() as i32);
        if needs.0 > room.w + 1 || needs.1 > room.h + 1 {
            self.clipped = Some((needs, (room.w, room.h)));
        }
        self
    }
}

/// Draws one control. `is_default` says that Return presses it.
pub fn draw(painter: &mut Painter<'_>, control: &Control, enabled: bool, is_default: bool) -> Result {
    match control.kind {
        Kind::PushButton => button::push(painter, control, enabled, is_default),
        Kind::CheckBox => choice::check_box(painter, control, enabled),
        Kind::RadioButtonGroup => choice::radio_group(painter, control, enabled),
        Kind::Text => label::text(painter, control, enabled),
        Kind::Hyperlink => label::hyperlink(painter, control),
        Kind::ScrollableText => label::scrollable(painter, control),
        Kind::Edit | Kind::PathEdit | Kind::MaskedEdit => field::edit(painter, control, enabled),
        Kind::ComboBox | Kind::DirectoryCombo | Kind::VolumeSelectCombo => {
            field::combo(painter, control, enabled)
        }
        Kind::ListBox | Kind::ListView | Kind::DirectoryList => list::list(painter, control),
        Kind::VolumeCostList => list::volumes(painter, control),
        Kind::SelectionTree => tree::selection(painter, control),
        Kind::Bitmap => image::bitmap(painter, control),
        Kind::Icon => image::icon(painter, control),
        Kind::Line => frame::line(painter, control),
        Kind::GroupBox => frame::group(painter, control),
        Kind::ProgressBar => frame::progress(painter, control),
        Kind::Billboard | Kind::Unknown => frame::placeholder(painter, control),
    }
}

/// Layout of a control's text by its attributes.
fn layout(painter: &Painter<'_>, control: &Control, enabled: bool) -> Layout {
    let colour: Rgb = if enabled { painter.theme.text } else { painter.theme.disabled };
    Layout {
        across: if control.has(bits::RIGHT_ALIGNED) { Place::End } else { Place::Start },
        // A right-to-left control that is right aligned stands where its reading begins.
        right_to_left: control.right_to_left(),
        forced: !enabled,
        ..Layout::new(colour)
    }
    .settled(control)
}

impl Layout {
    fn settled(mut self, control: &Control) -> Layout {
        if control.right_to_left() {
            self.across = Place::Start;
        }
        self
    }
}

/// A sunken field, as edits and lists have it.
fn sunken(painter: &mut Painter<'_>, area: Box2, enabled: bool) -> Box2 {
    let thin = painter.pixels(1).max(1);
    let ground = if enabled { painter.theme.window } else { painter.theme.face };
    painter.canvas.fill(area, ground);
    painter.canvas.frame(area, thin, painter.theme.edge);
    area.inset(thin)
}
