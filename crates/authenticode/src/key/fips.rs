//! What FIPS 140 approves: algorithms and sizes, of the key and of what protects it in its file.
//!
//! This checks choices. It makes no validated module of this program: who needs one signs on a token or in a service that has it.

use der::Decode;
use rsa::traits::PublicKeyParts;
use x509_cert::Certificate;

use super::Signer;
use crate::HashAlgorithm;
use crate::cms::oids;
use crate::verify::PublicKey;

/// To show whenever the mode is used.
pub const FIPS_NOTICE: &str = "FIPS mode: only approved algorithms and key sizes are used. This program is not itself a FIPS 140 validated \
module; keep the key on a validated token or service where one is required.";

/// Everything about `signer` and `hash` that FIPS 186-5, SP 800-131A and SP 800-132 do not approve, in words; empty means
/// that all is approved.
pub(super) fn violations(signer: &Signer, hash: HashAlgorithm) -> Vec<String> {
    let mut found = Vec::new();
    match PublicKey::of(&signer.leaf().tbs_certificate.subject_public_key_info) {
        Ok(PublicKey::Rsa(key)) => {
            let bits = key.n().bits();
            if bits < 2048 || bits % 2 == 1 {
                found.push(format!("the RSA key has {bits} bits; 2048, 3072 or 4096 are approved"));
            }
            if key.e().bits() < 17 {
                found.push(format!("the RSA key's public exponent is {}; above 65,536 is approved", key.e()));
            }
        }
        Ok(_) => {}
        Err(reason) => found.push(reason),
    }
    // SP 800-57: the hash must not be the weaker part.
    if signer.algorithm() == super::KeyAlgorithm::EcdsaP384 && hash == HashAlgorithm::Sha256 {
        found.push("SHA-256 is weaker than the key on P-384; sign with SHA-384".into());
    }
    let issuers: Vec<Certificate> =
        signer.intermediates.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
    for certificate in std::iter::once(signer.leaf()).chain(&issuers) {
        if let Some(name) = weak_signature(certificate) {
            let subject = &certificate.tbs_certificate.subject;
            found.push(format!("the certificate of {subject} is signed with {name}"));
        }
    }
    let container = signer.protection.unapproved();
    if !container.is_empty() {
        found.push(format!(
            "the key's file is protected with {}; convert it to PKCS#8 with AES-256, PBKDF2 and a salt of 16 bytes (`openssl pkcs8 \
             -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 100000 -saltlen 16` where OpenSSL knows -saltlen)",
            container.join(", ")
        ));
    }
    found
}

fn weak_signature(certificate: &Certificate) -> Option<&'static str> {
    match certificate.signature_algorithm.oid {
        oids::SHA1_WITH_RSA | oids::ECDSA_WITH_SHA1 => Some("SHA-1"),
        oids::MD5_WITH_RSA => Some("MD5"),
        _ => None,
    }
}
