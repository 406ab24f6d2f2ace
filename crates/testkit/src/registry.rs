//! The registry of a machine, 64-bit view, read while it runs.

use crate::machine::Machine;
use std::collections::BTreeMap;

/// A registry value. What is neither text nor a DWORD is kept as its type number and hexadecimal bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistryValue {
    Text(String),
    Expand(String),
    Dword(u32),
    Other { kind: u32, hex: String },
}

/// Keys with their values. Paths begin with `HKLM` or `HKCU`; paths and names are kept as written and found in any case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegistryDump {
    /// By lower-case path: the path as written, and by lower-case name the name as written with its value.
    keys: BTreeMap<String, (String, Values)>,
}

type Values = BTreeMap<String, (String, RegistryValue)>;

impl Machine {
    /// A key with all its subkeys; empty where the key does not exist.
    pub fn registry(&self, key: &str) -> RegistryDump {
        let finished = self.ask(&["registry", key]);
        match finished.code {
            0 => RegistryDump::parse(&finished.text()),
            2 => RegistryDump::default(),
            code => panic!("cannot read {key}: {code} {}", finished.stderr),
        }
    }

    /// One value.
    pub fn registry_value(&self, key: &str, name: &str) -> Option<RegistryValue> {
        self.registry(key).value(key, name).cloned()
    }

    /// Writes a string value, as an administrator would in regedit.
    pub fn set_registry_text(&self, key: &str, name: &str, text: &str) {
        self.reg_add(&format!("\"{key}\" /v \"{name}\" /t REG_SZ /d \"{text}\""));
    }

    /// Writes a DWORD value.
    pub fn set_registry_dword(&self, key: &str, name: &str, number: u32) {
        self.reg_add(&format!("\"{key}\" /v \"{name}\" /t REG_DWORD /d {number}"));
    }

    fn reg_add(&self, what: &str) {
        let ran = self.run(&format!("reg add {what} /f"));
        assert_eq!(ran.code, 0, "reg add {what}: {}{}", ran.stdout, ran.stderr);
    }
}

impl RegistryDump {
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub fn has_key(&self, key: &str) -> bool {
        self.keys.contains_key(&key.to_lowercase())
    }

    pub fn value(&self, key: &str, name: &str) -> Option<&RegistryValue> {
        let (_, values) = self.keys.get(&key.to_lowercase())?;
        values.get(&name.to_lowercase()).map(|(_, value)| value)
    }

    /// A string value's text, expanded or not.
    pub fn text(&self, key: &str, name: &str) -> Option<&str> {
        match self.value(key, name)? {
            RegistryValue::Text(text) | RegistryValue::Expand(text) => Some(text),
            _ => None,
        }
    }

    pub fn dword(&self, key: &str, name: &str) -> Option<u32> {
        match self.value(key, name)? {
            RegistryValue::Dword(number) => Some(*number),
            _ => None,
        }
    }

    /// Paths of all keys, as written.
    pub fn key_paths(&self) -> impl Iterator<Item = &str> {
        self.keys.values().map(|(path, _)| path.as_str())
    }

    /// One line for each key and each value, for snapshots.
    pub fn lines(&self) -> impl Iterator<Item = (String, String)> {
        self.keys.values().flat_map(|(path, values)| {
            let values =
                values.values().map(move |(name, value)| (format!("{path}\\{name}"), format!("{value:?}")));
            std::iter::once((path.clone(), "key".to_owned())).chain(values)
        })
    }

    /// Adds the keys of another dump.
    pub fn merge(&mut self, other: RegistryDump) {
        self.keys.extend(other.keys);
    }

    fn parse(text: &str) -> RegistryDump {
        let mut dump = RegistryDump::default();
        let mut values: Option<&mut Values> = None;
        for line in text.lines() {
            let cells: Vec<String> =
                line.split('\t').map(|cell| unescape(cell.trim_end_matches('\r'))).collect();
            match cells.as_slice() {
                [kind, path] if kind == "K" => {
                    let entry = dump.keys.entry(path.to_lowercase());
                    values = Some(&mut entry.or_insert_with(|| (path.clone(), BTreeMap::new())).1);
                }
                [kind, name, of, value] if kind == "V" => {
                    let value = match of.as_str() {
                        "sz" => RegistryValue::Text(value.clone()),
                        "expand" => RegistryValue::Expand(value.clone()),
                        "dword" => {
                            RegistryValue::Dword(value.parse().expect("machine.exe prints DWORDs in decimal"))
                        }
                        of => {
                            let kind = of.parse().expect("machine.exe prints other types as numbers");
                            RegistryValue::Other { kind, hex: value.clone() }
                        }
                    };
                    let values = values.as_mut().expect("machine.exe prints a key before its values");
                    values.insert(name.to_lowercase(), (name.clone(), value));
                }
                _ => panic!("machine.exe printed a line that is none of its own: {line}"),
            }
        }
        dump
    }
}

/// Undoes the escapes of `machine.exe`.
pub(crate) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_names_are_found_in_any_case_and_escapes_are_undone() {
        let dump = RegistryDump::parse(
            "K\tHKLM\\\\Software\\\\A\nV\tDir\tsz\tC:\\\\x\\ty\nV\tN\tdword\t7\nV\t\t3\t00ff\n",
        );
        assert_eq!(dump.text("HKLM\\SOFTWARE\\a", "DIR"), Some("C:\\x\ty"));
        assert_eq!(dump.dword("hklm\\software\\a", "n"), Some(7));
        let other = RegistryValue::Other { kind: 3, hex: "00ff".into() };
        assert_eq!(dump.value("HKLM\\Software\\A", ""), Some(&other));
        assert_eq!(dump.lines().count(), 4);
    }
}
