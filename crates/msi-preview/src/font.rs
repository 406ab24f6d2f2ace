//! Fonts: what a face that a package names is drawn with.

use cosmic_text::fontdb::{Database, Source};
use cosmic_text::{Fallback, FontSystem, Stretch, SwashCache};
use std::collections::BTreeSet;
use std::sync::Arc;

pub use cosmic_text::fontdb;

/// Fonts that texts are drawn with: those that the caller brings, and the DejaVu family.
#[derive(Debug)]
pub struct Fonts {
    pub(crate) system: FontSystem,
    pub(crate) cache: SwashCache,
    families: BTreeSet<String>,
}

/// A family that is there, and how wide.
pub(crate) struct Face {
    pub(crate) family: String,
    pub(crate) stretch: Stretch,
}

/// What stands in where a face is missing, best first. DejaVu Sans Condensed runs nearly as wide as Tahoma, a little wider, so
/// that what fits here fits there.
const SUBSTITUTES: [(&[&str], &[&str]); 5] = [
    (
        &["Tahoma", "MS Shell Dlg", "MS Shell Dlg 2", "MS Sans Serif", "Microsoft Sans Serif", "Segoe UI"],
        &["Segoe UI", "Tahoma", "Wine Tahoma", CONDENSED],
    ),
    (&["Verdana"], &["DejaVu Sans"]),
    (&["Arial", "Helvetica", "Calibri", "Arial Narrow"], &["Arial", "Liberation Sans", CONDENSED]),
    (&["Courier New", "Consolas", "Lucida Console"], &["Courier New", "Liberation Mono", "DejaVu Sans Mono"]),
    (&["Times New Roman", "Georgia", "Cambria"], &["Times New Roman", "Liberation Serif", "DejaVu Serif"]),
];

/// Stands for DejaVu Sans in its condensed width, which is no family of its own.
const CONDENSED: &str = "DejaVu Sans Condensed";

impl Fonts {
    /// Takes fonts that the caller has found, and adds the DejaVu family.
    pub fn new(mut found: Database) -> Fonts {
        for bytes in [
            dejavu::sans::regular(),
            dejavu::sans::bold(),
            dejavu::sans::oblique(),
            dejavu::sans_condensed::regular(),
            dejavu::sans_condensed::bold(),
            dejavu::sans_condensed::oblique(),
            dejavu::sans_mono::regular(),
            dejavu::serif::regular(),
            dejavu::serif::bold(),
        ] {
            found.load_font_source(Source::Binary(Arc::new(bytes)));
        }
        let families =
            found.faces().flat_map(|face| face.families.iter().map(|(name, _)| name.clone())).collect();
        let system = FontSystem::new_with_locale_and_db_and_fallback("en-US".into(), found, Others);
        Fonts { system, cache: SwashCache::new(), families }
    }

    /// The family that draws a face of this name.
    pub(crate) fn face(&self, name: &str) -> Face {
        let substitutes = SUBSTITUTES
            .iter()
            .find(|(names, _)| names.iter().any(|known| known.eq_ignore_ascii_case(name)))
            .map_or(&[CONDENSED][..], |(_, substitutes)| substitutes);
        let found = std::iter::once(name)
            .chain(substitutes.iter().copied())
            .find(|family| *family == CONDENSED || self.families.contains(*family));
        match found {
            None | Some(CONDENSED) => Face { family: "DejaVu Sans".into(), stretch: Stretch::Condensed },
            Some(family) => Face { family: family.to_owned(), stretch: Stretch::Normal },
        }
    }
}

/// Families to look in for letters that the wanted one lacks, whatever their script.
struct Others;

impl Fallback for Others {
    fn common_fallback(&self) -> &[&'static str] {
        &[
            "DejaVu Sans",
            "Segoe UI",
            "Noto Sans",
            "Microsoft YaHei UI",
            "Yu Gothic UI",
            "Malgun Gothic",
            "Noto Sans CJK SC",
            "Noto Sans CJK JP",
            "Noto Sans CJK KR",
            "WenQuanYi Micro Hei",
            "PingFang SC",
            "Hiragino Sans",
            "Apple SD Gothic Neo",
            "Noto Sans Arabic",
            "Noto Sans Hebrew",
        ]
    }

    fn forbidden_fallback(&self) -> &[&'static str] {
        &[]
    }

    fn script_fallback(&self, _: unicode_script::Script, _: &str) -> &[&'static str] {
        &[]
    }
}
