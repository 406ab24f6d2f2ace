//! InstallDir: the folder, what can be done with what is installed, and the licence on paper.

use crate::support::{LEFT, accept, begin, page, stage};
use testkit::{Control, Desktop};

const UNINSTALL: &str = "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall";
/// The product code in `install-dir.wxs`.
const PRODUCT: &str = "{2F0A2C64-2C9B-4B0B-93C5-6A0F5F3D7B01}";

#[test]
fn install_dir_asks_for_license_and_folder_and_installs_there() {
    let desktop = Desktop::start("dialogs-install-dir");
    let package = stage(&desktop, "install-dir");
    let run = begin(&desktop, &package, "");

    let welcome = page(&desktop, "Welcome to One Folder", "welcome");
    assert_eq!(welcome.focused().map(Control::label).as_deref(), Some("Next"));
    desktop.keys(&welcome, &["Return"]);

    let license = page(&desktop, "License terms", "license");
    let license = accept(&desktop, &license, "License terms", &["Next"]);
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
    let run = begin(&desktop, &package, "");
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
    assert_eq!(run.finish().code, LEFT);
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
