//! The product in every language that it speaks: nothing is missing, no page cuts a text off or claims a letter twice.
//!
//! The pages are drawn from the package's tables with fonts that every machine has. These have no Chinese, Japanese or Korean
//! letters, whose widths are therefore not looked at here.

use crate::agent::*;
use diagnostics::{Diagnostics, SourceMap};
use msi_db::transform;
use msi_preview::{Fonts, Look, Package, Problem, State, fontdb};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use testkit::Variant;
use wxs::localization::{self, Localization};
use wxs::v4::cultures;

const SQUARE: [&str; 4] = ["1041", "1042", "2052", "1028"];

fn texts() -> BTreeMap<String, Localization> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wix/loc");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
        let file = sources.add("loc.wxl", text.as_str());
        let parsed =
            localization::parse(file, &text, &mut found).unwrap_or_else(|| panic!("{}", path.display()));
        let culture = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert_eq!(parsed.culture.as_deref(), Some(culture.as_str()));
        (culture, parsed)
    };
    files.filter(|path| path.extension().is_some_and(|end| end == "wxl")).map(read).collect()
}

/// The pieces of a text that a translation has to keep: `[property]` and `{\style}`.
fn kept(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (open, close) in [('[', ']'), ('{', '}')] {
        let pieces = text.split(open).skip(1).filter_map(|piece| piece.split_once(close));
        found.extend(
            pieces.map(|(name, _)| name.to_owned()).filter(|name| open == '[' || name.starts_with('\\')),
        );
    }
    found.sort();
    found
}

#[test]
fn every_language_says_everything() {
    let texts = texts();
    let english = &texts["en-us"];
    let ids = |of: &Localization| of.strings.keys().cloned().collect::<BTreeSet<_>>();
    for (culture, own) in &texts {
        assert_eq!(ids(own), ids(english), "{culture}");
        let (_, codepage) = cultures::language_and_codepage(culture).expect(culture);
        let codepage = msi_db::codepage::Codepage::new(codepage).unwrap();
        for (id, string) in &own.strings {
            let original = &english.strings[id].value;
            assert!(codepage.encode(&string.value).is_ok(), "{culture} {id}: {}", string.value);
            assert_eq!(kept(&string.value), kept(original), "{culture} {id}");
            assert_eq!(string.value.is_empty(), original.is_empty(), "{culture} {id}");
        }
    }
}

#[test]
fn every_page_fits_in_every_language() {
    let package = Variant::of(&release(OLD, "commercial").msi).database;
    let mut languages: Vec<(&str, msi_db::Database)> = vec![("1033", package.clone())];
    for (name, storage) in &package.storages {
        languages.push((name, transform::apply(&package, storage).unwrap()));
    }
    assert_eq!(languages.len(), texts().len(), "each culture of wix/loc is in the package");
    let mut fonts = Fonts::new(fontdb::Database::new());
    let mut wrong = Vec::new();
    for (name, database) in languages.iter().filter(|(name, _)| !SQUARE.contains(name)) {
        let (pages, state) = (Package::read(database), State::of(database, &BTreeMap::new()));
        for dialog in pages.dialogs.values() {
            let picture = msi_preview::render(&pages, dialog, &state, &mut fonts, &Look::default()).unwrap();
            let counts = |problem: &Problem| {
                matches!(
                    problem,
                    Problem::Clipped { .. } | Problem::SameAccelerator { .. } | Problem::Overlaps { .. }
                )
            };
            let findings = picture.findings.iter().filter(|finding| counts(&finding.problem));
            wrong.extend(findings.map(|finding| format!("{name} {finding}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
