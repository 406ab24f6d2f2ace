//! The encodings that Windows PowerShell reads without being told.

/// How the characters of a script are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16 with the low byte first, behind a byte order mark.
    Utf16Le,
    /// UTF-16 with the high byte first, behind a byte order mark.
    Utf16Be,
}

impl Encoding {
    /// The encoding of a whole script; the text of an error says why it cannot be signed and what to do.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, String> {
        let encoding = match bytes {
            [0xFF, 0xFE, ..] => Self::Utf16Le,
            [0xFE, 0xFF, ..] => Self::Utf16Be,
            _ => Self::Utf8,
        };
        if encoding != Self::Utf8 {
            return if bytes.len().is_multiple_of(2) {
                Ok(encoding)
            } else {
                Err("it is UTF-16, but ends inside a character".into())
            };
        }
        if bytes.contains(&0) {
            // PowerShell itself does not recognise it, so that no signature over its characters could hold.
            return Err("it holds NUL characters: UTF-16 needs a byte order mark, save it with one".into());
        }
        match std::str::from_utf8(bytes) {
            Ok(_) => Ok(encoding),
            Err(error) => Err(format!(
                "its byte at offset {} is not UTF-8, and what it stands for differs from machine to machine: save it as UTF-8 with a byte order mark",
                error.valid_up_to()
            )),
        }
    }

    /// Bytes of one unit.
    pub(super) fn unit(self) -> usize {
        if self == Self::Utf8 { 1 } else { 2 }
    }

    /// ASCII text in this encoding.
    pub(super) fn ascii(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf16Le => text.bytes().flat_map(|byte| [byte, 0]).collect(),
            Self::Utf16Be => text.bytes().flat_map(|byte| [0, byte]).collect(),
        }
    }
}

/// Feeds `hash` with the characters as UTF-16LE.
pub(super) fn utf16le(bytes: &[u8], encoding: Encoding, mut hash: impl FnMut(&[u8])) {
    const PIECE: usize = 64 * 1024;
    match encoding {
        Encoding::Utf16Le => hash(bytes),
        Encoding::Utf16Be => {
            for piece in bytes.chunks(PIECE) {
                let turned: Vec<u8> =
                    piece.as_chunks::<2>().0.iter().flat_map(|[high, low]| [*low, *high]).collect();
                hash(&turned);
            }
        }
        Encoding::Utf8 => {
            let mut piece = Vec::with_capacity(PIECE + 4);
            // The bytes were found to be UTF-8 when the script was read.
            for chunk in bytes.utf8_chunks() {
                for unit in chunk.valid().encode_utf16() {
                    piece.extend(unit.to_le_bytes());
                    if piece.len() >= PIECE {
                        hash(&piece);
                        piece.clear();
                    }
                }
            }
            hash(&piece);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_characters_are_the_same_in_every_encoding() {
        let text = "\u{FEFF}Write-Host 'Größe 😀'\r\n";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [text.as_bytes(), &le, &be] {
            let mut found = Vec::new();
            utf16le(bytes, Encoding::of(bytes).unwrap(), |piece| found.extend_from_slice(piece));
            assert_eq!(found, le);
        }
    }

    #[test]
    fn what_powershell_would_read_differently_elsewhere_is_refused() {
        assert!(Encoding::of(b"Write-Host 'Gr\xF6\xDFe'").is_err());
        assert!(Encoding::of(&Encoding::Utf16Le.ascii("exit")).is_err());
        assert!(Encoding::of(&[0xFF, 0xFE, b'a']).is_err());
        assert_eq!(Encoding::of(b""), Ok(Encoding::Utf8));
    }
}
