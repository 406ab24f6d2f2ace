//! The name of a .NET assembly, from the Assembly row of its metadata (ECMA-335, partition II, 22 to 24).

use super::{Image, at, read_up_to, u16_of, u32_of};
use sha1::{Digest, Sha1};
use std::io::{self, Read, Seek};

/// Position of the CLI header in the data directories.
const CLI_HEADER: u64 = 14;
/// Metadata streams that are looked through.
const MAX_STREAMS: u16 = 32;
/// Most bytes of a name or key that are read.
const MAX_TEXT: u64 = 1024;
const MAX_KEY: u64 = 64 * 1024;
/// The Assembly table.
const ASSEMBLY: usize = 0x20;
/// Flags of the CLI header.
const REQUIRES_32_BIT: u32 = 2;

/// What the global assembly cache knows an assembly by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssemblyName {
    pub name: String,
    /// `a.b.c.d`.
    pub version: String,
    /// `neutral` or a culture.
    pub culture: String,
    /// Sixteen upper-case digits; `None` for an assembly that is not strongly named.
    pub public_key_token: Option<String>,
    /// `MSIL`, `x86`, `amd64`, …
    pub processor_architecture: &'static str,
}

/// Reads an assembly's name; `None` for files that are no assemblies. Errors are those of reading only.
pub fn read(file: &mut (impl Read + Seek)) -> io::Result<Option<AssemblyName>> {
    match find(file) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        found => found,
    }
}

fn find(file: &mut (impl Read + Seek)) -> io::Result<Option<AssemblyName>> {
    let Some(image) = Image::read(file)? else { return Ok(None) };
    let Some((address, _)) = image.directory(file, CLI_HEADER)? else { return Ok(None) };
    let Some(cli) = image.offset_of(address) else { return Ok(None) };
    let header: [u8; 20] = at(file, cli)?;
    let Some(root) = image.offset_of(u32_of(&header, 8)) else { return Ok(None) };
    let cli_flags = u32_of(&header, 16);

    let Some(heaps) = Heaps::read(file, root)? else { return Ok(None) };
    let Some(row) = heaps.assembly_row(file)? else { return Ok(None) };
    let version = [4, 6, 8, 10].map(|place| u16_of(&row, place).to_string()).join(".");
    let flags = u32_of(&row, 12);
    let mut place = 16;
    let mut index = |wide: bool| {
        let value = if wide { u32_of(&row, place) } else { u32::from(u16_of(&row, place)) };
        place += if wide { 4 } else { 2 };
        u64::from(value)
    };
    let (key, name, culture) =
        (index(heaps.wide(BLOBS)), index(heaps.wide(STRINGS)), index(heaps.wide(STRINGS)));
    let key = heaps.blob(file, key)?;
    let name = heaps.string(file, name)?;
    let culture = heaps.string(file, culture)?;
    let architecture = match (flags >> 4 & 7, image.wide) {
        (1, _) => "MSIL",
        (2, _) => "x86",
        (3, _) => "ia64",
        (4, _) => "amd64",
        (5, _) => "arm",
        (_, true) => match image.machine {
            0x200 => "ia64",
            0xaa64 => "arm64",
            _ => "amd64",
        },
        (_, false) if cli_flags & REQUIRES_32_BIT != 0 => "x86",
        _ => "MSIL",
    };
    Ok(Some(AssemblyName {
        name,
        version,
        culture: if culture.is_empty() { "neutral".into() } else { culture },
        public_key_token: (!key.is_empty()).then(|| token(&key)),
        processor_architecture: architecture,
    }))
}

/// The last eight bytes of the key's SHA-1, backwards.
fn token(key: &[u8]) -> String {
    let digest: [u8; 20] = Sha1::digest(key).into();
    digest.iter().rev().take(8).map(|byte| format!("{byte:02X}")).collect()
}

/// Bits of the heap sizes byte.
const STRINGS: u8 = 1;
const GUIDS: u8 = 2;
const BLOBS: u8 = 4;

/// Where the metadata's heaps and tables are.
struct Heaps {
    strings: u64,
    blobs: u64,
    tables: u64,
    sizes: u8,
}

impl Heaps {
    fn read(file: &mut (impl Read + Seek), root: u64) -> io::Result<Option<Heaps>> {
        let header: [u8; 16] = at(file, root)?;
        let version_len = u32_of(&header, 12);
        if header[..4] != *b"BSJB" || version_len > 256 {
            return Ok(None);
        }
        let mut place = root + 16 + u64::from(version_len);
        let counts: [u8; 4] = at(file, place)?;
        place += 4;
        let (mut strings, mut blobs, mut tables) = (None, None, None);
        for _ in 0..u16_of(&counts, 2).min(MAX_STREAMS) {
            let stream: [u8; 8] = at(file, place)?;
            let start = root + u64::from(u32_of(&stream, 0));
            let name = read_up_to(file, place + 8, 32)?;
            let Some(len) = name.iter().position(|&byte| byte == 0) else { return Ok(None) };
            match &name[..len] {
                b"#Strings" => strings = Some(start),
                b"#Blob" => blobs = Some(start),
                b"#~" | b"#-" => tables = Some(start),
                _ => {}
            }
            place += 8 + (len as u64 + 1).next_multiple_of(4);
        }
        let (Some(strings), Some(blobs), Some(tables)) = (strings, blobs, tables) else { return Ok(None) };
        let header: [u8; 8] = at(file, tables)?;
        Ok(Some(Heaps { strings, blobs, tables, sizes: header[6] }))
    }

    fn wide(&self, heap: u8) -> bool {
        self.sizes & heap != 0
    }

    /// The only row of the Assembly table, padded so that fields of either width can be read.
    fn assembly_row(&self, file: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u8>>> {
        let header: [u8; 24] = at(file, self.tables)?;
        let valid = u64::from(u32_of(&header, 8)) | u64::from(u32_of(&header, 12)) << 32;
        let mut rows = [0u32; 64];
        let mut place = self.tables + 24;
        for (table, rows) in rows.iter_mut().enumerate() {
            if valid >> table & 1 != 0 {
                let count: [u8; 4] = at(file, place)?;
                *rows = u32_of(&count, 0);
                place += 4;
            }
        }
        if rows[ASSEMBLY] == 0 {
            return Ok(None);
        }
        for (table, columns) in TABLES.iter().enumerate() {
            let width: u64 = columns.iter().map(|column| self.width(*column, &rows)).sum();
            place += width * u64::from(rows[table]);
        }
        let mut row = read_up_to(file, place, 28)?;
        if row.len() < 22 {
            return Ok(None);
        }
        row.resize(28, 0);
        Ok(Some(row))
    }

    fn width(&self, column: Column, rows: &[u32; 64]) -> u64 {
        let wide = match column {
            Column::Fixed(width) => return u64::from(width),
            Column::Heap(heap) => self.wide(heap),
            Column::Row(table) => rows[usize::from(table)] > 0xffff,
            Column::Coded(bits, tables) => {
                tables.iter().any(|&table| rows[usize::from(table)] > 0xffff >> bits)
            }
        };
        if wide { 4 } else { 2 }
    }

    fn string(&self, file: &mut (impl Read + Seek), index: u64) -> io::Result<String> {
        let bytes = read_up_to(file, self.strings + index, MAX_TEXT)?;
        let len = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        Ok(String::from_utf8_lossy(&bytes[..len]).into_owned())
    }

    fn blob(&self, file: &mut (impl Read + Seek), index: u64) -> io::Result<Vec<u8>> {
        if index == 0 {
            return Ok(Vec::new());
        }
        let start = self.blobs + index;
        let head: [u8; 4] = at(file, start)?;
        let (len, skip) = match head[0] {
            short if short & 0x80 == 0 => (u32::from(short), 1),
            middle if middle & 0xc0 == 0x80 => (u32::from(middle & 0x3f) << 8 | u32::from(head[1]), 2),
            long => (u32::from_be_bytes([long & 0x1f, head[1], head[2], head[3]]), 4),
        };
        read_up_to(file, start + skip, u64::from(len).min(MAX_KEY))
    }
}

/// How wide a column is.
#[derive(Clone, Copy)]
enum Column {
    Fixed(u8),
    Heap(u8),
    Row(u8),
    /// An index into one of several tables, which some bits tell.
    Coded(u8, &'static [u8]),
}

const TWO: Column = Column::Fixed(2);
const FOUR: Column = Column::Fixed(4);
const STR: Column = Column::Heap(STRINGS);
const GUID: Column = Column::Heap(GUIDS);
const BLOB: Column = Column::Heap(BLOBS);
const TYPE: Column = Column::Row(0x02);
const FIELD: Column = Column::Row(0x04);
const METHOD: Column = Column::Row(0x06);
const PARAM: Column = Column::Row(0x08);
const EVENT: Column = Column::Row(0x14);
const PROPERTY: Column = Column::Row(0x17);
const TYPE_DEF_OR_REF: Column = Column::Coded(2, &[0x02, 0x01, 0x1b]);
const METHOD_DEF_OR_REF: Column = Column::Coded(1, &[0x06, 0x0a]);

/// Columns of the tables before Assembly, in the order of their numbers.
const TABLES: [&[Column]; ASSEMBLY] = [
    &[TWO, STR, GUID, GUID, GUID],
    &[Column::Coded(2, &[0x00, 0x1a, 0x23, 0x01]), STR, STR],
    &[FOUR, STR, STR, TYPE_DEF_OR_REF, FIELD, METHOD],
    &[FIELD],
    &[TWO, STR, BLOB],
    &[METHOD],
    &[FOUR, TWO, TWO, STR, BLOB, PARAM],
    &[PARAM],
    &[TWO, TWO, STR],
    &[TYPE, TYPE_DEF_OR_REF],
    &[Column::Coded(3, &[0x02, 0x01, 0x1a, 0x06, 0x1b]), STR, BLOB],
    &[TWO, Column::Coded(2, &[0x04, 0x08, 0x17]), BLOB],
    &[
        Column::Coded(
            5,
            &[
                0x06, 0x04, 0x01, 0x02, 0x08, 0x09, 0x0a, 0x00, 0x0e, 0x17, 0x14, 0x11, 0x1a, 0x1b, 0x20,
                0x23, 0x26, 0x27, 0x28, 0x2a, 0x2c, 0x2b,
            ],
        ),
        Column::Coded(3, &[0x06, 0x0a]),
        BLOB,
    ],
    &[Column::Coded(1, &[0x04, 0x08]), BLOB],
    &[TWO, Column::Coded(2, &[0x02, 0x06, 0x20]), BLOB],
    &[TWO, FOUR, TYPE],
    &[FOUR, FIELD],
    &[BLOB],
    &[TYPE, EVENT],
    &[EVENT],
    &[TWO, STR, TYPE_DEF_OR_REF],
    &[TYPE, PROPERTY],
    &[PROPERTY],
    &[TWO, STR, BLOB],
    &[TWO, METHOD, Column::Coded(1, &[0x14, 0x17])],
    &[TYPE, METHOD_DEF_OR_REF, METHOD_DEF_OR_REF],
    &[STR],
    &[BLOB],
    &[TWO, Column::Coded(1, &[0x04, 0x06]), STR, Column::Row(0x1a)],
    &[FOUR, FIELD],
    &[FOUR, FOUR],
    &[FOUR],
];

#[cfg(test)]
mod tests {
    use super::{AssemblyName, read};
    use crate::pe::version;
    use std::io::Cursor;

    const SAMPLE: &[u8] = include_bytes!("../../tests/files/sample.dll");

    #[test]
    fn names_are_those_that_the_compiler_wrote() {
        let name = read(&mut Cursor::new(SAMPLE)).unwrap();
        let expected = AssemblyName {
            name: "sample".into(),
            version: "1.2.3.4".into(),
            culture: "neutral".into(),
            public_key_token: Some("F457459B79ABBBBD".into()),
            processor_architecture: "MSIL",
        };
        assert_eq!(name, Some(expected));
        let version = version::read(&mut Cursor::new(SAMPLE)).unwrap().unwrap();
        assert_eq!(version.version, "5.6.7.8");
    }

    #[test]
    fn damaged_assemblies_give_an_answer_whatever_is_wrong() {
        for len in 0..SAMPLE.len() {
            read(&mut Cursor::new(&SAMPLE[..len])).unwrap();
        }
        for at in 0..SAMPLE.len() {
            for value in [0, 0x7f, 0xff] {
                let mut damaged = SAMPLE.to_vec();
                damaged[at] = value;
                read(&mut Cursor::new(damaged)).unwrap();
            }
        }
    }
}
