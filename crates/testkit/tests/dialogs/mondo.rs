//! Mondo: typical, complete, or what is chosen from the tree.

use crate::support::{THREE_FOLDER, accept, begin, choose, installed, page, stage_set};
use testkit::{Desktop, Window};

/// From the first page to the choice of how much to install.
fn to_the_kinds(desktop: &Desktop) -> Window {
    let welcome = page(desktop, "Welcome to Three Features", "welcome");
    desktop.keys(&welcome, &["Return"]);
    let license = page(desktop, "License terms", "license");
    let license = accept(desktop, &license, "License terms", &["Next"]);
    desktop.keys(&license, &["Return"]);
    let kinds = page(desktop, "Kind of installation", "kinds");
    assert!(!kinds.control("Next").enabled, "one of the three buttons goes on");
    kinds
}

/// Installs with one of the three buttons, by its key, and gives what there is then, of which nothing is left. `choosing` is what
/// comes before the last question.
fn install(desktop: &Desktop, package: &str, key: &str, choosing: impl Fn()) -> Vec<&'static str> {
    let run = begin(desktop, package, "");
    let kinds = to_the_kinds(desktop);
    desktop.keys(&kinds, &[key]);
    choosing();
    let ready = page(desktop, "Ready to install Three Features", "ready");
    desktop.keys(&ready, &["Return"]);
    let done = page(desktop, "Setup of Three Features is complete", "done");
    desktop.keys(&done, &["Return"]);
    assert_eq!(run.finish().code, 0);
    let there = installed(desktop, THREE_FOLDER);
    // Wine's engine forgets the features of this set when it comes to registering the product, which can't be removed then.
    for name in &there {
        desktop.remove(&format!("{THREE_FOLDER}\\{name}.txt"));
    }
    there
}

#[test]
fn mondo_installs_what_is_typical_everything_or_what_is_chosen() {
    let desktop = Desktop::start("dialogs-mondo");
    let package = stage_set(&desktop, "Mondo");
    assert_eq!(install(&desktop, &package, "alt+t", || {}), ["core", "manual"]);
    assert_eq!(install(&desktop, &package, "alt+c", || {}), ["core", "manual", "samples"]);
    let chosen = install(&desktop, &package, "alt+u", || {
        let features = page(&desktop, "Choose what is installed, and where.", "features");
        assert!(features.shows(THREE_FOLDER), "{features:#?}");
        choose(&desktop, &features, 2, &["Down", "Return"]);
        // Back leads to the three buttons, and the choice is kept.
        desktop.keys(&features, &["alt+b"]);
        let kinds = page(&desktop, "Kind of installation", "back");
        desktop.keys(&kinds, &["alt+u"]);
        let features = page(&desktop, "Choose what is installed, and where.", "again");
        desktop.keys(&features, &["alt+n"]);
    });
    assert_eq!(chosen, ["core", "samples"]);
}
