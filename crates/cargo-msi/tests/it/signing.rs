//! `sign` and `strip`: many files with one key, failures told apart, nothing half done.

use crate::support::Desk;
use authenticode::{TestIdentity, TestIdentityOptions, TestKey};
use serde_json::Value;
use std::fs;

/// A desk with a package, two scripts and a key.
fn ready() -> Desk {
    let desk = Desk::with_source();
    desk.does(&["build", "main.wxs", "-d", "Version=1.0.0", "-o", "app.msi"]);
    desk.write("one.ps1", "exit 1\r\n");
    desk.write("two.psm1", "exit 2\n");
    let identity = TestIdentity::generate(&TestIdentityOptions {
        seed: [9; 32],
        common_name: "Tests",
        not_before: 1_700_000_000,
        not_after: 1_900_000_000,
        key: TestKey::EcdsaP256,
    })
    .unwrap();
    desk.write("release.key", identity.key_pem.as_bytes());
    desk.write("release.pem", identity.certificate_pem.as_bytes());
    desk
}

const KEY: [&str; 4] = ["--key", "release.key", "--cert", "release.pem"];
const FILES: [&str; 3] = ["app.msi", "one.ps1", "two.psm1"];

fn bytes(desk: &Desk) -> [Vec<u8>; 3] {
    FILES.map(|name| fs::read(desk.path(name)).unwrap())
}

#[test]
fn several_files_are_signed_and_given_back() {
    let desk = ready();
    let before = bytes(&desk);
    let signing = [&["sign", "--jobs", "2", "--description", "Small"][..], &KEY, &FILES].concat();
    let said = desk.does(&signing).err;
    assert!(said.contains("app.msi: signed (Windows Installer package, SHA-256)"), "{said}");
    assert!(said.contains("3 of 3 signed by CN=Tests"), "{said}");
    let signed = bytes(&desk);
    assert!(before.iter().zip(&signed).all(|(one, other)| one != other));
    let said = desk.does(&signing).err;
    assert!(said.contains("one.ps1: signed anew"), "{said}");
    assert!(bytes(&desk) == signed, "signing again changes a file");
    desk.does(&[&["strip"][..], &FILES].concat());
    assert!(bytes(&desk) == before, "stripping does not give back the files");
}

#[test]
fn what_cannot_be_signed_is_said_and_the_others_are_signed() {
    let desk = ready();
    desk.write("text.txt", "no kind of file");
    let files = ["one.ps1", "text.txt", "gone.exe", "two.psm1"];
    let ran = desk.fails(1, &[&["sign", "--json"][..], &KEY, &files].concat());
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let signed: Vec<bool> =
        report["files"].as_array().unwrap().iter().map(|file| file["signed"].is_object()).collect();
    assert_eq!(signed, [true, false, false, true], "{report}");
    assert_eq!(desk.read("text.txt"), "no kind of file");
    assert!(desk.read("two.psm1").contains("# SIG # End signature block"));
    let left: Vec<_> = fs::read_dir(desk.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".signing-")), "{left:?}");
}

#[test]
fn a_changed_file_is_refused_until_it_is_stripped() {
    let desk = ready();
    desk.does(&[&["sign"][..], &KEY, &["one.ps1"]].concat());
    let changed = desk.read("one.ps1").replace("exit 1", "exit 3");
    desk.write("one.ps1", &changed);
    let ran = desk.fails(1, &[&["sign"][..], &KEY, &["one.ps1"]].concat());
    assert!(ran.err.contains("changed after it was signed"), "{}", ran.err);
    assert_eq!(desk.read("one.ps1"), changed);
    desk.does(&["strip", "one.ps1"]);
    desk.does(&[&["sign"][..], &KEY, &["one.ps1"]].concat());
}

#[test]
fn wrong_command_lines_touch_nothing() {
    let desk = ready();
    let before = bytes(&desk);
    for (args, reason) in [
        (vec!["sign", "one.ps1"], "no signing key is named"),
        (
            [&["sign", "--output", "x"][..], &KEY, &["one.ps1", "two.psm1"]].concat(),
            "--output takes one file",
        ),
        ([&["sign", "--hash", "sha1"][..], &KEY, &["one.ps1"]].concat(), "sha256, sha384 or sha512"),
        ([&["sign"][..], &KEY, &["one.ps1", "./one.ps1"]].concat(), "is named twice"),
    ] {
        let ran = desk.fails(2, &args);
        assert!(ran.err.contains(reason), "{args:?}: {}", ran.err);
    }
    assert!(bytes(&desk) == before);
}

#[test]
fn a_detached_signature_stands_beside_its_file() {
    let desk = ready();
    desk.write("notes.txt", "any file");
    desk.does(&[&["sign", "--detached"][..], &KEY, &["notes.txt"]].concat());
    assert_eq!(desk.read("notes.txt"), "any file");
    assert!(fs::metadata(desk.path("notes.txt.p7s")).unwrap().len() > 300);
}
