//! Windows Installer packages: signed by us and accepted by osslsigncode, and the other way round.

use std::fs;
use std::path::Path;

use authenticode::{
    Error, Existing, FileError, FileKind, HashAlgorithm, Problem, SignOptions, sign_file, strip_file,
    unsigned_digest, verify_file,
};
use compound_file::{Node, Storage, Version};
use tempfile::TempDir;

use crate::support::random::Random;
use crate::support::{NOW, keys, msi, osslsigncode};

const MIB: usize = 1 << 20;

fn both_prehashes() -> [SignOptions<'static>; 2] {
    [false, true].map(|no_msi_prehash| SignOptions {
        description: Some("Provisioning Agent".into()),
        no_msi_prehash,
        ..SignOptions::default()
    })
}

/// Signs the bytes with both programs in both ways and has each check the other's file.
fn check(bytes: &[u8], key: &str, what: &str) {
    let folder = TempDir::new().unwrap();
    let [input, ours, theirs] = ["input.msi", "ours.msi", "theirs.msi"].map(|name| folder.path().join(name));
    fs::write(&input, bytes).unwrap();
    for options in both_prehashes() {
        let report = sign_file(&input, &ours, &keys::signer(key), &options).unwrap();
        assert_eq!((report.kind, report.replaced), (FileKind::Msi, false), "{what}");
        assert_eq!(report.size, fs::metadata(&ours).unwrap().len(), "{what}");
        if !options.no_msi_prehash {
            assert_eq!(unsigned_digest(&input).unwrap().to_vec(), report.digest, "{what}");
            assert_eq!(unsigned_digest(&ours).unwrap().to_vec(), report.digest, "{what}");
        }
        osslsigncode::accepts(&ours);
        good(&ours, what);

        let _ = fs::remove_file(&theirs);
        let more: &[&str] = if options.no_msi_prehash { &[] } else { &["-add-msi-dse"] };
        osslsigncode::sign(&input, &theirs, key, more);
        good(&theirs, what);
        let digest = verify_file(&theirs, &keys::roots(), None).unwrap().signature.unwrap().digest;
        assert_eq!(digest, report.digest, "{what}: the digests differ");
    }
}

fn good(path: &Path, what: &str) {
    let verdict = verify_file(path, &keys::roots(), Some(NOW)).unwrap();
    assert!(verdict.is_good(), "{what}, {}: {verdict}", path.display());
}

#[test]
fn sizes_across_every_boundary() {
    let mut random = Random(1);
    // Around the mini sector, the mini stream's cutoff, the sector, a FAT sector's reach (64 KiB).
    for sizes in [
        &[][..],
        &[0, 1, 63, 64, 65],
        &[511, 512, 513, 4095, 4096, 4097],
        &[64 * 1024 - 512, 64 * 1024, 64 * 1024 + 1],
        &[300; 50],
        &[MIB - 3, 17, MIB + 1, 5000],
    ] {
        for version in [Version::V3, Version::V4] {
            let tree = msi::tree(&mut random, sizes, sizes.len() % 2 == 1);
            check(&msi::write(&tree, version), "p256", &format!("streams of {sizes:?}, {version:?}"));
        }
    }
}

#[test]
fn sub_storages_are_covered() {
    let mut random = Random(2);
    let tree = msi::tree(&mut random, &[5000, 100], true);
    check(&msi::write(&tree, Version::V3), "rsa-2048", "sub-storages");
}

#[test]
fn an_empty_storage_is_covered_by_its_class() {
    // One direction only: osslsigncode 2.9 damages the directory of such a file when it signs it.
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("package.msi");
    let mut tree = msi::tree(&mut Random(14), &[5000, 100], true);
    tree.insert("Empty", Node::Storage(Storage::default()));
    fs::write(&path, msi::write(&tree, Version::V3)).unwrap();
    for options in both_prehashes() {
        sign_file(&path, &path, &keys::signer("p256"), &options).unwrap();
        osslsigncode::accepts(&path);
        good(&path, "empty storage");
    }
}

#[test]
fn files_with_difat_sectors() {
    // The header lists 109 FAT sectors of 128 entries each: 6.8 MB in sectors of 512 bytes.
    let mut random = Random(3);
    for total in [6_900_000, 7_100_000, 20 * MIB] {
        let tree = msi::tree(&mut random, &[total, 3000], true);
        let bytes = msi::write(&tree, Version::V3);
        check(&bytes, "p256", &format!("DIFAT, {total} bytes"));
    }
}

#[test]
fn the_signature_may_be_what_brings_the_first_difat_sector() {
    let mut random = Random(4);
    for sectors in 13_820..13_832 {
        let tree = msi::tree(&mut random, &[(sectors - 130) * 512], false);
        let bytes = msi::write(&tree, Version::V3);
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("package.msi");
        fs::write(&path, &bytes).unwrap();
        sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).unwrap();
        osslsigncode::accepts(&path);
        good(&path, &format!("{sectors} sectors"));
    }
}

#[test]
fn gaps_of_another_writer() {
    for (seed, version) in [(5, cfb::Version::V3), (6, cfb::Version::V4), (7, cfb::Version::V3)] {
        check(&msi::with_gaps(&mut Random(seed), version), "p384", &format!("gaps, {version:?}"));
    }
}

#[test]
fn random_packages() {
    let mut random = Random(8);
    for round in 0..25 {
        let sizes: Vec<usize> = (0..random.below(30))
            .map(|_| match random.below(3) {
                0 => random.below(70),
                1 => random.below(5000),
                _ => random.below(40_000),
            })
            .collect();
        let version = if round % 4 == 0 { Version::V4 } else { Version::V3 };
        let sub_storage = random.below(2) == 0;
        let tree = msi::tree(&mut random, &sizes, sub_storage);
        check(&msi::write(&tree, version), "p256", &format!("round {round}: {sizes:?}"));
    }
}

#[test]
fn same_input_same_bytes_and_signing_again_replaces() {
    let folder = TempDir::new().unwrap();
    let [input, one, two] = ["input", "one", "two"].map(|name| folder.path().join(name));
    fs::write(&input, msi::write(&msi::tree(&mut Random(9), &[100, 9000], true), Version::V3)).unwrap();
    for options in both_prehashes() {
        let signer = keys::signer("rsa-2048");
        sign_file(&input, &one, &signer, &options).unwrap();
        let _ = fs::remove_file(&two);
        osslsigncode::sign(&input, &two, "rsa-4096", &["-add-msi-dse"]);
        let report = sign_file(&two, &two, &signer, &options).unwrap();
        assert!(report.replaced);
        assert!(fs::read(&one).unwrap() == fs::read(&two).unwrap(), "signing again differs");
    }
}

#[test]
fn stripping_gives_back_the_file() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("package.msi");
    for (version, sizes) in
        [(Version::V3, &[100, 9000, 70_000][..]), (Version::V4, &[]), (Version::V3, &[4096])]
    {
        let bytes = msi::write(&msi::tree(&mut Random(21), sizes, true), version);
        fs::write(&path, &bytes).unwrap();
        assert!(!strip_file(&path, &path).unwrap(), "there is nothing to strip yet");
        for options in both_prehashes() {
            sign_file(&path, &path, &keys::signer("p256"), &options).unwrap();
            assert!(strip_file(&path, &path).unwrap());
            assert!(fs::read(&path).unwrap() == bytes, "{version:?} {sizes:?}");
        }
    }
}

#[test]
fn every_digest_algorithm_and_signatures_beside_each_other() {
    let folder = TempDir::new().unwrap();
    let [input, ours, theirs] = ["input.msi", "ours.msi", "theirs.msi"].map(|name| folder.path().join(name));
    fs::write(&input, msi::write(&msi::tree(&mut Random(22), &[100, 9000], true), Version::V3)).unwrap();
    for (hash, name) in [(HashAlgorithm::Sha384, "sha384"), (HashAlgorithm::Sha512, "sha512")] {
        let options = SignOptions { hash, ..SignOptions::default() };
        let report = sign_file(&input, &ours, &keys::signer("rsa-2048"), &options).unwrap();
        osslsigncode::accepts(&ours);
        good(&ours, name);
        let _ = fs::remove_file(&theirs);
        osslsigncode::sign(&input, &theirs, "rsa-2048", &["-h", name, "-add-msi-dse"]);
        good(&theirs, name);
        let digest = verify_file(&theirs, &keys::roots(), None).unwrap().signature.unwrap().digest;
        assert_eq!(digest, report.digest, "{name}");

        let append = SignOptions { existing: Existing::Append, ..options };
        assert!(!sign_file(&ours, &ours, &keys::signer("p256"), &append).unwrap().replaced);
        osslsigncode::accepts(&ours);
        good(&ours, name);
        let two = fs::read(&ours).unwrap();
        assert!(sign_file(&ours, &ours, &keys::signer("p256"), &append).unwrap().replaced);
        assert!(fs::read(&ours).unwrap() == two, "signing again changes the file");
        // They share the pre-hash, so that a second one with another digest would break the first.
        let other = SignOptions { hash: HashAlgorithm::Sha256, ..append };
        let answer = sign_file(&ours, &ours, &keys::signer("p384"), &other);
        assert!(matches!(answer, Err(Error::Option { field: "append", .. })), "{answer:?}");
    }
}

#[test]
fn a_package_that_was_changed_after_signing_is_not_signed_again() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("package.msi");
    for options in both_prehashes() {
        fs::write(&path, msi::write(&msi::tree(&mut Random(23), &[100, 9000], true), Version::V3)).unwrap();
        sign_file(&path, &path, &keys::signer("p256"), &options).unwrap();
        let mut signed = cfb::open_rw(&path).unwrap();
        signed.create_stream("/added").unwrap();
        drop(signed);
        let answer = sign_file(&path, &path, &keys::signer("p256"), &options);
        // An empty stream is content to nothing but the pre-hash.
        let found = matches!(answer, Err(Error::File { source: FileError::ChangedSinceSigned, .. }));
        assert!(found != options.no_msi_prehash, "{answer:?}");
    }
}

#[test]
fn the_content_is_what_it_was() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("package.msi");
    let tree = msi::tree(&mut Random(10), &[5, 700, 70_000], true);
    fs::write(&path, msi::write(&tree, Version::V4)).unwrap();
    sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).unwrap();
    let mut signed = cfb::open(&path).unwrap();
    assert_eq!(signed.version(), cfb::Version::V4);
    let mut expected = std::collections::BTreeSet::new();
    collect(&tree.children, "", &mut expected);
    let found: std::collections::BTreeSet<String> = signed
        .walk()
        .filter(cfb::Entry::is_stream)
        .map(|entry| entry.path().to_str().unwrap().to_owned())
        .filter(|path| !path.starts_with("/\u{5}DigitalSignature") && !path.starts_with("/\u{5}MsiDigital"))
        .collect();
    assert_eq!(found, expected);
    let storage = signed.entry("/1031").unwrap();
    assert_eq!((storage.state_bits(), storage.clsid().is_nil()), (3, false));
    let mut summary = Vec::new();
    std::io::Read::read_to_end(&mut signed.open_stream("/\u{5}SummaryInformation").unwrap(), &mut summary)
        .unwrap();
    assert_eq!(summary.len(), 320);
}

fn collect(
    children: &std::collections::BTreeMap<Vec<u16>, Node<'_>>,
    path: &str,
    found: &mut std::collections::BTreeSet<String>,
) {
    for (name, node) in children {
        let path = format!("{path}/{}", String::from_utf16(name).unwrap());
        match node {
            Node::Storage(storage) => collect(&storage.children, &path, found),
            Node::Stream { .. } => {
                found.insert(path);
            }
        }
    }
}

#[test]
fn data_past_the_end_is_found_and_never_signed_over() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("package.msi");
    fs::write(&path, msi::write(&msi::tree(&mut Random(11), &[100, 9000], false), Version::V3)).unwrap();
    sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).unwrap();
    let clean = fs::read(&path).unwrap();
    for extra in [1, 512, 100_000] {
        let mut stuffed = clean.clone();
        stuffed.extend(vec![b'x'; extra]);
        fs::write(&path, &stuffed).unwrap();
        let verdict = verify_file(&path, &keys::roots(), Some(NOW)).unwrap();
        assert!(
            matches!(verdict.problems[..], [Problem::Stuffed { bytes, .. }] if bytes == extra as u64),
            "{extra}: {verdict}"
        );
        let again = sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default());
        assert!(
            matches!(again, Err(Error::File { source: FileError::TrailingData { .. }, .. })),
            "{again:?}"
        );
        assert!(fs::read(&path).unwrap() == stuffed, "a refused file must stay as it was");
    }
}

#[test]
fn the_prehash_covers_what_the_content_digest_does_not() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("package.msi");
    let tree = msi::tree(&mut Random(12), &[100, 9000], true);
    fs::write(&path, msi::write(&tree, Version::V3)).unwrap();
    sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).unwrap();
    // Renaming a stream in a way that keeps the order, and setting a time, change no content.
    let mut signed = cfb::open_rw(&path).unwrap();
    signed.set_modified_time("/1031", std::time::SystemTime::UNIX_EPOCH).unwrap();
    drop(signed);
    let verdict = verify_file(&path, &keys::roots(), Some(NOW)).unwrap();
    assert!(
        matches!(verdict.problems[..], [Problem::BadDigest { part: "directory (names, sizes, times)" }]),
        "{verdict:?}"
    );
    assert!(!osslsigncode::verify(&path).status.success(), "osslsigncode sees it too");
}

#[test]
fn an_unsigned_package_is_said_to_be_unsigned() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("package.msi");
    fs::write(&path, msi::write(&msi::tree(&mut Random(13), &[100], false), Version::V3)).unwrap();
    let verdict = verify_file(&path, &keys::roots(), Some(NOW)).unwrap();
    assert_eq!((verdict.signature, verdict.problems), (None, vec![Problem::Unsigned]));
}
