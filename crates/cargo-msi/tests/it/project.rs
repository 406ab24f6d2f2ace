//! `cargo msi build` in a cargo package: what `cargo wix` does on Windows.

use crate::support::{Desk, SOURCE};

const MANIFEST: &str = r#"[package]
name = "app"
version = "1.2.3-rc.4"
edition = "2021"

[workspace]

[package.metadata.wix]
name = "App"
culture = "de-de"
locale = "wix\\de.wxl"
compiler-args = ["-nologo", "-dColour=blue"]
linker-args = ["-spdb", "-dShape=round"]
include = ["more\\extra.wxs"]
upgrade-guid = "0F9D1F0A-5C39-4A53-8B7E-4D6B4C7B0001"
"#;

/// A package whose binary is there already.
fn app() -> Desk {
    let desk = Desk::new();
    desk.write("Cargo.toml", MANIFEST);
    desk.write("src/main.rs", "fn main() {}\n");
    let variables = "Platform Profile CargoProfile TargetTriple TargetEnv TargetVendor CargoTargetDir CargoTargetBinDir Version Colour";
    let properties: String = variables
        .split(' ')
        .map(|name| format!("<Property Id='P{}' Value='is $(var.{name})'/>", name.to_uppercase()))
        .collect();
    let properties = format!(
        "{properties}<Property Id='PSHAPE' Value='!(wix.Shape)'/><Property Id='PTEXT' Value='!(loc.Text)'/>"
    );
    desk.write(
        "wix/main.wxs",
        SOURCE
            .replace("<MediaTemplate", &format!("{properties}<PropertyRef Id='EXTRA'/><MediaTemplate"))
            .replacen("sub\\one.txt", "$(var.CargoTargetBinDir)\\app.exe", 1)
            .replacen("sub\\one.txt", "target\\$(var.Profile)\\app.exe", 1),
    );
    desk.write(
        "more/extra.wxs",
        "<Wix xmlns='http://schemas.microsoft.com/wix/2006/wi'><Fragment><Property Id='EXTRA' Value='1'/></Fragment></Wix>",
    );
    desk.write(
        "wix/de.wxl",
        "<WixLocalization Culture='de-de' xmlns='http://schemas.microsoft.com/wix/2006/localization'>\
         <String Id='Text'>deutsch</String></WixLocalization>",
    );
    desk.write("target/x86_64-pc-windows-gnu/release/app.exe", "MZ no real program");
    desk
}

#[cfg(not(windows))]
#[test]
fn a_package_is_built_with_the_variables_settings_and_name_of_cargo_wix() {
    let desk = app();
    let ran = desk.does(&["build", "--no-build"]);
    let package = "target/wix/App-1.2.3.4-x86_64.msi";
    assert!(ran.out.trim_end().ends_with(package), "{}", ran.out);
    let table = desk.does(&["inspect", package, "--table", "Property"]).out;
    let root = desk.path("").canonicalize().unwrap();
    let target = format!("{}/target", root.display());
    for (name, value) in [
        ("PPLATFORM", "is x64"),
        ("PPROFILE", "is release"),
        ("PCARGOPROFILE", "is release"),
        ("PTARGETTRIPLE", "is x86_64-pc-windows-gnu"),
        ("PTARGETENV", "is gnu"),
        ("PTARGETVENDOR", "is pc"),
        ("PCARGOTARGETDIR", &format!("is {target}")),
        ("PCARGOTARGETBINDIR", &format!("is {target}/x86_64-pc-windows-gnu/release")),
        ("PVERSION", "is 1.2.3.4"),
        ("PCOLOUR", "is blue"),
        ("PSHAPE", "round"),
        ("PTEXT", "deutsch"),
        ("EXTRA", "1"),
    ] {
        let row = table
            .lines()
            .find(|line| line.starts_with(&format!("{name} ")))
            .unwrap_or_else(|| panic!("{name}: {table}"));
        assert!(row.ends_with(&format!(" {value}")), "{row}");
    }
}

#[cfg(not(windows))]
#[test]
fn flags_win_over_settings() {
    let desk = app();
    desk.write("target/i686-pc-windows-gnu/debug/app.exe", "MZ no real program");
    desk.write("target/dev/app.exe", "MZ no real program");
    desk.does(&[
        "build",
        "--no-build",
        "--target",
        "i686-pc-windows-gnu",
        "--debug-build",
        "--debug-name",
        "-n",
        "other",
        "-i",
        "7.8.9",
        "-o",
        "out/",
        "-C",
        "-dColour=red",
        "-L",
        "-dShape=square",
    ]);
    let shown = desk.does(&["inspect", "out/other-7.8.9-x86-debug.msi", "--table", "Property"]).out;
    for value in ["is x86", "is dev", "is red", "square"] {
        assert!(shown.contains(value), "{value}: {shown}");
    }
}

#[test]
fn a_package_of_a_workspace_is_found_or_asked_for() {
    let desk = Desk::new();
    desk.write("Cargo.toml", "[workspace]\nmembers = [\"one\", \"two\"]\nresolver = \"2\"\n");
    for name in ["one", "two"] {
        desk.write(
            &format!("{name}/Cargo.toml"),
            format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n"),
        );
        desk.write(&format!("{name}/src/main.rs"), "fn main() {}\n");
    }
    let none = desk.fails(1, &["build", "--no-build"]);
    assert!(none.err.contains("no package of this workspace has WiX sources"), "{}", none.err);
    desk.write("two/wix/main.wxs", SOURCE);
    desk.write("two/sub/one.txt", "1");
    desk.does(&["build", "--no-build"]);
    desk.write("one/wix/main.wxs", SOURCE);
    desk.write("one/sub/one.txt", "1");
    let several = desk.fails(1, &["build", "--no-build"]);
    assert!(several.err.contains("-p: one, two"), "{}", several.err);
    desk.does(&["build", "--no-build", "-p", "one", "-o", "one.msi"]);
    let here = desk.run_in("two", &["build", "--no-build", "-o", "here.msi"]);
    assert_eq!(here.code, 0, "{}", here.err);
    let unknown = desk.fails(1, &["build", "-p", "three"]);
    assert!(unknown.err.contains("it has: one, two"), "{}", unknown.err);
}

#[test]
fn a_folder_without_a_package_is_told_so() {
    let desk = Desk::new();
    let nothing = desk.fails(1, &["build"]);
    assert!(
        nothing.err.contains("no cargo package was found")
            && nothing.err.contains("cargo msi build main.wxs"),
        "{}",
        nothing.err
    );
    desk.write("Cargo.toml", MANIFEST.replace("1.2.3-rc.4", "1.2.3-rc"));
    desk.write("src/main.rs", "fn main() {}\n");
    let version = desk.fails(1, &["build", "--no-build"]);
    assert!(version.err.contains("1.2.3-rc"), "{}", version.err);
}

#[cfg(not(windows))]
#[test]
fn where_nothing_compiles_for_windows_the_message_says_what_to_do() {
    let desk = app();
    let refused = desk.fails(3, &["build", "--target", "x86_64-win7-windows-none"]);
    assert!(refused.err.contains("rustup target add x86_64-win7-windows-none"), "{}", refused.err);
    assert!(refused.err.contains("--no-build --target-bin-dir"), "{}", refused.err);
}
