//! Dialog sets of the library in real windows: a person with a keyboard goes from the first page to the last.

use diagnostics::render::{Colour, human};
use diagnostics::{Diagnostics, SourceMap};
use msi_bind::{Arch, BuildRequest, DiskWorld};
use std::path::Path;
use testkit::desktop::Place;
use testkit::{Control, Desktop, Window};

const UNINSTALL: &str = "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall";
/// The product code in `install-dir.wxs`.
const PRODUCT: &str = "{2F0A2C64-2C9B-4B0B-93C5-6A0F5F3D7B01}";

/// Compiles `NAME.wxs` and stages the package on the machine; gives its Windows path.
fn stage(desktop: &Desktop, name: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let request = BuildRequest {
        sources: vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/dialogs/{name}.wxs"))],
        extensions: vec!["WixUIExtension".into()],
        arch: Arch::X64,
        output: folder.path().join(format!("{name}.msi")),
        timestamp: 1_700_000_000,
        threads: 1,
        ..BuildRequest::default()
    };
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let built = msi_bind::build(&request, &DiskWorld, &mut sources, &mut found)
        .unwrap_or_else(|| panic!("{name} does not compile:\n{}", human(&found, &sources, Colour::Never)));
    desktop.stage(&built.path)
}

/// Waits for a page, and takes a picture of it.
#[track_caller]
fn page(desktop: &Desktop, heading: &str, picture: &str) -> Window {
    let window = desktop.wait_for(heading);
    desktop.picture(picture);
    window
}

#[test]
fn install_dir_asks_for_license_and_folder_and_installs_there() {
    let desktop = Desktop::start("dialogs-install-dir");
    let package = stage(&desktop, "install-dir");
    desktop.write("C:\\logs\\readme.txt", "What msiexec writes here is kept when the test fails.");
    let run = desktop.begin(&format!("msiexec /i {package} /l*v C:\\logs\\install.log"));

    let welcome = page(&desktop, "Welcome to One Folder", "welcome");
    assert_eq!(welcome.focused().map(Control::label).as_deref(), Some("Next"));
    desktop.keys(&welcome, &["Return"]);

    let license = page(&desktop, "License terms", "license");
    assert!(!license.control("Next").enabled, "the license is not accepted yet");
    desktop.keys(&license, &["alt+a"]);
    let license = desktop
        .wait_until("Next enabled", |window| window.shows("License terms") && window.control("Next").enabled);
    desktop.keys(&license, &["alt+n"]);

    let folder = page(&desktop, "One Folder will be installed in:", "folder");
    desktop.keys(&folder, &["alt+h"]);
    let browse = page(&desktop, "Choose a folder", "browse");
    desktop.keys(&browse, &["alt+p", "ctrl+a"]);
    desktop.write_text(&browse, "C:\\Elsewhere\\One\\");
    desktop.keys(&browse, &["Return"]);
    desktop.wait_until_gone("Choose a folder");
    let folder = desktop.wait_for("One Folder will be installed in:");
    assert!(folder.shows("C:\\Elsewhere\\One\\"), "{folder:#?}");
    desktop.keys(&folder, &["alt+n"]);

    let ready = page(&desktop, "Ready to install One Folder", "ready");
    desktop.keys(&ready, &["alt+b"]);
    let folder = desktop.wait_for("One Folder will be installed in:");
    desktop.keys(&folder, &["alt+n"]);
    let ready = desktop.wait_for("Ready to install One Folder");
    desktop.keys(&ready, &["alt+i"]);

    let done = page(&desktop, "Setup of One Folder is complete", "done");
    assert!(done.shows("A word of thanks.") && done.shows("Leave a note"));
    let note = done.controls.iter().find(|control| control.label() == "Leave a note").unwrap();
    desktop.click(&done, note);
    let done = desktop.wait_until("the box checked", |window| {
        window.controls.iter().any(|control| control.label() == "Leave a note" && control.checked)
    });
    desktop.keys(&done, &["alt+f"]);
    assert_eq!(run.finish().code, 0);
    assert!(desktop.exists("C:\\Elsewhere\\One\\hello.txt"));
    assert!(desktop.exists("C:\\note.txt"), "the author's event ran");
    assert!(desktop.registry(UNINSTALL).has_key(&format!("{UNINSTALL}\\{PRODUCT}")));

    // Installed, the package offers what can be done with it.
    let run = desktop.begin(&format!("msiexec /i {package} /l*v C:\\logs\\removal.log"));
    let again = page(&desktop, "One Folder is installed", "maintenance");
    desktop.keys(&again, &["alt+n"]);
    let choice = page(&desktop, "Change, repair or remove", "choice");
    assert!(!choice.control("Change").enabled, "the set has no features to choose from");
    desktop.keys(&choice, &["alt+r"]);
    let ready = page(&desktop, "Ready to remove One Folder", "ready-to-remove");
    // Wine forgets what the event Remove said when the installation begins, so the way is gone back and left.
    assert!(ready.control("Remove").enabled);
    desktop.keys(&ready, &["alt+b"]);
    let choice = desktop.wait_for("Change, repair or remove");
    desktop.keys(&choice, &["alt+p"]);
    let ready = page(&desktop, "Ready to repair One Folder", "ready-to-repair");
    desktop.keys(&ready, &["Escape"]);
    let question = desktop.wait_for("Do you want to leave the wizard?");
    desktop.keys(&question, &["alt+y"]);
    let left = desktop.wait_for("One Folder was not set up");
    desktop.keys(&left, &["Return"]);
    // ERROR_INSTALL_USEREXIT.
    assert_eq!(run.finish().code, 1602);
}

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
    // ERROR_INSTALL_USEREXIT.
    assert_eq!(run.finish().code, 1602);

    let run = desktop.begin(&format!("msiexec /i {package}"));
    let welcome = desktop.wait_for("Welcome to Two Features");
    desktop.keys(&welcome, &["alt+n"]);
    let license = desktop.wait_for("License terms");
    desktop.keys(&license, &["alt+a"]);
    let license = desktop
        .wait_until("Next enabled", |window| window.shows("License terms") && window.control("Next").enabled);
    desktop.keys(&license, &["alt+n"]);
    let features = page(&desktop, "Choose what is installed, and where.", "features");
    assert!(features.shows("Comes first."), "what the selected feature is for");
    // The symbol of the second feature opens a menu, whose last entry leaves the feature out.
    let tree = features.controls.iter().find(|control| control.class == "SysTreeView32").unwrap();
    let Place { left, top, .. } = tree.place;
    let symbol =
        Control { place: Place { left: left + 28, top: top + 16, width: 16, height: 16 }, ..tree.clone() };
    desktop.click(&features, &symbol);
    desktop.picture("menu");
    desktop.keys(&features, &["Up", "Return"]);
    desktop.picture("left-out");
    desktop.keys(&features, &["alt+n"]);
    let ready = page(&desktop, "Ready to install Two Features", "ready");
    desktop.keys(&ready, &["alt+i"]);
    let done = page(&desktop, "Setup of Two Features is complete", "done");
    desktop.keys(&done, &["Return"]);
    assert_eq!(run.finish().code, 0);
    assert!(desktop.exists("C:\\Program Files\\Two Features\\first.txt"));
    assert!(!desktop.exists("C:\\Program Files\\Two Features\\second.txt"), "it was left out");
}

#[test]
fn the_license_goes_to_a_printer_of_the_user_s_choice() {
    let desktop = Desktop::start("dialogs-print");
    let package = stage(&desktop, "install-dir");
    let _run = desktop.begin(&format!("msiexec /i {package}"));
    let welcome = desktop.wait_for("Welcome to One Folder");
    desktop.keys(&welcome, &["alt+n"]);
    let license = desktop.wait_for("License terms");
    desktop.keys(&license, &["alt+p"]);
    // The action has laid out the license and asks Windows for a printer; this machine has none, which Windows says.
    let answer = desktop.wait_until("what Windows says of printers", |window| window.title == "Print");
    assert!(answer.shows("install a printer"), "{answer:#?}");
}
