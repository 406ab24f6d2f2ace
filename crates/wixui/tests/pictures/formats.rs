//! The two file formats: bitmaps of at most 256 colours, a third as big as those of true colours, and icons with transparency.

/// A bitmap file. Pixels are numbers of colours, row by row from the top.
pub fn bitmap(width: u32, height: u32, colours: &[[u8; 3]], pixels: &[u8]) -> Vec<u8> {
    assert!(colours.len() <= 256 && pixels.len() == (width * height) as usize);
    let row = width.div_ceil(4) * 4;
    let start = 14 + 40 + 4 * colours.len() as u32;
    let mut file = Vec::new();
    file.extend(b"BM");
    for number in [start + row * height, 0, start, 40, width, height] {
        file.extend(number.to_le_bytes());
    }
    file.extend([1, 0, 8, 0]);
    // 96 dots per inch.
    for number in [0, row * height, 3780, 3780, colours.len() as u32, 0] {
        file.extend(number.to_le_bytes());
    }
    for [red, green, blue] in colours {
        file.extend([*blue, *green, *red, 0]);
    }
    for line in pixels.chunks(width as usize).rev() {
        file.extend(line);
        file.resize(file.len() + (row - width) as usize, 0);
    }
    file
}

/// One size of an icon: pixels of red, green, blue and opacity.
pub struct Image {
    pub size: u32,
    pub pixels: Vec<[u8; 4]>,
}

/// An icon file.
pub fn icon(images: &[Image]) -> Vec<u8> {
    let mut file = vec![0, 0, 1, 0, images.len() as u8, 0];
    let mut offset = 6 + 16 * images.len() as u32;
    let bodies: Vec<Vec<u8>> = images.iter().map(image).collect();
    for (image, body) in images.iter().zip(&bodies) {
        file.extend([image.size as u8, image.size as u8, 0, 0, 1, 0, 32, 0]);
        file.extend((body.len() as u32).to_le_bytes());
        file.extend(offset.to_le_bytes());
        offset += body.len() as u32;
    }
    file.extend(bodies.concat());
    file
}

fn image(image: &Image) -> Vec<u8> {
    let mut body = Vec::new();
    for number in [40, image.size, 2 * image.size] {
        body.extend(number.to_le_bytes());
    }
    body.extend([1, 0, 32, 0]);
    body.extend([0; 24]);
    let lines = || image.pixels.chunks(image.size as usize).rev();
    for [red, green, blue, opacity] in lines().flatten() {
        body.extend([*blue, *green, *red, *opacity]);
    }
    // The mask for systems that know no opacity.
    for line in lines() {
        let mut mask = vec![0u8; (image.size.div_ceil(32) * 4) as usize];
        for (at, _) in line.iter().enumerate().filter(|(_, pixel)| pixel[3] < 128) {
            mask[at / 8] |= 0x80 >> (at % 8);
        }
        body.extend(mask);
    }
    body
}
