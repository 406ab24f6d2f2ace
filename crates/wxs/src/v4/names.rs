//! Ids, short names and upgrade codes as WiX 4 makes them up: what it hashes is UTF-8, and the hash is SHA-1.

use sha1::{Digest, Sha1};
use uuid::{Uuid, uuid};

/// Namespace of the upgrade codes that a package's `Id` stands for.
const UPGRADE_CODES: Uuid = uuid!("D9C5E8D9-0F97-4D24-A235-91BD2FA169A6");

/// The key of a row from what the row is about; absent parts count as empty ones.
pub(crate) fn identifier(prefix: &str, parts: &[&str]) -> String {
    let text = base64(&Sha1::digest(parts.join("|").as_bytes()));
    format!("{prefix}{}", text.trim_end_matches('=').replace('+', ".").replace('/', "_"))
}

/// The 8.3 name of a long one.
pub fn short_name(long: &str, keep_extension: bool, context: &[&str]) -> String {
    let long = long.to_lowercase();
    let mut parts = vec![long.as_str()];
    parts.extend(context);
    let mut name = base64(&Sha1::digest(parts.join("|").as_bytes()));
    name.truncate(8);
    let mut name = name.replace('+', "-").replace('/', "_");
    if keep_extension
        && let Some(at) = long.rfind('.')
        && at + 1 < long.len()
    {
        let extension: String = long[at..].chars().take(4).collect();
        let whole = format!("{name}{extension}");
        if crate::compile::names::is_short_name(&whole, false) {
            name = whole;
        }
    }
    name.to_lowercase()
}

/// Whether a name is one of eight characters and three already.
pub fn is_short(name: &str) -> bool {
    crate::compile::names::is_short_name(name, false)
}

/// The upgrade code of a package that has an `Id` in its place.
pub(crate) fn upgrade_code(id: &str) -> String {
    let bytes: Vec<u8> = id.encode_utf16().flat_map(u16::to_le_bytes).collect();
    format!("{{{:X}}}", Uuid::new_v5(&UPGRADE_CODES, &bytes).hyphenated())
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (at, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = char::from(ALPHABET[(bits >> shift & 63) as usize]);
            text.push(if at <= chunk.len() { digit } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_wix_makes() {
        // As the tests of WiX 4 state them.
        let id = identifier("d", &["ProgramFilesFolder", "Example Corporation", "", "", ""]);
        assert_eq!(id, "dwGveZhe5wcMbbRyRAkRwm2sqnE4");
        let short = short_name("Example Corporation", false, &["Directory", "ProgramFilesFolder"]);
        assert_eq!(short, "u7-b4gch");
    }
}
