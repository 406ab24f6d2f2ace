//! Keys in every form that release engineers have, and the ones that must be refused.

use std::fs;

use authenticode::{
    KeyError, Password, SignOptions, Signer, TestIdentity, TestIdentityOptions, TestKey, sign_file,
    verify_file,
};
use tempfile::TempDir;

use crate::support::pe::Image;
use crate::support::{NOW, keys, osslsigncode};

/// The same key in another form signs the same bytes.
fn check_same(signer: &Signer, reference: &str) {
    let folder = TempDir::new().unwrap();
    let [input, one, two] = ["input", "one", "two"].map(|name| folder.path().join(name));
    fs::write(&input, Image::default().build()).unwrap();
    sign_file(&input, &one, signer, &SignOptions::default()).unwrap();
    sign_file(&input, &two, &keys::signer(reference), &SignOptions::default()).unwrap();
    assert!(
        fs::read(&one).unwrap() == fs::read(&two).unwrap(),
        "another form of {reference} signs differently"
    );
}

#[test]
fn pem_forms() {
    for (file, name) in [
        ("rsa-2048.pkcs1.pem", "rsa-2048"),
        ("rsa-2048.encrypted.pem", "rsa-2048"),
        ("rsa-2048.encrypted-3des.pem", "rsa-2048"),
        ("p256.sec1.pem", "p256"),
        ("p384.sec1.pem", "p384"),
        ("p256.encrypted.pem", "p256"),
        ("p256.encrypted-scrypt.pem", "p256"),
    ] {
        let chain = keys::read(&format!("{name}.chain.pem"));
        let signer = Signer::from_pem(&keys::read(file), &chain, Some(&keys::password()));
        check_same(&signer.unwrap_or_else(|error| panic!("{file}: {error}")), name);
    }
}

#[test]
fn key_and_certificates_in_one_file_in_any_order() {
    let mut text = keys::read("root.pem");
    text.extend(keys::read("p256.key.pem"));
    text.extend(keys::read("p384.chain.pem"));
    text.extend(keys::read("p256.chain.pem"));
    let signer = Signer::from_pem(&text, &text, None).unwrap();
    assert_eq!(signer.subject(), keys::signer("p256").subject());
}

#[test]
fn pfx_forms() {
    for (file, name) in
        [("rsa-2048.pfx", "rsa-2048"), ("rsa-2048.legacy.pfx", "rsa-2048"), ("p256.3des.pfx", "p256")]
    {
        let signer = Signer::from_pfx(&keys::read(file), &keys::password());
        check_same(&signer.unwrap_or_else(|error| panic!("{file}: {error}")), name);
    }
}

#[test]
fn wrong_and_missing_passwords_are_told_apart() {
    let chain = keys::read("rsa-2048.chain.pem");
    let wrong = Password::new("wrong");
    for file in ["rsa-2048.encrypted.pem", "rsa-2048.encrypted-3des.pem", "p256.encrypted-scrypt.pem"] {
        let key = keys::read(file);
        let error = Signer::from_pem(&key, &chain, Some(&wrong)).unwrap_err();
        assert!(matches!(error, KeyError::WrongPassword { .. }), "{file}: {error}");
        let error = Signer::from_pem(&key, &chain, None).unwrap_err();
        assert!(matches!(error, KeyError::PasswordNeeded), "{file}: {error}");
    }
    for file in ["rsa-2048.pfx", "rsa-2048.legacy.pfx", "p256.3des.pfx"] {
        let error = Signer::from_pfx(&keys::read(file), &wrong).unwrap_err();
        assert!(matches!(error, KeyError::WrongPassword { .. }), "{file}: {error}");
        assert!(!error.to_string().contains("wrong\""), "the password shows in {error}");
    }
}

#[test]
fn no_wrong_password_ever_opens_a_key() {
    // Some wrong passwords leave valid padding; what comes out must still be called a wrong password.
    let chain = keys::read("p256.chain.pem");
    let key = keys::read("rsa-2048.encrypted-3des.pem");
    for attempt in 0..300 {
        let error =
            Signer::from_pem(&key, &chain, Some(&Password::new(format!("guess {attempt}")))).unwrap_err();
        assert!(matches!(error, KeyError::WrongPassword { .. }), "guess {attempt}: {error}");
    }
}

#[test]
fn keys_that_must_not_sign_are_refused() {
    let chain = keys::read("p256.chain.pem");
    let refuse =
        |file: &str| Signer::from_pem(&keys::read(file), &chain, Some(&keys::password())).unwrap_err();
    assert!(matches!(refuse("rsa-1024.key.pem"), KeyError::Unsupported { .. }));
    assert!(matches!(refuse("p521.key.pem"), KeyError::Unsupported { .. }));
    assert!(matches!(refuse("rsa-2048.old-encrypted.pem"), KeyError::OldEncryptedPem));
    assert!(matches!(refuse("rsa-2048.key.pem"), KeyError::KeyDoesNotMatch { .. }));
    assert!(matches!(refuse("root.pem"), KeyError::NoPrivateKey { .. }));
    assert!(matches!(refuse("rsa-2048.pfx"), KeyError::Malformed { .. }));
    let error = Signer::from_pfx(&keys::read("no-key.pfx"), &keys::password()).unwrap_err();
    assert!(matches!(error, KeyError::NoPrivateKey { .. }), "{error}");
    let error = Signer::from_pem(&keys::read("p256.key.pem"), b"", None).unwrap_err();
    assert!(matches!(error, KeyError::NoCertificate { .. }), "{error}");
    let mut two = keys::read("p256.key.pem");
    two.extend(keys::read("p384.key.pem"));
    let error = Signer::from_pem(&two, &chain, None).unwrap_err();
    assert!(matches!(error, KeyError::SeveralPrivateKeys { .. }), "{error}");
}

#[test]
fn a_test_identity_signs_and_is_the_same_for_the_same_seed() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("input.exe");
    for key in [TestKey::EcdsaP256, TestKey::EcdsaP384] {
        let options = TestIdentityOptions {
            seed: [42; 32],
            common_name: "Test, signing + \"all\"",
            not_before: 1_700_000_000,
            not_after: 4_000_000_000,
            key,
        };
        let identity = TestIdentity::generate(&options).unwrap();
        fs::write(&path, Image::default().build()).unwrap();
        sign_file(&path, &path, &identity.signer().unwrap(), &SignOptions::default()).unwrap();
        let verdict = verify_file(&path, &identity.roots().unwrap(), Some(NOW)).unwrap();
        assert!(verdict.is_good(), "{key:?}: {verdict}");
        assert!(!verify_file(&path, &keys::roots(), Some(NOW)).unwrap().is_good(), "trusted by strangers");
        let ca = folder.path().join("ca.pem");
        fs::write(&ca, &identity.ca_pem).unwrap();
        osslsigncode::accepts_with(&path, &ca);
        let again = TestIdentity::generate(&options).unwrap();
        assert_eq!(identity.certificate_pem, again.certificate_pem);
        assert_eq!(*identity.key_pem, *again.key_pem);
        let other = TestIdentity::generate(&TestIdentityOptions { seed: [43; 32], ..options }).unwrap();
        assert_ne!(identity.certificate_pem, other.certificate_pem);
    }
}
