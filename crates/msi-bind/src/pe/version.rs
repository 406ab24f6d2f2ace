//! The version resource of a PE file: file version and languages, as `MsiGetFileVersion` tells them.
//!
//! Whatever does not parse means "no version".

use super::{Image, at, read_up_to, u16_of, u32_of};
use std::io::{self, Read, Seek};

/// Position of the resources in the data directories.
const RESOURCES: u64 = 2;
/// Most entries of a resource folder that are looked through.
const MAX_ENTRIES: u32 = 4096;
/// Most bytes of a version resource that are read.
const MAX_RESOURCE: u64 = 64 * 1024;
/// `RT_VERSION`.
const VERSION_RESOURCE: u32 = 16;
const FIXED_INFO_SIGNATURE: u32 = 0xfeef_04bd;

/// The version that Windows Installer compares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileVersion {
    /// `a.b.c.d`.
    pub version: String,
    /// Decimal language numbers separated by commas; empty if the resource names none.
    pub languages: String,
}

/// Reads the version of a file; `None` for files without one. Errors are those of reading only.
pub fn read(file: &mut (impl Read + Seek)) -> io::Result<Option<FileVersion>> {
    match resource(file) {
        Ok(found) => Ok(found.and_then(|bytes| parse(&bytes))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// Bytes of the first version resource.
fn resource(file: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u8>>> {
    let Some(image) = Image::read(file)? else { return Ok(None) };
    let Some((address, _)) = image.directory(file, RESOURCES)? else { return Ok(None) };
    let Some(root) = image.offset_of(address) else { return Ok(None) };
    // Three levels: type, name, language. Of names and languages the first counts.
    let Some(types) = find_entry(file, root, Some(VERSION_RESOURCE))? else { return Ok(None) };
    let Some(names) = below(root, types) else { return Ok(None) };
    let Some(name) = find_entry(file, names, None)? else { return Ok(None) };
    let Some(languages) = below(root, name) else { return Ok(None) };
    let Some(language) = find_entry(file, languages, None)? else { return Ok(None) };
    let data: [u8; 16] = at(file, root + u64::from(language & 0x7fff_ffff))?;
    let Some(start) = image.offset_of(u32_of(&data, 0)) else { return Ok(None) };
    read_up_to(file, start, u64::from(u32_of(&data, 4)).min(MAX_RESOURCE)).map(Some)
}

/// Offset field of a folder's entry with this number, or of its first entry.
fn find_entry(file: &mut (impl Read + Seek), folder: u64, number: Option<u32>) -> io::Result<Option<u32>> {
    let header: [u8; 16] = at(file, folder)?;
    let entries = u32::from(u16_of(&header, 12)) + u32::from(u16_of(&header, 14));
    for place in 0..entries.min(MAX_ENTRIES) {
        let entry: [u8; 8] = at(file, folder + 16 + u64::from(place) * 8)?;
        if number.is_none_or(|number| u32_of(&entry, 0) == number) {
            return Ok(Some(u32_of(&entry, 4)));
        }
    }
    Ok(None)
}

/// Place of a sub-folder, if the entry leads to one.
fn below(root: u64, entry: u32) -> Option<u64> {
    (entry & 0x8000_0000 != 0).then(|| root + u64::from(entry & 0x7fff_ffff))
}

/// Reads `VS_VERSIONINFO`.
fn parse(bytes: &[u8]) -> Option<FileVersion> {
    let root = Node::read(bytes)?;
    if root.key != "VS_VERSION_INFO" || root.value.len() < 16 || u32_of(root.value, 0) != FIXED_INFO_SIGNATURE
    {
        return None;
    }
    let (high, low) = (u32_of(root.value, 8), u32_of(root.value, 12));
    let version = format!("{}.{}.{}.{}", high >> 16, high & 0xffff, low >> 16, low & 0xffff);
    let translation = root
        .children()
        .find(|node| node.key == "VarFileInfo")
        .and_then(|info| info.children().find(|node| node.key == "Translation"));
    let languages: Vec<String> = translation
        .map(|node| node.value.chunks_exact(4).map(|pair| u16_of(pair, 0).to_string()).collect())
        .unwrap_or_default();
    Some(FileVersion { version, languages: languages.join(",") })
}

/// A block of a version resource: length, value length, kind, key, value, children, each aligned to four bytes.
struct Node<'b> {
    key: String,
    value: &'b [u8],
    rest: &'b [u8],
    /// Bytes to the next block.
    len: usize,
}

impl<'b> Node<'b> {
    fn read(bytes: &'b [u8]) -> Option<Node<'b>> {
        let len = usize::from(u16::from_le_bytes([*bytes.first()?, *bytes.get(1)?]));
        let bytes = bytes.get(..len.min(bytes.len()))?;
        let value_units = usize::from(u16::from_le_bytes([*bytes.get(2)?, *bytes.get(3)?]));
        let is_text = bytes.get(4..6)? == [1, 0];
        let mut units = Vec::new();
        let mut place = 6;
        loop {
            let unit = u16::from_le_bytes([*bytes.get(place)?, *bytes.get(place + 1)?]);
            place += 2;
            match unit {
                0 => break,
                unit => units.push(unit),
            }
        }
        place = place.next_multiple_of(4);
        let value_len = if is_text { value_units * 2 } else { value_units };
        let after = bytes.get(place..).unwrap_or_default();
        let value = &after[..value_len.min(after.len())];
        let rest = after.get(value_len.next_multiple_of(4)..).unwrap_or_default();
        Some(Node { key: String::from_utf16_lossy(&units), value, rest, len })
    }

    fn children(&self) -> impl Iterator<Item = Node<'b>> {
        let mut rest = self.rest;
        std::iter::from_fn(move || {
            let node = Node::read(rest)?;
            // A block of no length would be read for ever.
            rest = rest.get(node.len.max(6).next_multiple_of(4)..).unwrap_or_default();
            Some(node)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{FileVersion, read};
    use std::io::Cursor;

    /// A PE file with one section that holds nothing but a version resource.
    fn sample() -> Vec<u8> {
        let mut info = Vec::new();
        let block = |key: &str, value: &[u8], children: &[u8]| {
            let mut block = vec![0, 0, value.len() as u8, 0, 0, 0];
            block.extend(key.encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
            block.resize(block.len().next_multiple_of(4), 0);
            block.extend(value);
            block.resize(block.len().next_multiple_of(4), 0);
            block.extend(children);
            let len = block.len() as u16;
            block[..2].copy_from_slice(&len.to_le_bytes());
            block
        };
        let mut fixed = vec![0; 52];
        fixed[..4].copy_from_slice(&0xfeef_04bd_u32.to_le_bytes());
        fixed[8..12].copy_from_slice(&0x0001_0002_u32.to_le_bytes());
        fixed[12..16].copy_from_slice(&0x0003_0004_u32.to_le_bytes());
        let translation = block("Translation", &[9, 4, 0xb0, 4, 7, 4, 0xb0, 4], &[]);
        info.extend(block("VS_VERSION_INFO", &fixed, &block("VarFileInfo", &[], &translation)));

        let mut file = vec![0; 0x200];
        file[..2].copy_from_slice(b"MZ");
        file[60] = 0x80;
        file[0x80..0x84].copy_from_slice(b"PE\0\0");
        file[0x86] = 1;
        file[0x94] = 240;
        file[0x98..0x9a].copy_from_slice(&0x20b_u16.to_le_bytes());
        file[0x98 + 128..0x98 + 132].copy_from_slice(&0x1000_u32.to_le_bytes());
        let section = 0x98 + 240;
        file[section + 8..section + 12].copy_from_slice(&0x1000_u32.to_le_bytes());
        file[section + 12..section + 16].copy_from_slice(&0x1000_u32.to_le_bytes());
        file[section + 20..section + 24].copy_from_slice(&0x200_u32.to_le_bytes());
        let folder = |number: u32, next: u32| {
            let mut folder = vec![0; 24];
            folder[14] = 1;
            folder[16..20].copy_from_slice(&number.to_le_bytes());
            folder[20..24].copy_from_slice(&next.to_le_bytes());
            folder
        };
        file.extend(folder(16, 0x8000_0000 | 24));
        file.extend(folder(1, 0x8000_0000 | 48));
        file.extend(folder(1033, 72));
        file.extend(0x1058_u32.to_le_bytes());
        file.extend((info.len() as u32).to_le_bytes());
        file.extend([0; 8]);
        file.extend(info);
        file
    }

    #[test]
    fn version_and_languages_are_read() {
        let expected = FileVersion { version: "1.2.3.4".into(), languages: "1033,1031".into() };
        assert_eq!(read(&mut Cursor::new(sample())).unwrap(), Some(expected));
    }

    #[test]
    fn files_without_a_version_have_none() {
        assert_eq!(read(&mut Cursor::new(b"text".to_vec())).unwrap(), None);
        assert_eq!(read(&mut Cursor::new(Vec::new())).unwrap(), None);
    }

    #[test]
    fn damaged_files_give_an_answer_whatever_is_wrong() {
        let sample = sample();
        for len in 0..sample.len() {
            read(&mut Cursor::new(&sample[..len])).unwrap();
        }
        for at in 0..sample.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut damaged = sample.clone();
                damaged[at] = value;
                read(&mut Cursor::new(damaged)).unwrap();
            }
        }
    }
}
