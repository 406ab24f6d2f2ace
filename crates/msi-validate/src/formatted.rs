//! What a formatted text refers to (`Formatted` in the Windows Installer reference).

/// A reference in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference<'a> {
    /// `[Name]`
    Property(&'a str),
    /// `[%Name]`
    Environment(&'a str),
    /// `[#File]` or `[!File]`
    File(&'a str),
    /// `[$Component]`
    Component(&'a str),
}

/// The references of a text, innermost brackets first looked at: `[A[B]]` refers to `B` only, since the outer name is known at
/// run time alone. Fields of records (`[1]`), escaped characters (`[\x]`) and `[~]` are none.
pub fn references(text: &str) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    let mut open = None;
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '[' if text[at + 1..].starts_with('\\') => {
                // `[\[]`: the backslash, the character it escapes, the closing bracket.
                characters.next();
                characters.next();
                characters.next();
                open = None;
            }
            '[' => open = Some(at + 1),
            ']' => {
                if let Some(start) = open.take() {
                    found.extend(reference(&text[start..at]));
                }
            }
            _ => {}
        }
    }
    found
}

fn reference(name: &str) -> Option<Reference<'_>> {
    let plain = |name: &str| !name.is_empty() && !name.contains(|character: char| character.is_whitespace());
    match name.as_bytes().first()? {
        b'#' | b'!' => Some(Reference::File(&name[1..])),
        b'$' => Some(Reference::Component(&name[1..])),
        b'%' => Some(Reference::Environment(&name[1..])),
        b'~' => None,
        first if first.is_ascii_digit() => None,
        _ => plain(name).then_some(Reference::Property(name)),
    }
}

/// The properties of a text.
pub fn properties(text: &str) -> impl Iterator<Item = &str> {
    references(text).into_iter().filter_map(|reference| match reference {
        Reference::Property(name) => Some(name),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_reference_is_told_apart() {
        use Reference::{Component, Environment, File, Property};
        let text = r"[A]x[#file] [!short][$comp][%PATH] [1] [\[]B[\]] [~] [Outer[Inner]]";
        let expected = [
            Property("A"),
            File("file"),
            File("short"),
            Component("comp"),
            Environment("PATH"),
            Property("Inner"),
        ];
        assert_eq!(references(text), expected);
    }

    #[test]
    fn broken_brackets_refer_to_nothing_and_do_no_harm() {
        for text in ["[", "]", "[]", "[\\", "[\\]", "]]A[[", "[a b]", "[\u{e9}"] {
            assert_eq!(references(text), [], "{text}");
        }
    }
}
