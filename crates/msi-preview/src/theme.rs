//! Colours of the system that dialogs are drawn in.

/// Red, green, blue.
pub type Rgb = [u8; 3];

/// The system colours that a dialog uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    pub face: Rgb,
    pub text: Rgb,
    pub disabled: Rgb,
    pub window: Rgb,
    pub window_text: Rgb,
    pub edge: Rgb,
    pub light_edge: Rgb,
    pub highlight: Rgb,
    pub highlight_text: Rgb,
    pub link: Rgb,
    pub caption: Rgb,
    pub caption_text: Rgb,
    pub button: Rgb,
    /// In high contrast the user's colours count, not those that a style names.
    pub overrides_styles: bool,
}

impl Theme {
    /// Windows as it comes.
    pub const LIGHT: Theme = Theme {
        face: [240, 240, 240],
        text: [0, 0, 0],
        disabled: [131, 131, 131],
        window: [255, 255, 255],
        window_text: [0, 0, 0],
        edge: [160, 160, 160],
        light_edge: [222, 222, 222],
        highlight: [0, 120, 215],
        highlight_text: [255, 255, 255],
        link: [0, 102, 204],
        caption: [255, 255, 255],
        caption_text: [32, 32, 32],
        button: [225, 225, 225],
        overrides_styles: false,
    };

    /// The high-contrast theme with white letters on black.
    pub const CONTRAST: Theme = Theme {
        face: [0, 0, 0],
        text: [255, 255, 255],
        disabled: [63, 242, 63],
        window: [0, 0, 0],
        window_text: [255, 255, 255],
        edge: [255, 255, 255],
        light_edge: [255, 255, 255],
        highlight: [26, 235, 255],
        highlight_text: [0, 0, 0],
        link: [255, 255, 0],
        caption: [0, 0, 0],
        caption_text: [255, 255, 255],
        button: [0, 0, 0],
        overrides_styles: true,
    };
}
