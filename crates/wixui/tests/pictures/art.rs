//! What the pictures show: a parcel with an arrow into it, on slate blue; and four signs.

use crate::canvas::{block, covered, disc, mix, ring, stroke};
use crate::formats::{Image, bitmap, icon};

const WHITE: [u8; 3] = [255, 255, 255];
const DEEP: [u8; 3] = [27, 54, 84];
const CLEAR: [u8; 3] = [44, 96, 128];
const MIST: [u8; 3] = [232, 240, 246];
const BLUE: [u8; 3] = [36, 96, 150];
const AMBER: [u8; 3] = [240, 173, 48];
const PAPER: [u8; 3] = [250, 206, 112];
const INK: [u8; 3] = [52, 44, 30];

/// Every file with its bytes.
pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    let sign =
        |sizes: &[u32], draw: Sign| icon(&sizes.iter().map(|&size| image(size, draw)).collect::<Vec<_>>());
    vec![
        ("banner.bmp", banner()),
        ("dialog.bmp", dialog()),
        ("exclamation.ico", sign(&[16, 32, 48], exclamation)),
        ("info.ico", sign(&[16, 32, 48], info)),
        ("new.ico", sign(&[16, 32], new)),
        ("up.ico", sign(&[16, 32], up)),
    ]
}

/// The parcel in a square of 1 by 1: its outline, open above, and the arrow.
fn parcel(x: f64, y: f64) -> bool {
    let outline = block(x, y, (0.06, 0.30, 0.94, 0.97), 0.10) && !block(x, y, (0.14, 0.20, 0.86, 0.89), 0.05);
    let shaft = stroke(x, y, (0.5, 0.07), (0.5, 0.66), 0.09);
    let head = stroke(x, y, (0.5, 0.69), (0.31, 0.50), 0.09) || stroke(x, y, (0.5, 0.69), (0.69, 0.50), 0.09);
    let gap = (0.5 - x).abs() < 0.20 && y < 0.45;
    (outline && !gap) || shaft || head
}

/// The picture behind the outer pages: a third of it a panel, the rest white for text.
fn dialog() -> Vec<u8> {
    const PANEL: u32 = 157;
    const BANDS: u32 = 26;
    /// How much white lies over the panel.
    const VEILS: [f64; 9] = [0.0, 0.05, 0.09, 0.14, 0.3, 0.45, 0.6, 0.8, 1.0];
    let (width, height) = (493, 312);
    let mut colours = vec![WHITE];
    for band in 0..BANDS {
        let base = mix(DEEP, CLEAR, f64::from(band) / f64::from(BANDS - 1));
        colours.extend(VEILS.iter().map(|veil| mix(base, WHITE, *veil)));
    }
    let pixels = points(width, height, |x, y| {
        if x >= PANEL {
            return 0;
        }
        let waves = [(250.0, 0.05), (190.0, 0.09), (128.0, 0.14)];
        let veil = waves.iter().fold(0.0, |veil, &(radius, strength)| {
            let part = covered(x, y, |x, y| disc(x, y, 10.0, 330.0, radius));
            veil + (strength - veil) * part
        });
        let mark = covered(x, y, |x, y| parcel((x - 50.0) / 58.0, (y - 40.0) / 58.0));
        let veil = veil + (1.0 - veil) * mark;
        // A little noise-free dithering between bands: two neighbours alternate where the band changes.
        let exact = f64::from(y) / f64::from(height - 1) * f64::from(BANDS - 1);
        let band =
            (exact + if (x + y) % 2 == 0 { 0.25 } else { -0.25 }).round().clamp(0.0, f64::from(BANDS - 1));
        1 + band as u8 * VEILS.len() as u8 + nearest(&VEILS, veil)
    });
    bitmap(width, height, &colours, &pixels)
}

/// The picture above the inner pages: white where the heading stands, the parcel at the right.
fn banner() -> Vec<u8> {
    const BANDS: u32 = 24;
    const INKS: [f64; 10] = [0.0, 0.11, 0.22, 0.33, 0.44, 0.56, 0.67, 0.78, 0.89, 1.0];
    let (width, height) = (493, 58);
    let mut colours = Vec::new();
    for band in 0..BANDS {
        let base = mix(WHITE, MIST, f64::from(band) / f64::from(BANDS - 1));
        colours.extend(INKS.iter().map(|ink| mix(base, BLUE, *ink)));
    }
    let pixels = points(width, height, |x, y| {
        let exact = (f64::from(x) - 260.0).max(0.0) / 232.0 * f64::from(BANDS - 1);
        let band =
            (exact + if (x + y) % 2 == 0 { 0.25 } else { -0.25 }).round().clamp(0.0, f64::from(BANDS - 1));
        let mark = covered(x, y, |x, y| parcel((x - 434.0) / 38.0, (y - 9.0) / 38.0));
        band as u8 * INKS.len() as u8 + nearest(&INKS, mark)
    });
    bitmap(width, height, &colours, &pixels)
}

fn points(width: u32, height: u32, colour: impl Fn(u32, u32) -> u8) -> Vec<u8> {
    (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| colour(x, y)).collect()
}

fn nearest(steps: &[f64], wanted: f64) -> u8 {
    let distance = |at: &usize| (steps[*at] - wanted).abs();
    let best = (0..steps.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)));
    best.expect("there are steps") as u8
}

/// The colour of a point in a square of 32 by 32, if it has one.
type Sign = fn(f64, f64) -> Option<[u8; 3]>;

fn image(size: u32, sign: Sign) -> Image {
    let scale = 32.0 / f64::from(size);
    let pixels = (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).map(|(x, y)| {
        // The mean of the colours that there are, and how much of the pixel has one.
        let (samples, mut sum, mut hits) = (8u32, [0u32; 3], 0u32);
        for (i, j) in (0..samples).flat_map(|j| (0..samples).map(move |i| (i, j))) {
            let at = |pixel: u32, sample: u32| {
                (f64::from(pixel) + (f64::from(sample) + 0.5) / f64::from(samples)) * scale
            };
            if let Some(colour) = sign(at(x, i), at(y, j)) {
                hits += 1;
                (0..3).for_each(|at| sum[at] += u32::from(colour[at]));
            }
        }
        let mean = |at: usize| sum[at].checked_div(hits).unwrap_or(0) as u8;
        [mean(0), mean(1), mean(2), (255 * hits / (samples * samples)) as u8]
    });
    Image { size, pixels: pixels.collect() }
}

fn info(x: f64, y: f64) -> Option<[u8; 3]> {
    let letter = disc(x, y, 16.0, 9.0, 2.3) || block(x, y, (14.1, 13.4, 17.9, 24.6), 1.0);
    disc(x, y, 16.0, 16.0, 15.0).then_some(if letter { WHITE } else { BLUE })
}

fn exclamation(x: f64, y: f64) -> Option<[u8; 3]> {
    // A triangle with round corners: everything within 3 of a smaller one.
    let (top, left, right) = ((16.0, 5.0), (4.6, 26.4), (27.4, 26.4));
    let edges = [(top, left), (left, right), (right, top)];
    let rim = edges.iter().any(|&(a, b)| stroke(x, y, a, b, 6.0));
    let within = edges.iter().all(|&((ax, ay), (bx, by))| (bx - ax) * (y - ay) - (by - ay) * (x - ax) <= 0.0);
    let mark = block(x, y, (14.4, 10.0, 17.6, 20.4), 1.4) || disc(x, y, 16.0, 24.2, 1.9);
    (rim || within).then_some(if mark { INK } else { AMBER })
}

fn folder(x: f64, y: f64) -> Option<[u8; 3]> {
    let body = block(x, y, (1.5, 9.0, 26.5, 28.5), 2.2) || block(x, y, (1.5, 5.5, 13.0, 14.0), 2.2);
    body.then_some(if y < 11.5 { AMBER } else { PAPER })
}

fn up(x: f64, y: f64) -> Option<[u8; 3]> {
    let arrow = stroke(x, y, (21.0, 29.0), (21.0, 15.6), 3.6)
        || stroke(x, y, (21.0, 14.6), (14.6, 21.0), 3.6)
        || stroke(x, y, (21.0, 14.6), (27.4, 21.0), 3.6);
    if arrow { Some(BLUE) } else { folder(x, y) }
}

fn new(x: f64, y: f64) -> Option<[u8; 3]> {
    let plus = stroke(x, y, (18.0, 22.0), (26.0, 22.0), 3.4) || stroke(x, y, (22.0, 18.0), (22.0, 26.0), 3.4);
    if plus {
        return Some(WHITE);
    }
    if disc(x, y, 22.0, 22.0, 8.6) {
        return Some(BLUE);
    }
    if ring(x, y, 22.0, 22.0, 10.0, 1.4) { None } else { folder(x, y) }
}
