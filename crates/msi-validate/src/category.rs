//! The forms of text that the categories of `_Validation` stand for ("Column Data Types" in the Windows Installer reference).

use msi_db::Category;
use msi_db::condition;

/// Checks a text against its column's category. The error completes the sentence "the value … ".
pub fn check(category: Category, text: &str) -> Result<(), String> {
    let fits = match category {
        Category::Identifier => is_identifier(text),
        Category::Property => is_identifier(text.strip_prefix('%').unwrap_or(text)),
        Category::UpperCase => !text.chars().any(char::is_lowercase),
        Category::LowerCase => !text.chars().any(char::is_uppercase),
        Category::Guid => is_guid(text),
        Category::Version => is_version(text),
        Category::Language => is_language_list(text),
        Category::Cabinet => match text.strip_prefix('#') {
            Some(stream) => is_identifier(stream),
            None => is_long_name(text),
        },
        Category::Filename => return file_name(text, false),
        Category::WildCardFilename => return file_name(text, true),
        Category::DefaultDir => return default_dir(text),
        Category::Condition => {
            return condition::parse(text).map(drop).map_err(|fault| format!("is no condition: {fault}"));
        }
        Category::RegPath => !text.starts_with('\\') && !text.ends_with('\\'),
        Category::Integer => text.parse::<i16>().is_ok(),
        Category::DoubleInteger => text.parse::<i32>().is_ok(),
        // Texts of any form, or of a form that depends on properties known at run time alone.
        Category::Text
        | Category::TimeDate
        | Category::Path
        | Category::Paths
        | Category::AnyPath
        | Category::Formatted
        | Category::FormattedSddlText
        | Category::Template
        | Category::Binary
        | Category::CustomSource
        | Category::Shortcut => true,
    };
    if fits { Ok(()) } else { Err(format!("is not {}", form(category))) }
}

fn form(category: Category) -> &'static str {
    match category {
        Category::Identifier => {
            "an identifier: letters, digits, `_` and `.`, not beginning with a digit or `.`"
        }
        Category::Property => "a property's name",
        Category::UpperCase => "all upper case",
        Category::LowerCase => "all lower case",
        Category::Guid => "a GUID in braces and upper case",
        Category::Version => "a version: up to four numbers up to 65535",
        Category::Language => "a list of language numbers",
        Category::Cabinet => "a cabinet's name: `#` and a stream's identifier, or a file name",
        Category::RegPath => "a registry path, which neither begins nor ends with a backslash",
        Category::Integer | Category::DoubleInteger => "a number",
        _ => "of its column's form",
    }
}

pub fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    let first = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    first && characters.all(|character| character.is_ascii_alphanumeric() || "_.".contains(character))
}

pub fn is_guid(text: &str) -> bool {
    let shape = |(at, byte): (usize, &u8)| match at {
        0 => *byte == b'{',
        9 | 14 | 19 | 24 => *byte == b'-',
        37 => *byte == b'}',
        _ => byte.is_ascii_digit() || (b'A'..=b'F').contains(byte),
    };
    text.len() == 38 && text.as_bytes().iter().enumerate().all(shape)
}

pub fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() <= 4 && parts.iter().all(|part| is_number(part) && part.parse::<u16>().is_ok())
}

/// Numbers divided by commas, each of 16 bits.
pub fn is_language_list(text: &str) -> bool {
    text.split(',').all(|part| is_number(part.trim()) && part.trim().parse::<u16>().is_ok())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The two names of a `short|long` pair; a single name stands for both.
pub fn short_and_long(text: &str) -> (&str, &str) {
    text.split_once('|').unwrap_or((text, text))
}

fn file_name(text: &str, wildcards: bool) -> Result<(), String> {
    match text.split_once('|') {
        None if is_short_name(text, wildcards) || is_long_name_with(text, wildcards) => Ok(()),
        None => Err("is no file name".into()),
        Some((short, _)) if !is_short_name(short, wildcards) => {
            Err(format!("has `{short}` as its short name, which is not of the form 8.3"))
        }
        Some((_, long)) if !is_long_name_with(long, wildcards) => {
            Err("has a long name with a forbidden character".into())
        }
        Some(_) => Ok(()),
    }
}

fn default_dir(text: &str) -> Result<(), String> {
    let part = |name: &str| if name == "." { Ok(()) } else { file_name(name, false) };
    match text.split_once(':') {
        Some((target, source)) => part(target).and_then(|()| part(source)),
        None => part(text),
    }
}

/// A name of the form 8.3 without the characters that FAT forbids.
pub fn is_short_name(text: &str, wildcards: bool) -> bool {
    let (stem, extension) = text.rsplit_once('.').unwrap_or((text, ""));
    let lengths = match wildcards {
        true => true,
        false => (1..=8).contains(&stem.chars().count()) && extension.chars().count() <= 3,
    };
    lengths
        && !stem.contains('.')
        && !text.contains([' ', '+', ',', ';', '=', '[', ']'])
        && is_long_name_with(text, wildcards)
}

fn is_long_name(text: &str) -> bool {
    is_long_name_with(text, false)
}

fn is_long_name_with(text: &str, wildcards: bool) -> bool {
    let forbidden = |character: char| match character {
        '*' | '?' => !wildcards,
        '\\' | '/' | ':' | '|' | '<' | '>' | '"' => true,
        character => character < ' ',
    };
    !text.is_empty() && !text.contains(forbidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_category_takes_its_form_and_refuses_others() {
        let good = [
            (Category::Identifier, "_a.B9"),
            (Category::Property, "%PATH"),
            (Category::Guid, "{0A0000AA-0003-0000-0000-624474736554}"),
            (Category::Version, "65535.0.1"),
            (Category::Language, "1033,0"),
            (Category::Cabinet, "#cab1.cab"),
            (Category::Cabinet, "DATA1.CAB"),
            (Category::Filename, "README~1.TXT|Read me, please.txt"),
            (Category::Filename, "provisioning-agent.exe.config.shipped"),
            (Category::DefaultDir, "PROGRA~1|Program Files:src"),
            (Category::DefaultDir, "."),
            (Category::WildCardFilename, "*.log"),
            (Category::RegPath, "Software\\[Manufacturer]"),
            (Category::UpperCase, "INSTALLDIR"),
        ];
        for (category, text) in good {
            assert_eq!(check(category, text), Ok(()), "{category:?} {text}");
        }
        let bad = [
            (Category::Identifier, "9a"),
            (Category::Identifier, ""),
            (Category::Property, "%"),
            (Category::Guid, "{0a0000AA-0003-0000-0000-624474736554}"),
            (Category::Guid, "0A0000AA-0003-0000-0000-624474736554"),
            (Category::Version, "1.2.3.4.5"),
            (Category::Version, "1.65536"),
            (Category::Version, "1..2"),
            (Category::Language, "en-US"),
            (Category::Cabinet, "#1"),
            (Category::Filename, "toolongname.txt|x"),
            (Category::Filename, "a*b"),
            (Category::Filename, "SHORT.TXT|a:b"),
            (Category::DefaultDir, "a:b:c"),
            (Category::RegPath, "\\Software"),
            (Category::UpperCase, "InstallDir"),
            (Category::Condition, "A AND"),
        ];
        for (category, text) in bad {
            assert!(check(category, text).is_err(), "{category:?} {text}");
        }
    }
}
