//! Names of entries: how they compare.

use std::cmp::Ordering;

/// The order of siblings in a directory tree: the shorter name first, then the upper-cased code units.
pub fn compare_names(a: &[u16], b: &[u16]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().map(upper).cmp(b.iter().map(upper)))
}

/// Simple upper-case mapping of one UTF-16 code unit: surrogates and characters without a one-unit mapping stay.
fn upper(unit: &u16) -> u16 {
    if *unit < 0x80 {
        return u16::from((*unit as u8).to_ascii_uppercase());
    }
    let Some(character) = char::from_u32(u32::from(*unit)) else { return *unit };
    let mut mapped = character.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => u16::try_from(u32::from(one)).unwrap_or(*unit),
        _ => *unit,
    }
}

/// A name as text for messages; control characters are escaped by `{:?}`.
pub(crate) fn display(name: &[u16]) -> String {
    String::from_utf16_lossy(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cmp(a: &str, b: &str) -> Ordering {
        compare_names(&a.encode_utf16().collect::<Vec<_>>(), &b.encode_utf16().collect::<Vec<_>>())
    }

    #[test]
    fn length_decides_before_letters_and_case_does_not_count() {
        assert_eq!(cmp("b", "aa"), Ordering::Less);
        assert_eq!(cmp("ab", "AC"), Ordering::Less);
        assert_eq!(cmp("Straße", "STRAßE"), Ordering::Equal);
        assert_eq!(cmp("é", "É"), Ordering::Equal);
        assert_eq!(cmp("_", "a"), Ordering::Greater, "letters are compared in upper case");
    }
}
