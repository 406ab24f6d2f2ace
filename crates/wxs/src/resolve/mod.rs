//! A linked product with its texts made final: `!(loc.X)` and `!(wix.X)` replaced, dialogs placed as the culture wants them, the code
//! page known. What `!(bind.X)` stands for is only known when files have been looked at, so those stay.

mod codepage;
mod localizer;
pub mod variables;

pub use codepage::parse as parse_codepage;
pub use localizer::{Localizer, choose};

use crate::ir::{MediaSymbol, Product};
use diagnostics::{Code, Diagnostics};
use msi_db::Value;
use std::collections::BTreeMap;
use variables::{Lookup, Texts};

/// A `!(loc.X)` or `!(wix.X)` names nothing.
pub const UNKNOWN_VARIABLE: Code = Code("WXS0501");
/// A localized string is given twice for one culture.
pub const DUPLICATE_STRING: Code = Code("WXS0502");
/// A code page is not one that Windows Installer can use.
pub const CODEPAGE: Code = Code("WXS0503");
/// No localization file is for a culture that was asked for.
pub const MISSING_CULTURE: Code = Code("WXS0504");
/// A variable is written in a form that means something else here.
pub const VARIABLE_FORM: Code = Code("WXS0505");

/// Unknown names that get a hint.
const MAX_HINTS: usize = 50;

/// A product whose texts hold no variables but `!(bind.X)`, and the code page of its database (0: neutral).
#[derive(Debug, Clone)]
pub struct Resolved {
    pub product: Product,
    pub codepage: u16,
}

/// Resolves a product in place. `outside` holds WiX variables from the command line, which win over the source's.
pub fn resolve(
    mut product: Product,
    localizer: &Localizer,
    outside: &BTreeMap<String, String>,
    diagnostics: &mut Diagnostics,
) -> Option<Resolved> {
    let mut found = Diagnostics::new();
    let mut wix: BTreeMap<String, String> = outside.clone();
    for variable in &product.variables {
        wix.entry(variable.id.clone()).or_insert_with(|| variable.value.clone());
    }
    let lookup = Lookup { localizer, wix: &wix, newer: product.is_v4 };
    let mut texts = Texts { lookup: &lookup, diagnostics: &mut found, hints: MAX_HINTS };
    rows(&mut product, &mut texts);
    symbols(&mut product, &mut texts);
    localizer.place_controls(&mut product);
    let codepage = codepage::of(&product, localizer, &mut found);
    let failed = found.has_errors();
    diagnostics.extend(found);
    let product = (!failed).then_some(product)?;
    Some(Resolved { product, codepage: codepage? })
}

fn rows(product: &mut Product, texts: &mut Texts<'_>) {
    for rows in product.tables.values_mut() {
        for row in rows {
            for value in &mut row.values {
                if let Value::Str(text) = value
                    && let Some(new) = texts.resolve(text, row.span)
                {
                    *value = Value::Str(new.into());
                }
            }
        }
    }
    let span = product.span;
    if let Some(codepage) = &mut product.codepage {
        texts.apply(codepage, span);
    }
}

fn symbols(product: &mut Product, texts: &mut Texts<'_>) {
    for file in &mut product.files {
        let span = file.span;
        texts.apply(&mut file.name, span);
        texts.apply(&mut file.source, span);
        for text in [
            &mut file.short_name,
            &mut file.version,
            &mut file.default_version,
            &mut file.language,
            &mut file.default_language,
            &mut file.font_title,
        ] {
            texts.apply_some(text, span);
        }
    }
    for media in &mut product.media {
        let MediaSymbol { cabinet, disk_prompt, volume_label, source, layout, span, .. } = media;
        for text in [cabinet, disk_prompt, volume_label, source, layout] {
            texts.apply_some(text, *span);
        }
    }
    if let Some(template) = &mut product.media_template {
        let span = template.span;
        for text in [&mut template.cabinet_template, &mut template.disk_prompt, &mut template.volume_label] {
            texts.apply_some(text, span);
        }
    }
    for merge in &mut product.merges {
        let span = merge.span;
        texts.apply(&mut merge.source, span);
        texts.apply(&mut merge.language, span);
        for (_, value) in &mut merge.configuration {
            texts.apply(value, span);
        }
    }
}
