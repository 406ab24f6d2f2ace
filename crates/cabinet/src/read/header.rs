//! CFHEADER, CFFOLDER and CFFILE as they stand in the file.

use super::{FileEntry, ReadError};
use std::io::{BufRead, Read, Seek, SeekFrom};

pub struct Header {
    pub folders: Vec<Folder>,
    pub files: Vec<FileEntry>,
    pub block_reserve: u8,
}

#[derive(Debug, Clone)]
pub struct Folder {
    /// Where its first block stands.
    pub first_block: u32,
    pub blocks: u16,
    pub method: u16,
}

const PREVIOUS: u16 = 1;
const NEXT: u16 = 2;
const RESERVE: u16 = 4;
/// Folder numbers from here on mean that a file goes on in another cabinet.
const FIRST_CONTINUED: u16 = 0xfffd;
/// File attribute: the name is UTF-8.
const NAME_IS_UTF8: u16 = 0x80;

pub fn read(reader: &mut (impl Read + Seek)) -> Result<Header, ReadError> {
    let mut fixed = [0; 36];
    reader.seek(SeekFrom::Start(0))?;
    reader.read_exact(&mut fixed).map_err(|_| ReadError::NotACabinet("it is shorter than a header"))?;
    if &fixed[..4] != b"MSCF" {
        return Err(ReadError::NotACabinet("it does not begin with MSCF"));
    }
    if fixed[25] != 1 {
        return Err(ReadError::NotACabinet("its format version is not 1"));
    }
    let first_file = u32_at(&fixed, 16);
    let (folders, files, flags) = (u16_at(&fixed, 26), u16_at(&fixed, 28), u16_at(&fixed, 30));
    if flags & (PREVIOUS | NEXT) != 0 {
        return Err(ReadError::Spanning);
    }
    let (mut folder_reserve, mut block_reserve) = (0, 0);
    if flags & RESERVE != 0 {
        let mut reserve = [0; 4];
        reader.read_exact(&mut reserve).map_err(short)?;
        (folder_reserve, block_reserve) = (reserve[2], reserve[3]);
        reader.seek(SeekFrom::Current(i64::from(u16_at(&reserve, 0))))?;
    }
    let folders = (0..folders)
        .map(|_| {
            let mut entry = [0; 8];
            reader.read_exact(&mut entry).map_err(short)?;
            reader.seek(SeekFrom::Current(i64::from(folder_reserve)))?;
            Ok(Folder {
                first_block: u32_at(&entry, 0),
                blocks: u16_at(&entry, 4),
                method: u16_at(&entry, 6),
            })
        })
        .collect::<Result<Vec<_>, ReadError>>()?;
    reader.seek(SeekFrom::Start(u64::from(first_file)))?;
    let mut buffered = std::io::BufReader::new(reader);
    let files = (0..files).map(|_| file(&mut buffered, folders.len())).collect::<Result<_, _>>()?;
    Ok(Header { folders, files, block_reserve })
}

fn file(reader: &mut impl BufRead, folders: usize) -> Result<FileEntry, ReadError> {
    let mut entry = [0; 16];
    reader.read_exact(&mut entry).map_err(short)?;
    let (len, offset, folder) = (u32_at(&entry, 0), u32_at(&entry, 4), u16_at(&entry, 8));
    if folder >= FIRST_CONTINUED {
        return Err(ReadError::Spanning);
    }
    if usize::from(folder) >= folders {
        return Err(ReadError::Damaged("a file stands in a folder that does not exist"));
    }
    let attributes = u16_at(&entry, 14);
    let mut name = Vec::new();
    reader.by_ref().take(257).read_until(0, &mut name)?;
    if name.pop() != Some(0) || name.is_empty() {
        return Err(ReadError::Damaged("a file's name is empty or does not end"));
    }
    let name = if attributes & NAME_IS_UTF8 != 0 {
        String::from_utf8(name).map_err(|_| ReadError::Damaged("a file's name is not UTF-8"))?
    } else {
        // Names of Windows Installer's cabinets are identifiers; any other byte keeps its number.
        name.iter().map(|byte| char::from(*byte)).collect()
    };
    Ok(FileEntry { name, len, folder, offset, attributes })
}

fn short(error: std::io::Error) -> ReadError {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => ReadError::Damaged("it ends inside its tables"),
        _ => ReadError::Io(error),
    }
}

pub fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
