//! What the tests of all sets do: build a package, wait for its pages, choose in its tree of features.

use diagnostics::render::{Colour, human};
use diagnostics::{Diagnostics, SourceMap};
use msi_bind::{Arch, BuildRequest, DiskWorld};
use std::path::{Path, PathBuf};
use testkit::desktop::{Place, Program};
use testkit::{Control, Desktop, Window};

/// What msiexec ends with when somebody leaves the wizard: `ERROR_INSTALL_USEREXIT`.
pub const LEFT: u32 = 1602;

/// The product code in `three-features.wxs`, and the folder that its files are in where nobody chooses another.
pub const THREE: &str = "{2F0A2C64-2C9B-4B0B-93C5-6A0F5F3D7B21}";
pub const THREE_FOLDER: &str = "C:\\Program Files (x86)\\Three Features";

/// Compiles `NAME.wxs` and stages the package on the machine; gives its Windows path.
pub fn stage(desktop: &Desktop, name: &str) -> String {
    build(desktop, name, "", &[])
}

/// [`stage`] of `three-features.wxs` with a dialog set.
pub fn stage_set(desktop: &Desktop, set: &str) -> String {
    build(desktop, "three-features", set, &[])
}

fn build(desktop: &Desktop, name: &str, set: &str, cultures: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    desktop.stage(&compile(folder.path(), name, set, cultures))
}

/// `three-features.wxs` with a dialog set in every language that the library speaks.
pub fn stage_languages(desktop: &Desktop, set: &str) -> String {
    build(desktop, "three-features", set, &["all"])
}

/// Compiles a source beside this file.
pub fn compile(folder: &Path, name: &str, set: &str, cultures: &[&str]) -> PathBuf {
    let request = BuildRequest {
        sources: vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/dialogs/{name}.wxs"))],
        extensions: vec!["WixUIExtension".into()],
        defines: [("Set".to_owned(), set.to_owned())].into(),
        cultures: cultures.iter().map(|culture| (*culture).to_owned()).collect(),
        arch: Arch::X64,
        output: folder.join(format!("{name}.msi")),
        timestamp: 1_700_000_000,
        threads: 1,
        ..BuildRequest::default()
    };
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let built = msi_bind::build(&request, &DiskWorld, &mut sources, &mut found)
        .unwrap_or_else(|| panic!("{name} does not compile:\n{}", human(&found, &sources, Colour::Never)));
    built.path
}

/// Double-clicks a package, as it were. The log is kept when the test fails.
pub fn begin(desktop: &Desktop, package: &str, more: &str) -> Program {
    desktop.write("C:\\logs\\readme.txt", "What msiexec writes here is kept when the test fails.");
    desktop.begin(&format!("msiexec /i {package} /l*v C:\\logs\\setup.log {more}"))
}

/// Waits for a page, and takes a picture of it.
#[track_caller]
pub fn page(desktop: &Desktop, heading: &str, picture: &str) -> Window {
    let window = desktop.wait_for(heading);
    desktop.picture(picture);
    window
}

/// Accepts the licence on a page that says this, once it has been seen that nothing goes on before.
#[track_caller]
pub fn accept(desktop: &Desktop, license: &Window, heading: &str, closed: &[&str]) -> Window {
    for button in closed {
        assert!(!license.control(button).enabled, "the licence is not accepted yet: {button}");
    }
    desktop.keys(license, &["alt+a"]);
    desktop.wait_until("the licence to be accepted", |window| {
        window.shows(heading) && closed.iter().all(|button| window.control(button).enabled)
    })
}

/// Chooses from the menu that the symbol of a feature opens: keys from the menu's first entry on.
#[track_caller]
pub fn choose(desktop: &Desktop, features: &Window, row: i32, keys: &[&str]) {
    const ROW: i32 = 16;
    let tree = features.controls.iter().find(|control| control.class == "SysTreeView32").expect("a tree");
    let Place { left, top, .. } = tree.place;
    let place = Place { left: left + 28, top: top + row * ROW, width: ROW, height: ROW };
    desktop.click(features, &Control { place, ..tree.clone() });
    desktop.picture("menu");
    desktop.keys(features, keys);
    desktop.picture("chosen");
}

/// What of `three-features.wxs` is in a folder.
pub fn installed(desktop: &Desktop, folder: &str) -> Vec<&'static str> {
    let there = |name: &&str| desktop.exists(&format!("{folder}\\{name}.txt"));
    ["core", "manual", "samples"].into_iter().filter(there).collect()
}
