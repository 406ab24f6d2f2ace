//! The MAC over a PFX file's content: it tells a wrong password from a damaged file.

use hmac::digest::core_api::BlockSizeUser;
use hmac::{Mac, SimpleHmac};
use pkcs8::pkcs5::pbes2;
use pkcs8::spki::AlgorithmIdentifierRef;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::decrypt::{LONGEST_SALT, Secret};
use super::kdf::{Purpose, derive};
use super::malformed;
use super::structure::{MacData, Pbmac1Params, oid};
use crate::KeyError;
use crate::cms::oids;
use crate::key::Password;
use crate::key::protection::{Budget, Protection};

/// Checks the MAC over `content`; gives the password in the encoding that fits.
pub(super) fn check(
    data: &MacData<'_>,
    content: &[u8],
    password: &Password,
    budget: &mut Budget,
    protection: &mut Protection,
) -> Result<Secret, KeyError> {
    let algorithm = data.mac.algorithm;
    let secret = Secret::new(password, false);
    let expected = data.mac.digest.as_bytes();
    if algorithm.oid == oid::PBMAC1 {
        return match pbmac1(algorithm, content, &secret, expected, budget, protection)? {
            true => Ok(secret),
            false => Err(KeyError::WrongPassword { container: "PFX file" }),
        };
    }
    protection.note("the PKCS#12 MAC", false);
    let check = match algorithm.oid {
        oids::SHA1 => derived::<Sha1>,
        SHA224 => derived::<Sha224>,
        oids::SHA256 => derived::<Sha256>,
        oids::SHA384 => derived::<Sha384>,
        oids::SHA512 => derived::<Sha512>,
        other => {
            return Err(malformed(format!(
                "its integrity algorithm {other} is not supported; export it again with SHA-256"
            )));
        }
    };
    if data.salt.as_bytes().len() > LONGEST_SALT {
        return Err(malformed("a salt is longer than 1024 bytes"));
    }
    budget.take(data.iterations)?;
    if check(data, content, &secret) {
        return Ok(secret);
    }
    // An empty password may have been written as none at all.
    if password.expose().is_empty() {
        let absent = Secret::new(password, true);
        budget.take(data.iterations)?;
        if check(data, content, &absent) {
            return Ok(absent);
        }
    }
    Err(KeyError::WrongPassword { container: "PFX file" })
}

const SHA224: der::asn1::ObjectIdentifier = der::asn1::ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.4");

fn derived<D: Digest + BlockSizeUser + Clone>(data: &MacData<'_>, content: &[u8], secret: &Secret) -> bool {
    let length = <D as Digest>::output_size();
    let key = derive::<D>(secret.wide(), data.salt.as_bytes(), Purpose::Mac, data.iterations, length);
    verify::<D>(&key, content, data.mac.digest.as_bytes())
}

/// RFC 9579: PBKDF2 instead of the format's own derivation.
fn pbmac1(
    algorithm: AlgorithmIdentifierRef<'_>,
    content: &[u8],
    secret: &Secret,
    expected: &[u8],
    budget: &mut Budget,
    protection: &mut Protection,
) -> Result<bool, KeyError> {
    let parameters = algorithm.parameters.ok_or_else(|| malformed("its MAC has no parameters"))?;
    let parameters: Pbmac1Params<'_> = parameters.decode_as().map_err(malformed)?;
    let kdf = pbes2::Kdf::try_from(parameters.kdf)
        .map_err(|_| malformed("its MAC has another derivation than PBKDF2"))?;
    budget.check_kdf(&kdf, protection)?;
    let pbes2::Kdf::Pbkdf2(kdf) = kdf else {
        return Err(malformed("its MAC has another derivation than PBKDF2"));
    };
    // RFC 9579 wants the length stated; at most that of the longest hash makes sense.
    let length = kdf.key_length.map(usize::from).filter(|length| (20..=64).contains(length));
    let length = length.ok_or_else(|| malformed("the key of its MAC has no length, or one out of range"))?;
    let mut key = zeroize::Zeroizing::new(vec![0; length]);
    match kdf.prf {
        pbes2::Pbkdf2Prf::HmacWithSha1 => pbkdf2::<Sha1>(&kdf, secret, &mut key),
        pbes2::Pbkdf2Prf::HmacWithSha224 => pbkdf2::<Sha224>(&kdf, secret, &mut key),
        pbes2::Pbkdf2Prf::HmacWithSha256 => pbkdf2::<Sha256>(&kdf, secret, &mut key),
        pbes2::Pbkdf2Prf::HmacWithSha384 => pbkdf2::<Sha384>(&kdf, secret, &mut key),
        pbes2::Pbkdf2Prf::HmacWithSha512 => pbkdf2::<Sha512>(&kdf, secret, &mut key),
        _ => return Err(malformed("the derivation of its MAC is not supported")),
    }
    let verify = match parameters.mac.oid {
        oid::HMAC_SHA1 => {
            protection.note("a MAC with SHA-1", false);
            verify::<Sha1>
        }
        oid::HMAC_SHA256 => verify::<Sha256>,
        oid::HMAC_SHA384 => verify::<Sha384>,
        oid::HMAC_SHA512 => verify::<Sha512>,
        other => return Err(malformed(format!("its integrity algorithm {other} is not supported"))),
    };
    Ok(verify(&key, content, expected))
}

fn pbkdf2<D: Digest + BlockSizeUser + Clone + Sync>(
    kdf: &pbes2::Pbkdf2Params<'_>,
    secret: &Secret,
    key: &mut [u8],
) {
    // The length is in range, which is all that can go wrong.
    let _ = ::pbkdf2::pbkdf2::<SimpleHmac<D>>(secret.plain(), kdf.salt, kdf.iteration_count, key);
}

/// Compares in constant time.
fn verify<D: Digest + BlockSizeUser + Clone>(key: &[u8], content: &[u8], expected: &[u8]) -> bool {
    SimpleHmac::<D>::new_from_slice(key)
        .is_ok_and(|mac| mac.chain_update(content).verify_slice(expected).is_ok())
}
