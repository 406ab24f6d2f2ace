//! Keys in files, and where their passwords come from.

use authenticode::HashAlgorithm;
use signing_keys::KeyFlags;

use crate::support::{host, path, read, run, sign, with_cert};

const PASSWORD: &str = "test päss";

#[test]
fn pem_der_and_pfx_files_sign_with_passwords_from_variable_and_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("password"), format!("{PASSWORD}\n")).unwrap();
    let password_file = Some(folder.path().join("password"));
    let key_der = folder.path().join("key.der");
    let key = path("p256.key.pem");
    let convert = ["pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-in", key.to_str().unwrap(), "-out"];
    run(folder.path(), "openssl", &[&convert[..], &[key_der.to_str().unwrap()]].concat());
    let bundle = folder.path().join("chain.p7b");
    let chain = path("p256.chain.pem");
    let convert = ["crl2pkcs7", "-nocrl", "-outform", "DER", "-certfile", chain.to_str().unwrap(), "-out"];
    run(folder.path(), "openssl", &[&convert[..], &[bundle.to_str().unwrap()]].concat());
    let host = host(&[("KEY_PASSWORD", PASSWORD)]);
    let from_variable = Some("KEY_PASSWORD".to_owned());
    for (what, flags) in [
        ("plain", KeyFlags { key: Some(key.clone()), ..with_cert("p256") }),
        (
            "DER with a PKCS#7 bundle",
            KeyFlags { key: Some(key_der), cert: Some(bundle), ..KeyFlags::default() },
        ),
        (
            "encrypted",
            KeyFlags {
                key: Some(path("p256.encrypted.pem")),
                password_env: from_variable.clone(),
                ..with_cert("p256")
            },
        ),
        ("PFX", KeyFlags { pfx: Some(path("rsa-2048.pfx")), password_file, ..KeyFlags::default() }),
    ] {
        sign(&flags, &host, HashAlgorithm::Sha384).unwrap_or_else(|error| panic!("{what}: {error}"));
    }
}

#[test]
fn key_and_certificate_in_one_file_need_no_second_flag() {
    let folder = tempfile::tempdir().unwrap();
    let both = folder.path().join("both.pem");
    std::fs::write(&both, [read("p384.key.pem"), read("p384.chain.pem")].concat()).unwrap();
    sign(&KeyFlags { key: Some(both), ..KeyFlags::default() }, &host(&[]), HashAlgorithm::Sha512).unwrap();
}

#[test]
fn what_is_missing_is_named_and_secrets_are_not_shown() {
    let host = host(&[("KEY_PASSWORD", "hunter2")]);
    let error = |flags: KeyFlags| sign(&flags, &host, HashAlgorithm::Sha256).unwrap_err();
    let encrypted = || KeyFlags { key: Some(path("p256.encrypted.pem")), ..with_cert("p256") };
    assert!(error(encrypted()).contains("--password-env"));
    let unset = error(KeyFlags { password_env: Some("UNSET".into()), ..encrypted() });
    assert_eq!(unset, "the environment variable UNSET is not set");
    let wrong = error(KeyFlags { password_env: Some("KEY_PASSWORD".into()), ..encrypted() });
    assert!(wrong.contains("wrong") && !wrong.contains("hunter2"), "{wrong}");
    let nowhere = error(KeyFlags { key: Some("no/such/key".into()), ..with_cert("p256") });
    assert!(nowhere.contains("no/such/key"), "{nowhere}");
    let other = error(KeyFlags { key: Some(path("p384.key.pem")), ..with_cert("p256") });
    assert!(other.contains("does not belong"), "{other}");
}

#[cfg(not(windows))]
#[test]
fn the_store_of_windows_is_elsewhere() {
    let flags = KeyFlags { store: Some("x".into()), ..KeyFlags::default() };
    assert!(sign(&flags, &host(&[]), HashAlgorithm::Sha256).unwrap_err().contains("--pkcs11"));
}

#[test]
fn fips_mode_looks_at_keys_hashes_and_what_protects_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let key = path("p256.key.pem");
    let convert =
        ["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256", "-iter", "100000", "-passout"];
    let more = ["pass:test päss", "-in", key.to_str().unwrap(), "-out", "key.pem"];
    run(folder.path(), "openssl", &[&convert[..], &more].concat());
    let host = host(&[("P", PASSWORD)]);
    let open = |flags: KeyFlags| KeyFlags { password_env: Some("P".into()), ..flags }.open(&host).unwrap();
    let violations = |flags: KeyFlags| open(flags).fips_violations(HashAlgorithm::Sha256).join("\n");
    // OpenSSL 3.0 gives PBKDF2 a salt of 64 bits, which is below what SP 800-132 asks for.
    let encrypted = violations(KeyFlags { key: Some(folder.path().join("key.pem")), ..with_cert("p256") });
    assert!(encrypted.contains("salt below 128 bits"), "{encrypted}");
    assert_eq!(violations(KeyFlags { key: Some(key), ..with_cert("p256") }), "");
    assert_eq!(violations(KeyFlags { key: Some(path("rsa-2048.key.pem")), ..with_cert("rsa-2048") }), "");
    let weak = violations(KeyFlags { key: Some(path("p384.key.pem")), ..with_cert("p384") });
    assert!(weak.contains("SHA-384"), "{weak}");
    let old = violations(KeyFlags { pfx: Some(path("rsa-2048.legacy.pfx")), ..KeyFlags::default() });
    assert!(old.contains("RC2") && old.contains("3DES"), "{old}");
}
