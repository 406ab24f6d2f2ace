//! Lays text out and draws it, with the styles and sizes of one dialog.

use crate::canvas::{Box2, Canvas};
use crate::font::Fonts;
use crate::formatted::{self, Span};
use crate::model::{Area, Package, Style};
use crate::state::State;
use crate::theme::{Rgb, Theme};
use cosmic_text::{Align, Attrs, Buffer, Color, Family, Metrics, Shaping, Weight, Wrap};

/// What a control needs to draw itself.
pub struct Painter<'a> {
    pub package: &'a Package,
    pub state: &'a State,
    pub theme: &'a Theme,
    pub fonts: &'a mut Fonts,
    pub canvas: Canvas,
    pub dpi: u32,
    /// Where the dialog's own area begins, below the caption.
    pub origin: (i32, i32),
}

/// Where a text stands in its area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Start,
    Centre,
    End,
}

/// How a text is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    pub across: Place,
    pub down: Place,
    pub wrap: bool,
    pub right_to_left: bool,
    /// Whether `&` marks the letter that is underlined.
    pub prefix: bool,
    pub colour: Rgb,
    /// Whether a style's own colour gives way, as on a disabled control.
    pub forced: bool,
}

/// How much room a text takes, in pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Extent {
    pub width: f32,
    pub height: f32,
    /// The widest word that can't be broken is wider than the area.
    pub lines: usize,
}

/// The height of a line in parts of the font's size; that of Tahoma.
const LINE: f32 = 1.21;

impl Layout {
    /// From the left and the top, broken into lines.
    pub fn new(colour: Rgb) -> Layout {
        Layout {
            across: Place::Start,
            down: Place::Start,
            wrap: true,
            right_to_left: false,
            prefix: false,
            colour,
            forced: false,
        }
    }
}

impl Painter<'_> {
    /// Installer units to pixels: three units are four pixels at 96 dots per inch.
    pub fn units(&self, units: i32) -> i32 {
        scaled(units, self.dpi)
    }

    /// Pixels at 96 dots per inch to pixels.
    pub fn pixels(&self, pixels: i32) -> i32 {
        (f64::from(pixels) * f64::from(self.dpi) / 96.0).round() as i32
    }

    /// The pixels of an area of the dialog.
    pub fn area(&self, area: Area) -> Box2 {
        let (left, top) = (self.units(area.x), self.units(area.y));
        // The far side is scaled by itself, so that neighbours touch at every scale.
        let right = self.units(area.x.saturating_add(area.width));
        let bottom = self.units(area.y.saturating_add(area.height));
        Box2::new(self.origin.0 + left, self.origin.1 + top, right - left, bottom - top)
    }

    /// The style of texts without one: `DefaultUIFont` where the package sets it.
    pub fn base(&self) -> Style {
        self.package.styles.get(self.state.value("DefaultUIFont")).cloned().unwrap_or_else(|| Style {
            face: "Tahoma".into(),
            size: 8,
            colour: None,
            bold: false,
            italic: false,
            underline: false,
            strike: false,
        })
    }

    /// A text of the package as pieces with styles, its references replaced.
    pub fn spans(&self, text: &str) -> Vec<Span> {
        formatted::spans(&formatted::expand(text, self.state), self.package)
    }

    /// Draws a text that is as it stands.
    pub fn plain(&mut self, text: &str, area: Box2, layout: Layout) -> Extent {
        let span = Span { text: text.to_owned(), style: None, link: false };
        self.text(&[span], area, layout)
    }

    /// Draws pieces of text inside `area`, cut off at its border, and says how much room they would take.
    pub fn text(&mut self, spans: &[Span], area: Box2, layout: Layout) -> Extent {
        let base = self.base();
        let mut pieces: Vec<(String, Style, bool)> = Vec::new();
        let mut underlined = None;
        let mut length = 0;
        if layout.right_to_left {
            // A mark that is not drawn says which way the line reads, whatever letter it begins with.
            pieces.push(("\u{200f}".into(), base.clone(), false));
            length = "\u{200f}".len();
        }
        for span in spans {
            let style = span.style.as_ref().and_then(|name| self.package.styles.get(name)).unwrap_or(&base);
            let text = span.text.replace("\r\n", "\n").replace('\r', "\n");
            let text = if layout.prefix {
                let (text, at) = formatted::accelerator(&text);
                underlined = underlined.or(at.map(|at| length + at));
                text
            } else {
                text
            };
            length += text.len();
            pieces.push((text, style.clone(), span.link));
        }
        let size = |style: &Style| (style.size as f32 * self.dpi as f32 / 72.0).round();
        let metrics = Metrics::new(size(&base), (size(&base) * LINE).round());
        let mut buffer = Buffer::new(&mut self.fonts.system, metrics);
        buffer.set_wrap(if layout.wrap { Wrap::Word } else { Wrap::None });
        buffer.set_size(layout.wrap.then_some(area.w.max(1) as f32), None);
        let faces: Vec<_> = pieces.iter().map(|(_, style, _)| self.fonts.face(&style.face)).collect();
        let rich = pieces.iter().zip(&faces).map(|((text, style, link), face)| {
            let own = style.colour.filter(|_| !layout.forced && !self.theme.overrides_styles);
            let [r, g, b] = if *link { self.theme.link } else { own.unwrap_or(layout.colour) };
            let mut attrs = Attrs::new()
                .family(Family::Name(&face.family))
                .stretch(face.stretch)
                .color(Color::rgb(r, g, b))
                .metrics(Metrics::new(size(style), (size(style) * LINE).round()));
            if style.bold {
                attrs = attrs.weight(Weight::BOLD);
            }
            if style.italic {
                attrs = attrs.style(cosmic_text::Style::Italic);
            }
            (text.as_str(), attrs)
        });
        let align = match (layout.across, layout.right_to_left) {
            (Place::Centre, _) => Align::Center,
            (Place::Start, false) | (Place::End, true) => Align::Left,
            (Place::Start, true) | (Place::End, false) => Align::Right,
        };
        let attrs = Attrs::new();
        buffer.set_rich_text(rich, &attrs, Shaping::Advanced, Some(align));
        buffer.shape_until_scroll(&mut self.fonts.system, false);
        self.draw(&mut buffer, area, layout, align, &pieces, underlined)
    }

    fn draw(
        &mut self,
        buffer: &mut Buffer,
        area: Box2,
        layout: Layout,
        align: Align,
        pieces: &[(String, Style, bool)],
        underlined: Option<usize>,
    ) -> Extent {
        let mut extent = Extent::default();
        for run in buffer.layout_runs() {
            extent.width = extent.width.max(run.line_w);
            extent.height = extent.height.max(run.line_top + run.line_height);
            extent.lines += 1;
        }
        let down = match layout.down {
            Place::Start => 0.0,
            Place::Centre => ((area.h as f32 - extent.height) / 2.0).max(0.0),
            Place::End => (area.h as f32 - extent.height).max(0.0),
        };
        // A text that is not wrapped has no width to be aligned in.
        let across = match align {
            _ if layout.wrap => 0.0,
            Align::Center => (area.w as f32 - extent.width) / 2.0,
            Align::Right => area.w as f32 - extent.width,
            _ => 0.0,
        };
        let (x, y) = (area.x + across.round() as i32, area.y + down.round() as i32);
        let thin = self.pixels(1).max(1);
        let canvas = &mut self.canvas;
        let mut line_start = 0;
        let mut last_line = None;
        for run in buffer.layout_runs() {
            if last_line.is_some_and(|last| last != run.line_i) {
                line_start = next_line(pieces, line_start);
            }
            last_line = Some(run.line_i);
            for glyph in run.glyphs {
                let placed = glyph.physical((x as f32, y as f32 + run.line_y), 1.0);
                let colour = glyph.color_opt.unwrap_or(Color::rgb(0, 0, 0));
                let rgb = [colour.r(), colour.g(), colour.b()];
                self.fonts.cache.with_pixels(
                    &mut self.fonts.system,
                    placed.cache_key,
                    colour,
                    |dx, dy, pixel| {
                        let at = Box2::new(placed.x + dx, placed.y + dy, 1, 1);
                        canvas.blend(at, [pixel.r(), pixel.g(), pixel.b()], pixel.a(), area);
                    },
                );
                let at = line_start + glyph.start;
                let lined = underlined == Some(at) || style_at(pieces, at).is_some_and(|lined| lined);
                if lined {
                    let top = y + (run.line_y + glyph.font_size * 0.12).round() as i32;
                    let left = x + glyph.x.round() as i32;
                    canvas.blend(Box2::new(left, top, glyph.w.round() as i32, thin), rgb, 255, area);
                }
            }
        }
        extent
    }
}

/// Where the line after the one that begins at `start` begins.
fn next_line(pieces: &[(String, Style, bool)], start: usize) -> usize {
    let mut at = 0;
    for (text, ..) in pieces {
        let from = start.saturating_sub(at).min(text.len());
        if let Some(end) = text.get(from..).and_then(|rest| rest.find('\n')) {
            return at + from + end + 1;
        }
        at += text.len();
    }
    at
}

/// Whether the style of the piece that covers `at` underlines, or the piece is a link.
fn style_at(pieces: &[(String, Style, bool)], at: usize) -> Option<bool> {
    let mut end = 0;
    pieces.iter().find_map(|(text, style, link)| {
        end += text.len();
        (at < end).then_some(style.underline || *link)
    })
}

/// Installer units to pixels.
pub fn scaled(units: i32, dpi: u32) -> i32 {
    (f64::from(units) * f64::from(dpi) / 72.0).round() as i32
}
