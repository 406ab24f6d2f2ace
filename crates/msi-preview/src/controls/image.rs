//! Bitmaps and icons.

use super::Result;
use crate::canvas::Box2;
use crate::formatted;
use crate::model::Control;
use crate::model::control::bits;
use crate::paint::Painter;
use image::{ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use tiny_skia::{IntSize, Pixmap};

pub fn bitmap(painter: &mut Painter<'_>, control: &Control) -> Result {
    let area = painter.area(control.area);
    match load(painter, control) {
        Ok(picture) => {
            let place = if control.has(bits::FIXED_SIZE) { natural(painter, &picture, area) } else { area };
            painter.canvas.picture(&picture, place, area);
            Result::default()
        }
        Err(name) => missing(painter, area, name),
    }
}

pub fn icon(painter: &mut Painter<'_>, control: &Control) -> Result {
    let area = painter.area(control.area);
    match load(painter, control) {
        Ok(picture) => {
            let size = match control.attributes & bits::ICON_48 {
                0 if !control.has(bits::FIXED_SIZE) => area.w.min(area.h),
                0 => painter.pixels(picture.width() as i32),
                bits::ICON_16 => painter.pixels(16),
                bits::ICON_32 => painter.pixels(32),
                _ => painter.pixels(48),
            };
            painter.canvas.picture(&picture, Box2::new(area.x, area.y, size, size), area);
            Result::of(Box2::new(area.x, area.y, size, size).shared(area))
        }
        Err(name) => missing(painter, area, name),
    }
}

/// The picture of a button in its middle.
pub fn inside(painter: &mut Painter<'_>, control: &Control, area: Box2, mut result: Result) -> Result {
    match load(painter, control) {
        Ok(picture) => {
            let size = match control.attributes & bits::ICON_48 {
                bits::ICON_16 => (painter.pixels(16), painter.pixels(16)),
                bits::ICON_32 => (painter.pixels(32), painter.pixels(32)),
                bits::ICON_48 => (painter.pixels(48), painter.pixels(48)),
                _ if control.has(bits::FIXED_SIZE) => {
                    (painter.pixels(picture.width() as i32), painter.pixels(picture.height() as i32))
                }
                _ => (area.w, area.h),
            };
            let (x, y) = (area.x + (area.w - size.0) / 2, area.y + (area.h - size.1) / 2);
            painter.canvas.picture(&picture, Box2::new(x, y, size.0, size.1), area);
        }
        Err(name) => result.missing_picture = Some(name),
    }
    result
}

fn natural(painter: &Painter<'_>, picture: &Pixmap, area: Box2) -> Box2 {
    let size = |pixels: u32| painter.pixels(i32::try_from(pixels).unwrap_or(i32::MAX));
    Box2::new(area.x, area.y, size(picture.width()), size(picture.height()))
}

fn missing(painter: &mut Painter<'_>, area: Box2, name: String) -> Result {
    let (edge, thin) = (painter.theme.light_edge, painter.pixels(1).max(1));
    painter.canvas.frame(area, thin, edge);
    // A control without a name shows nothing on purpose.
    let missing_picture = (!name.is_empty()).then_some(name);
    Result { missing_picture, ..Result::default() }
}

/// The picture that a control names; the name where there is none or it can't be read.
fn load(painter: &Painter<'_>, control: &Control) -> std::result::Result<Pixmap, String> {
    let name = formatted::expand(&control.text, painter.state);
    let bytes = painter.package.pictures.get(&name).ok_or_else(|| name.clone())?;
    decode(bytes).ok_or(name)
}

/// A picture from anybody: sizes are bounded before memory is taken.
fn decode(bytes: &[u8]) -> Option<Pixmap> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    if reader.format().is_none() && bytes.starts_with(&[0, 0, 1, 0]) {
        reader.set_format(ImageFormat::Ico);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(8_192);
    limits.max_image_height = Some(8_192);
    limits.max_alloc = Some(256 << 20);
    reader.limits(limits);
    let image = reader.decode().ok()?.into_rgba8();
    let size = IntSize::from_wh(image.width(), image.height())?;
    let mut data = image.into_raw();
    for pixel in data.chunks_exact_mut(4) {
        let alpha = u32::from(pixel[3]);
        for channel in &mut pixel[..3] {
            *channel = ((u32::from(*channel) * alpha + 127) / 255) as u8;
        }
    }
    Pixmap::from_vec(data, size)
}
