//! Which localization files count, and what they say together.

use super::{DUPLICATE_STRING, MISSING_CULTURE};
use crate::extension::Texts;
use crate::ir::{Product, SourceRow};
use crate::localization::{Localization, LocalizedControl, LocalizedString};
use diagnostics::{Diagnostic, Diagnostics, Span};
use msi_db::Value;
use std::collections::BTreeMap;

/// `msidbControlAttributesRTLRO`, `…RightAligned`, `…LeftScroll`.
const RIGHT_TO_LEFT: i32 = 0x20;
const RIGHT_ALIGNED: i32 = 0x40;
const LEFT_SCROLL: i32 = 0x80;

/// The strings, control placements and code page of the chosen localization files.
#[derive(Debug, Clone, Default)]
pub struct Localizer {
    strings: BTreeMap<String, String>,
    controls: BTreeMap<(String, String), LocalizedControl>,
    codepage: Option<(String, Span)>,
    /// The code page that a library's texts need.
    library_codepage: Option<(String, Span)>,
}

/// Picks the files for `cultures`, most wanted first; a later culture fills in what earlier ones leave out. With no culture asked for, the
/// files without a culture count, and if all have one, all of them.
pub fn choose(files: &[Localization], cultures: &[String], diagnostics: &mut Diagnostics) -> Localizer {
    let mut localizer = Localizer::default();
    if cultures.is_empty() {
        let neutral: Vec<&Localization> = files.iter().filter(|file| file.culture.is_none()).collect();
        let chosen = if neutral.is_empty() { files.iter().collect() } else { neutral };
        localizer.add(&chosen, diagnostics);
        return localizer;
    }
    for culture in cultures {
        let wanted = match culture.to_lowercase() {
            neutral if neutral.is_empty() || neutral == "neutral" => None,
            culture => Some(culture),
        };
        let chosen: Vec<&Localization> = files.iter().filter(|file| file.culture == wanted).collect();
        localizer.add(&chosen, diagnostics);
    }
    let known = |wanted: &String| {
        files.iter().any(|file| file.culture.as_deref().unwrap_or("neutral").eq_ignore_ascii_case(wanted))
    };
    if !files.is_empty() && !cultures.iter().any(known) {
        let message = format!("no localization file is for {}", cultures.join(" or "));
        diagnostics.push(Diagnostic::warning(MISSING_CULTURE, message));
    }
    localizer
}

impl Localizer {
    /// The value of `!(loc.NAME)`.
    pub fn string(&self, name: &str) -> Option<&str> {
        self.strings.get(name).map(String::as_str)
    }

    /// Adds strings for names that no localization file gives.
    pub fn add_defaults(&mut self, strings: BTreeMap<String, String>) {
        for (name, value) in strings {
            self.strings.entry(name).or_insert(value);
        }
    }

    /// Adds what libraries say where no localization file says otherwise.
    pub fn add_library(&mut self, texts: Texts) {
        self.add_defaults(texts.strings);
        for (key, control) in texts.controls {
            self.controls.entry(key).or_insert(control);
        }
        self.library_codepage = self.library_codepage.take().or(texts.codepage);
    }

    /// All names, for hints.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.strings.keys().map(String::as_str)
    }

    /// The code page that the first file with one asks for, as written.
    pub fn codepage(&self) -> Option<(&str, Span)> {
        self.codepage.as_ref().map(|(text, span)| (text.as_str(), *span))
    }

    /// The code page that texts of libraries ask for, which counts where nothing of the author's does.
    pub fn library_codepage(&self) -> Option<(&str, Span)> {
        self.library_codepage.as_ref().map(|(text, span)| (text.as_str(), *span))
    }

    /// Adds the files of one culture.
    fn add(&mut self, files: &[&Localization], diagnostics: &mut Diagnostics) {
        let mut strings: BTreeMap<&str, &LocalizedString> = BTreeMap::new();
        for file in files {
            if self.codepage.is_none() && !file.is_v4 {
                self.codepage = file.codepage.clone().map(|text| (text, file.span));
            }
            for (name, string) in &file.strings {
                match strings.get(name.as_str()) {
                    Some(first) if first.overridable && !string.overridable => {
                        strings.insert(name, string);
                    }
                    Some(_) if string.overridable => {}
                    Some(first) => diagnostics.push(
                        Diagnostic::error(DUPLICATE_STRING, format!("the string \"{name}\" is given twice"))
                            .at(string.span)
                            .label(first.span, "first given here")
                            .hint("leave one out, or set Overridable=\"yes\" at the one that gives way"),
                    ),
                    None => {
                        strings.insert(name, string);
                    }
                }
            }
            for (key, control) in &file.controls {
                self.controls.entry(key.clone()).or_insert_with(|| control.clone());
            }
        }
        for (name, string) in strings {
            self.strings.entry(name.to_owned()).or_insert_with(|| string.value.clone());
        }
    }

    /// Moves dialogs and controls to where the chosen files want them.
    pub(super) fn place_controls(&self, product: &mut Product) {
        if self.controls.is_empty() {
            return;
        }
        for row in product.tables.get_mut("Dialog").into_iter().flatten() {
            let key = (text(row, 0), String::new());
            if let Some(control) = self.controls.get(&key) {
                place(row, control, 1, 5, 6);
            }
        }
        for row in product.tables.get_mut("Control").into_iter().flatten() {
            let key = (text(row, 0), text(row, 1));
            if let Some(control) = self.controls.get(&key) {
                place(row, control, 3, 7, 9);
            }
        }
    }

    #[cfg(test)]
    pub(super) fn of_strings<const N: usize>(strings: [(&str, &str); N]) -> Localizer {
        let strings = strings.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Localizer { strings, ..Localizer::default() }
    }
}

fn place(row: &mut SourceRow, control: &LocalizedControl, x: usize, attributes: usize, title: usize) {
    let numbers = [control.x, control.y, control.width, control.height];
    for (at, number) in numbers.into_iter().enumerate() {
        if let (Some(number), Some(cell)) = (number, row.values.get_mut(x + at)) {
            *cell = number.into();
        }
    }
    let mut flags = 0;
    for (set, flag) in [
        (control.right_to_left, RIGHT_TO_LEFT),
        (control.right_aligned, RIGHT_ALIGNED),
        (control.left_scroll, LEFT_SCROLL),
    ] {
        flags |= if set { flag } else { 0 };
    }
    if let Some(cell) = row.values.get_mut(attributes) {
        *cell = (cell.as_int().unwrap_or(0) | flags).into();
    }
    let new_text = control.text.as_deref().filter(|text| !text.is_empty());
    if let (Some(new_text), Some(cell)) = (new_text, row.values.get_mut(title)) {
        *cell = new_text.into();
    }
}

fn text(row: &SourceRow, at: usize) -> String {
    row.values.get(at).and_then(Value::as_str).unwrap_or_default().to_owned()
}
