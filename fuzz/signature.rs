//! Whatever the bytes: reading them gives a verdict or an error. What can be signed is signed so that the signature holds,
//! with the digest that was said before; signing again changes nothing; and taking the signature off gives a file of the
//! same digest that is signed to the same bytes.

use authenticode::{
    Problem, Roots, SignOptions, Signer, TestIdentity, TestIdentityOptions, TestKey, sign_file, strip_file,
    unsigned_digest, verify_file,
};
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

/// Files go to the folder for temporary files: let `TMPDIR` name one in memory.
fn path(name: &str, extension: &str) -> PathBuf {
    std::env::temp_dir().join(format!("fuzz-{}-{name}.{extension}", std::process::id()))
}

fn signer() -> &'static Signer {
    static SIGNER: OnceLock<Signer> = OnceLock::new();
    SIGNER.get_or_init(|| {
        let identity = TestIdentity::generate(&TestIdentityOptions {
            seed: [7; 32],
            common_name: "Fuzz",
            not_before: 1_700_000_000,
            not_after: 1_900_000_000,
            key: TestKey::EcdsaP256,
        })
        .expect("an identity");
        Signer::from_pem(identity.key_pem.as_bytes(), identity.certificate_pem.as_bytes(), None).expect("a signer")
    })
}

pub fn check(bytes: &[u8], extension: &str) {
    let [input, signed, again] = ["input", "signed", "again"].map(|name| path(name, extension));
    fs::write(&input, bytes).expect("written");
    let _ = verify_file(&input, &Roots::none(), None);
    let digest = unsigned_digest(&input);
    let options = SignOptions::default();
    // Signing costs a thousand times as much as reading: most inputs are only read.
    if bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)) % 16 != 0 {
        let _ = strip_file(&input, &again);
        return;
    }
    let Ok(report) = sign_file(&input, &signed, signer(), &options) else {
        let _ = strip_file(&input, &again);
        return;
    };
    assert_eq!(report.digest, digest.expect("what is signed has a digest"));
    let verdict = verify_file(&signed, &Roots::none(), None).expect("what was signed can be verified");
    let bad: Vec<&Problem> =
        verdict.problems.iter().filter(|problem| !matches!(problem, Problem::Untrusted { .. })).collect();
    assert!(bad.is_empty(), "{bad:?}");
    let first = fs::read(&signed).expect("readable");
    sign_file(&signed, &again, signer(), &options).expect("what was signed can be signed again");
    assert!(fs::read(&again).expect("readable") == first, "signing again changes the file");
    assert!(strip_file(&signed, &again).expect("what was signed can be stripped"));
    assert_eq!(report.digest, unsigned_digest(&again).expect("it still has a digest"));
    sign_file(&again, &again, signer(), &options).expect("what was stripped can be signed");
    assert!(fs::read(&again).expect("readable") == first, "signing what was stripped gives another file");
}
