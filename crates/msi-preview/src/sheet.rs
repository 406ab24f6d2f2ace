//! All dialogs on one picture, to be looked over at a glance.

use crate::render::Picture;
use tiny_skia::{Color, Pixmap, PixmapPaint, Transform};

/// Room between pictures, in pixels.
const GAP: u32 = 16;

/// The widest and highest sheet that is made.
const LONGEST: u32 = 16_384;

/// Lays pictures out in rows of `columns`, in their order. `None` where there are none or they don't fit on a sheet.
pub fn sheet<'a>(pictures: impl IntoIterator<Item = &'a Picture>, columns: usize) -> Option<Vec<u8>> {
    let decoded: Vec<Pixmap> = pictures
        .into_iter()
        .map(|picture| Pixmap::decode_png(&picture.png))
        .collect::<Result<_, _>>()
        .ok()?;
    let rows: Vec<&[Pixmap]> = decoded.chunks(columns.max(1)).collect();
    let cell = decoded.iter().map(Pixmap::width).max()?;
    let heights: Vec<u32> =
        rows.iter().map(|row| row.iter().map(Pixmap::height).max().unwrap_or(0)).collect();
    let across = u32::try_from(columns.max(1).min(decoded.len())).ok()?;
    let width = across.checked_mul(cell.checked_add(GAP)?)?.checked_add(GAP)?;
    let height = heights.iter().try_fold(GAP, |sum, height| sum.checked_add(height.checked_add(GAP)?))?;
    if width > LONGEST || height > LONGEST {
        return None;
    }
    let mut sheet = Pixmap::new(width, height)?;
    sheet.fill(Color::WHITE);
    let mut y = GAP;
    for (row, height) in rows.into_iter().zip(heights) {
        let mut x = GAP;
        for picture in row {
            let (left, top) = (x + (cell - picture.width()) / 2, y + (height - picture.height()) / 2);
            let paint = PixmapPaint::default();
            let place = (i32::try_from(left).ok()?, i32::try_from(top).ok()?);
            sheet.draw_pixmap(place.0, place.1, picture.as_ref(), &paint, Transform::identity(), None);
            x += cell + GAP;
        }
        y += height + GAP;
    }
    sheet.encode_png().ok()
}
