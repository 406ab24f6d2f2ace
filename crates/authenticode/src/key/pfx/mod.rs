//! PFX (PKCS#12, RFC 7292) files: the key and its certificates under one password.
//!
//! ```text
//! PFX ─► authenticated safe ─► MAC checked ─► each content: plain, or encrypted under the password ─► bags: keys, certificates
//! ```
//!
//! Files are read as programs write them: BER or DER, old encryption (RC2 of 40 and 128 bits, 3DES) and modern (PBES2 with AES),
//! MACs from SHA-1 to SHA-512, RFC 9579's PBMAC1, and none. A file cannot keep the reader busy: the iterations of all its key
//! derivations together are bounded, nesting too, and certificates are taken as a list whatever they say of each other.

mod decrypt;
mod kdf;
mod mac;
mod structure;

use der::{Decode, Encode};
use zeroize::Zeroizing;

use super::protection::{Budget, Protection};
use super::{Password, ber};
use crate::KeyError;
use decrypt::Secret;
use structure::{CertBag, ContentInfo, EncryptedData, EncryptedKey, OctetString, Pfx, SafeBag, oid};

/// Certificates with a long chain and their key take some ten kilobytes.
const LARGEST: usize = 4 << 20;
/// Bags within bags: nobody nests them, the format allows it.
const DEEPEST: usize = 4;
/// More bags than any store for one signing key has.
const MOST_BAGS: usize = 1024;

/// What a PFX file holds for signing.
#[derive(Default)]
pub(super) struct Contents {
    /// The private keys as PKCS#8.
    keys: Vec<Zeroizing<Vec<u8>>>,
    /// The certificates as DER, in the file's order.
    pub(super) certificates: Vec<Vec<u8>>,
    /// How key and file were protected.
    pub(super) protection: Protection,
    bags: usize,
}

impl Contents {
    /// The one private key.
    pub(super) fn key(&mut self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        match self.keys.len() {
            0 | 1 => self.keys.pop().ok_or(KeyError::NoPrivateKey {
                container: "PFX file",
                hint: "export the certificate together with its private key",
            }),
            count => Err(KeyError::SeveralPrivateKeys { container: "PFX file", count }),
        }
    }
}

/// Decrypts an `EncryptedPrivateKeyInfo` that stands in a file of its own.
pub(super) fn decrypt_key(
    der: &[u8],
    password: &Password,
    protection: &mut Protection,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut budget = Budget::new("private key");
    let key = EncryptedKey::from_der(der).map_err(|error| budget.malformed(error))?;
    let secret = Secret::new(password, false);
    decrypt::decrypt(key.algorithm, key.cipher_text.as_bytes(), &secret, &mut budget, protection)
}

/// Opens a PFX file.
pub(super) fn open(bytes: &[u8], password: &Password) -> Result<Contents, KeyError> {
    if bytes.len() > LARGEST {
        return Err(malformed("it is larger than 4 MiB"));
    }
    let file = ber::to_der(bytes).map_err(malformed)?;
    let pfx = Pfx::from_der(&file).map_err(malformed)?;
    if pfx.version != 3 {
        return Err(malformed(format!("its version is {}, not 3", pfx.version)));
    }
    if pfx.auth_safe.kind != oid::DATA {
        return Err(malformed("it is protected by a public key and not by a password"));
    }
    let safe = data(&pfx.auth_safe)?;
    let mut contents = Contents::default();
    let mut budget = Budget::new("PFX file");
    let secret = match &pfx.mac {
        Some(mac) => mac::check(mac, safe, password, &mut budget, &mut contents.protection)?,
        None => Secret::new(password, false),
    };
    let safe = ber::to_der(safe).map_err(malformed)?;
    for content in Vec::<ContentInfo<'_>>::from_der(&safe).map_err(malformed)? {
        match content.kind {
            oid::DATA => contents.take_bags(data(&content)?, &secret, &mut budget, 0)?,
            oid::ENCRYPTED_DATA => {
                let inner = content.content.ok_or_else(|| malformed("an encrypted part is empty"))?;
                let encrypted: EncryptedData<'_> = inner.decode_as().map_err(malformed)?;
                let cipher_text = encrypted.content.cipher_text().map_err(malformed)?;
                let plain = decrypt::decrypt(
                    encrypted.content.algorithm,
                    &cipher_text,
                    &secret,
                    &mut budget,
                    &mut contents.protection,
                )?;
                let taken = contents.take_bags(&plain, &secret, &mut budget, 0);
                // Without a MAC a wrong password shows only here: once in about 256 tries the padding fits.
                taken.map_err(|error| blame_password(error, pfx.mac.is_some()))?;
            }
            oid::ENVELOPED_DATA => return Err(malformed("a part is encrypted to a certificate")),
            other => return Err(malformed(format!("it has a part of the type {other}"))),
        }
    }
    Ok(contents)
}

impl Contents {
    fn take_bags(
        &mut self,
        bytes: &[u8],
        secret: &Secret,
        budget: &mut Budget,
        depth: usize,
    ) -> Result<(), KeyError> {
        let bags = ber::to_der(bytes).map_err(malformed)?;
        for bag in Vec::<SafeBag<'_>>::from_der(&bags).map_err(malformed)? {
            self.bags += 1;
            if self.bags > MOST_BAGS {
                return Err(malformed(format!("it holds more than {MOST_BAGS} objects")));
            }
            match bag.kind {
                oid::KEY_BAG => self.keys.push(Zeroizing::new(bag.value.to_der().map_err(malformed)?)),
                oid::SHROUDED_KEY_BAG => {
                    let key: EncryptedKey<'_> = bag.value.decode_as().map_err(malformed)?;
                    let cipher_text = key.cipher_text.as_bytes();
                    let plain =
                        decrypt::decrypt(key.algorithm, cipher_text, secret, budget, &mut self.protection)?;
                    self.keys.push(plain);
                }
                oid::CERT_BAG => {
                    let bag: CertBag<'_> = bag.value.decode_as().map_err(malformed)?;
                    if bag.kind == oid::X509_CERTIFICATE {
                        let der: OctetString<'_> = bag.value.decode_as().map_err(malformed)?;
                        self.certificates.push(der.as_bytes().to_vec());
                    }
                }
                oid::SAFE_CONTENTS_BAG if depth < DEEPEST => {
                    let inner = bag.value.to_der().map_err(malformed)?;
                    self.take_bags(&Zeroizing::new(inner), secret, budget, depth + 1)?;
                }
                oid::SAFE_CONTENTS_BAG => return Err(malformed("its parts nest too deeply")),
                // Revocation lists and other secrets are nothing to sign with.
                _ => {}
            }
        }
        Ok(())
    }
}

/// The bytes of a content of the type `data`.
fn data<'a>(content: &ContentInfo<'a>) -> Result<&'a [u8], KeyError> {
    let inner = content.content.ok_or_else(|| malformed("a part is empty"))?;
    let octets: OctetString<'a> = inner.decode_as().map_err(malformed)?;
    Ok(octets.as_bytes())
}

fn blame_password(error: KeyError, has_mac: bool) -> KeyError {
    match error {
        KeyError::Malformed { .. } if !has_mac => KeyError::WrongPassword { container: "PFX file" },
        error => error,
    }
}

fn malformed(reason: impl std::fmt::Display) -> KeyError {
    KeyError::Malformed { what: "PFX file", reason: reason.to_string() }
}
