//! A package of all languages in real windows.

use crate::support::{LEFT, THREE_FOLDER, begin, installed, page, stage_languages};
use testkit::Desktop;

/// Japanese as far as the question whether to leave, German from the first page to the last.
#[test]
fn the_pages_speak_the_language_of_the_transform() {
    let desktop = Desktop::start("dialogs-language");
    let package = stage_languages(&desktop, "Minimal");
    let run = begin(&desktop, &package, "TRANSFORMS=:1041");
    let license = page(&desktop, "Three Features のライセンス条項", "japanese");
    assert_eq!(license.title, "Three Features セットアップ");
    desktop.keys(&license, &["Escape"]);
    let question = page(&desktop, "はい(Y)", "japanese-question");
    desktop.keys(&question, &["alt+y"]);
    let left = page(&desktop, "Three Features は設定されませんでした", "japanese-left");
    desktop.keys(&left, &["Return"]);
    assert_eq!(run.finish().code, LEFT);

    let run = begin(&desktop, &package, "TRANSFORMS=:1031");
    let license = page(&desktop, "Lizenzbedingungen von Three Features", "license");
    assert_eq!(license.title, "Setup von Three Features");
    for label in ["Ich stimme den Lizenzbedingungen zu", "Drucken", "Zurück", "Abbrechen"] {
        license.control(label);
    }
    assert!(!license.control("Installieren").enabled, "the licence is not accepted yet");
    desktop.keys(&license, &["alt+s"]);
    let license = desktop.wait_until("the licence to be accepted", |window| {
        window.title == "Setup von Three Features" && window.control("Installieren").enabled
    });
    desktop.keys(&license, &["alt+n"]);
    let done = page(&desktop, "Three Features ist fertig", "done");
    assert_eq!(done.title, "Setup von Three Features");
    desktop.keys(&done, &["alt+f"]);
    assert_eq!(run.finish().code, 0);
    assert_eq!(installed(&desktop, THREE_FOLDER), ["core"]);
}
