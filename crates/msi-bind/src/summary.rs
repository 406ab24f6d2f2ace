//! Summary information, word for word.

use crate::codes;
use crate::package::Package;
use diagnostics::{Diagnostic, Diagnostics};
use msi_db::codepage::Codepage;
use msi_db::{FileTime, SummaryInfo};

/// Makes the property set from the authored properties; dates and the creating program come from the options.
pub(crate) fn make(
    package: &Package,
    timestamp: i64,
    creating_application: &str,
    diagnostics: &mut Diagnostics,
) -> SummaryInfo {
    let now = FileTime::from_unix_seconds(timestamp);
    let mut summary = SummaryInfo {
        created: Some(now),
        last_saved: Some(now),
        creating_application: Some(creating_application.to_owned()),
        ..SummaryInfo::default()
    };
    for (&number, (value, span)) in &package.summary {
        let mut whole_number = || {
            let parsed = value.trim().parse::<i32>().ok();
            if parsed.is_none() {
                let message = format!("summary information property {number} is a number, not \"{value}\"");
                let finding = Diagnostic::error(codes::SUMMARY, message).at(*span);
                diagnostics.push(finding.hint("write a whole number"));
            }
            parsed
        };
        let text = Some(value.clone()).filter(|value| !value.is_empty());
        match number {
            1 => match wxs::resolve::parse_codepage(value) {
                Some(codepage) if codepage <= i16::MAX.unsigned_abs() || codepage == 65001 => {
                    summary.codepage = Some(codepage);
                }
                _ => {
                    let message = format!("\"{value}\" is no code page that summary information can have");
                    diagnostics.push(
                        Diagnostic::error(codes::SUMMARY, message).at(*span).hint("1252 is the usual one"),
                    );
                }
            },
            2 => summary.title = text,
            3 => summary.subject = text,
            4 => summary.author = text,
            5 => summary.keywords = text,
            6 => summary.comments = text,
            7 => summary.template = text,
            8 => summary.last_author = text,
            9 => summary.revision = text,
            14 => summary.page_count = whole_number(),
            15 => summary.word_count = whole_number(),
            16 => summary.character_count = whole_number(),
            18 => summary.creating_application = text,
            19 => summary.security = whole_number(),
            _ => {
                let message = format!("summary information property {number} is not one that packages have");
                diagnostics.push(Diagnostic::error(codes::SUMMARY, message).at(*span));
            }
        }
    }
    summary
}

/// WiX writes what the code page lacks as question marks. Here the texts stay as they are, and the code page gives way.
pub(crate) fn fit_codepage(package: &mut Package, diagnostics: &mut Diagnostics) {
    let named = package.summary.get(&1).and_then(|(text, _)| wxs::resolve::parse_codepage(text));
    let Some(codepage) = Codepage::new(named.unwrap_or(0)) else { return };
    let lacks = |codepage: Codepage| {
        let texts = package.summary.iter().filter(|&(&number, _)| number != 1);
        texts.map(|(_, text)| text).find_map(|(text, span)| Some((codepage.encode(text).err()?, text, *span)))
    };
    let Some((character, text, span)) = lacks(codepage) else { return };
    let fits = |&number: &u16| number != 0 && Codepage::new(number).is_some_and(|it| lacks(it).is_none());
    let other = Some(package.codepage).filter(fits).unwrap_or(65001);
    let message = format!(
        "code page {} has no '{character}' (U+{:04X}), so the summary information is in code page {other}",
        named.unwrap_or(0),
        u32::from(character)
    );
    let hint = format!("it stands in \"{text}\"; SummaryCodepage on Package sets the code page");
    diagnostics.push(Diagnostic::warning(codes::CODEPAGE, message).at(span).hint(hint));
    package.summary.insert(1, (other.to_string(), span));
}
