//! Summary information: the property set that says what a package is.
//!
//! The stream is an OLE property set: a header, one section, and in it a table of property numbers and offsets before the
//! values. Each value begins with its type and is padded to four bytes. Strings are in the code page that property 1 names.

use crate::codepage::Codepage;
use crate::error::{Place, ReadError, WriteError};

/// The properties of a package's summary information stream. `None` is a property that is not there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SummaryInfo {
    /// Code page of the strings below.
    pub codepage: Option<u16>,
    pub title: Option<String>,
    pub subject: Option<String>,
    pub author: Option<String>,
    pub keywords: Option<String>,
    pub comments: Option<String>,
    /// Platform and languages: `x64;1033`.
    pub template: Option<String>,
    pub last_author: Option<String>,
    /// Package code of an installation package.
    pub revision: Option<String>,
    pub edit_time: Option<FileTime>,
    pub last_printed: Option<FileTime>,
    pub created: Option<FileTime>,
    pub last_saved: Option<FileTime>,
    /// Least Windows Installer version, times 100.
    pub page_count: Option<i32>,
    /// Kind of the source: 2 is compressed, 4 signed by an administrator, 8 no elevation needed.
    pub word_count: Option<i32>,
    pub character_count: Option<i32>,
    pub creating_application: Option<String>,
    /// 0 no restriction, 2 read-only recommended, 4 read-only enforced.
    pub security: Option<i32>,
}

/// A moment in steps of 100 ns since 1601, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileTime(pub u64);

impl FileTime {
    /// The moment given in seconds since 1970, UTC; what lies before 1601 becomes 1601.
    pub fn from_unix_seconds(seconds: i64) -> FileTime {
        FileTime(
            u64::try_from(seconds.saturating_add(11_644_473_600)).unwrap_or(0).saturating_mul(10_000_000),
        )
    }

    /// Seconds since 1970, rounded down.
    pub fn unix_seconds(self) -> i64 {
        (self.0 / 10_000_000) as i64 - 11_644_473_600
    }
}

/// Name of the stream.
pub(crate) const SUMMARY_STREAM: &str = "\u{5}SummaryInformation";

/// {F29F85E0-4FF9-1068-AB91-08002B27B3D9}, which says what the numbers of the properties mean.
const FORMAT: [u8; 16] =
    [0xe0, 0x85, 0x9f, 0xf2, 0xf9, 0x4f, 0x68, 0x10, 0xab, 0x91, 0x08, 0x00, 0x2b, 0x27, 0xb3, 0xd9];
const SECTION_AT: u32 = 48;

const VT_I2: u32 = 2;
const VT_I4: u32 = 3;
const VT_LPSTR: u32 = 30;
const VT_FILETIME: u32 = 64;

const CODEPAGE: u32 = 1;

/// A property's value with its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Property {
    Short(i16),
    Int(i32),
    Text(String),
    Time(FileTime),
}

/// Where a property is kept.
enum Slot<'a> {
    Short(&'a mut Option<u16>),
    Int(&'a mut Option<i32>),
    Text(&'a mut Option<String>),
    Time(&'a mut Option<FileTime>),
}

impl SummaryInfo {
    /// The properties that are there, by number.
    pub fn properties(&self) -> Vec<(u32, Property)> {
        // Slots are mutable so that there is one list of them; a copy does not mind.
        let mut copy = self.clone();
        let present = (1..=19).filter_map(|id| {
            let property = match copy.slot(id)? {
                Slot::Short(slot) => Property::Short(slot.take()? as i16),
                Slot::Int(slot) => Property::Int(slot.take()?),
                Slot::Text(slot) => Property::Text(slot.take()?),
                Slot::Time(slot) => Property::Time(slot.take()?),
            };
            Some((id, property))
        });
        present.collect()
    }

    /// Sets the property of this number. `false` where there is no such property or it has another type.
    pub fn set(&mut self, id: u32, property: Property) -> bool {
        match (self.slot(id), property) {
            (Some(Slot::Short(slot)), Property::Short(value)) => *slot = Some(value as u16),
            (Some(Slot::Int(slot)), Property::Int(value)) => *slot = Some(value),
            (Some(Slot::Text(slot)), Property::Text(value)) => *slot = Some(value),
            (Some(Slot::Time(slot)), Property::Time(value)) => *slot = Some(value),
            _ => return false,
        }
        true
    }

    fn slot(&mut self, id: u32) -> Option<Slot<'_>> {
        Some(match id {
            CODEPAGE => Slot::Short(&mut self.codepage),
            2 => Slot::Text(&mut self.title),
            3 => Slot::Text(&mut self.subject),
            4 => Slot::Text(&mut self.author),
            5 => Slot::Text(&mut self.keywords),
            6 => Slot::Text(&mut self.comments),
            7 => Slot::Text(&mut self.template),
            8 => Slot::Text(&mut self.last_author),
            9 => Slot::Text(&mut self.revision),
            10 => Slot::Time(&mut self.edit_time),
            11 => Slot::Time(&mut self.last_printed),
            12 => Slot::Time(&mut self.created),
            13 => Slot::Time(&mut self.last_saved),
            14 => Slot::Int(&mut self.page_count),
            15 => Slot::Int(&mut self.word_count),
            16 => Slot::Int(&mut self.character_count),
            18 => Slot::Text(&mut self.creating_application),
            19 => Slot::Int(&mut self.security),
            _ => return None,
        })
    }

    /// The stream's bytes.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, WriteError> {
        let number = self.codepage.unwrap_or(0);
        let codepage = Codepage::new(number).ok_or(WriteError::UnsupportedCodepage(number))?;
        let properties = self.properties();
        let mut table = Vec::new();
        let mut values = Vec::new();
        let values_at = 8 + 8 * properties.len();
        for (id, property) in properties {
            table.extend(id.to_le_bytes());
            table.extend(((values_at + values.len()) as u32).to_le_bytes());
            match property {
                Property::Short(value) => {
                    values.extend(VT_I2.to_le_bytes());
                    values.extend(value.to_le_bytes());
                }
                Property::Int(value) => {
                    values.extend(VT_I4.to_le_bytes());
                    values.extend(value.to_le_bytes());
                }
                Property::Time(FileTime(value)) => {
                    values.extend(VT_FILETIME.to_le_bytes());
                    values.extend(value.to_le_bytes());
                }
                Property::Text(text) => {
                    let bytes = codepage.encode(&text).map_err(|character| WriteError::Unencodable {
                        place: Place {
                            table: "_SummaryInformation".to_owned(),
                            key: id.to_string(),
                            column: None,
                        },
                        text: text.clone(),
                        character,
                        codepage: number,
                    })?;
                    values.extend(VT_LPSTR.to_le_bytes());
                    values.extend((bytes.len() as u32 + 1).to_le_bytes());
                    values.extend_from_slice(&bytes);
                    values.push(0);
                }
            }
            values.resize(values.len().next_multiple_of(4), 0);
        }
        let mut bytes = vec![0xfe, 0xff, 0, 0];
        bytes.extend([6, 1, 2, 0]); // written by Windows 6.1, so to speak
        bytes.extend([0; 16]);
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(FORMAT);
        bytes.extend(SECTION_AT.to_le_bytes());
        bytes.extend(((values_at + values.len()) as u32).to_le_bytes());
        bytes.extend((table.len() as u32 / 8).to_le_bytes());
        bytes.extend(table);
        bytes.extend(values);
        Ok(bytes)
    }

    /// Reads the stream's bytes. Properties that this type does not have are left out.
    pub(crate) fn parse(bytes: &[u8]) -> Result<SummaryInfo, ReadError> {
        let word = |at: usize| word_at(bytes, at);
        if word(0)? & 0xffff != 0xfffe {
            return Err(ReadError::Summary("it does not begin with the byte order mark"));
        }
        if bytes.get(28..44) != Some(&FORMAT[..]) {
            return Err(ReadError::Summary("it has another format"));
        }
        let start = word(44)? as usize;
        let section = bytes.get(start..).ok_or(ReadError::Summary("its section is missing"))?;
        let count = word_at(section, 4)? as usize;
        if count > section.len() / 8 {
            return Err(ReadError::Summary("it has more properties than bytes"));
        }
        let mut info = SummaryInfo::default();
        // Strings need the code page, wherever it stands.
        let mut found = Vec::new();
        for index in 0..count {
            let (id, at) = (word_at(section, 8 + 8 * index)?, word_at(section, 12 + 8 * index)? as usize);
            if id == CODEPAGE {
                info.codepage = Some(word_at(section, at.saturating_add(4))? as u16);
            } else {
                found.push((id, at));
            }
        }
        let number = info.codepage.unwrap_or(0);
        let codepage = Codepage::new(number).ok_or(ReadError::UnsupportedCodepage(number.into()))?;
        for (id, at) in found {
            if info.slot(id).is_none() {
                continue;
            }
            let value_at = at.saturating_add(4);
            let value = word_at(section, value_at)?;
            let property = match word_at(section, at)? {
                VT_I2 => Property::Int((value as i16).into()),
                VT_I4 => Property::Int(value as i32),
                VT_FILETIME => {
                    let high = word_at(section, value_at.saturating_add(4))?;
                    Property::Time(FileTime(u64::from(high) << 32 | u64::from(value)))
                }
                VT_LPSTR => {
                    let text = section.get(value_at + 4..).and_then(|rest| rest.get(..value as usize));
                    let text = text.ok_or(ReadError::Summary("a string goes past its end"))?;
                    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
                    Property::Text(codepage.decode(text))
                }
                _ => return Err(ReadError::Summary("a property has a type of its own")),
            };
            if !info.set(id, property) {
                return Err(ReadError::Summary("a property has another type than it should"));
            }
        }
        Ok(info)
    }
}

fn word_at(bytes: &[u8], at: usize) -> Result<u32, ReadError> {
    let word = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    Ok(u32::from_le_bytes(*word.ok_or(ReadError::Summary("it ends too early"))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> SummaryInfo {
        SummaryInfo {
            codepage: Some(1252),
            title: Some("Installation Database".into()),
            author: Some("Prüfer".into()),
            template: Some("x64;1033".into()),
            revision: Some("{00000000-0000-0000-0000-000000000001}".into()),
            created: Some(FileTime::from_unix_seconds(1_700_000_000)),
            page_count: Some(500),
            word_count: Some(2),
            security: Some(2),
            ..SummaryInfo::default()
        }
    }

    #[test]
    fn comes_back() {
        let bytes = sample().to_bytes().unwrap();
        assert_eq!(SummaryInfo::parse(&bytes).unwrap(), sample());
        let utf8 = SummaryInfo { codepage: Some(65001), author: Some("日本".into()), ..sample() };
        assert_eq!(SummaryInfo::parse(&utf8.to_bytes().unwrap()).unwrap(), utf8);
    }

    #[test]
    fn characters_that_do_not_fit_are_named() {
        let info = SummaryInfo { author: Some("日本".into()), ..sample() };
        let message = info.to_bytes().unwrap_err().to_string();
        assert!(message.contains("日") && message.contains("1252"), "{message}");
    }

    #[test]
    fn cut_or_changed_bytes_never_panic() {
        let bytes = sample().to_bytes().unwrap();
        for len in 0..bytes.len() {
            let _ = SummaryInfo::parse(&bytes[..len]);
        }
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[at] = value;
                let _ = SummaryInfo::parse(&changed);
            }
        }
    }

    #[test]
    fn times_convert() {
        assert_eq!(FileTime::from_unix_seconds(0).0, 116_444_736_000_000_000);
        assert_eq!(FileTime::from_unix_seconds(-5).unix_seconds(), -5);
        assert_eq!(FileTime::from_unix_seconds(i64::MIN).0, 0);
    }
}
