//! Decryption of what a PFX file protects by its password.

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockDecryptMut, InnerIvInit, KeyInit};
use der::asn1::AnyRef;
use pkcs8::pkcs5::pbes2;
use pkcs8::spki::AlgorithmIdentifierRef;
use rc2::Rc2;
use sha1::Sha1;
use zeroize::Zeroizing;

use super::kdf::{Purpose, derive};
use super::structure::{PbeParams, oid};
use crate::KeyError;
use crate::key::Password;
use crate::key::protection::{Budget, Protection};

/// Longer salts are somebody's attempt to make the derivation costly.
pub(super) const LONGEST_SALT: usize = 1024;

/// The password in the encodings of the format: UTF-16 with its end mark for the old derivation, UTF-8 for the new.
pub(super) struct Secret {
    wide: Zeroizing<Vec<u8>>,
    plain: Zeroizing<Vec<u8>>,
}

impl Secret {
    /// An empty password may be encoded as nothing at all, without even the end mark: `absent`.
    pub(super) fn new(password: &Password, absent: bool) -> Self {
        let text = password.expose();
        let mut wide = Zeroizing::new(Vec::with_capacity(2 * text.len() + 2));
        if !(absent && text.is_empty()) {
            wide.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
            wide.extend([0, 0]);
        }
        Self { wide, plain: Zeroizing::new(text.as_bytes().to_vec()) }
    }

    pub(super) fn wide(&self) -> &[u8] {
        &self.wide
    }

    pub(super) fn plain(&self) -> &[u8] {
        &self.plain
    }
}

/// Decrypts with the scheme that `algorithm` names.
pub(super) fn decrypt(
    algorithm: AlgorithmIdentifierRef<'_>,
    cipher_text: &[u8],
    secret: &Secret,
    budget: &mut Budget,
    protection: &mut Protection,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let parameters =
        algorithm.parameters.ok_or_else(|| budget.malformed("an encryption has no parameters"))?;
    if algorithm.oid == oid::PBES2 {
        return modern(parameters, cipher_text, secret, budget, protection);
    }
    let name = match algorithm.oid {
        oid::THREE_KEY_3DES | oid::TWO_KEY_3DES => "PKCS#12 key derivation with 3DES",
        oid::RC2_128 => "RC2 with 128 bits",
        oid::RC2_40 => "RC2 with 40 bits",
        other => {
            return Err(budget.malformed(format!(
                "its encryption {other} is not supported; export it again with AES-256"
            )));
        }
    };
    protection.note(name, false);
    let parameters: PbeParams<'_> = parameters.decode_as().map_err(|error| budget.malformed(error))?;
    let salt = parameters.salt.as_bytes();
    if salt.len() > LONGEST_SALT {
        return Err(budget.malformed("a salt is longer than 1024 bytes"));
    }
    budget.take(parameters.iterations)?;
    let key = |length| derive::<Sha1>(secret.wide(), salt, Purpose::Key, parameters.iterations, length);
    let iv = derive::<Sha1>(secret.wide(), salt, Purpose::Iv, parameters.iterations, 8);
    let wrong = KeyError::WrongPassword { container: budget.what() };
    match algorithm.oid {
        oid::THREE_KEY_3DES => cbc_decrypt(des::TdesEde3::new(key(24).as_slice().into()), &iv, cipher_text),
        oid::TWO_KEY_3DES => cbc_decrypt(des::TdesEde2::new(key(16).as_slice().into()), &iv, cipher_text),
        oid::RC2_128 => cbc_decrypt(Rc2::new_with_eff_key_len(&key(16), 128), &iv, cipher_text),
        _ => cbc_decrypt(Rc2::new_with_eff_key_len(&key(5), 40), &iv, cipher_text),
    }
    .ok_or(wrong)
}

fn modern(
    parameters: AnyRef<'_>,
    cipher_text: &[u8],
    secret: &Secret,
    budget: &mut Budget,
    protection: &mut Protection,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let parameters: pbes2::Parameters<'_> = parameters.decode_as().map_err(|_| {
        budget.malformed("its encryption is not supported; export it again with AES-256 and PBKDF2")
    })?;
    budget.check(&parameters, protection)?;
    // What the crate calls an error is a wrong length or padding, and both come from a wrong password or a damaged file.
    parameters
        .decrypt(secret.plain(), cipher_text)
        .map(Zeroizing::new)
        .map_err(|_| KeyError::WrongPassword { container: budget.what() })
}

fn cbc_decrypt<C>(cipher: C, iv: &[u8], cipher_text: &[u8]) -> Option<Zeroizing<Vec<u8>>>
where
    C: cbc::cipher::BlockCipher + BlockDecryptMut + cbc::cipher::BlockSizeUser,
{
    let mut buffer = Zeroizing::new(cipher_text.to_vec());
    let length = cbc::Decryptor::inner_iv_slice_init(cipher, iv)
        .ok()?
        .decrypt_padded_mut::<Pkcs7>(&mut buffer)
        .ok()?
        .len();
    buffer.truncate(length);
    Some(buffer)
}
