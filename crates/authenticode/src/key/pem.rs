//! PEM as release engineers have it: several blocks in one file, text around them, any line width.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use crate::KeyError;

/// One block of a PEM file.
pub(crate) struct Block {
    /// What stands between `BEGIN` and the dashes.
    pub(crate) label: String,
    /// The decoded bytes, wiped when dropped because they may be a key.
    pub(crate) der: Zeroizing<Vec<u8>>,
}

/// All blocks of `bytes`, in order; text outside of blocks is skipped.
pub(crate) fn blocks(bytes: &[u8], what: &'static str) -> Result<Vec<Block>, KeyError> {
    let malformed = |reason: &str| KeyError::Malformed { what, reason: reason.to_owned() };
    let text = std::str::from_utf8(bytes)
        .map_err(|_| malformed("it is not PEM text; a PFX or DER file belongs in another option"))?;
    let mut found = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let Some(label) = line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----")) else {
            continue;
        };
        let mut body = Zeroizing::new(String::with_capacity(text.len()));
        loop {
            let line = lines.next().ok_or_else(|| malformed("a PEM block has no END line"))?;
            if let Some(end) = line.strip_prefix("-----END ") {
                if end.strip_suffix("-----") != Some(label) {
                    return Err(malformed("the BEGIN and END lines of a PEM block differ"));
                }
                break;
            }
            if line.starts_with("Proc-Type:") && line.contains("ENCRYPTED") {
                return Err(KeyError::OldEncryptedPem);
            }
            body.push_str(line);
        }
        // The decoder is constant-time; it wants a buffer of the decoded size.
        let mut der = Zeroizing::new(vec![0; body.len() / 4 * 3 + 3]);
        let length = Base64::decode(body.as_bytes(), &mut der)
            .map_err(|_| malformed("a PEM block is not valid base64"))?
            .len();
        der.truncate(length);
        found.push(Block { label: label.to_owned(), der });
    }
    Ok(found)
}

/// Writes one PEM block, 64 characters a line.
pub(crate) fn encode(label: &str, der: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(Base64::encode_string(der));
    let mut text = Zeroizing::new(String::with_capacity(body.len() + body.len() / 64 + 2 * label.len() + 40));
    text.push_str("-----BEGIN ");
    text.push_str(label);
    text.push_str("-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = tail;
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_among_other_text() {
        let mut text = String::from("Bag Attributes\n    friendlyName: x\n");
        text.push_str(&encode("CERTIFICATE", &[1, 2, 3]));
        text.push_str("\r\n");
        text.push_str(&encode("EC PARAMETERS", &[7; 100]));
        let found = blocks(text.as_bytes(), "test").unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].label.as_str(), found[0].der.as_slice()), ("CERTIFICATE", &[1, 2, 3][..]));
        assert_eq!(found[1].der.as_slice(), [7; 100]);
    }

    #[test]
    fn broken_blocks_are_refused() {
        for text in [
            "-----BEGIN A-----\nAAAA\n",
            "-----BEGIN A-----\nAAAA\n-----END B-----\n",
            "-----BEGIN A-----\n####\n-----END A-----\n",
        ] {
            assert!(blocks(text.as_bytes(), "test").is_err(), "{text}");
        }
    }
}
