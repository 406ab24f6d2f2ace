//! Summary information, word for word.

use crate::codes;
use crate::package::Package;
use diagnostics::{Diagnostic, Diagnostics};
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
