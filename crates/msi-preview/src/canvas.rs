//! The picture that is drawn on, in whole pixels.

use crate::theme::Rgb;
use tiny_skia::{
    Color, FillRule, FilterQuality, Paint, PathBuilder, Pixmap, PixmapPaint, Rect, Stroke, Transform,
};

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Box2 {
    pub x: i32,
    pub y: i32,
    pub w: i32,
    pub h: i32,
}

impl Box2 {
    pub fn new(x: i32, y: i32, w: i32, h: i32) -> Box2 {
        Box2 { x, y, w, h }
    }

    /// Smaller by `by` on each side.
    pub fn inset(self, by: i32) -> Box2 {
        Box2::new(self.x + by, self.y + by, (self.w - 2 * by).max(0), (self.h - 2 * by).max(0))
    }

    pub fn right(self) -> i32 {
        self.x + self.w
    }

    pub fn bottom(self) -> i32 {
        self.y + self.h
    }

    /// What two rectangles share.
    pub fn shared(self, other: Box2) -> Box2 {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let (right, bottom) = (self.right().min(other.right()), self.bottom().min(other.bottom()));
        Box2::new(x, y, (right - x).max(0), (bottom - y).max(0))
    }

    fn rect(self) -> Option<Rect> {
        Rect::from_xywh(self.x as f32, self.y as f32, self.w as f32, self.h as f32)
    }
}

/// A picture in the making.
pub struct Canvas {
    pixmap: Pixmap,
    /// How many pixels of letters were laid down since [`Canvas::forget_letters`], and how many of them can hardly be told from what
    /// was there before.
    letters: (u32, u32),
}

impl Canvas {
    /// `None` where a side is zero or absurdly long.
    pub fn new(width: i32, height: i32, ground: Rgb) -> Option<Canvas> {
        const LONGEST: i32 = 16_384;
        if !(1..=LONGEST).contains(&width) || !(1..=LONGEST).contains(&height) {
            return None;
        }
        let mut pixmap = Pixmap::new(width as u32, height as u32)?;
        pixmap.fill(colour(ground));
        Some(Canvas { pixmap, letters: (0, 0) })
    }

    /// The picture as a PNG file.
    pub fn png(&self) -> Option<Vec<u8>> {
        self.pixmap.encode_png().ok()
    }

    pub fn fill(&mut self, area: Box2, rgb: Rgb) {
        if let Some(rect) = area.rect() {
            self.pixmap.fill_rect(rect, &solid(rgb), Transform::identity(), None);
        }
    }

    /// A border inside `area`.
    pub fn frame(&mut self, area: Box2, width: i32, rgb: Rgb) {
        let width = width.min(area.w).min(area.h);
        self.fill(Box2::new(area.x, area.y, area.w, width), rgb);
        self.fill(Box2::new(area.x, area.bottom() - width, area.w, width), rgb);
        self.fill(Box2::new(area.x, area.y, width, area.h), rgb);
        self.fill(Box2::new(area.right() - width, area.y, width, area.h), rgb);
    }

    /// A filled circle with a border inside `area`.
    pub fn circle(&mut self, area: Box2, fill: Rgb, border: Rgb, width: f32) {
        let radius = area.w.min(area.h) as f32 / 2.0;
        let (x, y) = (area.x as f32 + area.w as f32 / 2.0, area.y as f32 + area.h as f32 / 2.0);
        if let Some(path) = PathBuilder::from_circle(x, y, radius - width / 2.0) {
            self.pixmap.fill_path(&path, &smooth(fill), FillRule::Winding, Transform::identity(), None);
            let stroke = Stroke { width, ..Stroke::default() };
            self.pixmap.stroke_path(&path, &smooth(border), &stroke, Transform::identity(), None);
        }
    }

    /// Connected lines.
    pub fn lines(&mut self, points: &[(f32, f32)], width: f32, rgb: Rgb) {
        let mut path = PathBuilder::new();
        for (at, (x, y)) in points.iter().enumerate() {
            if at == 0 {
                path.move_to(*x, *y);
            } else {
                path.line_to(*x, *y);
            }
        }
        if let Some(path) = path.finish() {
            let stroke = Stroke { width, ..Stroke::default() };
            self.pixmap.stroke_path(&path, &smooth(rgb), &stroke, Transform::identity(), None);
        }
    }

    /// A picture stretched over `area`, cut off outside `clip`.
    pub fn picture(&mut self, picture: &Pixmap, area: Box2, clip: Box2) {
        let shown = area.shared(clip);
        if shown.w == 0 || shown.h == 0 {
            return;
        }
        let Some(mut piece) = Pixmap::new(shown.w as u32, shown.h as u32) else { return };
        let scale = (area.w as f32 / picture.width() as f32, area.h as f32 / picture.height() as f32);
        let place = Transform::from_row(
            scale.0,
            0.0,
            0.0,
            scale.1,
            (area.x - shown.x) as f32,
            (area.y - shown.y) as f32,
        );
        let quality = if scale == (1.0, 1.0) { FilterQuality::Nearest } else { FilterQuality::Bicubic };
        let paint = PixmapPaint { quality, ..PixmapPaint::default() };
        piece.draw_pixmap(0, 0, picture.as_ref(), &paint, place, None);
        let paint = PixmapPaint::default();
        self.pixmap.draw_pixmap(shown.x, shown.y, piece.as_ref(), &paint, Transform::identity(), None);
    }

    /// Begins to count the pixels of letters.
    pub fn forget_letters(&mut self) {
        self.letters = (0, 0);
    }

    /// Whether most of what was written since [`Canvas::forget_letters`] can hardly be told from its ground.
    pub fn letters_are_lost(&self) -> bool {
        let (all, faint) = self.letters;
        faint * 2 > all
    }

    /// Lays `alpha` of a colour over a run of pixels, cut off outside `clip`.
    pub fn blend(&mut self, run: Box2, rgb: Rgb, alpha: u8, clip: Box2) {
        let (width, height) = (self.pixmap.width() as i32, self.pixmap.height() as i32);
        let shown = run.shared(clip).shared(Box2::new(0, 0, width, height));
        let over = u32::from(alpha);
        let data = self.pixmap.data_mut();
        for y in shown.y..shown.bottom() {
            for x in shown.x..shown.right() {
                let at = (y as usize * width as usize + x as usize) * 4;
                // The edges of letters are faint anyway.
                if alpha > 127 {
                    let ground = [data[at], data[at + 1], data[at + 2]];
                    self.letters.0 += 1;
                    self.letters.1 += u32::from(brightness(rgb).abs_diff(brightness(ground)) < 40);
                }
                for (channel, value) in rgb.iter().enumerate() {
                    let under = u32::from(data[at + channel]);
                    data[at + channel] =
                        ((under * (255 - over) + u32::from(*value) * over + 127) / 255) as u8;
                }
                data[at + 3] = 255;
            }
        }
    }
}

fn colour(rgb: Rgb) -> Color {
    Color::from_rgba8(rgb[0], rgb[1], rgb[2], 255)
}

fn solid(rgb: Rgb) -> Paint<'static> {
    let mut paint = smooth(rgb);
    paint.anti_alias = false;
    paint
}

fn smooth(rgb: Rgb) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color(colour(rgb));
    paint
}

/// How bright a colour is to the eye, of 255.
fn brightness([red, green, blue]: Rgb) -> u32 {
    (299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)) / 1000
}
