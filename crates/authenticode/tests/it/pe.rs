//! PE images: signed by us and accepted by osslsigncode, and the other way round.

use std::fs;
use std::path::{Path, PathBuf};

use authenticode::{
    Error, Existing, FileError, FileKind, HashAlgorithm, Problem, SignOptions, sign_file, strip_file,
    unsigned_digest, verify_file,
};
use tempfile::TempDir;

use crate::support::pe::Image;
use crate::support::{NOW, keys, osslsigncode};

fn options() -> SignOptions<'static> {
    SignOptions {
        description: Some("Provisioning Agent – Größe".into()),
        url: Some("https://example.org/agent".into()),
        ..SignOptions::default()
    }
}

fn write(folder: &TempDir, image: Image) -> PathBuf {
    let path = folder.path().join("input.exe");
    fs::write(&path, image.build()).unwrap();
    path
}

fn good(path: &Path) {
    let verdict = verify_file(path, &keys::roots(), Some(NOW)).unwrap();
    assert!(verdict.is_good(), "{}: {verdict}", path.display());
}

/// Sizes around the alignment to 8, odd ones, with and without overlay.
fn images() -> impl Iterator<Item = Image> {
    let sizes = (Image::SMALLEST..Image::SMALLEST + 9).chain([4095, 65_537, 1_000_003]);
    sizes.flat_map(|size| {
        [(false, 0x40, 0), (true, 0x80, 0xDEAD_BEEF)].map(|(wide, header, checksum)| Image {
            wide,
            size,
            header,
            checksum,
        })
    })
}

#[test]
fn osslsigncode_accepts_every_size_and_width() {
    let folder = TempDir::new().unwrap();
    let signer = keys::signer("p256");
    for image in images() {
        let input = write(&folder, image);
        let output = folder.path().join("ours.exe");
        let report = sign_file(&input, &output, &signer, &options()).unwrap();
        assert_eq!(report.kind, FileKind::Pe);
        assert_eq!(report.size, fs::metadata(&output).unwrap().len());
        assert_eq!(report.digest, unsigned_digest(&input).unwrap(), "{image:?}");
        assert_eq!(report.digest, unsigned_digest(&output).unwrap(), "{image:?}");
        osslsigncode::accepts(&output);
        good(&output);
    }
}

#[test]
fn we_accept_what_osslsigncode_signs() {
    let folder = TempDir::new().unwrap();
    for image in images() {
        let input = write(&folder, image);
        let output = folder.path().join("theirs.exe");
        let _ = fs::remove_file(&output);
        osslsigncode::sign(&input, &output, "p256", &["-n", "name", "-i", "https://example.org"]);
        let verdict = verify_file(&output, &keys::roots(), Some(NOW)).unwrap();
        assert!(verdict.is_good(), "{image:?}: {verdict}");
        let facts = verdict.signature.unwrap();
        assert_eq!(facts.description.as_deref(), Some("name"));
        assert_eq!(facts.url.as_deref(), Some("https://example.org"));
        assert_eq!(facts.digest, unsigned_digest(&input).unwrap());
    }
}

#[test]
fn every_kind_of_key_in_both_directions() {
    let folder = TempDir::new().unwrap();
    let input = write(&folder, Image::default());
    for name in keys::ALL {
        let ours = folder.path().join(format!("ours-{name}.exe"));
        sign_file(&input, &ours, &keys::signer(name), &options()).unwrap();
        osslsigncode::accepts(&ours);
        good(&ours);
        let theirs = folder.path().join(format!("theirs-{name}.exe"));
        osslsigncode::sign(&input, &theirs, name, &[]);
        good(&theirs);
    }
}

#[test]
fn checksum_is_the_one_that_osslsigncode_computes() {
    let folder = TempDir::new().unwrap();
    for size in [4096, 70_001] {
        let image = Image { size, ..Image::default() };
        let input = write(&folder, image);
        let output = folder.path().join("ours.exe");
        sign_file(&input, &output, &keys::signer("p256"), &options()).unwrap();
        let stored = u32::from_le_bytes(
            fs::read(&output).unwrap()[image.checksum_offset()..][..4].try_into().unwrap(),
        );
        let said = String::from_utf8(osslsigncode::verify(&output).stdout).unwrap();
        assert!(said.contains(&format!("PE checksum   : {stored:08X}\n")), "{stored:08X}\n{said}");
        assert!(!said.contains("MISMATCH"), "{said}");
    }
}

#[test]
fn same_input_same_bytes_and_signing_again_replaces() {
    let folder = TempDir::new().unwrap();
    let input = write(&folder, Image { size: 5001, ..Image::default() });
    for name in ["rsa-2048", "p256", "p384"] {
        let signer = keys::signer(name);
        let [one, two] = ["one.exe", "two.exe"].map(|file| folder.path().join(file));
        assert!(!sign_file(&input, &one, &signer, &options()).unwrap().replaced);
        sign_file(&input, &two, &signer, &options()).unwrap();
        assert!(fs::read(&one).unwrap() == fs::read(&two).unwrap(), "{name}: two runs differ");
        // In place, over a signature by another key and another program.
        let _ = fs::remove_file(&two);
        osslsigncode::sign(&input, &two, "rsa-4096", &[]);
        assert!(sign_file(&two, &two, &signer, &options()).unwrap().replaced);
        assert!(fs::read(&one).unwrap() == fs::read(&two).unwrap(), "{name}: signing again differs");
    }
}

#[test]
fn every_digest_algorithm_in_both_directions() {
    let folder = TempDir::new().unwrap();
    let input = write(&folder, Image { size: 70_001, ..Image::default() });
    for (key, hash, name) in [
        ("rsa-2048", HashAlgorithm::Sha384, "sha384"),
        ("rsa-2048", HashAlgorithm::Sha512, "sha512"),
        ("p384", HashAlgorithm::Sha384, "sha384"),
        ("p256", HashAlgorithm::Sha512, "sha512"),
    ] {
        let [ours, theirs] = ["ours.exe", "theirs.exe"].map(|name| folder.path().join(name));
        let report =
            sign_file(&input, &ours, &keys::signer(key), &SignOptions { hash, ..options() }).unwrap();
        assert_eq!(report.digest.len(), hash.digest_len());
        osslsigncode::accepts(&ours);
        good(&ours);
        let _ = fs::remove_file(&theirs);
        osslsigncode::sign(&input, &theirs, key, &["-h", name]);
        good(&theirs);
        let facts = verify_file(&theirs, &keys::roots(), None).unwrap().signature.unwrap();
        assert_eq!((facts.digest, facts.digest_algorithm), (report.digest, hash.name()), "{key} {name}");
    }
}

#[test]
fn page_hashes_in_both_directions() {
    let folder = TempDir::new().unwrap();
    // Sections of less than a page, exactly one, more; and an overlay that page hashes do not reach.
    for sections in [&[0x200][..], &[0x1000, 0x200], &[0x1400, 0x2000, 0x200]] {
        for wide in [false, true] {
            let bytes = Image { wide, ..Image::default() }.build_with_sections(sections, 77);
            let [input, ours, theirs] =
                ["input.exe", "ours.exe", "theirs.exe"].map(|name| folder.path().join(name));
            fs::write(&input, &bytes).unwrap();
            let with_pages = SignOptions { page_hashes: true, ..options() };
            let report = sign_file(&input, &ours, &keys::signer("p256"), &with_pages).unwrap();
            assert_eq!(report.digest, unsigned_digest(&input).unwrap(), "page hashes change no digest");
            osslsigncode::accepts(&ours);
            let said = String::from_utf8(osslsigncode::verify(&ours).stdout).unwrap();
            assert!(said.contains("Page hash algorithm  : SHA256"), "{said}");
            assert!(!said.contains("MISMATCH"), "{said}");
            good(&ours);
            let _ = fs::remove_file(&theirs);
            osslsigncode::sign(&input, &theirs, "p256", &["-ph"]);
            good(&theirs);

            // One page differs: the file's digest and the page's are both wrong, and both are said.
            let mut changed = fs::read(&ours).unwrap();
            changed[0x410] ^= 1;
            fs::write(&ours, &changed).unwrap();
            let verdict = verify_file(&ours, &keys::roots(), Some(NOW)).unwrap();
            let bad = |part| verdict.problems.contains(&Problem::BadDigest { part });
            assert!(bad("content") && bad("list of page hashes"), "{verdict:?}");
        }
    }
    let script = folder.path().join("script.ps1");
    fs::write(&script, "exit").unwrap();
    let answer = sign_file(
        &script,
        &script,
        &keys::signer("p256"),
        &SignOptions { page_hashes: true, ..SignOptions::default() },
    );
    assert!(matches!(answer, Err(Error::Option { field: "page hashes", .. })), "{answer:?}");
}

#[test]
fn signatures_beside_each_other() {
    let folder = TempDir::new().unwrap();
    let input = write(&folder, Image { size: 5001, ..Image::default() });
    let [one, two] = ["one.exe", "two.exe"].map(|name| folder.path().join(name));
    let append = SignOptions { existing: Existing::Append, ..options() };
    // Onto an unsigned file it is a signature like any other.
    sign_file(&input, &one, &keys::signer("rsa-2048"), &append).unwrap();
    let alone = fs::read(&one).unwrap();
    sign_file(&input, &two, &keys::signer("rsa-2048"), &options()).unwrap();
    assert!(fs::read(&two).unwrap() == alone);

    let more = SignOptions { hash: HashAlgorithm::Sha384, ..append.clone() };
    for (key, options) in [("p256", &append), ("rsa-2048", &more)] {
        assert!(!sign_file(&one, &one, &keys::signer(key), options).unwrap().replaced, "{key}");
        osslsigncode::accepts(&one);
        good(&one);
    }
    let said = String::from_utf8(osslsigncode::verify(&one).stdout).unwrap();
    assert!(said.contains("Number of verified signatures: 3"), "{said}");
    // Each of them again: each is replaced where it stands.
    let three = fs::read(&one).unwrap();
    for (key, options) in [("rsa-2048", &append), ("p256", &append), ("rsa-2048", &more)] {
        assert!(sign_file(&one, &one, &keys::signer(key), options).unwrap().replaced, "{key}");
        assert!(fs::read(&one).unwrap() == three, "{key}: signing again changes the file");
    }
    // One of theirs beside one of ours, and the other way round.
    let _ = fs::remove_file(&two);
    sign_file(&input, &one, &keys::signer("p256"), &options()).unwrap();
    osslsigncode::sign(&one, &two, "rsa-4096", &["-nest"]);
    good(&two);
    sign_file(&two, &two, &keys::signer("p384"), &append).unwrap();
    osslsigncode::accepts(&two);
    good(&two);
    // All go at once.
    assert!(sign_file(&two, &two, &keys::signer("p256"), &options()).unwrap().replaced);
    assert!(fs::read(&two).unwrap() == fs::read(&one).unwrap());
}

#[test]
fn stripping_gives_back_the_file() {
    let folder = TempDir::new().unwrap();
    for (wide, size) in [(true, 4096), (false, 70_000), (true, 5001)] {
        let input = write(&folder, Image { wide, size, ..Image::default() });
        let signed = folder.path().join("signed.exe");
        sign_file(&input, &signed, &keys::signer("p256"), &options()).unwrap();
        assert!(strip_file(&signed, &signed).unwrap());
        assert!(!strip_file(&signed, &signed).unwrap(), "nothing is left to strip");
        assert_eq!(unsigned_digest(&signed).unwrap(), unsigned_digest(&input).unwrap());
        let stripped = fs::read(&signed).unwrap();
        // The checksum is computed anew; the alignment of the table stays.
        let mut expected = fs::read(&input).unwrap();
        expected.resize(size.next_multiple_of(8), 0);
        let checksum = Image { wide, ..Image::default() }.checksum_offset();
        expected[checksum..checksum + 4].copy_from_slice(&stripped[checksum..checksum + 4]);
        assert!(stripped == expected, "{size} bytes");
        // A file with the right checksum, which a stripped file is, comes back whole.
        sign_file(&signed, &signed, &keys::signer("p256"), &options()).unwrap();
        strip_file(&signed, &signed).unwrap();
        assert!(fs::read(&signed).unwrap() == stripped, "{size} bytes");
    }
}

#[test]
fn an_image_that_was_changed_after_signing_is_not_signed_again() {
    let folder = TempDir::new().unwrap();
    let path = write(&folder, Image::default());
    sign_file(&path, &path, &keys::signer("p256"), &options()).unwrap();
    let mut changed = fs::read(&path).unwrap();
    changed[2000] ^= 1;
    fs::write(&path, &changed).unwrap();
    for existing in [Existing::Replace, Existing::Append] {
        for hash in [HashAlgorithm::Sha256, HashAlgorithm::Sha512] {
            let answer =
                sign_file(&path, &path, &keys::signer("p384"), &SignOptions { existing, hash, ..options() });
            assert!(
                matches!(answer, Err(Error::File { source: FileError::ChangedSinceSigned, .. })),
                "{answer:?}"
            );
        }
    }
    assert!(fs::read(&path).unwrap() == changed, "a refused file must stay as it was");
}

#[test]
fn description_and_url_are_read_back() {
    let folder = TempDir::new().unwrap();
    let input = write(&folder, Image::default());
    sign_file(&input, &input, &keys::signer("p256"), &options()).unwrap();
    let facts = verify_file(&input, &keys::roots(), None).unwrap().signature.unwrap();
    assert_eq!(facts.description, options().description);
    assert_eq!(facts.url, options().url);
    assert_eq!(facts.digest_algorithm, "SHA-256");
    assert_eq!(facts.key, "ECDSA P-256");
    assert_eq!(facts.thumbprint, keys::signer("p256").thumbprint());
    assert_eq!(facts.chain.len(), 3);
    assert_eq!(facts.checked_at, None);
}

#[test]
fn an_unsigned_image_is_said_to_be_unsigned() {
    let folder = TempDir::new().unwrap();
    let input = write(&folder, Image::default());
    let verdict = verify_file(&input, &keys::roots(), Some(NOW)).unwrap();
    assert!(!verdict.is_good());
    assert_eq!(verdict.problems, [Problem::Unsigned]);
    assert_eq!(verdict.to_string(), "the file is not signed");
}

#[test]
fn data_behind_the_signature_is_found_and_never_signed_over() {
    let folder = TempDir::new().unwrap();
    let input = write(&folder, Image::default());
    let signed = folder.path().join("signed.exe");
    sign_file(&input, &signed, &keys::signer("p256"), &options()).unwrap();
    let clean = fs::read(&signed).unwrap();
    let image = Image::default();
    let table_size = u32::from_le_bytes(clean[image.directory_offset() + 4..][..4].try_into().unwrap());

    // Appended, and appended with a directory entry that claims it.
    for (extra, claimed) in [(1, 0), (8, 0), (8, 8), (4096, 4096)] {
        let mut stuffed = clean.clone();
        stuffed.extend(vec![b'x'; extra]);
        stuffed[image.directory_offset() + 4..][..4].copy_from_slice(&(table_size + claimed).to_le_bytes());
        fs::write(&signed, &stuffed).unwrap();
        let verdict = verify_file(&signed, &keys::roots(), Some(NOW)).unwrap();
        assert!(
            matches!(verdict.problems[..], [Problem::Stuffed { bytes, .. }] if bytes == extra as u64),
            "{extra}, {claimed}: {verdict}"
        );
        let again = sign_file(&signed, &signed, &keys::signer("p256"), &options());
        assert!(
            matches!(again, Err(Error::File { source: FileError::TrailingData { .. }, .. })),
            "{again:?}"
        );
        assert!(fs::read(&signed).unwrap() == stuffed, "a refused file must stay as it was");
    }
}

#[test]
fn what_is_no_image_is_refused_and_nothing_is_left_behind() {
    let folder = TempDir::new().unwrap();
    let input = folder.path().join("input.exe");
    let output = folder.path().join("output.exe");
    let mut without_directory = Image::default().build();
    let count = Image::default().directory_offset() - 36;
    without_directory[count..][..4].copy_from_slice(&4u32.to_le_bytes());
    for bytes in [b"MZ".to_vec(), b"plain text".to_vec(), Vec::new(), without_directory] {
        fs::write(&input, &bytes).unwrap();
        sign_file(&input, &output, &keys::signer("p256"), &options()).unwrap_err();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "something was left behind");
    }
}

#[cfg(unix)]
#[test]
fn permissions_are_kept() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let input = write(&folder, Image::default());
    fs::set_permissions(&input, fs::Permissions::from_mode(0o751)).unwrap();
    sign_file(&input, &input, &keys::signer("p256"), &options()).unwrap();
    assert_eq!(fs::metadata(&input).unwrap().permissions().mode() & 0o777, 0o751);
}
