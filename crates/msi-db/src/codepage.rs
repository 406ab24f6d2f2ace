//! Text in the code pages of Windows.

use encoding_rs::{Encoder, EncoderResult, Encoding, UTF_8, WINDOWS_1252};
use std::borrow::Cow;

/// A code page that strings can be converted with.
#[derive(Debug, Clone, Copy)]
pub struct Codepage {
    number: u16,
    /// `None` for the neutral code page.
    encoding: Option<&'static Encoding>,
}

impl Codepage {
    /// The code page of this number: 0 (neutral, ASCII only), 65001 (UTF-8), 1250 to 1258, 874, 932, 936, 949, 950, 54936, 866
    /// and those of ISO 8859. `None` for all others.
    pub fn new(number: u16) -> Option<Codepage> {
        let encoding = match number {
            0 => None,
            20127 => return Some(Codepage { number, encoding: None }),
            // Web pages may be UTF-16; strings of a database cannot.
            1200 | 1201 => return None,
            _ => Some(codepage::to_encoding(number)?),
        };
        Some(Codepage { number, encoding })
    }

    pub fn number(self) -> u16 {
        self.number
    }

    /// The text in this code page; `Err` is the first character that it does not have.
    pub fn encode(self, text: &str) -> Result<Cow<'_, [u8]>, char> {
        if text.is_ascii() {
            return Ok(Cow::Borrowed(text.as_bytes()));
        }
        match self.encoding {
            None => Err(text.chars().find(|c| !c.is_ascii()).unwrap_or('\u{fffd}')),
            Some(encoding) if encoding == UTF_8 => Ok(Cow::Borrowed(text.as_bytes())),
            Some(encoding) => encode(encoding.new_encoder(), text).map(Cow::Owned),
        }
    }

    /// The text of these bytes. What the code page cannot have written becomes U+FFFD. Neutral databases are read as if they
    /// were of code page 1252, which has a character for every byte.
    pub fn decode(self, bytes: &[u8]) -> String {
        let encoding = self.encoding.unwrap_or(WINDOWS_1252);
        encoding.decode_without_bom_handling(bytes).0.into_owned()
    }
}

fn encode(mut encoder: Encoder, text: &str) -> Result<Vec<u8>, char> {
    let mut bytes = Vec::with_capacity(text.len() + 16);
    let mut rest = text;
    loop {
        let (result, read) = encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut bytes, true);
        rest = &rest[read..];
        match result {
            EncoderResult::InputEmpty => return Ok(bytes),
            EncoderResult::OutputFull => bytes.reserve(rest.len() + 16),
            EncoderResult::Unmappable(character) => return Err(character),
        }
    }
}
