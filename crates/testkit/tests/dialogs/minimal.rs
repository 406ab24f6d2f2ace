//! Minimal: one page with the licence and the button that installs, and what can be done with what is installed.

use crate::support::{THREE_FOLDER, accept, begin, installed, page, stage_set};
use testkit::{Control, Desktop};

#[test]
fn minimal_installs_from_one_page_and_repairs_what_is_damaged() {
    let desktop = Desktop::start("dialogs-minimal");
    let package = stage_set(&desktop, "Minimal");
    let run = begin(&desktop, &package, "");
    let license = page(&desktop, "License terms of Three Features", "license");
    let license = accept(&desktop, &license, "License terms of Three Features", &["Install"]);
    desktop.picture("accepted");
    // Who changes their mind is stopped again.
    desktop.keys(&license, &["alt+a"]);
    let license = desktop.wait_until("Install to be disabled", |window| {
        window.shows("License terms of Three Features") && !window.control("Install").enabled
    });
    let license = accept(&desktop, &license, "License terms of Three Features", &["Install"]);
    desktop.keys(&license, &["alt+i"]);
    let done = page(&desktop, "Setup of Three Features is complete", "done");
    assert_eq!(done.focused().map(Control::label).as_deref(), Some("Finish"));
    desktop.keys(&done, &["Return"]);
    assert_eq!(run.finish().code, 0);
    assert_eq!(installed(&desktop, THREE_FOLDER), ["core"], "what the package's own level installs");

    desktop.remove(&format!("{THREE_FOLDER}\\core.txt"));
    let run = begin(&desktop, &package, "");
    let maintenance = page(&desktop, "Three Features is installed", "maintenance");
    desktop.keys(&maintenance, &["Return"]);
    let choice = page(&desktop, "Change, repair or remove", "choice");
    assert!(!choice.control("Change").enabled, "the set has no features to choose from");
    desktop.keys(&choice, &["alt+p"]);
    let ready = page(&desktop, "Ready to repair Three Features", "ready");
    desktop.keys(&ready, &["Return"]);
    let done = page(&desktop, "Setup of Three Features is complete", "repaired");
    desktop.keys(&done, &["Return"]);
    assert_eq!(run.finish().code, 0);
    assert_eq!(installed(&desktop, THREE_FOLDER), ["core"], "the file is back");
}
