//! Where a path leads to, by its first characters.

/// What a path starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    /// A drive, by its letter.
    Drive(u8),
    /// Another computer.
    Network,
    /// Nothing: the path is relative, or empty.
    None,
}

/// The root of a path in UTF-16.
pub fn root(path: &[u16]) -> Root {
    let rest = match strip(path, b"\\\\?\\") {
        Some(rest) if strip(rest, b"UNC\\").is_some() => return Root::Network,
        Some(rest) => rest,
        None if strip(path, b"\\\\").is_some() => return Root::Network,
        None => path,
    };
    match rest {
        [letter, colon, ..] if *colon == u16::from(b':') => match u8::try_from(*letter) {
            Ok(letter) if letter.is_ascii_alphabetic() => Root::Drive(letter.to_ascii_uppercase()),
            _ => Root::None,
        },
        _ => Root::None,
    }
}

/// What follows a beginning; a slash counts as a backslash, and the case of letters does not count.
fn strip<'a>(path: &'a [u16], start: &[u8]) -> Option<&'a [u16]> {
    let head = path.get(..start.len())?;
    let same = |(found, wanted): (&u16, &u8)| match u8::try_from(*found) {
        Ok(b'/') => *wanted == b'\\',
        Ok(found) => found.eq_ignore_ascii_case(wanted),
        Err(_) => false,
    };
    head.iter().zip(start).all(same).then(|| path.get(start.len()..)).flatten()
}

#[cfg(test)]
mod tests {
    use super::{Root, root};

    #[test]
    fn drives_are_told_from_other_computers_and_from_relative_paths() {
        for (path, expected) in [
            ("C:\\Program Files\\", Root::Drive(b'C')),
            ("d:", Root::Drive(b'D')),
            ("\\\\?\\e:\\long", Root::Drive(b'E')),
            ("\\\\server\\share", Root::Network),
            ("//server/share", Root::Network),
            ("\\\\?\\unc\\server\\share", Root::Network),
            ("Program Files", Root::None),
            ("\\Program Files", Root::None),
            ("\u{e4}:\\x", Root::None),
            ("C", Root::None),
            ("", Root::None),
        ] {
            let wide: Vec<u16> = path.encode_utf16().collect();
            assert_eq!(root(&wide), expected, "{path}");
        }
    }
}
