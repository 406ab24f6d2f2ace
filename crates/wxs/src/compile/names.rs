//! Identifiers and file names: what is valid, and how WiX 3.11 makes up those that a source leaves out.
//!
//! The generated ones must come out as WiX makes them, since a package of one compiler is upgraded by one of the other.

use crate::resolve::variables::expressions;
use md5::{Digest, Md5};
use sha1::Sha1;

/// Whether a text can be the key of a row: a letter or underscore, then letters, digits, underscores and full stops.
pub(crate) fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
}

/// A `!(loc.X)`, `!(wix.X)` or `!(bind.X)` found in a text.
pub(crate) struct Variable<'t> {
    pub(crate) namespace: &'t str,
    /// The variable is all of the text.
    pub(crate) whole: bool,
}

/// The first variable in a text that the linker or binder will replace.
pub(crate) fn find_variable(text: &str) -> Option<Variable<'_>> {
    if !text.contains('(') {
        return None;
    }
    let first = expressions(text).into_iter().next()?;
    Some(Variable { namespace: first.namespace, whole: first.range == (0..text.len()) })
}

/// Whether a text is one localization variable and nothing else.
pub(crate) fn is_localization_variable(text: &str) -> bool {
    find_variable(text).is_some_and(|variable| variable.whole && variable.namespace == "loc")
}

/// Whether a text is one WiX or binder variable and nothing else.
pub(crate) fn is_binder_variable(text: &str) -> bool {
    find_variable(text).is_some_and(|variable| variable.whole && matches!(variable.namespace, "wix" | "bind"))
}

/// Whether a name is a valid 8.3 name.
pub(crate) fn is_short_name(name: &str, wildcards: bool) -> bool {
    let legal = |c: char| {
        !matches!(c, '\\' | '|' | '>' | '<' | ':' | '/' | '"' | '+' | ',' | ';' | '=' | '[' | ']' | '.' | ' ')
            && (wildcards || !matches!(c, '?' | '*'))
    };
    let (stem, extension) = match name.split_once('.') {
        Some((stem, extension)) => (stem, extension),
        None => (name, ""),
    };
    let (max_stem, max_extension) = if wildcards { (16, 6) } else { (8, 3) };
    let counted = |part: &str| part.chars().filter(|&c| c != '*').count();
    (1..=max_stem).contains(&stem.chars().count())
        && extension.chars().count() <= max_extension
        && stem.chars().all(legal)
        && extension.chars().all(legal)
        && (!wildcards || (counted(stem) <= 8 && counted(extension) <= 3))
}

/// Whether a name is a valid long file name.
pub(crate) fn is_long_name(name: &str, wildcards: bool) -> bool {
    let legal = |c: char| {
        !matches!(c, '\\' | '|' | '>' | '<' | ':' | '/' | '"') && (wildcards || !matches!(c, '?' | '*'))
    };
    (1..=259).contains(&name.chars().count()) && name.chars().all(legal) && name.chars().any(|c| c != '.')
}

/// The cell of a file name column: `short|long`, or one of them where that says it all.
pub(crate) fn file_name_cell(short: Option<&str>, long: Option<&str>) -> Option<String> {
    match (short, long) {
        (Some(short), Some(long)) if short.to_lowercase() != long.to_lowercase() => {
            Some(format!("{short}|{long}"))
        }
        (_, Some(long)) if is_short_name(long, false) => Some(long.to_owned()),
        (short, _) => short.map(str::to_owned),
    }
}

/// The 8.3 name that WiX makes for a long name: eight characters of a hash over the name and its context.
pub(crate) fn generate_short_name(
    long: &str,
    keep_extension: bool,
    wildcards: bool,
    context: &[&str],
) -> String {
    let long = if is_localization_variable(long) { long.to_owned() } else { long.to_lowercase() };
    let mut parts = vec![long.as_str()];
    parts.extend(context);
    let mut name = base64_start(&hash(&parts.join("|"))).replace('/', "_").replace('+', "-");
    if keep_extension {
        let file_name = long.rsplit(['\\', '/', ':']).next().unwrap_or_default();
        if let Some((at, _)) = file_name.char_indices().rfind(|&(_, c)| c == '.')
            && at + 1 < file_name.len()
        {
            let extension: String = file_name[at..].chars().take(4).collect();
            if is_short_name(&format!("{name}{extension}"), wildcards) {
                name.push_str(&extension);
            }
        }
    }
    name.to_lowercase()
}

/// The row key that WiX makes from what the row is about; absent parts count as empty ones.
pub(crate) fn generate_identifier(prefix: &str, parts: &[&str]) -> String {
    let mut identifier = prefix.to_owned();
    for byte in hash(&parts.join("|")) {
        identifier.push_str(&format!("{byte:02X}"));
    }
    identifier
}

/// The row key that WiX makes while it binds, where it no longer keeps to what older versions made.
pub(crate) fn generate_identifier_by_sha1(prefix: &str, parts: &[&str]) -> String {
    let mut sha1 = Sha1::new();
    for unit in parts.join("|").encode_utf16() {
        sha1.update(unit.to_le_bytes());
    }
    let mut identifier = prefix.to_owned();
    for byte in sha1.finalize().iter().take(16) {
        identifier.push_str(&format!("{byte:02X}"));
    }
    identifier
}

/// A name with everything replaced that an identifier can't hold.
pub(crate) fn identifier_from_name(name: &str) -> String {
    let mut identifier = String::with_capacity(name.len() + 1);
    if name.starts_with(|c: char| !c.is_ascii_alphabetic() && c != '_') {
        identifier.push('_');
    }
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        let dots = rest.len() - rest.trim_start_matches('.').len();
        if dots >= 2 {
            // A run of full stops is one illegal thing, a single one is legal.
            identifier.push('_');
            rest = &rest[dots..];
            continue;
        }
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '.') {
            identifier.push(c);
        } else {
            // Characters beyond the basic plane are two units to WiX.
            (0..c.len_utf16()).for_each(|_| identifier.push('_'));
        }
        rest = &rest[c.len_utf8()..];
    }
    identifier
}

/// Registers nothing and protects nothing: MD5 is what the generated names of WiX are made with.
fn hash(text: &str) -> [u8; 16] {
    let mut md5 = Md5::new();
    for unit in text.encode_utf16() {
        md5.update(unit.to_le_bytes());
    }
    md5.finalize().into()
}

/// The first eight characters of a hash in Base64.
fn base64_start(hash: &[u8; 16]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(8);
    for three in [&hash[0..3], &hash[3..6]] {
        let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
        for shift in [18, 12, 6, 0] {
            text.push(char::from(ALPHABET[(bits >> shift & 63) as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_8_dot_3() {
        for name in ["a", "ABCDEFGH.TXT", "a.", "readme.1"] {
            assert!(is_short_name(name, false), "{name}");
        }
        for name in ["", ".a", "ABCDEFGHI", "a.text", "a b", "a.b.c", "a*"] {
            assert!(!is_short_name(name, false), "{name}");
        }
        assert!(is_short_name("*.*", true) && is_short_name("a?c*.tx*", true));
    }

    #[test]
    fn variables_are_found_where_the_binder_would_find_them() {
        assert!(is_localization_variable("!(loc.Name)"));
        assert!(!is_localization_variable("x!(loc.Name)"));
        assert!(is_binder_variable("!(bind.fileVersion.Main)"));
        assert!(find_variable("$(var.Name)").is_none());
    }

    #[test]
    fn names_become_identifiers() {
        assert_eq!(identifier_from_name("my file..txt"), "my_file_txt");
        assert_eq!(identifier_from_name("7zip.exe"), "_7zip.exe");
    }
}
