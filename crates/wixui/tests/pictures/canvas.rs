//! Shapes as questions of points, and how much of a pixel a shape covers.

/// Points asked in each direction of a pixel.
const SAMPLES: u32 = 8;

/// How much of the pixel at (x, y) lies in a shape, from 0 to 1.
pub fn covered(x: u32, y: u32, inside: impl Fn(f64, f64) -> bool) -> f64 {
    let step = 1.0 / f64::from(SAMPLES);
    let at = |pixel: u32, sample: u32| f64::from(pixel) + (f64::from(sample) + 0.5) * step;
    let hits = (0..SAMPLES)
        .flat_map(|j| (0..SAMPLES).map(move |i| (i, j)))
        .filter(|&(i, j)| inside(at(x, i), at(y, j)))
        .count();
    hits as f64 / f64::from(SAMPLES * SAMPLES)
}

pub fn disc(x: f64, y: f64, cx: f64, cy: f64, radius: f64) -> bool {
    (x - cx) * (x - cx) + (y - cy) * (y - cy) <= radius * radius
}

pub fn ring(x: f64, y: f64, cx: f64, cy: f64, radius: f64, width: f64) -> bool {
    disc(x, y, cx, cy, radius) && !disc(x, y, cx, cy, radius - width)
}

/// A rectangle with round corners.
pub fn block(x: f64, y: f64, (left, top, right, bottom): (f64, f64, f64, f64), radius: f64) -> bool {
    let dx = (left + radius - x).max(x - (right - radius)).max(0.0);
    let dy = (top + radius - y).max(y - (bottom - radius)).max(0.0);
    dx * dx + dy * dy <= radius * radius
}

/// A line with round ends.
pub fn stroke(x: f64, y: f64, (ax, ay): (f64, f64), (bx, by): (f64, f64), width: f64) -> bool {
    let (dx, dy) = (bx - ax, by - ay);
    let along = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    disc(x, y, ax + along * dx, ay + along * dy, width / 2.0)
}

/// A colour between two others.
pub fn mix(from: [u8; 3], to: [u8; 3], part: f64) -> [u8; 3] {
    std::array::from_fn(|at| {
        let (from, to) = (f64::from(from[at]), f64::from(to[at]));
        (from + (to - from) * part).round() as u8
    })
}
