//! Cabinets: signed by us and accepted by osslsigncode, and the other way round.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use authenticode::{
    Error, Existing, FileError, FileKind, Problem, SignOptions, sign_file, strip_file, unsigned_digest,
    verify_file,
};
use tempfile::TempDir;

use crate::support::cab::Cabinet;
use crate::support::random::Random;
use crate::support::{NOW, keys, osslsigncode};

/// With and without reserved areas, names of neighbours, one and many blocks; osslsigncode takes the first three.
fn cabinets() -> Vec<Cabinet> {
    let plain = Cabinet::of(&[100, 40_000]);
    vec![
        Cabinet::of(&[1]),
        Cabinet::of(&[0x8000, 200_000, 7]),
        Cabinet { next: true, ..plain.clone() },
        Cabinet { area: Some((20, Vec::new())), ..plain.clone() },
        Cabinet { area: Some((6144, Vec::new())), ..plain.clone() },
        Cabinet { area: Some((12, b"somebody".to_vec())), ..plain.clone() },
        Cabinet { area: Some((100, b"somebody".to_vec())), ..plain.clone() },
        Cabinet { folder_reserve: 5, block_reserve: 4, ..plain.clone() },
        Cabinet { area: Some((20, Vec::new())), folder_reserve: 255, block_reserve: 252, ..plain },
    ]
}

fn good(path: &Path, what: &str) {
    let verdict = verify_file(path, &keys::roots(), Some(NOW)).unwrap();
    assert!(verdict.is_good(), "{what}: {verdict}");
}

fn contents(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut cabinet = cab::Cabinet::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = cabinet
        .folder_entries()
        .flat_map(|folder| folder.file_entries())
        .map(|file| file.name().to_owned())
        .collect();
    let mut all = Vec::new();
    for name in names {
        let mut content = Vec::new();
        cabinet.read_file(&name).unwrap().read_to_end(&mut content).unwrap();
        all.push(content);
    }
    all
}

#[test]
fn every_form_is_signed_read_and_given_back() {
    let folder = TempDir::new().unwrap();
    let [input, ours] = ["input.cab", "ours.cab"].map(|name| folder.path().join(name));
    for (index, form) in cabinets().into_iter().enumerate() {
        let what = format!("{form:?}");
        let bytes = form.build(&mut Random(index as u64));
        fs::write(&input, &bytes).unwrap();
        let report = sign_file(&input, &ours, &keys::signer("p256"), &SignOptions::default()).unwrap();
        assert_eq!((report.kind, report.replaced), (FileKind::Cab, false));
        assert_eq!(report.size, fs::metadata(&ours).unwrap().len());
        assert_eq!(unsigned_digest(&input).unwrap().to_vec(), report.digest, "{what}");
        assert_eq!(unsigned_digest(&ours).unwrap().to_vec(), report.digest, "{what}");
        good(&ours, &what);
        assert_eq!(contents(&fs::read(&ours).unwrap()), contents(&bytes), "{what}");
        if index < 3 {
            osslsigncode::accepts(&ours);
        }
        let signed = fs::read(&ours).unwrap();
        assert!(sign_file(&ours, &ours, &keys::signer("p256"), &SignOptions::default()).unwrap().replaced);
        assert!(fs::read(&ours).unwrap() == signed, "{what}: signing again changes the file");
        assert!(strip_file(&ours, &ours).unwrap());
        if form.area != Some((20, Vec::new())) {
            assert!(fs::read(&ours).unwrap() == bytes, "{what}: stripping does not give back the file");
        }
        assert!(!strip_file(&ours, &ours).unwrap());
    }
}

#[test]
fn we_accept_what_osslsigncode_signs_with_the_same_digest() {
    let folder = TempDir::new().unwrap();
    let [input, theirs] = ["input.cab", "theirs.cab"].map(|name| folder.path().join(name));
    for (index, form) in cabinets().into_iter().take(2).enumerate() {
        fs::write(&input, form.build(&mut Random(index as u64))).unwrap();
        let _ = fs::remove_file(&theirs);
        osslsigncode::sign(&input, &theirs, "rsa-2048", &[]);
        good(&theirs, &format!("{form:?}"));
        let digest = verify_file(&theirs, &keys::roots(), None).unwrap().signature.unwrap().digest;
        assert_eq!(digest, unsigned_digest(&input).unwrap());
        // A signature of another program is replaced by ours, as if it had never been there.
        let ours = folder.path().join("ours.cab");
        sign_file(&input, &ours, &keys::signer("p256"), &SignOptions::default()).unwrap();
        sign_file(&theirs, &theirs, &keys::signer("p256"), &SignOptions::default()).unwrap();
        assert!(fs::read(&ours).unwrap() == fs::read(&theirs).unwrap());
    }
}

#[test]
fn a_second_signature_is_nested() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("two.cab");
    fs::write(&path, Cabinet::of(&[5000]).build(&mut Random(1))).unwrap();
    sign_file(&path, &path, &keys::signer("rsa-2048"), &SignOptions::default()).unwrap();
    let append = SignOptions { existing: Existing::Append, ..SignOptions::default() };
    assert!(!sign_file(&path, &path, &keys::signer("p256"), &append).unwrap().replaced);
    let two = fs::read(&path).unwrap();
    osslsigncode::accepts(&path);
    good(&path, "two signatures");
    assert!(sign_file(&path, &path, &keys::signer("p256"), &append).unwrap().replaced);
    assert!(fs::read(&path).unwrap() == two, "signing again makes the file grow");
}

#[test]
fn every_changed_byte_is_found() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("signed.cab");
    let forms = cabinets();
    for form in [&forms[0], &forms[2], &forms[6], &forms[7]] {
        fs::write(&path, form.build(&mut Random(3))).unwrap();
        sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).unwrap();
        let clean = fs::read(&path).unwrap();
        let mut random = Random(4);
        // Every byte of the headers, and some behind them.
        for at in (0..160).chain((0..100).map(|_| random.below(clean.len()))) {
            let mut changed = clean.clone();
            changed[at] ^= 1 << (at % 8);
            fs::write(&path, &changed).unwrap();
            let good = verify_file(&path, &keys::roots(), Some(NOW)).is_ok_and(|verdict| verdict.is_good());
            assert!(!good, "byte {at} of {form:?}");
        }
    }
}

#[test]
fn data_behind_the_cabinet_is_found_and_never_signed_over() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("file.cab");
    let refused = |what: &str| {
        let answer = sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default());
        assert!(
            matches!(answer, Err(Error::File { source: FileError::TrailingData { .. }, .. })),
            "{what}: {answer:?}"
        );
    };
    let mut bytes = Cabinet::of(&[100]).build(&mut Random(5));
    bytes.push(1);
    fs::write(&path, &bytes).unwrap();
    refused("unsigned");
    bytes.pop();
    fs::write(&path, &bytes).unwrap();
    sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).unwrap();
    let clean = fs::read(&path).unwrap();
    for extra in [1, 8, 5000] {
        let mut stuffed = clean.clone();
        stuffed.extend(vec![b'x'; extra]);
        fs::write(&path, &stuffed).unwrap();
        let verdict = verify_file(&path, &keys::roots(), Some(NOW)).unwrap();
        assert!(
            matches!(verdict.problems[..], [Problem::Stuffed { bytes, .. }] if bytes == extra as u64),
            "{extra}: {verdict}"
        );
        refused("signed");
    }
}

#[test]
fn a_cabinet_that_a_verifier_would_object_to_is_not_signed() {
    // Found by fuzzing: they were signed, and their signatures then said to be stuffed. One block claims less than follows, one
    // header has something in its unused checksum.
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("file.cab");
    let good = Cabinet::of(&[9]).build(&mut Random(6));
    for at in [good.len() - 9 - 8 + 4, 6] {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        fs::write(&path, &bytes).unwrap();
        let answer = sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default());
        assert!(matches!(answer, Err(Error::File { source: FileError::Cab { .. }, .. })), "{answer:?}");
        assert!(fs::read(&path).unwrap() == bytes);
    }
}
