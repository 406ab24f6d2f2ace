//! Detached signatures, checked by OpenSSL.

use std::fs;
use std::path::Path;
use std::process::Command;

use authenticode::{HashAlgorithm, sign_detached};
use tempfile::TempDir;

use crate::support::keys;

fn openssl_accepts(file: &Path, signature: &Path) -> bool {
    Command::new("openssl")
        .args([
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-purpose",
            "any",
            "-out",
            "/dev/null",
            "-CAfile",
        ])
        .arg(keys::path("root.pem"))
        .arg("-in")
        .arg(signature)
        .arg("-content")
        .arg(file)
        .output()
        .expect("openssl can be run")
        .status
        .success()
}

#[test]
fn openssl_accepts_every_key_and_digest() {
    let folder = TempDir::new().unwrap();
    let [file, signature] = ["any file", "any file.p7s"].map(|name| folder.path().join(name));
    fs::write(&file, b"any bytes\r\n".repeat(100_000)).unwrap();
    for key in ["rsa-2048", "p256", "p384"] {
        for hash in HashAlgorithm::ALL {
            let size = sign_detached(&file, &signature, &keys::signer(key), hash).unwrap();
            assert_eq!(fs::metadata(&signature).unwrap().len(), size as u64);
            assert!(openssl_accepts(&file, &signature), "{key} {hash}");
        }
    }
    fs::write(&file, b"other bytes").unwrap();
    assert!(!openssl_accepts(&file, &signature));
}
