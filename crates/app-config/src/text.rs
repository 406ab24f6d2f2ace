//! The bytes of a configuration file and its text: encoding, byte order mark, line endings.
//!
//! UTF-8 with or without a byte order mark, and UTF-16 with one: Windows PowerShell's `>` and Notepad's "Unicode" write
//! the latter, and .NET reads it. Inside this crate lines end with `\n` alone; what the file had is put back on writing.

use crate::{Error, MAX_LEN};

/// How the file's characters were stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8 { mark: bool },
    Utf16 { little: bool },
}

/// A file's text, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub encoding: Encoding,
    /// Whether most lines end with CR LF.
    pub crlf: bool,
    /// The text without byte order mark, lines ending with `\n`.
    pub body: String,
    /// The text as it stood, for UTF-8 with its byte order mark.
    pub original: String,
}

impl Text {
    /// Decodes a file. Refuses what is too long, or not in one of the encodings above.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Text, Error> {
        if bytes.len() > MAX_LEN {
            return Err(Error::TooLarge { len: bytes.len() as u64, limit: MAX_LEN });
        }
        let utf16 = match bytes {
            [0xFF, 0xFE, rest @ ..] => Some((rest, true)),
            [0xFE, 0xFF, rest @ ..] => Some((rest, false)),
            _ => None,
        };
        if let Some((rest, little)) = utf16 {
            let unit = if little { u16::from_le_bytes } else { u16::from_be_bytes };
            let (pairs, left) = rest.as_chunks::<2>();
            let units = pairs.iter().map(|pair| unit(*pair));
            let decoded: Result<String, _> = char::decode_utf16(units).collect();
            return match decoded {
                Ok(text) if left.is_empty() => Ok(Text::new(Encoding::Utf16 { little }, &text)),
                _ => Err(Error::Encoding("the file starts like UTF-16 but is not valid UTF-16".to_owned())),
            };
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            Error::Encoding(format!("line {line} has bytes that are not UTF-8; save the file as UTF-8"))
        })?;
        Text::from_text(text)
    }

    /// Takes a text that was decoded already; a leading byte order mark is remembered.
    pub(crate) fn from_text(text: &str) -> Result<Text, Error> {
        if text.len() > MAX_LEN {
            return Err(Error::TooLarge { len: text.len() as u64, limit: MAX_LEN });
        }
        let mark = text.starts_with('\u{FEFF}');
        Ok(Text::new(Encoding::Utf8 { mark }, text))
    }

    fn new(encoding: Encoding, original: &str) -> Text {
        let text = original.strip_prefix('\u{FEFF}').unwrap_or(original);
        let crlf_lines = text.matches("\r\n").count();
        let lines = text.matches('\n').count();
        let body = if text.contains('\r') {
            text.replace("\r\n", "\n").replace('\r', "\n")
        } else {
            text.to_owned()
        };
        Text { encoding, crlf: crlf_lines * 2 > lines, body, original: original.to_owned() }
    }

    /// `body` with this file's line endings and, for UTF-8, its byte order mark.
    pub(crate) fn render(&self, body: &str) -> String {
        let mut out = String::with_capacity(body.len() + body.len() / 16);
        if self.encoding == (Encoding::Utf8 { mark: true }) {
            out.push('\u{FEFF}');
        }
        if self.crlf {
            out.push_str(&body.replace('\n', "\r\n"));
        } else {
            out.push_str(body);
        }
        out
    }

    /// A rendered text as the bytes of a file in this file's encoding.
    pub(crate) fn encode(&self, rendered: &str) -> Vec<u8> {
        let Encoding::Utf16 { little } = self.encoding else {
            return rendered.as_bytes().to_vec();
        };
        let units = std::iter::once(0xFEFF).chain(rendered.encode_utf16());
        units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_come_back_as_they_were() {
        let text = "<a>\r\n  ж😀\r\n</a>\r\n";
        let utf16 = |big: bool| -> Vec<u8> {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            units.flat_map(|unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        for bytes in
            [text.as_bytes().to_vec(), format!("\u{FEFF}{text}").into_bytes(), utf16(false), utf16(true)]
        {
            let read = Text::from_bytes(&bytes).unwrap();
            assert_eq!(read.body, "<a>\n  ж😀\n</a>\n");
            assert!(read.crlf);
            assert_eq!(read.encode(&read.render(&read.body)), bytes);
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for (bytes, part) in [
            (&b"<a>\n\xFF\xFF</a>"[..], "line 2 has bytes that are not UTF-8"),
            (&b"\xFF\xFE<"[..], "not valid UTF-16"),
            (&b"\xFE\xFF\xD8\x00\x00<"[..], "not valid UTF-16"),
        ] {
            let message = Text::from_bytes(bytes).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
        assert!(matches!(Text::from_bytes(&vec![b' '; MAX_LEN + 1]), Err(Error::TooLarge { .. })));
    }
}
