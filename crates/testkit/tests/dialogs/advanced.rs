//! Advanced: for one user or for everybody, each in a folder of its own.

use crate::support::{THREE, accept, begin, choose, installed, page, stage_set};
use testkit::{Desktop, Window};

const EVERYBODY: &str = "HKLM\\Software\\Wow6432Node";
const USER: &str = "HKCU\\Software";

/// The first page, from which Advanced leads to the question for whom.
fn to_the_scope(desktop: &Desktop) -> Window {
    let license = page(desktop, "License terms of Three Features", "license");
    let license = accept(desktop, &license, "License terms of Three Features", &["Install", "Advanced"]);
    desktop.keys(&license, &["alt+d"]);
    page(desktop, "Choose who can use Three Features on this computer.", "scope")
}

/// From the tree of features, whose second feature is taken in, to the end.
fn install(desktop: &Desktop, features: &Window) {
    choose(desktop, features, 1, &["Down", "Return"]);
    desktop.keys(features, &["alt+i"]);
    let done = page(desktop, "Setup of Three Features is complete", "done");
    desktop.keys(&done, &["Return"]);
}

/// The folder that the package wrote into the registry of everybody, where 32-bit components go, or of the user.
fn folder(desktop: &Desktop, root: &str) -> Option<String> {
    let key = format!("{root}\\Tests\\Three Features");
    desktop.registry(&key).text(&key, "Folder").map(str::to_owned)
}

#[test]
fn advanced_installs_for_everybody_in_a_chosen_folder_or_for_the_user_alone() {
    let desktop = Desktop::start("dialogs-advanced");
    let package = stage_set(&desktop, "Advanced");
    let run = begin(&desktop, &package, "");
    let scope = to_the_scope(&desktop);
    assert!(scope.control("For everybody who uses this computer").checked, "as the package says");
    desktop.keys(&scope, &["alt+n"]);
    let place = page(&desktop, "Three Features will be installed in:", "folder");
    assert!(place.shows("C:\\Program Files (x86)\\Three Features"), "{place:#?}");
    desktop.keys(&place, &["alt+h"]);
    let browse = page(&desktop, "Choose a folder", "browse");
    desktop.keys(&browse, &["alt+p", "ctrl+a"]);
    desktop.write_text(&browse, "C:\\For everybody\\");
    desktop.keys(&browse, &["Return"]);
    desktop.wait_until_gone("Choose a folder");
    let place = desktop.wait_for("Three Features will be installed in:");
    desktop.keys(&place, &["alt+n"]);
    let features = page(&desktop, "Choose what is installed.", "features");
    install(&desktop, &features);
    assert_eq!(run.finish().code, 0);
    assert_eq!(installed(&desktop, "C:\\For everybody"), ["core", "manual"]);
    assert_eq!(folder(&desktop, EVERYBODY).as_deref(), Some("C:\\For everybody\\"));
    assert_eq!(folder(&desktop, USER), None);
    desktop.uninstall(THREE, &[]).succeeded();

    let run = begin(&desktop, &package, "");
    let scope = to_the_scope(&desktop);
    desktop.keys(&scope, &["alt+j"]);
    let scope = desktop.wait_until("the user alone", |window| {
        window.controls.iter().any(|control| control.label().starts_with("Just for me") && control.checked)
    });
    desktop.keys(&scope, &["alt+n"]);
    // The folder is not asked for.
    let features = page(&desktop, "Choose what is installed.", "features-of-the-user");
    install(&desktop, &features);
    assert_eq!(run.finish().code, 0);
    let own = folder(&desktop, USER).expect("the user's registry names the folder");
    assert!(own.starts_with("C:\\users\\") && own.ends_with("\\Apps\\Three Features\\"), "{own}");
    assert_eq!(installed(&desktop, own.trim_end_matches('\\')), ["core", "manual"]);
    assert_eq!(folder(&desktop, EVERYBODY), None);
}
