//! The dialog library in every language that it speaks: nothing is missing, cut off, or reached by a letter that is taken.
//!
//! What English texts are found to do, other languages may do too: the rest is the layout's business.

use diagnostics::{Diagnostics, SourceMap};
use msi_bind::{BuildRequest, DiskWorld};
use msi_db::{Database, transform};
use msi_preview::{Fonts, Kind, Look, Package, Problem, State, fontdb};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use wxs::localization::{self, Localization};
use wxs::v4::cultures;

/// Languages whose letters the fonts of the renderer do not have: a letter is as wide as it is high there.
const SQUARE: [&str; 4] = ["ja-jp", "ko-kr", "zh-cn", "zh-tw"];
const RIGHT_TO_LEFT: [&str; 2] = ["ar-sa", "he-il"];

fn parsed(culture: &str) -> Localization {
    let text = wixui::STRINGS.iter().find(|(known, _)| *known == culture).unwrap().1;
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let file = sources.add(culture, text);
    let parsed = localization::parse(file, text, &mut found).expect(culture);
    assert_eq!(parsed.culture.as_deref(), Some(culture));
    parsed
}

/// The pieces of a text that a translation has to keep: `[property]`, `{\style}` and what is left out with `{{…}}`.
fn kept(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (open, close) in [("[", "]"), ("{\\", "}"), ("{{", "{{"), ("}}", "}}")] {
        let mut rest = text;
        while let Some(start) = rest.find(open) {
            let end = rest[start..].find(close).map_or(rest.len(), |end| start + end + close.len());
            found.push(rest[start..end].to_owned());
            rest = &rest[end..];
        }
    }
    found.sort();
    found
}

#[test]
fn every_language_says_everything() {
    let english = parsed("en-us");
    for (culture, _) in &wixui::STRINGS[1..] {
        let own = parsed(culture);
        let ids = |localization: &Localization| localization.strings.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(ids(&english), ids(&own), "{culture}");
        let (_, codepage) = cultures::language_and_codepage(culture).expect(culture);
        let stated = own.codepage.as_deref().and_then(wxs::resolve::parse_codepage);
        assert_eq!(stated, Some(codepage), "{culture}");
        let codepage = msi_db::codepage::Codepage::new(codepage).unwrap();
        for (id, string) in &own.strings {
            assert!(codepage.encode(&string.value).is_ok(), "{culture} {id}: {}", string.value);
            assert!(string.overridable, "{culture} {id}");
            let original = &english.strings[id].value;
            assert_eq!(kept(&string.value), kept(original), "{culture} {id}");
            assert_eq!(string.value.contains('&'), original.contains('&'), "{culture} {id}");
            assert_eq!(string.value.is_empty(), original.is_empty(), "{culture} {id}");
        }
        assert_eq!(RIGHT_TO_LEFT.contains(culture), !own.controls.is_empty(), "{culture}");
    }
}

/// A package with a dialog set, in every language.
fn package(set: &str) -> Database {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("all.msi");
    let request = BuildRequest {
        sources: vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/languages/all.wxs")],
        cultures: vec!["all".into()],
        extensions: vec!["WixUIExtension".into()],
        defines: [("Set".to_owned(), set.to_owned())].into(),
        output: output.clone(),
        ..BuildRequest::default()
    };
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let built = msi_bind::build(&request, &DiskWorld, &mut sources, &mut found);
    let findings: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
    built.unwrap_or_else(|| panic!("{findings:?}"));
    Database::open(File::open(output).unwrap()).unwrap()
}

/// What the pages are looked at for: dialog, control, kind of finding.
fn findings(
    database: &Database,
    dialogs: &BTreeSet<String>,
    fonts: &mut Fonts,
) -> BTreeMap<(String, String, &'static str), String> {
    let package = Package::read(database);
    let mut found = BTreeMap::new();
    let ways: [&[(&str, &str)]; 5] = [
        &[],
        &[("Installed", "1"), ("WixUI_InstallMode", "Change")],
        &[("Installed", "1"), ("WixUI_InstallMode", "Repair")],
        &[("Installed", "1"), ("WixUI_InstallMode", "Remove")],
        &[("Installed", "1"), ("WixUI_InstallMode", "Update"), ("PATCH", "1")],
    ];
    for (at, given) in ways.into_iter().enumerate() {
        let given = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let state = State::of(database, &given);
        for (id, dialog) in package.dialogs.iter().filter(|(id, _)| dialogs.contains(*id)) {
            // These alone show other texts on other ways.
            if at > 0
                && !["VerifyReadyDlg", "ProgressDlg", "FeaturesDlg", "WelcomeDlg"].contains(&id.as_str())
            {
                continue;
            }
            let picture = msi_preview::render(&package, dialog, &state, fonts, &Look::default()).unwrap();
            for finding in picture.findings {
                if matches!(finding.problem, Problem::Clipped { .. } | Problem::SameAccelerator { .. }) {
                    let text = format!("{finding}");
                    found.insert((finding.dialog.clone(), finding.control.clone(), finding.code()), text);
                }
            }
        }
    }
    found
}

/// Texts of square letters that are too long: units of the engine are such that a letter of 8 points is 8 units wide.
fn too_long(database: &Database, dialogs: &BTreeSet<String>) -> Vec<String> {
    let package = Package::read(database);
    let mut found = Vec::new();
    for (_, dialog) in package.dialogs.iter().filter(|(id, _)| dialogs.contains(*id)) {
        for control in &dialog.controls {
            let (style, text) = match control.text.strip_prefix("{\\").and_then(|rest| rest.split_once('}')) {
                Some((style, text)) => (style, text),
                None => ("", control.text.as_str()),
            };
            let size = match style {
                "WixUI_Font_Bigger" => 12.0,
                "WixUI_Font_Title" => 9.0,
                _ => 8.0,
            };
            let text = text.replace("[ProductName]", "Sample Product").replace('&', "");
            let em = |letter: char| match letter {
                '(' | ')' => 0.35,
                letter if letter.is_ascii() => 0.55,
                _ => 1.0,
            };
            let width: f64 = text.chars().map(em).sum::<f64>() * size;
            let (has, lines) = match control.kind {
                // Some show a picture, which their text names.
                Kind::PushButton if !text.starts_with("WixUI_") => (f64::from(control.area.width) - 6.0, 1.0),
                Kind::CheckBox | Kind::RadioButtonGroup => (
                    f64::from(control.area.width) - 14.0,
                    (f64::from(control.area.height) / (size * 1.25)).floor(),
                ),
                Kind::Text => {
                    (f64::from(control.area.width), (f64::from(control.area.height) / (size * 1.25)).floor())
                }
                _ => continue,
            };
            // A line may end a letter early.
            if width > (has - if lines > 1.0 { size } else { 0.0 }) * lines.max(1.0) {
                found.push(format!("{}/{}: {text} ({width:.0} in {lines} × {has})", dialog.id, control.id));
            }
        }
    }
    found
}

#[test]
fn texts_fit_and_letters_are_free() {
    let mut fonts = Fonts::new(fontdb::Database::new());
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    // Together they have every dialog.
    for set in ["Mondo", "Minimal", "Advanced"] {
        let database = package(set);
        assert_eq!(database.storages.len(), wixui::STRINGS.len() - 1);
        let dialogs: BTreeSet<String> =
            Package::read(&database).dialogs.keys().filter(|id| !seen.contains(*id)).cloned().collect();
        assert!(seen.len() > 5 || finds_what_is_wrong(&database, &mut fonts), "{set}");
        let english = findings(&database, &dialogs, &mut fonts);
        for (culture, _) in &wixui::STRINGS[1..] {
            let (id, _) = cultures::language_and_codepage(culture).unwrap();
            let translated = transform::apply(&database, &database.storages[&id.to_string()]).unwrap();
            wrong.extend(paths_from_the_right(&translated).into_iter().map(|id| format!("{culture} {id}")));
            if SQUARE.contains(culture) {
                wrong.extend(
                    too_long(&translated, &dialogs).into_iter().map(|text| format!("{culture} {text}")),
                );
                continue;
            }
            for (key, text) in findings(&translated, &dialogs, &mut fonts) {
                if !english.contains_key(&key) {
                    wrong.push(format!("{culture} {text}"));
                }
            }
        }
        seen.extend(dialogs);
    }
    assert!(seen.len() > 25, "{seen:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Paths are read from the left in every language: from the right, `C:\Program Files\` becomes `\C:\Program Files`.
fn paths_from_the_right(database: &Database) -> Vec<String> {
    let controls = Package::read(database).dialogs.into_values().flat_map(|dialog| dialog.controls);
    let paths = controls.filter(|control| matches!(control.kind, Kind::PathEdit | Kind::DirectoryCombo));
    paths.filter(msi_preview::Control::right_to_left).map(|control| control.id).collect()
}

/// What the other test relies on: a text that is too long and a letter that is taken are found.
fn finds_what_is_wrong(database: &Database, fonts: &mut Fonts) -> bool {
    let mut database = database.clone();
    for row in &mut database.tables.get_mut("Control").unwrap().rows {
        match (row[0].as_str(), row[1].as_str()) {
            (Some("ProgressDlg"), Some("Cancel")) => row[9] = "A text far too long".into(),
            (Some("CancelDlg"), Some("Yes")) => row[9] = "&Same".into(),
            (Some("CancelDlg"), Some("No")) => row[9] = "&Self".into(),
            _ => {}
        }
    }
    let dialogs = ["ProgressDlg".to_owned(), "CancelDlg".to_owned()].into();
    let found = findings(&database, &dialogs, fonts);
    let has = |dialog: &str, code: &str| found.keys().any(|(own, _, kind)| own == dialog && *kind == code);
    has("ProgressDlg", "clipped") && has("CancelDlg", "accelerator")
}
