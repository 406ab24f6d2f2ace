//! The block of comments that holds a script's signature.

use base64ct::{Base64, Encoding as _};

use super::text::Encoding;

const BEGIN: &str = "# SIG # Begin signature block";
const END: &str = "# SIG # End signature block";
/// Characters of base64 in a line.
const WIDTH: usize = 64;

/// The signature of a script, as found.
pub(crate) enum Found {
    /// There is none.
    Nothing,
    /// There is a block that is no signature; the text says why.
    Malformed(String),
    /// There is one.
    Signature {
        /// The PKCS#7 structure.
        der: Vec<u8>,
        /// How many bytes follow the block.
        stuffed: u64,
    },
}

/// The block in this encoding, the line break before it included.
pub(super) fn write(der: &[u8], encoding: Encoding) -> Vec<u8> {
    let mut text = format!("\r\n{BEGIN}\r\n");
    let base64 = Base64::encode_string(der);
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(WIDTH.min(rest.len()));
        text.push_str("# ");
        text.push_str(line);
        text.push_str("\r\n");
        rest = more;
    }
    text.push_str(END);
    text.push_str("\r\n");
    encoding.ascii(&text)
}

/// Where the content ends, and the signature behind it. The first line that begins a block ends the content.
pub(super) fn find(bytes: &[u8], encoding: Encoding) -> (usize, Found) {
    let begin = encoding.ascii(BEGIN);
    let mut lines = Lines { bytes, encoding, at: 0 };
    while let Some((start, line)) = lines.next() {
        if line == begin {
            return (content_end(bytes, encoding, start), read(&mut lines, encoding));
        }
    }
    (bytes.len(), Found::Nothing)
}

/// The content ends before the line break that the block begins with: CR LF, or LF where someone turned the line ends.
fn content_end(bytes: &[u8], encoding: Encoding, start: usize) -> usize {
    let before = &bytes[..start];
    [encoding.ascii("\r\n"), encoding.ascii("\n")]
        .iter()
        .find(|ending| before.ends_with(ending))
        .map_or(start, |ending| start - ending.len())
}

fn read(lines: &mut Lines<'_>, encoding: Encoding) -> Found {
    let (prefix, end) = (encoding.ascii("# "), encoding.ascii(END));
    let mut base64 = Vec::new();
    loop {
        let Some((_, line)) = lines.next() else {
            return Found::Malformed("its block of comments has no end".into());
        };
        if line == end {
            break;
        }
        let Some(text) = line.strip_prefix(prefix.as_slice()) else {
            return Found::Malformed("a line of its block is no comment".into());
        };
        let (unit, low) = (encoding.unit(), usize::from(encoding == Encoding::Utf16Be));
        for character in text.chunks(unit) {
            if character.iter().enumerate().any(|(index, byte)| index != low && *byte != 0) {
                return Found::Malformed("its block holds more than base64".into());
            }
            base64.push(character[low]);
        }
    }
    let stuffed = (lines.bytes.len() - lines.at) as u64;
    let decoded = std::str::from_utf8(&base64).ok().and_then(|text| Base64::decode_vec(text).ok());
    match decoded.filter(|der| crate::pe::der_length(der) == Some(der.len())) {
        Some(der) => Found::Signature { der, stuffed },
        None => Found::Malformed("its block does not hold one whole signature in base64".into()),
    }
}

/// Lines with where they start, without their CR LF or LF.
struct Lines<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    at: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<(usize, &'a [u8])> {
        let start = self.at;
        let rest = &self.bytes[start..];
        if rest.is_empty() {
            return None;
        }
        let (feed, unit) = (self.encoding.ascii("\n"), self.encoding.unit());
        let length = match unit {
            1 => rest.iter().position(|byte| *byte == b'\n'),
            _ => rest.chunks(unit).position(|character| character == feed).map(|index| index * unit),
        };
        self.at = length.map_or(self.bytes.len(), |length| start + length + unit);
        let line = &rest[..length.unwrap_or(rest.len())];
        Some((start, line.strip_suffix(self.encoding.ascii("\r").as_slice()).unwrap_or(line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A SEQUENCE of as many bytes as make several lines.
    fn der() -> Vec<u8> {
        [&[0x30, 0x81, 200][..], &[7; 200]].concat()
    }

    #[test]
    fn what_is_written_is_found() {
        for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
            for text in ["", "exit 1", "exit 1\r\n", "exit 1\n\n", "# SIG # Begin signature block, they say"]
            {
                let content = encoding.ascii(text);
                let script = [content.clone(), write(&der(), encoding)].concat();
                let (end, found) = find(&script, encoding);
                assert_eq!(end, content.len(), "{encoding:?} {text:?}");
                assert!(matches!(found, Found::Signature { der: found, stuffed: 0 } if found == der()));
                let longer = [script, encoding.ascii("Remove-Item C:\\")].concat();
                let (_, found) = find(&longer, encoding);
                assert!(
                    matches!(found, Found::Signature { stuffed, .. } if stuffed == 15 * encoding.unit() as u64)
                );
            }
        }
    }

    #[test]
    fn blocks_that_are_none() {
        for text in [
            "x\r\n# SIG # Begin signature block\r\n",
            "x\r\n# SIG # Begin signature block\r\n# MIIB\r\nRemove-Item C:\\\r\n# SIG # End signature block\r\n",
            "x\r\n# SIG # Begin signature block\r\n# !\r\n# SIG # End signature block\r\n",
            "x\r\n# SIG # Begin signature block\r\n# SIG # End signature block\r\n",
        ] {
            let (end, found) = find(text.as_bytes(), Encoding::Utf8);
            assert_eq!(end, 1, "{text:?}");
            assert!(matches!(found, Found::Malformed(_)), "{text:?}");
        }
        let (end, found) = find(b"no signature", Encoding::Utf8);
        assert!(end == 12 && matches!(found, Found::Nothing));
    }
}
