//! BER as some programs write PFX files (Java's Bouncy Castle, older browsers), turned into DER, which the reader takes.
//!
//! Indefinite lengths become definite ones, octet strings in pieces become whole, lengths get their shortest form.

use zeroize::Zeroizing;

const DEEPEST: usize = 32;
const OCTET_STRING: u8 = 0x04;
const CONSTRUCTED: u8 = 0x20;

/// The same element in DER. The text of an error says what is wrong.
pub(super) fn to_der(bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len() + 16));
    let rest = element(bytes, 0, &mut out)?;
    // Some programs pad; zero bytes after the structure mean nothing.
    if rest.iter().any(|byte| *byte != 0) {
        return Err("something follows its structure".into());
    }
    Ok(out)
}

/// Appends the first element of `bytes` to `out`; gives what follows it.
fn element<'a>(bytes: &'a [u8], depth: usize, out: &mut Vec<u8>) -> Result<&'a [u8], String> {
    if depth > DEEPEST {
        return Err("its parts nest too deeply".into());
    }
    let (&tag, rest) = bytes.split_first().ok_or("it ends too early")?;
    if tag & 0x1F == 0x1F {
        return Err("it has a tag of several bytes".into());
    }
    let (length, mut rest) = length(rest)?;
    if tag & CONSTRUCTED == 0 {
        let length = length.ok_or("a value has no length")?;
        let (content, rest) = rest.split_at_checked(length).ok_or("it ends too early")?;
        put(tag, content, out);
        return Ok(rest);
    }
    let mut inner = Zeroizing::new(Vec::with_capacity(length.unwrap_or_default().min(rest.len())));
    match length {
        Some(length) => {
            let (mut content, after) = rest.split_at_checked(length).ok_or("it ends too early")?;
            rest = after;
            while !content.is_empty() {
                content = element(content, depth + 1, &mut inner)?;
            }
        }
        None => loop {
            if let Some(after) = rest.strip_prefix(&[0, 0]) {
                rest = after;
                break;
            }
            rest = element(rest, depth + 1, &mut inner)?;
        },
    }
    if tag == OCTET_STRING | CONSTRUCTED {
        put(OCTET_STRING, &join(&inner)?, out);
    } else {
        put(tag, &inner, out);
    }
    Ok(rest)
}

/// The pieces of an octet string, which are DER by now, in one.
fn join(mut pieces: &[u8]) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut whole = Zeroizing::new(Vec::with_capacity(pieces.len()));
    while let Some((&tag, rest)) = pieces.split_first() {
        let (Some(length), rest) = length(rest)? else { return Err("a value has no length".into()) };
        let (content, rest) = rest.split_at_checked(length).ok_or("it ends too early")?;
        if tag != OCTET_STRING {
            return Err("an octet string has pieces of another kind".into());
        }
        whole.extend_from_slice(content);
        pieces = rest;
    }
    Ok(whole)
}

/// The length that starts `bytes`, `None` for an indefinite one, and what follows.
fn length(bytes: &[u8]) -> Result<(Option<usize>, &[u8]), String> {
    let (&first, rest) = bytes.split_first().ok_or("it ends too early")?;
    match first {
        0..0x80 => Ok((Some(usize::from(first)), rest)),
        0x80 => Ok((None, rest)),
        _ => {
            let (digits, rest) =
                rest.split_at_checked(usize::from(first & 0x7F)).ok_or("it ends too early")?;
            let length = digits.iter().try_fold(0usize, |sum, byte| {
                sum.checked_mul(256).map(|sum| sum + usize::from(*byte)).ok_or("a length is too large")
            })?;
            Ok((Some(length), rest))
        }
    }
}

fn put(tag: u8, content: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    let length = content.len();
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let bytes = length.to_be_bytes();
        let digits = &bytes[(length.leading_zeros() / 8) as usize..];
        out.push(0x80 | digits.len() as u8);
        out.extend_from_slice(digits);
    }
    out.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_and_pieces_are_resolved() {
        let ber = [0x30, 0x80, 0x24, 0x80, 0x04, 0x01, 1, 0x04, 0x81, 0x02, 2, 3, 0, 0, 0x05, 0, 0, 0];
        assert_eq!(to_der(&ber).unwrap().as_slice(), [0x30, 0x07, 0x04, 0x03, 1, 2, 3, 0x05, 0]);
    }

    #[test]
    fn der_stays_as_it_is() {
        let mut der = vec![0x30, 0x82, 0x01, 0x04, 0x04, 0x82, 0x01, 0x00];
        der.resize(8 + 256, 7);
        assert_eq!(*to_der(&der).unwrap(), der);
    }

    #[test]
    fn hostile_forms_are_refused_and_never_panic() {
        assert!(to_der(&[0x30, 0x80].repeat(1000)).is_err());
        assert!(to_der(&[0x04, 0xFF]).is_err());
        assert!(to_der(&[0x04, 0x89, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]).is_err());
        assert!(to_der(&[0x04, 0x88, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]).is_err());
        assert!(to_der(&[0x04, 0x80, 0, 0]).is_err());
        assert!(to_der(&[0x24, 0x80, 0x02, 0x01, 1, 0, 0]).is_err());
        assert!(to_der(&[]).is_err());
    }
}
