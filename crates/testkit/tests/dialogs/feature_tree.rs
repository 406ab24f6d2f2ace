//! FeatureTree: the features that are chosen, and leaving on the way.

use crate::support::{LEFT, accept, choose, page, stage};
use testkit::{Control, Desktop};

#[test]
fn feature_tree_installs_the_features_that_are_chosen_and_cancels_in_between() {
    let desktop = Desktop::start("dialogs-feature-tree");
    let package = stage(&desktop, "feature-tree");
    let run = desktop.begin(&format!("msiexec /i {package}"));
    let welcome = page(&desktop, "Welcome to Two Features", "welcome");
    desktop.keys(&welcome, &["Escape"]);
    let question = page(&desktop, "Do you want to leave the wizard?", "cancel");
    assert_eq!(question.focused().map(Control::label).as_deref(), Some("No"));
    desktop.keys(&question, &["alt+y"]);
    let left = page(&desktop, "Two Features was not set up", "left");
    desktop.keys(&left, &["Return"]);
    assert_eq!(run.finish().code, LEFT);

    let run = desktop.begin(&format!("msiexec /i {package}"));
    let welcome = desktop.wait_for("Welcome to Two Features");
    desktop.keys(&welcome, &["alt+n"]);
    let license = desktop.wait_for("License terms");
    let license = accept(&desktop, &license, "License terms", &["Next"]);
    desktop.keys(&license, &["alt+n"]);
    let features = page(&desktop, "Choose what is installed, and where.", "features");
    assert!(features.shows("Comes first."), "what the selected feature is for");
    // The symbol of the second feature opens a menu, whose last entry leaves the feature out.
    choose(&desktop, &features, 1, &["Up", "Return"]);
    desktop.keys(&features, &["alt+n"]);
    let ready = page(&desktop, "Ready to install Two Features", "ready");
    desktop.keys(&ready, &["alt+i"]);
    let done = page(&desktop, "Setup of Two Features is complete", "done");
    desktop.keys(&done, &["Return"]);
    assert_eq!(run.finish().code, 0);
    assert!(desktop.exists("C:\\Program Files\\Two Features\\first.txt"));
    assert!(!desktop.exists("C:\\Program Files\\Two Features\\second.txt"), "it was left out");
}
