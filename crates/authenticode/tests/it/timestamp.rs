//! Timestamps: got, checked, added later, believed or not. The authority is OpenSSL's.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use authenticode::{
    FileKind, HashAlgorithm, Problem, RevocationLists, Roots, SignOptions, TimestampError, TimestampKind,
    Verdict, VerifyOptions, sign_file, timestamp_file, verify_file_with,
};
use tempfile::TempDir;
use testkit::tsa::{Answer, CERTIFICATES, Server, Tsa};

use crate::support::cab::Cabinet;
use crate::support::pe::Image;
use crate::support::random::Random;
use crate::support::tsa::{Direct, honest, roots};
use crate::support::{NOW, keys, msi, osslsigncode};

/// 2099, when every test certificate has run out.
const LATER: u64 = 4_080_000_000;

fn verdict(path: &Path, code: &Roots, time: &Roots, at: u64) -> Verdict {
    let revocation = RevocationLists::none();
    let options =
        VerifyOptions { roots: code, timestamp_roots: Some(time), at: Some(at), revocation: &revocation };
    verify_file_with(path, &options).unwrap()
}

/// One file of each kind that can be signed.
fn files(folder: &TempDir) -> Vec<(FileKind, std::path::PathBuf)> {
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let tree = msi::tree(&mut Random(1), &[20, 5000], true);
    vec![
        (FileKind::Pe, write("image.exe", &Image { size: 5001, ..Image::default() }.build())),
        (FileKind::Msi, write("package.msi", &msi::write(&tree, compound_file::Version::V3))),
        (FileKind::Cab, write("files.cab", &Cabinet::of(&[100, 40_000]).build(&mut Random(2)))),
        (FileKind::Script, write("script.ps1", b"Write-Host 'a'\r\n")),
    ]
}

#[test]
fn a_timestamp_outlives_the_certificate_in_every_kind_of_file() {
    let tsa = Tsa::new();
    let folder = TempDir::new().unwrap();
    for (kind, path) in files(&folder) {
        for hash in HashAlgorithm::ALL {
            let authority = honest(&tsa);
            let options = SignOptions { hash, timestamper: Some(&authority), ..SignOptions::default() };
            let report = sign_file(&path, &path, &keys::signer("p256"), &options).unwrap();
            assert_eq!(report.timestamps.len(), 1, "{kind}");
            let verdict = verdict(&path, &keys::roots(), &roots(&tsa), LATER);
            assert!(verdict.is_good(), "{kind}: {verdict}");
            let facts = verdict.signature.unwrap();
            assert!(facts.by_timestamp);
            let timestamp = &facts.timestamps[0];
            assert_eq!((timestamp.kind, timestamp.hash), (TimestampKind::Rfc3161, hash.name()));
            assert_eq!(timestamp.authority, "CN=Test TSA good");
            assert_eq!(timestamp.chain, ["CN=Test TSA good", "CN=Test TSA root"]);
            assert_eq!(
                (timestamp.time, &timestamp.serial),
                (report.timestamps[0].time, &report.timestamps[0].serial)
            );
        }
    }
}

#[test]
fn without_a_timestamp_or_trust_in_it_the_certificate_ends() {
    let tsa = Tsa::new();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("image.exe");
    fs::write(&path, Image::default().build()).unwrap();
    sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).unwrap();
    let without = verdict(&path, &keys::roots(), &roots(&tsa), LATER);
    assert!(matches!(without.problems[..], [Problem::Expired { .. }]), "{without}");
    timestamp_file(&path, &path, HashAlgorithm::Sha256, &honest(&tsa), false).unwrap();
    let stranger = verdict(&path, &keys::roots(), &keys::roots(), LATER);
    let found: Vec<_> = stranger.problems.iter().map(Problem::code).collect();
    assert_eq!(found, ["expired", "untrusted-timestamp"], "{stranger}");
    assert!(verdict(&path, &keys::roots(), &roots(&tsa), LATER).is_good());
}

#[test]
fn a_timestamp_is_added_later_and_nothing_else_changes() {
    let tsa = Tsa::new();
    let folder = TempDir::new().unwrap();
    for (kind, path) in files(&folder) {
        let signed = folder.path().join("signed");
        let signed = signed.with_extension(path.extension().unwrap());
        let stamped = folder.path().join("stamped").with_extension(path.extension().unwrap());
        sign_file(&path, &signed, &keys::signer("p256"), &SignOptions::default()).unwrap();
        let report = timestamp_file(&signed, &stamped, HashAlgorithm::Sha256, &honest(&tsa), false).unwrap();
        assert_eq!(report.timestamps.len(), 1, "{kind}");
        let good = verdict(&stamped, &keys::roots(), &roots(&tsa), NOW);
        assert!(good.is_good(), "{kind}: {good}");
        let digest = |path: &Path| authenticode::unsigned_digest(path).unwrap();
        assert_eq!(digest(&signed), digest(&stamped), "{kind}");
        // Signing with the timestamp at once gives the same but for the token.
        authenticode::strip_file(&stamped, &stamped).unwrap();
        authenticode::strip_file(&signed, &signed).unwrap();
        assert_eq!(fs::read(&signed).unwrap(), fs::read(&stamped).unwrap(), "{kind}");
    }
}

#[test]
fn a_second_timestamp_is_refused_unless_it_replaces_the_first() {
    let tsa = Tsa::new();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("image.exe");
    fs::write(&path, Image::default().build()).unwrap();
    let unsigned = timestamp_file(&path, &path, HashAlgorithm::Sha256, &honest(&tsa), false).unwrap_err();
    assert!(unsigned.to_string().contains("not signed"), "{unsigned}");
    sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).unwrap();
    timestamp_file(&path, &path, HashAlgorithm::Sha256, &honest(&tsa), false).unwrap();
    let before = fs::read(&path).unwrap();
    let again = timestamp_file(&path, &path, HashAlgorithm::Sha256, &honest(&tsa), false).unwrap_err();
    assert!(again.to_string().contains("has a timestamp already"), "{again}");
    assert_eq!(fs::read(&path).unwrap(), before);
    timestamp_file(&path, &path, HashAlgorithm::Sha384, &honest(&tsa), true).unwrap();
    let verdict = verdict(&path, &keys::roots(), &roots(&tsa), NOW);
    assert!(verdict.is_good(), "{verdict}");
    let facts = verdict.signature.unwrap();
    assert_eq!(facts.timestamps.iter().map(|timestamp| timestamp.hash).collect::<Vec<_>>(), ["SHA-384"]);
}

#[test]
fn lies_of_an_authority_are_found_and_nothing_is_signed() {
    type Lie = fn(&Tsa, &[u8]) -> Vec<u8>;
    let lies: [(&str, Lie); 7] = [
        ("the nonce is not ours", |tsa, query| {
            // The last bytes are the nonce and certReq.
            let mut other = query.to_vec();
            let at = other.len() - 5;
            other[at] ^= 1;
            tsa.reply(&other)
        }),
        ("for another signature", |tsa, query| {
            let mut other = query.to_vec();
            other[30] ^= 1;
            tsa.reply(&other)
        }),
        ("rejected", |tsa, query| {
            // MD5 is none of the algorithms that it knows.
            let mut other = query.to_vec();
            let at =
                other.windows(9).position(|bytes| bytes == [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1]).unwrap();
            other[at + 8] = 9;
            tsa.reply(&other)
        }),
        ("", |_, _| b"<html></html>".to_vec()),
        ("", |_, _| Vec::new()),
        ("", |tsa, query| {
            let mut answer = tsa.reply(query);
            answer.truncate(answer.len() - 1);
            answer
        }),
        ("did not sign it", |tsa, query| {
            // The signature value stands at the end.
            let mut answer = tsa.reply(query);
            let at = answer.len() - 3;
            answer[at] ^= 1;
            answer
        }),
    ];
    let tsa = Tsa::new();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("image.exe");
    fs::write(&path, Image::default().build()).unwrap();
    let before = fs::read(&path).unwrap();
    for (words, twist) in lies {
        let authority = Direct { tsa: &tsa, twist, roots: None };
        let options = SignOptions { timestamper: Some(&authority), ..SignOptions::default() };
        let error = sign_file(&path, &path, &keys::signer("p256"), &options).unwrap_err();
        assert!(error.to_string().contains(words), "{words}: {error}");
        assert_eq!(fs::read(&path).unwrap(), before, "{words}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{words}");
    }
}

#[test]
fn only_certificates_for_time_stamping_alone_are_believed() {
    let tsa = Arc::new(Tsa::new());
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("image.exe");
    fs::write(&path, Image::default().build()).unwrap();
    for (name, _) in CERTIFICATES {
        let twist = |tsa: &Tsa, query: &[u8]| tsa.reply_by(name, query);
        let answer = Direct { tsa: &tsa, twist, roots: None }.ask(HashAlgorithm::Sha256, &[7; 32]);
        assert_eq!(answer.is_ok(), name == "good", "{name}: {answer:?}");
        // Others put into a file what they get.
        let behind = Arc::clone(&tsa);
        let server = Server::start(move |_, query| Answer::Reply(behind.reply_by(name, query)));
        let signed = folder.path().join("signed.exe");
        let _ = fs::remove_file(&signed);
        osslsigncode::sign(&path, &signed, "p256", &["-ts", &server.url()]);
        let verdict = verdict(&signed, &keys::roots(), &roots(&tsa), NOW);
        assert_eq!(verdict.is_good(), name == "good", "{name}: {verdict}");
        let bad = |problem: &Problem| matches!(problem, Problem::BadTimestamp { .. });
        assert!(name == "good" || bad(&verdict.problems[0]), "{name}: {verdict}");
    }
}

#[test]
fn osslsigncode_believes_our_timestamps() {
    let tsa = Tsa::new();
    let folder = TempDir::new().unwrap();
    for (kind, path) in files(&folder) {
        if kind == FileKind::Script {
            continue;
        }
        let authority = honest(&tsa);
        let options = SignOptions { timestamper: Some(&authority), ..SignOptions::default() };
        sign_file(&path, &path, &keys::signer("rsa-2048"), &options).unwrap();
        osslsigncode::accepts_timestamp(&path, &tsa.root());
    }
}

#[test]
fn we_believe_timestamps_that_osslsigncode_got() {
    let tsa = Arc::new(Tsa::new());
    let behind = Arc::clone(&tsa);
    let server = Server::start(move |_, query| Answer::Reply(behind.reply(query)));
    let folder = TempDir::new().unwrap();
    for (kind, path) in files(&folder) {
        if kind == FileKind::Script {
            continue;
        }
        let signed = path.with_extension("signed");
        osslsigncode::sign(&path, &signed, "rsa-2048", &["-ts", &server.url()]);
        let verdict = verdict(&signed, &keys::roots(), &roots(&tsa), LATER);
        assert!(verdict.is_good(), "{kind}: {verdict}");
    }
}

#[test]
fn a_token_of_another_file_proves_nothing() {
    let tsa = Tsa::new();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("image.exe");
    fs::write(&path, Image::default().build()).unwrap();
    /// Gives everybody the same token.
    struct Replay(Vec<u8>);
    impl authenticode::Timestamper for Replay {
        fn timestamp(&self, _: HashAlgorithm, _: &[u8]) -> Result<Vec<u8>, TimestampError> {
            Ok(self.0.clone())
        }
    }
    let (token, _) = honest(&tsa).ask(HashAlgorithm::Sha256, &[9; 32]).unwrap();
    let replay = Replay(token);
    let options = SignOptions { timestamper: Some(&replay), ..SignOptions::default() };
    let error = sign_file(&path, &path, &keys::signer("p256"), &options).unwrap_err();
    assert!(error.to_string().contains("for another signature"), "{error}");
}
