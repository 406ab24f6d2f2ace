//! The languages that one package speaks: its own, and those that are transforms in it.

use crate::request::ALL_CULTURES;
use crate::{BuildRequest, codes};
use diagnostics::{Diagnostic, Diagnostics, Span};
use msi_db::{Database, Value};
use wxs::extension::Extension;
use wxs::localization::Localization;
use wxs::resolve::Resolved;
use wxs::v4::cultures;

/// The language of a package that speaks all, where there are texts in it.
const USUAL: &str = "en-us";

/// Which cultures become what.
#[derive(Debug, Default)]
pub(crate) struct Languages {
    /// Of the package itself, in order of preference.
    pub base: Vec<String>,
    pub translations: Vec<Language>,
}

/// A language that is a transform in the package.
#[derive(Debug)]
pub(crate) struct Language {
    pub culture: String,
    /// The culture, then those that answer where it has no text.
    pub cultures: Vec<String>,
    /// Language identifier, such as 1031.
    pub id: u16,
    /// The code page that its texts need.
    codepage: u16,
}

impl Languages {
    /// What the request asks for. The author's localization files decide which cultures there are, and where there are none, the
    /// libraries' texts.
    pub fn choose(
        request: &BuildRequest,
        files: &[Localization],
        extensions: &[&'static Extension],
        diagnostics: &mut Diagnostics,
    ) -> Languages {
        let all = request.cultures.iter().any(|culture| culture.eq_ignore_ascii_case(ALL_CULTURES));
        if !request.is_multilingual() {
            return Languages { base: request.cultures.clone(), translations: Vec::new() };
        }
        let mut known: Vec<(String, Option<Span>)> =
            files.iter().filter_map(|file| Some((file.culture.clone()?, Some(file.span)))).collect();
        if known.is_empty() {
            let texts = extensions.iter().flat_map(|extension| extension.cultures());
            known = texts.map(|culture| (culture.to_owned(), None)).collect();
        }
        let place =
            |culture: &str| known.iter().find(|(known, _)| known == culture).and_then(|(_, span)| *span);
        let mut wanted: Vec<String> = request
            .cultures
            .iter()
            .map(|culture| culture.to_lowercase())
            .filter(|culture| culture != ALL_CULTURES && !culture.is_empty())
            .collect();
        for culture in &wanted {
            if !known.iter().any(|(known, _)| known == culture) {
                let message = format!("there are no texts for the culture {culture}");
                let names: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
                let hint = if names.is_empty() {
                    "give a localization file for each language".to_owned()
                } else {
                    format!("there are texts for {}", names.join(", "))
                };
                diagnostics.push(Diagnostic::error(codes::LANGUAGE, message).hint(hint));
            }
        }
        if all {
            let mut rest: Vec<&String> = known.iter().map(|(culture, _)| culture).collect();
            rest.sort_by_key(|culture| (*culture != USUAL, *culture));
            wanted.extend(rest.into_iter().cloned());
        }
        let mut seen = Vec::new();
        wanted.retain(|culture| {
            let new = !seen.contains(culture);
            seen.push(culture.clone());
            new
        });
        let Some(base) = wanted.first().cloned() else {
            let message = "a package of several languages needs localization files that name their cultures";
            let hint = "give several with --loc, each with a Culture";
            diagnostics.push(Diagnostic::error(codes::LANGUAGE, message).hint(hint));
            return Languages::default();
        };
        let mut translations: Vec<Language> = Vec::new();
        for culture in &wanted[1..] {
            let Some((id, usual)) = cultures::language_and_codepage(culture) else {
                let message = format!("the culture {culture} has no language identifier that is known");
                diagnostics.push(
                    Diagnostic::error(codes::LANGUAGE, message)
                        .at(place(culture))
                        .hint("such as de-de or pt-br"),
                );
                continue;
            };
            let own = files.iter().filter(|file| file.culture.as_deref() == Some(culture));
            let authored =
                own.filter_map(|file| wxs::resolve::parse_codepage(file.codepage.as_deref()?)).next();
            translations.push(Language {
                culture: culture.clone(),
                cultures: vec![culture.clone(), base.clone()],
                id,
                codepage: authored.unwrap_or(usual),
            });
        }
        Languages { base: vec![base], translations }
    }
}

impl Language {
    /// Gives a resolved product the language's identifier and code page and the base's identity.
    pub fn mark(&self, mut resolved: Resolved, base: &Database) -> Resolved {
        resolved.codepage = self.codepage;
        for row in resolved.product.tables.get_mut("Property").into_iter().flatten() {
            let [Value::Str(name), value, ..] = &mut row.values[..] else { continue };
            match &**name {
                "ProductLanguage" => *value = self.id.to_string().into(),
                "ProductCode" if value.as_str() == Some("*") => {
                    if let Some(code) = property(base, "ProductCode") {
                        *value = code.into();
                    }
                }
                _ => {}
            }
        }
        resolved
    }

    /// Takes over what was found while the language was built. What holds of every language was said of the package itself.
    pub fn report(&self, found: Diagnostics, diagnostics: &mut Diagnostics) {
        for finding in found.iter() {
            let same = |known: &Diagnostic| {
                known.code == finding.code && known.span == finding.span && known.message == finding.message
            };
            if !diagnostics.iter().any(same) {
                diagnostics.push(finding.clone().hint(format!("in the culture {}", self.culture)));
            }
        }
    }
}

/// The value of a property.
pub(crate) fn property<'a>(database: &'a Database, name: &str) -> Option<&'a str> {
    let mut rows = database.table("Property")?.iter();
    rows.find(|row| row.str("Property") == Some(name))?.str("Value")
}
