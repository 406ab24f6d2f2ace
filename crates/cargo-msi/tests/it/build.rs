//! `cargo msi build` with sources.

use crate::support::{Desk, SOURCE};
use std::fs;

#[test]
fn sources_become_a_package_with_the_first_ones_name() {
    let desk = Desk::with_source();
    let ran = desk.does(&["build", "main.wxs", "-d", "Version=1.2.3"]);
    assert_eq!(ran.out, "main.msi\n");
    assert_eq!(ran.err, "");
    desk.does(&["build", "main.wxs", "-d", "Version=1.2.3", "-o", "out/", "-j", "1"]);
    assert_eq!(
        fs::read(desk.path("main.msi")).unwrap(),
        fs::read(desk.path("out/main.msi")).unwrap(),
        "same inputs, same bytes"
    );
}

#[test]
fn several_sources_link_together_with_their_texts() {
    let desk = Desk::new();
    desk.write(
        "a.wxs",
        SOURCE
            .replace("Name=\"Small\" Manufacturer", "Name=\"!(loc.Name)\" Manufacturer")
            .replace("<ComponentRef Id=\"Two\"/>", "<ComponentGroupRef Id=\"More\"/>"),
    );
    desk.write(
        "b.wxs",
        "<Wix xmlns='http://schemas.microsoft.com/wix/2006/wi'><Fragment><ComponentGroup Id='More'><ComponentRef Id='Two'/>\
         </ComponentGroup></Fragment></Wix>",
    );
    desk.write(
        "de.wxl",
        "<WixLocalization Culture='de-de' xmlns='http://schemas.microsoft.com/wix/2006/localization'>\
         <String Id='Name'>Klein</String></WixLocalization>",
    );
    desk.write("files/sub/one.txt", "one");
    desk.does(&[
        "build",
        "a.wxs",
        "b.wxs",
        "-b",
        "files",
        "--loc",
        "de.wxl",
        "--culture",
        "de-de;en-us",
        "-d",
        "Version=1.0.0",
    ]);
    let shown = desk.does(&["inspect", "a.msi", "--table", "Property"]);
    assert!(shown.out.contains("Klein"), "{}", shown.out);
}

#[test]
fn paths_of_windows_are_found_on_every_host() {
    let desk = Desk::with_source();
    desk.write("src/Main.wxs", SOURCE.replace("sub\\one.txt", "Sub\\ONE.txt"));
    let ran = desk.does(&["build", "src\\main.wxs", "-d", "Version=1.0.0"]);
    if !cfg!(windows) {
        assert!(ran.err.contains("'src\\main.wxs' was found as 'src/Main.wxs'"), "{}", ran.err);
        assert!(ran.err.contains("warning[BND0002]"), "{}", ran.err);
    }
}

#[test]
fn warnings_can_be_left_out_or_raised() {
    let desk = Desk::with_source();
    desk.write("main.wxs", SOURCE.replace("<MediaTemplate", "<?warning take care?><MediaTemplate"));
    let build = ["build", "main.wxs", "-d", "Version=1.0.0"];
    let warned = desk.does(&build);
    assert!(warned.err.contains("take care"), "{}", warned.err);
    let code = warned.err.split(['[', ']']).nth(1).unwrap().to_owned();
    for id in [code.as_str(), "all"] {
        assert_eq!(desk.does(&[&build[..], &["--sw", id]].concat()).err, "");
    }
    fs::remove_file(desk.path("main.msi")).unwrap();
    let raised = desk.fails(1, &[&build[..], &["--wx"]].concat());
    assert!(raised.err.contains(&format!("error[{code}]")), "{}", raised.err);
    assert!(!desk.path("main.msi").exists(), "nothing is written");
    desk.does(&[&build[..], &["--wx", "--sw", &code]].concat());
}

#[test]
fn errors_are_shown_together_up_to_a_limit() {
    let desk = Desk::with_source();
    let many: String = (0..5).map(|number| format!("<Wrong{number}/>")).collect();
    desk.write("main.wxs", SOURCE.replace("<MediaTemplate", &format!("{many}<MediaTemplate")));
    let all = desk.fails(1, &["build", "main.wxs", "-d", "Version=1.0.0", "--message-format", "short"]);
    assert_eq!(all.err.lines().filter(|line| line.contains("Wrong")).count(), 5, "{}", all.err);
    assert!(all.err.starts_with("main.wxs(5,"), "{}", all.err);
    let two = desk.fails(1, &["build", "main.wxs", "-d", "Version=1.0.0", "--max-errors", "2"]);
    assert_eq!(two.err.matches("error[").count(), 2, "{}", two.err);
    assert!(two.err.contains("3 more errors"), "{}", two.err);
    assert!(!two.err.contains('\u{1b}'), "no colours outside a terminal");
    let json = desk.fails(1, &["build", "main.wxs", "-d", "Version=1.0.0", "--message-format", "json"]);
    let first: serde_json::Value = serde_json::from_str(json.out.lines().next().unwrap()).unwrap();
    assert_eq!((first["severity"].as_str(), first["line"].as_u64()), (Some("error"), Some(5)), "{first}");
}

#[test]
fn a_build_says_in_json_what_it_wrote() {
    let desk = Desk::with_source();
    let ran = desk.does(&["build", "main.wxs", "-d", "Version=1.2.3", "--message-format", "json"]);
    let built: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((built["package"].as_str(), built["version"].as_str()), (Some("main.msi"), Some("1.2.3")));
}

#[test]
fn the_preprocessed_source_is_printed_like_candle_does() {
    let desk = Desk::with_source();
    for args in [
        &["build", "main.wxs", "-d", "Version=9.8.7", "-p"][..],
        &["build", "-p", "main.wxs", "-d", "Version=9.8.7"],
        &["build", "--preprocess", "main.wxs", "-d", "Version=9.8.7"],
    ] {
        let ran = desk.does(args);
        assert!(ran.out.starts_with("<?xml") && ran.out.contains("Version=\"9.8.7\""), "{}", ran.out);
    }
    assert!(!desk.path("main.msi").exists());
}

#[test]
fn what_cannot_be_is_refused_by_name() {
    let desk = Desk::with_source();
    desk.write("old.wixlib", "x");
    let refused = desk.fails(1, &["build", "main.wxs", "old.wixlib"]);
    assert!(
        refused.err.contains("'old.wixlib' can't be linked") && refused.err.contains(".wxs sources"),
        "{}",
        refused.err
    );
    let missing = desk.fails(1, &["build", "nowhere.wxs"]);
    assert!(missing.err.contains("the file 'nowhere.wxs' does not exist"), "{}", missing.err);
    desk.fails(2, &["build", "main.wxs", "--arch", "mips"]);
    desk.fails(2, &["build", "main.wxs", "--target", "x86_64-pc-windows-gnu"]);
    desk.fails(2, &["build", "main.wxs", "-p", "app"]);
    desk.fails(2, &["compile"]);
}

#[test]
fn switches_of_candle_and_light_are_understood() {
    let desk = Desk::with_source();
    desk.does(&[
        "build",
        "main.wxs",
        "-C",
        "-dVersion=3.0.0",
        "-C",
        "-arch",
        "-C",
        "x64",
        "-L",
        "-sval",
        "-L",
        "-cultures:en-us",
    ]);
    let shown = desk.does(&["inspect", "main.msi"]);
    assert!(shown.out.contains("x64;1033"), "{}", shown.out);
    let refused = desk.fails(1, &["build", "main.wxs", "-d", "Version=1.0.0", "-L", "-sui"]);
    assert!(refused.err.contains("-sui"), "{}", refused.err);
}
