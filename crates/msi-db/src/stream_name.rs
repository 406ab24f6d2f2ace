//! Packed names of streams. Names of storages are not packed.
//!
//! Letters, digits, `.` and `_` are worth six bits each. Two of them make one code unit from U+3800 on, a single one a code unit
//! from U+4800 on; other characters stay as they are. A table's stream begins with U+4840.

/// Longest stored name, in UTF-16 code units.
pub const LIMIT: usize = 31;

const PAIR: u16 = 0x3800;
const SINGLE: u16 = 0x4800;
const TABLE: u16 = 0x4840;

/// The stored name of a stream. Names that begin with a control character, as those of property sets
/// do, are not packed.
pub fn encode(name: &str) -> Vec<u16> {
    let units: Vec<u16> = name.encode_utf16().collect();
    if units.first().is_some_and(|unit| *unit < 0x20) {
        return units;
    }
    let mut stored = Vec::with_capacity(units.len());
    let mut rest = units.as_slice();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        match (six_bits(*first), tail.first().and_then(|second| six_bits(*second))) {
            (Some(low), Some(high)) => {
                stored.push(PAIR + (high << 6 | low));
                rest = &tail[1..];
            }
            (Some(only), None) => stored.push(SINGLE + only),
            (None, _) => stored.push(*first),
        }
    }
    stored
}

/// The stored name of a table's stream.
pub fn encode_table(name: &str) -> Vec<u16> {
    let mut stored = vec![TABLE];
    stored.extend(encode(name));
    stored
}

/// What a stored name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    Table(String),
    Stream(String),
}

/// Unpacks a stored name; unpaired surrogates are replaced.
pub fn decode(stored: &[u16]) -> Decoded {
    let (table, packed) = match stored.split_first() {
        Some((&TABLE, rest)) => (true, rest),
        _ => (false, stored),
    };
    let mut units = Vec::with_capacity(2 * packed.len());
    for unit in packed {
        match *unit {
            PAIR..SINGLE => {
                let bits = unit - PAIR;
                units.extend([character(bits & 63), character(bits >> 6)]);
            }
            SINGLE..TABLE => units.push(character(unit - SINGLE)),
            other => units.push(other),
        }
    }
    let name = String::from_utf16_lossy(&units);
    if table { Decoded::Table(name) } else { Decoded::Stream(name) }
}

fn six_bits(unit: u16) -> Option<u16> {
    let byte = u8::try_from(unit).ok()?;
    Some(u16::from(match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'Z' => byte - b'A' + 10,
        b'a'..=b'z' => byte - b'a' + 36,
        b'.' => 62,
        b'_' => 63,
        _ => return None,
    }))
}

fn character(bits: u16) -> u16 {
    const CHARACTERS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._";
    CHARACTERS[usize::from(bits & 63)].into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names() {
        assert_eq!(encode_table("_StringPool"), [0x4840, 0x3f3f, 0x4577, 0x446c, 0x3e6a, 0x44b2, 0x482f]);
        assert_eq!(encode_table("_Tables"), [0x4840, 0x3f7f, 0x4164, 0x422f, 0x4836]);
        assert_eq!(decode(&[0x4840, 0x3f7f, 0x4164, 0x422f, 0x4836]), Decoded::Table("_Tables".into()));
        assert_eq!(encode("\u{5}SummaryInformation")[0], 5);
    }

    #[test]
    fn names_come_back() {
        for name in ["a", "cab1.cab", "Binary.Bild 1-é", "Icon.x.y_z", "#", "\u{5}DigitalSignature", "日本"]
        {
            assert_eq!(decode(&encode(name)), Decoded::Stream(name.into()));
            assert_eq!(decode(&encode_table(name)), Decoded::Table(name.into()));
        }
    }
}
