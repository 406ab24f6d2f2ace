//! Every page as people with other screens see it: at 150 %, and with the colours of high contrast.

use crate::agent::*;
use msi_db::transform;
use msi_preview::{Fonts, Look, Package, State, Theme, fontdb};
use std::collections::BTreeMap;
use testkit::Variant;

/// What makes pages show other controls.
const WAYS: [&[(&str, &str)]; 2] = [
    &[],
    &[
        ("Installed", "1"),
        ("InstalledAccount", "CORP\\provisioning$"),
        ("AdminUser", "1"),
        ("MsiLogFileLocation", "C:\\Windows\\Temp\\setup.log"),
        ("WizardAccountKind", "user"),
        ("REMOVE", "ALL"),
    ],
];

#[test]
fn nothing_is_wrong_at_150_percent_and_in_high_contrast() {
    let package = Variant::of(&release(OLD, "commercial").msi).database;
    // German words are the longest.
    let german = transform::apply(&package, &package.storages["1031"]).expect("the German transform");
    let mut fonts = Fonts::new(fontdb::Database::new());
    let (mut wrong, mut drawn) = (Vec::new(), 0);
    for (language, database) in [("English", &package), ("German", &german)] {
        let pages = Package::read(database);
        for (dpi, theme) in [(144, Theme::LIGHT), (96, Theme::CONTRAST)] {
            let look = Look { dpi, theme };
            for way in WAYS {
                let given: BTreeMap<String, String> =
                    way.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
                let state = State::of(database, &given);
                for dialog in pages.dialogs.values() {
                    let picture = msi_preview::render(&pages, dialog, &state, &mut fonts, &look).unwrap();
                    wrong.extend(
                        picture.findings.iter().map(|finding| format!("{language} {dpi} {way:?} {finding}")),
                    );
                    drawn += 1;
                }
            }
        }
    }
    assert!(drawn > 150, "{drawn}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
