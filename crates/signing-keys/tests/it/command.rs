//! Programs that sign, as a shell script around OpenSSL.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use authenticode::HashAlgorithm;
use signing_keys::KeyFlags;

use crate::support::{host, path, sign, with_cert};

/// The protocol of docs/signing.md in five lines of shell.
const SIGNER: &str = r#"request=$(cat)
field() { printf %s "$request" | sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }
hash=$(field hash | tr -d - | tr A-Z a-z)
signature=$(field digest | openssl base64 -d -A | openssl pkeyutl -sign -inkey "$1" -pkeyopt digest:$hash | openssl base64 -A)
printf '{"signature":"%s"}' "$signature"
"#;

fn script(folder: &Path, body: &str) -> PathBuf {
    let path = folder.join("signer");
    std::fs::write(&path, format!("#!/bin/sh\n{body}")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn flags(folder: &Path, body: &str, name: &str) -> KeyFlags {
    KeyFlags {
        command: Some(script(folder, body)),
        command_arg: vec![path(&format!("{name}.key.pem")).to_str().unwrap().to_owned()],
        ..with_cert(name)
    }
}

#[test]
fn a_program_signs_with_every_kind_of_key() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["rsa-2048", "rsa-4096", "p256", "p384"] {
        for hash in HashAlgorithm::ALL {
            sign(&flags(folder.path(), SIGNER, name), &host(&[]), hash)
                .unwrap_or_else(|error| panic!("{name}, {hash}: {error}"));
        }
    }
}

#[test]
fn answers_that_are_wrong_are_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    for (body, reason) in [
        ("cat >/dev/null; echo '{\"error\":\"the card is not there\"}'; exit 1", "the card is not there"),
        ("cat >/dev/null; exit 3", "it ended with code 3"),
        ("cat >/dev/null; echo hello", "answered with no signature"),
        ("cat >/dev/null; echo '{\"signature\":\"!\"}'", "not base64"),
        ("cat >/dev/null; echo '{\"signature\":\"AAAA\"}'", "is not a signature by the certificate"),
        ("head -c 100000 /dev/zero | tr '\\0' x", "more than 64 KiB"),
        // A signature by another key than the certificate's.
        (
            &SIGNER.replace("$1\" -pkeyopt", &format!("{}\" -pkeyopt", path("p384.key.pem").display())),
            "is not a signature by the certificate",
        ),
    ] {
        let error = sign(&flags(folder.path(), body, "p256"), &host(&[]), HashAlgorithm::Sha256).unwrap_err();
        assert!(error.contains(reason), "{body}: {error}");
    }
    let missing = KeyFlags { command: Some("no/such/program".into()), ..with_cert("p256") };
    let error = sign(&missing, &host(&[]), HashAlgorithm::Sha256).unwrap_err();
    assert!(error.contains("cannot be run"), "{error}");
}

#[test]
fn a_program_that_fails_for_now_is_run_again_a_few_times() {
    let folder = tempfile::tempdir().unwrap();
    let count = folder.path().join("count");
    let counted = |until: u32, then: &str| {
        let count = count.display();
        format!(
            "echo x >> {count}\n[ $(wc -l < {count}) -gt {until} ] || {{ cat >/dev/null; exit 75; }}\n{then}"
        )
    };
    let runs = || std::fs::read_to_string(&count).unwrap().lines().count();
    sign(&flags(folder.path(), &counted(2, SIGNER), "p256"), &host(&[]), HashAlgorithm::Sha256).unwrap();
    assert_eq!(runs(), 3);
    std::fs::remove_file(&count).unwrap();
    let error =
        sign(&flags(folder.path(), &counted(99, ""), "p256"), &host(&[]), HashAlgorithm::Sha256).unwrap_err();
    assert!(error.contains("tried 4 times"), "{error}");
    assert_eq!(runs(), 4);
}
