//! PowerShell scripts: signed by us and accepted by osslsigncode, and the other way round.

use std::fs;
use std::path::Path;

use authenticode::{
    Error, FileError, FileKind, HashAlgorithm, Problem, SignOptions, sign_file, strip_file, unsigned_digest,
    verify_file,
};
use tempfile::TempDir;

use crate::support::{NOW, keys, osslsigncode};

fn utf16(text: &str, high_first: bool) -> Vec<u8> {
    text.encode_utf16()
        .flat_map(|unit| if high_first { unit.to_be_bytes() } else { unit.to_le_bytes() })
        .collect()
}

/// Line ends of every kind, in every encoding; osslsigncode does not know UTF-16 with the high byte first.
fn scripts() -> Vec<(String, Vec<u8>, bool)> {
    let mut all = Vec::new();
    for text in [
        "exit 1",
        "Write-Host 'Größe 😀'\r\nexit 0\r\n",
        "Write-Host 1\nWrite-Host 2\n",
        "# SIG # Begin\r\n\r\n\r\n",
        &format!("$x = '{}'\r\n", "ä".repeat(100_000)),
    ] {
        let marked = format!("\u{FEFF}{text}");
        let name = &text[..text.len().min(12)];
        all.push((format!("{name:?} UTF-8"), text.as_bytes().to_vec(), true));
        all.push((format!("{name:?} UTF-8 with mark"), marked.as_bytes().to_vec(), true));
        all.push((format!("{name:?} UTF-16LE"), utf16(&marked, false), true));
        all.push((format!("{name:?} UTF-16BE"), utf16(&marked, true), false));
    }
    all
}

fn good(path: &Path, what: &str) {
    let verdict = verify_file(path, &keys::roots(), Some(NOW)).unwrap();
    assert!(verdict.is_good(), "{what}: {verdict}");
}

#[test]
fn every_encoding_in_both_directions() {
    let folder = TempDir::new().unwrap();
    let [input, ours, theirs] =
        ["input.ps1", "ours.psm1", "theirs.PSD1"].map(|name| folder.path().join(name));
    for (what, bytes, known) in scripts() {
        fs::write(&input, &bytes).unwrap();
        let options = SignOptions { hash: HashAlgorithm::Sha384, ..SignOptions::default() };
        let report = sign_file(&input, &ours, &keys::signer("p384"), &options).unwrap();
        assert_eq!(report.kind, FileKind::Script);
        good(&ours, &what);
        let signed = fs::read(&ours).unwrap();
        assert!(signed.starts_with(&bytes), "{what}: the content comes first, as it was");
        assert!(sign_file(&ours, &ours, &keys::signer("p384"), &options).unwrap().replaced);
        assert!(fs::read(&ours).unwrap() == signed, "{what}: signing again changes the file");
        if known {
            osslsigncode::accepts(&ours);
            let _ = fs::remove_file(&theirs);
            osslsigncode::sign(&input, &theirs, "p256", &[]);
            good(&theirs, &what);
            let digest = verify_file(&theirs, &keys::roots(), None).unwrap().signature.unwrap().digest;
            assert_eq!(digest, unsigned_digest(&input).unwrap(), "{what}");
            assert!(strip_file(&theirs, &theirs).unwrap());
            assert!(fs::read(&theirs).unwrap() == bytes, "{what}: theirs stripped");
        }
        assert!(strip_file(&ours, &ours).unwrap());
        assert!(fs::read(&ours).unwrap() == bytes, "{what}: stripping does not give back the file");
    }
}

#[test]
fn every_changed_byte_is_found() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("signed.ps1");
    for bytes in [b"Write-Host 1\r\nexit\r\n".to_vec(), utf16("\u{FEFF}Write-Host 1\r\n", false)] {
        fs::write(&path, &bytes).unwrap();
        sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).unwrap();
        let clean = fs::read(&path).unwrap();
        for at in (0..bytes.len() + 200).chain((bytes.len() + 200..clean.len()).step_by(37)) {
            for bit in [0, 5] {
                let mut changed = clean.clone();
                changed[at] ^= 1 << bit;
                fs::write(&path, &changed).unwrap();
                let good =
                    verify_file(&path, &keys::roots(), Some(NOW)).is_ok_and(|verdict| verdict.is_good());
                assert!(!good, "bit {bit} of byte {at}");
            }
        }
    }
}

#[test]
fn code_behind_the_signature_is_found_and_never_signed_over() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("script.ps1");
    fs::write(&path, "exit\r\n").unwrap();
    sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).unwrap();
    let mut longer = fs::read(&path).unwrap();
    longer.extend(b"Remove-Item C:\\");
    fs::write(&path, &longer).unwrap();
    let verdict = verify_file(&path, &keys::roots(), Some(NOW)).unwrap();
    assert!(matches!(verdict.problems[..], [Problem::Stuffed { bytes: 15, .. }]), "{verdict}");
    for answer in [
        sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).map(drop),
        strip_file(&path, &path).map(drop),
    ] {
        assert!(
            matches!(answer, Err(Error::File { source: FileError::TrailingData { extra: 15, .. }, .. })),
            "{answer:?}"
        );
    }
    assert!(fs::read(&path).unwrap() == longer);
}

#[test]
fn a_script_that_was_changed_after_signing_is_not_signed_again() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("script.ps1");
    fs::write(&path, "exit 1\r\n").unwrap();
    sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).unwrap();
    let mut changed = fs::read(&path).unwrap();
    changed[5] = b'2';
    fs::write(&path, &changed).unwrap();
    let answer = sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default());
    assert!(matches!(answer, Err(Error::File { source: FileError::ChangedSinceSigned, .. })), "{answer:?}");
    assert!(strip_file(&path, &path).unwrap());
    assert_eq!(fs::read(&path).unwrap(), b"exit 2\r\n");
    sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).unwrap();
}
