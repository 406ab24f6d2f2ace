//! Any bytes as what a verifier reads beside the file itself: a PKCS#7 signature with everything in it, the answer of a timestamp
//! authority, a revocation list, a certificate. Reading never panics, and nothing made up is believed.
#![no_main]

use authenticode::{HashAlgorithm, RevocationLists, Roots, TimestampRequest};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = authenticode::inspect_signature(data);
    let request = TimestampRequest::new(HashAlgorithm::Sha256, &[7; 32], [7; 16]);
    assert!(request.accept(data, None).is_err());
    let _ = RevocationLists::none().add(data);
    let _ = Roots::none().add_der(data);
});
