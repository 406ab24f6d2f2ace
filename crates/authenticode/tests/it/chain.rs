//! Who stands behind a signature: trust, purposes, dates.

use std::fs;

use authenticode::{Problem, Roots, SignOptions, Verdict, sign_file, verify_file};
use tempfile::TempDir;

use crate::support::pe::Image;
use crate::support::{NOW, keys};

/// The verdict over an image signed by the key `p256` with the certificates of this file.
fn verdict(chain: &str, roots: &Roots, at: Option<u64>) -> Verdict {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("image.exe");
    fs::write(&path, Image::default().build()).unwrap();
    let signer = keys::signer_with_chain("p256", chain);
    sign_file(&path, &path, &signer, &SignOptions::default()).unwrap();
    verify_file(&path, roots, at).unwrap()
}

#[test]
fn a_good_chain_is_trusted_with_and_without_a_time() {
    for at in [None, Some(NOW)] {
        let verdict = verdict("p256.chain.pem", &keys::roots(), at);
        assert!(verdict.is_good(), "{verdict}");
        assert_eq!(verdict.to_string().contains("dates were not checked"), at.is_none(), "{verdict}");
    }
}

#[test]
fn nothing_is_trusted_without_roots() {
    let verdict = verdict("p256.chain.pem", &Roots::none(), Some(NOW));
    assert!(matches!(verdict.problems[..], [Problem::Untrusted { .. }]), "{verdict}");
    assert!(verdict.signature.unwrap().chain.is_empty());
}

#[test]
fn the_files_own_root_is_not_trusted() {
    let stranger = Roots::from_pem(&keys::read("p384.chain.pem")[..]).unwrap();
    let verdict = verdict("p256.chain.pem", &stranger, Some(NOW));
    // The chain file of p384 holds leaf, intermediate and root: trusting those three trusts this chain as well ...
    assert!(verdict.is_good(), "{verdict}");
    // ... but a root of another origin does not.
    let other = authenticode::TestIdentity::generate(&authenticode::TestIdentityOptions {
        seed: [1; 32],
        common_name: "Stranger",
        not_before: 0,
        not_after: 4_000_000_000,
        key: authenticode::TestKey::EcdsaP256,
    })
    .unwrap();
    let verdict = self::verdict("p256.chain.pem", &other.roots().unwrap(), Some(NOW));
    assert!(matches!(verdict.problems[..], [Problem::Untrusted { .. }]), "{verdict}");
}

#[test]
fn chains_that_must_not_be_trusted() {
    for (chain, words) in [
        ("by-leaf.chain.pem", "not a certificate authority"),
        ("too-long.chain.pem", "longer than this authority allows"),
        ("impostor.chain.pem", "did not sign the certificate"),
    ] {
        let verdict = verdict(chain, &keys::roots(), Some(NOW));
        assert!(
            matches!(&verdict.problems[..], [Problem::Untrusted { reason }] if reason.contains(words)),
            "{chain}: {verdict}"
        );
    }
}

#[test]
fn dates_and_purposes_have_verdicts_of_their_own() {
    let verdict = verdict("expired.chain.pem", &keys::roots(), Some(NOW));
    assert!(matches!(verdict.problems[..], [Problem::Expired { .. }]), "{verdict}");
    assert!(verdict.to_string().ends_with("from 2020-01-01T00:00:00Z to 2021-01-01T00:00:00Z"), "{verdict}");
    let verdict = self::verdict("expired.chain.pem", &keys::roots(), Some(1_600_000_000));
    // In 2020 the leaf was valid, but the authorities above it were not yet.
    assert!(matches!(verdict.problems[..], [Problem::Expired { .. }]), "{verdict}");
    let verdict = self::verdict("expired.chain.pem", &keys::roots(), None);
    assert!(verdict.is_good(), "{verdict}");
    let verdict = self::verdict("p256.chain.pem", &keys::roots(), Some(1_000_000_000));
    assert!(matches!(verdict.problems[..], [Problem::Expired { .. }]), "{verdict}");
    let verdict = self::verdict("server.chain.pem", &keys::roots(), Some(NOW));
    assert!(matches!(verdict.problems[..], [Problem::WrongPurpose { .. }]), "{verdict}");
}
