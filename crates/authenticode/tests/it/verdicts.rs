//! Verdicts that come from more than the first signature: nested ones, revocation lists, what nothing covers.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use authenticode::{
    Existing, HashAlgorithm, Note, Problem, RevocationLists, Roots, SignOptions, Signer, TestIdentity,
    TestIdentityOptions, TestKey, TimestampKind, Verdict, VerifyOptions, sign_file, verify_file,
    verify_file_with,
};
use tempfile::TempDir;
use testkit::tsa::{Answer, Server, Tsa, openssl};

use crate::support::pe::Image;
use crate::support::tsa::{honest, roots};
use crate::support::{NOW, keys, osslsigncode};

fn image(folder: &TempDir) -> std::path::PathBuf {
    let path = folder.path().join("image.exe");
    fs::write(&path, Image::default().build()).unwrap();
    path
}

fn stranger() -> TestIdentity {
    TestIdentity::generate(&TestIdentityOptions {
        seed: [1; 32],
        common_name: "Stranger",
        not_before: 0,
        not_after: 4_000_000_000,
        key: TestKey::EcdsaP256,
    })
    .unwrap()
}

fn codes(problems: &[Problem]) -> Vec<&'static str> {
    problems.iter().map(Problem::code).collect()
}

#[test]
fn every_nested_signature_has_a_verdict_and_damage_to_one_counts() {
    let folder = TempDir::new().unwrap();
    let path = image(&folder);
    sign_file(&path, &path, &stranger().signer().unwrap(), &SignOptions::default()).unwrap();
    let append =
        SignOptions { existing: Existing::Append, hash: HashAlgorithm::Sha384, ..SignOptions::default() };
    sign_file(&path, &path, &keys::signer("p384"), &append).unwrap();
    let verdict = verify_file(&path, &keys::roots(), Some(NOW)).unwrap();
    // The first signer is unknown, but the file is signed well all the same.
    assert!(verdict.is_good(), "{verdict}");
    let each: Vec<_> = verdict.signatures.iter().map(|signature| codes(&signature.problems)).collect();
    assert_eq!(each, [vec!["untrusted"], vec![]]);
    assert_eq!(verdict.signature.as_ref().unwrap().digest_algorithm, "SHA-384");

    // The nested signature's value is what stands last in the file.
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.len() - 20;
    bytes[at] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let verdict = verify_file(&path, &keys::roots(), Some(NOW)).unwrap();
    assert!(!verdict.is_good(), "{verdict}");
    assert_eq!(codes(&verdict.signatures[1].problems), ["bad-signature"]);
}

#[test]
fn attributes_that_nothing_covers_are_reported() {
    let folder = TempDir::new().unwrap();
    let path = image(&folder);
    let signed = folder.path().join("signed.exe");
    osslsigncode::sign(&path, &signed, "p256", &["-addUnauthenticatedBlob"]);
    let verdict = verify_file(&signed, &keys::roots(), Some(NOW)).unwrap();
    assert!(verdict.is_good(), "{verdict}");
    assert!(matches!(verdict.signatures[0].notes[..], [Note::UnsignedAttribute { bytes: 1.., .. }]));
}

#[test]
fn the_old_kind_of_timestamp_is_read() {
    let tsa = Arc::new(Tsa::new());
    let authority = Arc::clone(&tsa);
    let server = Server::start(move |_, query| {
        // The question is Base64 of a structure that ends in the signature value, here of RSA 2048.
        fs::write(authority.path("old.b64"), query).unwrap();
        authority.openssl(&["base64", "-d", "-in", "old.b64", "-out", "old.der"]);
        let question = fs::read(authority.path("old.der")).unwrap();
        fs::write(authority.path("old.value"), &question[question.len() - 256..]).unwrap();
        authority.openssl(&[
            "cms",
            "-sign",
            "-binary",
            "-in",
            "old.value",
            "-outform",
            "DER",
            "-out",
            "old.p7",
            "-signer",
            "good.pem",
            "-inkey",
            "good.key",
            "-nodetach",
        ]);
        authority.openssl(&["base64", "-in", "old.p7", "-out", "old.answer"]);
        Answer::Old(fs::read(authority.path("old.answer")).unwrap())
    });
    let folder = TempDir::new().unwrap();
    let path = image(&folder);
    let signed = folder.path().join("signed.exe");
    osslsigncode::sign(&path, &signed, "rsa-2048", &["-t", &server.url()]);
    let verdict = checked(&signed, &keys::roots(), &tsa, &[], 4_080_000_000);
    assert!(verdict.is_good(), "{verdict}");
    assert_eq!(verdict.signature.unwrap().timestamps[0].kind, TimestampKind::Countersignature);
    // Another file's countersignature is none for this one.
    let mut bytes = fs::read(&signed).unwrap();
    let at = bytes.len() - 20;
    bytes[at] ^= 1;
    fs::write(&signed, bytes).unwrap();
    let verdict = checked(&signed, &keys::roots(), &tsa, &[], NOW);
    assert_eq!(codes(&verdict.problems), ["bad-timestamp"], "{verdict}");
}

fn checked(path: &Path, code: &Roots, tsa: &Tsa, lists: &[Vec<u8>], at: u64) -> Verdict {
    let mut revocation = RevocationLists::none();
    for list in lists {
        revocation.add(list).unwrap();
    }
    let time = roots(tsa);
    let options =
        VerifyOptions { roots: code, timestamp_roots: Some(&time), at: Some(at), revocation: &revocation };
    verify_file_with(path, &options).unwrap()
}

/// An authority for signing code, by OpenSSL, that can revoke.
struct Authority {
    folder: TempDir,
}

impl Authority {
    fn new() -> Self {
        let authority = Self { folder: TempDir::new().unwrap() };
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        let root = [
            "req",
            "-x509",
            "-days",
            "20000",
            "-subj",
            "/CN=Revoking",
            "-keyout",
            "root.key",
            "-out",
            "root.pem",
        ];
        let usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
        authority.openssl(&[&root[..], &key, &usage].concat());
        authority.openssl(
            &[&["req", "-new", "-subj", "/CN=Leaf", "-keyout", "leaf.key", "-out", "leaf.csr"][..], &key]
                .concat(),
        );
        fs::write(authority.path("extensions"), "extendedKeyUsage=codeSigning\nkeyUsage=digitalSignature")
            .unwrap();
        authority.openssl(&[
            "x509",
            "-req",
            "-in",
            "leaf.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-days",
            "20000",
            "-set_serial",
            "4660",
            "-extfile",
            "extensions",
            "-out",
            "leaf.pem",
        ]);
        fs::write(authority.path("ca.conf"), "[ca]\ndefault_ca=d\n[d]\ndatabase=index\ndefault_md=sha256\n")
            .unwrap();
        authority
    }

    /// A list that names these serial numbers with the dates of their revocation (`YYMMDDHHMMSSZ`), good for so many days.
    fn list(&self, revoked: &[(&str, &str)], days: &str) -> Vec<u8> {
        let index: String = revoked
            .iter()
            .map(|(serial, date)| format!("R\t800101000000Z\t{date}\t{serial}\tunknown\t/CN=Leaf\n"))
            .collect();
        fs::write(self.path("index"), index).unwrap();
        self.openssl(&[
            "ca", "-gencrl", "-config", "ca.conf", "-keyfile", "root.key", "-cert", "root.pem", "-crldays",
            days, "-out", "list.pem",
        ]);
        fs::read(self.path("list.pem")).unwrap()
    }

    fn signer(&self) -> Signer {
        let read = |name: &str| fs::read(self.path(name)).unwrap();
        Signer::from_pem(&read("leaf.key"), &read("leaf.pem"), None).unwrap()
    }

    fn roots(&self) -> Roots {
        Roots::from_pem(&fs::read(self.path("root.pem")).unwrap()).unwrap()
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn openssl(&self, arguments: &[&str]) {
        openssl(self.folder.path(), arguments);
    }
}

#[test]
fn a_revocation_counts_unless_a_timestamp_is_older() {
    let (authority, tsa) = (Authority::new(), Tsa::new());
    let folder = TempDir::new().unwrap();
    let plain = image(&folder);
    let stamped = folder.path().join("stamped.exe");
    let timestamper = honest(&tsa);
    let options = SignOptions { timestamper: Some(&timestamper), ..SignOptions::default() };
    sign_file(&plain, &stamped, &authority.signer(), &options).unwrap();
    sign_file(&plain, &plain, &authority.signer(), &SignOptions::default()).unwrap();
    let verdict = |path: &Path, lists: &[Vec<u8>]| checked(path, &authority.roots(), &tsa, lists, NOW);

    let (old, young) = (
        authority.list(&[("1234", "200101000000Z")], "9000"),
        authority.list(&[("1234", "290101000000Z")], "9000"),
    );
    for (path, list, expected) in [
        (&plain, &old, &["revoked"][..]),
        (&plain, &young, &["revoked"]),
        (&stamped, &old, &["revoked"]),
        (&stamped, &young, &[]),
    ] {
        let found = verdict(path, std::slice::from_ref(list));
        assert_eq!(codes(&found.problems), expected, "{}: {found}", path.display());
    }
    let found = verdict(&plain, &[old]);
    assert!(found.to_string().contains("CN=Leaf was revoked on 2020-01-01T00:00:00Z"), "{found}");

    // A list that does not name it, up to date and not.
    let clean = verdict(&plain, &[authority.list(&[("9999", "200101000000Z")], "9000")]);
    assert!(clean.is_good() && clean.signatures[0].notes.is_empty(), "{clean}");
    let stale = verdict(&plain, &[authority.list(&[], "1")]);
    assert!(matches!(stale.signatures[0].notes[..], [Note::OldRevocationList { .. }]), "{stale}");
}

#[test]
fn a_list_by_somebody_else_counts_for_nothing() {
    let (authority, impostor, tsa) = (Authority::new(), Authority::new(), Tsa::new());
    let folder = TempDir::new().unwrap();
    let path = image(&folder);
    sign_file(&path, &path, &authority.signer(), &SignOptions::default()).unwrap();
    // The same name with another key.
    let list = impostor.list(&[("1234", "200101000000Z")], "9000");
    let verdict = checked(&path, &authority.roots(), &tsa, &[list], NOW);
    assert!(verdict.is_good(), "{verdict}");
    assert!(matches!(verdict.signatures[0].notes[..], [Note::NoRevocationList { .. }]), "{verdict}");
}

#[test]
fn what_is_no_list_is_refused() {
    let list = Authority::new().list(&[("1234", "200101000000Z")], "30");
    let mut lists = RevocationLists::none();
    lists.add(&list).unwrap();
    for bytes in [&b"hello"[..], b"", &[0x30, 0], &keys::read("root.pem"), &list[..list.len() / 2]] {
        assert!(lists.add(bytes).is_err());
    }
}

#[test]
fn tokens_and_signatures_with_changed_bytes_never_panic_and_are_never_good() {
    let tsa = Tsa::new();
    let folder = TempDir::new().unwrap();
    let path = image(&folder);
    let timestamper = honest(&tsa);
    let options = SignOptions { timestamper: Some(&timestamper), ..SignOptions::default() };
    sign_file(&path, &path, &keys::signer("p256"), &options).unwrap();
    let clean = fs::read(&path).unwrap();
    let start = Image::default().size + 8;
    let mut random = crate::support::random::Random(7);
    let mut caught = 0;
    for _ in 0..400 {
        let mut changed = clean.clone();
        for _ in 0..1 + random.below(3) {
            let at = start + random.below(clean.len() - start);
            changed[at] = changed[at].wrapping_add(1 + random.below(255) as u8);
        }
        fs::write(&path, &changed).unwrap();
        let verdict = checked(&path, &keys::roots(), &tsa, &[], 4_080_000_000);
        caught += usize::from(!verdict.is_good());
        let _ = authenticode::inspect_file(&path).unwrap();
    }
    // What nothing signs, such as a certificate that no chain needs, may change.
    assert!(caught > 350, "only {caught} of 400 changes were caught");
}
