//! `verify`, `timestamp` and `inspect-signature`: verdicts in words, as JSON and as exit codes.

use crate::support::Desk;
use authenticode::{HashAlgorithm, SignOptions, TestIdentity, TestIdentityOptions, TestKey, sign_file};
use serde_json::Value;
use std::fs;
use std::sync::Arc;
use testkit::tsa::{Answer, Server, Tsa};

/// A desk with a signed script and the root that it is to be held against. The certificate ends in 2030.
fn ready() -> Desk {
    let desk = Desk::new();
    let script = desk.write("a.ps1", "exit 1\r\n");
    let identity = identity("Tests", 1);
    desk.write("root.pem", &identity.ca_pem);
    let options = SignOptions { description: Some("A\u{1b}[31mb".into()), ..SignOptions::default() };
    sign_file(&script, &script, &identity.signer().unwrap(), &options).unwrap();
    desk
}

fn identity(name: &str, seed: u8) -> TestIdentity {
    TestIdentity::generate(&TestIdentityOptions {
        seed: [seed; 32],
        common_name: name,
        not_before: 1_700_000_000,
        not_after: 1_893_456_000,
        key: TestKey::EcdsaP256,
    })
    .unwrap()
}

#[test]
fn every_verdict_has_an_exit_code_of_its_own() {
    let desk = ready();
    let good = desk.does(&["verify", "--ca", "root.pem", "--at", "2029-01-01", "a.ps1"]);
    assert!(good.out.starts_with("a.ps1: good: signed by CN=Tests (ECDSA P-256, SHA-256)"), "{}", good.out);
    desk.fails(20, &["verify", "--ca", "root.pem", "--at", "2031-01-01T00:00:00Z", "a.ps1"]);
    desk.fails(19, &["verify", "--at", "2029-01-01", "a.ps1"]);
    desk.fails(2, &["verify"]);
    desk.fails(2, &["verify", "--at", "yesterday", "a.ps1"]);
    desk.fails(1, &["verify", "--ca", "root.pem", "gone.exe"]);
    desk.fails(1, &["verify", "--ca", "gone.pem", "a.ps1"]);

    let signed = desk.read("a.ps1");
    desk.write("plain.ps1", "exit 1\r\n");
    desk.fails(10, &["verify", "--ca", "root.pem", "plain.ps1"]);
    desk.write("changed.ps1", signed.replace("exit 1", "exit 2"));
    desk.fails(12, &["verify", "--ca", "root.pem", "changed.ps1"]);
    desk.write("stuffed.ps1", format!("{signed}exit 3\r\n"));
    desk.fails(14, &["verify", "--ca", "root.pem", "stuffed.ps1"]);
    // Of several the gravest.
    let files = ["a.ps1", "stuffed.ps1", "changed.ps1"];
    let ran = desk.fails(12, &[&["verify", "--ca", "root.pem", "--json"][..], &files].concat());
    let verdicts: Value = serde_json::from_str(&ran.out).unwrap();
    let codes: Vec<_> = (0..3).map(|index| verdicts[index]["verdict"].as_str().unwrap()).collect();
    assert_eq!(codes, ["good", "stuffed", "bad-digest"]);
    assert_eq!(verdicts[0]["signatures"][0]["signer"]["subject"], "CN=Tests");
}

#[test]
fn a_timestamp_is_added_shown_and_believed() {
    let desk = ready();
    let tsa = Arc::new(Tsa::new());
    let behind = Arc::clone(&tsa);
    let server = Server::start(move |_, query| Answer::Reply(behind.reply(query)));
    fs::copy(tsa.root(), desk.path("tsa.pem")).unwrap();
    desk.fails(2, &["timestamp", "a.ps1"]);
    let before = fs::read(desk.path("a.ps1")).unwrap();
    let refused = desk.fails(1, &["timestamp", "--tsa", &server.url(), "--tsa-ca", "root.pem", "a.ps1"]);
    assert!(refused.err.contains("cannot be trusted"), "{}", refused.err);
    assert_eq!(fs::read(desk.path("a.ps1")).unwrap(), before);
    let stamped = desk.does(&["timestamp", "--tsa", &server.url(), "--tsa-ca", "tsa.pem", "a.ps1"]);
    assert!(stamped.out.contains("by CN=Test TSA good (SHA-256)"), "{}", stamped.out);
    let late = ["verify", "--ca", "root.pem", "--at", "2050-01-01", "a.ps1"];
    desk.fails(20, &late);
    let good = desk.does(&[&late[..], &["--tsa-ca", "tsa.pem"]].concat());
    assert!(good.out.contains(", timestamped 2"), "{}", good.out);
    desk.fails(1, &["timestamp", "--tsa", &server.url(), "a.ps1"]);
}

#[test]
fn detached_signatures_are_verified_and_timestamped() {
    let desk = ready();
    let file = desk.write("notes.txt", "anything at all");
    let signer = identity("Tests", 1).signer().unwrap();
    authenticode::sign_detached(&file, &desk.path("notes.txt.p7s"), &signer, HashAlgorithm::Sha256).unwrap();
    let tsa = Tsa::new();
    fs::copy(tsa.root(), desk.path("tsa.pem")).unwrap();
    let server = Server::start(move |_, query| Answer::Reply(tsa.reply(query)));
    desk.does(&["timestamp", "--tsa", &server.url(), "notes.txt.p7s"]);
    let trust = ["--ca", "root.pem", "--tsa-ca", "tsa.pem", "--at", "2050-01-01"];
    desk.does(&[&["verify", "--detached", "notes.txt"][..], &trust].concat());
    desk.does(&[&["verify", "--signature", "notes.txt.p7s", "notes.txt"][..], &trust].concat());
    desk.write("notes.txt", "anything at all!");
    desk.fails(12, &[&["verify", "--detached", "notes.txt"][..], &trust].concat());
}

#[test]
fn a_signature_is_shown_with_all_it_says_and_cannot_steer_the_terminal() {
    let desk = ready();
    let shown = desk.does(&["inspect-signature", "a.ps1"]).out;
    for words in
        ["subject: CN=Tests", "SHA-256 (2.16.840.1.101.3.4.2.1)", "description: A\u{b7}[31mb", "sha256: "]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let json: Value =
        serde_json::from_str(&desk.does(&["inspect-signature", "--json", "a.ps1"]).out).unwrap();
    assert_eq!(json["signatures"][0]["certificates"].as_array().unwrap().len(), 1);
}
