//! The order in which WiX keeps names: .NET's culture-sensitive comparison, as far as identifiers need it.

use std::cmp::Ordering;

/// Compares two identifiers: letters without regard to case, digits before letters, `.` before `_` before digits; lower case
/// before upper case where nothing else differs.
pub fn compare(a: &str, b: &str) -> Ordering {
    let weights =
        |text: &str| text.chars().filter(|c| !matches!(c, '-' | '\'')).map(weight).collect::<Vec<_>>();
    weights(a)
        .cmp(&weights(b))
        .then_with(|| {
            let case = |text: &str| text.chars().map(char::is_uppercase).collect::<Vec<_>>();
            case(a).cmp(&case(b))
        })
        .then_with(|| a.cmp(b))
}

/// Joins names the way the lists in the Property table are written: each once, in order, separated by `;`.
pub(super) fn joined<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_by(|a, b| compare(a, b));
    names.dedup();
    names.join(";")
}

fn weight(c: char) -> (u8, char) {
    match c {
        '.' => (0, c),
        '_' => (1, c),
        '0'..='9' => (2, c),
        c if c.is_alphabetic() => (3, c.to_lowercase().next().unwrap_or(c)),
        c => (0, c),
    }
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn names_come_in_the_order_of_a_dictionary() {
        assert_eq!(joined(["fuse_x64.pc", "fuse.tar.x64", "fuse.h"]), "fuse.h;fuse.tar.x64;fuse_x64.pc");
        assert_eq!(joined(["b", "A_1", "a", "A1", "_z", "B", "a"]), "_z;a;A_1;A1;b;B");
    }
}
