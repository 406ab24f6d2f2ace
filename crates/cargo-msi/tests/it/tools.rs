//! `inspect`, `diff`, `extract` and `validate` on packages that we made.

use crate::support::{Desk, SOURCE, files_below};
use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn built() -> Desk {
    let desk = Desk::with_source();
    desk.does(&["build", "main.wxs", "-d", "Version=1.0.0", "-o", "old.msi"]);
    desk.write("sub/one.txt", "another one");
    desk.write("main.wxs", SOURCE.replace("Name=\"Version\"", "Name=\"Number\""));
    desk.does(&["build", "main.wxs", "-d", "Version=1.1.0", "-o", "new.msi"]);
    desk
}

#[test]
fn inspect_shows_summary_tables_streams_and_the_tree_of_files() {
    let desk = built();
    let all = desk.does(&["inspect", "old.msi"]).out;
    for line in [
        "  Subject              Small",
        "  Component                         2 rows",
        "  Small/",
        "    deep/",
        "      two.txt (3 bytes)",
    ] {
        assert!(all.lines().any(|shown| shown == line), "{line:?} in\n{all}");
    }
    let table = desk.does(&["inspect", "old.msi", "--table", "Registry"]).out;
    assert_eq!(table.lines().count(), 3, "{table}");
    let whole = json(&desk.does(&["inspect", "old.msi", "--json"]).out);
    assert!(whole["tables"]["File"].is_object() || whole["tables"]["File"].is_array(), "{whole}");
    let unknown = desk.fails(1, &["inspect", "old.msi", "--table", "file"]);
    assert!(unknown.err.contains("did you mean 'File'"), "{}", unknown.err);
    let nothing = desk.fails(1, &["inspect", "main.wxs"]);
    assert!(nothing.err.contains("can't be read as a Windows Installer database"), "{}", nothing.err);
}

#[test]
fn diff_tells_what_changed_and_says_so_with_its_exit_code() {
    let desk = built();
    let same = desk.does(&["diff", "old.msi", "old.msi"]);
    assert_eq!(same.out, "");
    let text = desk.fails(1, &["diff", "old.msi", "new.msi"]).out;
    assert!(text.contains("Value: '1.0.0' -> '1.1.0'"), "{text}");
    assert!(text.contains("Name: 'Version' -> 'Number'") || text.contains("Name='Number'"), "{text}");
    assert!(text.contains("size: '3' -> '11'"), "{text}");
    let differences = json(&desk.fails(1, &["diff", "old.msi", "new.msi", "--json"]).out);
    let names: Vec<&str> = differences["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|section| section["name"].as_str().unwrap())
        .collect();
    assert!(
        names.contains(&"files") && names.contains(&"Property") && names.contains(&"streams"),
        "{names:?}"
    );
    desk.fails(2, &["diff", "old.msi", "nowhere.msi"]);
}

#[test]
fn extract_lays_files_out_as_an_administrative_installation() {
    let desk = built();
    desk.does(&["extract", "old.msi", "-o", "image"]);
    assert_eq!(files_below(&desk.path("image")).len(), 2);
    let two =
        files_below(&desk.path("image")).into_iter().find(|path| path.ends_with("deep/two.txt")).unwrap();
    assert_eq!(desk.read(&format!("image/{two}")), "one");
    let again = desk.fails(1, &["extract", "old.msi", "-o", "image"]);
    assert!(again.err.contains("is there already"), "{}", again.err);
}

#[test]
fn validate_finds_faults_and_leaves_out_what_it_is_told() {
    let desk = built();
    let clean = desk.does(&["validate", "old.msi"]);
    assert!(clean.err.contains("0 errors"), "{}", clean.err);
    // Files of a user's profile that a machine-wide package can't tell from those of others.
    desk.write("fault.wxs", SOURCE.replace("ProgramFilesFolder", "AppDataFolder"));
    desk.does(&["build", "fault.wxs", "-d", "Version=1.0.0"]);
    let findings = desk.run(&["validate", "fault.msi", "--json"]);
    let found = json(&findings.out);
    let found = found["findings"].as_array().unwrap();
    assert!(!found.is_empty(), "such components are a fault at least");
    assert_eq!(findings.code, i32::from(found.iter().any(|finding| finding["severity"] == "error")));
    let rules: Vec<&str> = found.iter().map(|finding| finding["rule"].as_str().unwrap()).collect();
    let left = desk.does(&["validate", "fault.msi", "--json", "--suppress", &rules.join(",")]);
    assert_eq!(json(&left.out)["findings"], json("[]"));
    desk.fails(2, &["validate", "fault.msi", "--suppress", "ICE999"]);
}

#[test]
fn help_shows_examples_and_exit_codes() {
    let desk = Desk::new();
    assert!(desk.does(&["--help"]).out.contains("Exit codes:"));
    let build = desk.does(&["build", "--help"]).out;
    assert!(build.contains("Examples:") && build.contains("--target-bin-dir"), "{build}");
}
