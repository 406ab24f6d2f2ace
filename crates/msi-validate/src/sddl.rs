//! Reads as much of a security descriptor's text form as tells who may write.

/// Accounts that ordinary users are, by alias and by SID.
const ORDINARY: [&str; 14] = [
    "WD",
    "AU",
    "BU",
    "IU",
    "NU",
    "AN",
    "BG",
    "S-1-1-0",
    "S-1-5-11",
    "S-1-5-32-545",
    "S-1-5-4",
    "S-1-5-2",
    "S-1-5-7",
    "S-1-5-32-546",
];

/// FILE_WRITE_DATA, FILE_APPEND_DATA, FILE_WRITE_EA, DELETE_CHILD, DELETE, WRITE_DAC, WRITE_OWNER, GENERIC_WRITE and GENERIC_ALL.
const WRITE: u32 =
    0x0002 | 0x0004 | 0x0010 | 0x0040 | 0x0001_0000 | 0x0004_0000 | 0x0008_0000 | 0x4000_0000 | 0x1000_0000;

/// Rights by their two letters, as far as they write.
const WRITE_LETTERS: [&str; 11] = ["FA", "FW", "GA", "GW", "KA", "KW", "SD", "WD", "WO", "DC", "CC"];

/// Whether the text is a descriptor: parts `O:`, `G:`, `D:`, `S:`, each once and in this order, with balanced entries.
pub fn is_descriptor(text: &str) -> bool {
    let mut rest = text.trim();
    if rest.is_empty() {
        return false;
    }
    for part in ["O:", "G:", "D:", "S:"] {
        let Some(after) = rest.strip_prefix(part) else { continue };
        let end = ["O:", "G:", "D:", "S:"]
            .iter()
            .filter_map(|next| outside(after, next))
            .min()
            .unwrap_or(after.len());
        let body = &after[..end];
        let lists = part == "D:" || part == "S:";
        if body.matches('(').count() != body.matches(')').count()
            || lists != (lists && !body.contains(":("))
            || (!lists && body.is_empty())
        {
            return false;
        }
        if lists && entries(body).any(|entry| entry.split(';').count() < 6) {
            return false;
        }
        rest = &after[end..];
    }
    rest.is_empty()
}

/// The first ordinary account that the descriptor lets write, or a word for everybody.
pub fn lets_ordinary_users_write(text: &str) -> Option<String> {
    let at = outside(text, "D:").or_else(|| text.starts_with("D:").then_some(0))?;
    let list = &text[at + 2..];
    let list = &list[..outside(list, "S:").unwrap_or(list.len())];
    if list.starts_with("NO_ACCESS_CONTROL") {
        return Some("everybody (there is no access list)".into());
    }
    entries(list).find_map(|entry| {
        let fields: Vec<&str> = entry.split(';').collect();
        let [kind, _, rights, _, _, account, ..] = fields[..] else { return None };
        let allows = matches!(kind.trim(), "A" | "XA");
        (allows && ORDINARY.contains(&account.trim()) && writes(rights.trim()))
            .then(|| account.trim().to_owned())
    })
}

fn writes(rights: &str) -> bool {
    let hexadecimal = rights.strip_prefix("0x").or_else(|| rights.strip_prefix("0X"));
    if let Some(number) = hexadecimal {
        return u32::from_str_radix(number, 16).is_ok_and(|number| number & WRITE != 0);
    }
    if let Ok(number) = rights.parse::<u32>() {
        return number & WRITE != 0;
    }
    let letters: Vec<char> = rights.chars().collect();
    letters.chunks(2).any(|pair| WRITE_LETTERS.contains(&String::from_iter(pair).as_str()))
}

/// The entries of a list, without their parentheses.
fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.split('(').skip(1).map(|entry| entry.split(')').next().unwrap_or_default())
}

/// Where a part begins that stands in no parentheses.
fn outside(text: &str, part: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 && at > 0 && text[at..].starts_with(part) => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_write_is_read() {
        let closed = "D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)";
        assert_eq!(lets_ordinary_users_write(closed), None);
        for (text, who) in [
            ("D:(A;OICI;GA;;;WD)", "WD"),
            ("O:BAG:SYD:P(A;;FA;;;SY)(A;;0x1301bf;;;S-1-5-32-545)", "S-1-5-32-545"),
            ("D:(D;;FA;;;WD)(A;;GRGW;;;AU)S:(AU;FA;GA;;;WD)", "AU"),
        ] {
            assert_eq!(lets_ordinary_users_write(text).as_deref(), Some(who), "{text}");
        }
        assert!(lets_ordinary_users_write("D:NO_ACCESS_CONTROL").is_some());
        assert_eq!(lets_ordinary_users_write("O:SYS:(AU;FA;GA;;;WD)"), None);
    }

    #[test]
    fn descriptors_are_told_from_other_texts() {
        for text in
            ["D:", "D:PAI(A;;FA;;;SY)", "O:BAG:SYD:(A;;FA;;;SY)S:(AU;FA;GA;;;WD)", "D:(A;;FA;;;S-1-5-80-1-2)"]
        {
            assert!(is_descriptor(text), "{text}");
        }
        for text in ["", "x", "D:(A;;FA;;;SY", "D:(A;FA)", "O:"] {
            assert!(!is_descriptor(text), "{text}");
        }
    }
}
