//! Forms of signatures: what tokens and services give, and what goes into a file.

use authenticode::{HashAlgorithm, KeyAlgorithm, KeyError};

/// A DigestInfo (RFC 8017, 9.2): what PKCS#1 v1.5 signs, for signers that only pad.
pub(crate) fn digest_info(hash: HashAlgorithm, digest: &[u8]) -> Vec<u8> {
    let (last, length) = match hash {
        HashAlgorithm::Sha256 => (1, 32),
        HashAlgorithm::Sha384 => (2, 48),
        HashAlgorithm::Sha512 => (3, 64),
    };
    let algorithm = [0x30, 13, 0x06, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 3, 4, 2, last, 0x05, 0];
    [&[0x30, 15 + 2 + length][..], &algorithm, &[0x04, length], digest].concat()
}

/// Two numbers of equal length, one after the other (IEEE P1363, JWS, PKCS#11), as a DER `ECDSA-Sig-Value`.
pub(crate) fn ecdsa_der(raw: &[u8], algorithm: KeyAlgorithm) -> Result<Vec<u8>, KeyError> {
    let half = match algorithm {
        KeyAlgorithm::EcdsaP256 => 32,
        KeyAlgorithm::EcdsaP384 => 48,
        KeyAlgorithm::Rsa => 0,
    };
    if half == 0 || raw.len() != 2 * half {
        let reason = format!("the signature has {} bytes, which does not fit the key", raw.len());
        return Err(KeyError::Signing { reason });
    }
    let content: Vec<u8> = raw.chunks(half).flat_map(integer).collect();
    let length =
        u8::try_from(content.len()).map_err(|error| KeyError::Signing { reason: error.to_string() })?;
    Ok([&[0x30, length][..], &content].concat())
}

fn integer(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count().min(number.len() - 1);
    let digits = &number[zeros..];
    let sign = digits.first().is_some_and(|byte| *byte >= 0x80);
    let mut der = vec![0x02, (digits.len() + usize::from(sign)) as u8];
    der.extend(sign.then_some(0));
    der.extend_from_slice(digits);
    der
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_get_their_sign_byte_and_lose_their_zeros() {
        let mut raw = [0u8; 64];
        raw[31] = 1;
        raw[32] = 0x80;
        let der = ecdsa_der(&raw, KeyAlgorithm::EcdsaP256).unwrap();
        let mut expected = vec![0x30, 38, 0x02, 1, 1, 0x02, 33, 0, 0x80];
        expected.extend([0; 31]);
        assert_eq!(der, expected);
        assert!(ecdsa_der(&raw, KeyAlgorithm::EcdsaP384).is_err());
        assert!(ecdsa_der(&raw, KeyAlgorithm::Rsa).is_err());
    }
}
