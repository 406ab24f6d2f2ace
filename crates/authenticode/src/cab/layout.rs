//! The header fields of a cabinet that signing needs, read from untrusted bytes.

use std::io::{Read, Seek, SeekFrom};

use crate::FileError;

const PREVIOUS: u16 = 1;
const NEXT: u16 = 2;
pub(super) const RESERVE: u16 = 4;

/// The header up to the optional fields.
pub(super) const FIXED: usize = 36;
/// The three sizes of the reserved areas.
pub(super) const SIZES: usize = 4;
/// The second structure: offset and length of the signature, and eight zero bytes.
pub(super) const POINTER: usize = 16;
/// One folder's entry without its reserved area.
pub(super) const FOLDER: usize = 8;

/// The longest name of a neighbouring cabinet or disk, with its terminator.
const LONGEST_NAME: u64 = 256;
/// No signature with its certificates and countersignatures comes near this.
const LARGEST_SIGNATURE: u64 = 16 << 20;

/// Where the parts of a cabinet stand.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(super) file_size: u64,
    /// The header up to the optional fields, as it stands.
    pub(super) fixed: [u8; FIXED],
    /// Sizes of the reserved areas in the header, in each folder and in each block.
    pub(super) reserve: (u16, u8, u8),
    /// The first structure in the header's reserved area.
    pub(super) foreign: Vec<u8>,
    /// The second structure, where it is there and not all zero.
    pub(super) pointer: Option<[u8; POINTER]>,
    /// What fills up the reserved area.
    pub(super) filling: Vec<u8>,
    /// The names of neighbours.
    pub(super) names: Vec<u8>,
}

impl Layout {
    /// Reads the headers.
    pub(crate) fn read(file: &mut (impl Read + Seek)) -> Result<Self, FileError> {
        let file_size = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(0))?;
        let fixed: [u8; FIXED] = exact(file, FIXED, "header")?.try_into().unwrap_or([0; FIXED]);
        if fixed[..4] != *b"MSCF" {
            return Err(malformed("it does not start with MSCF".into()));
        }
        let mut layout = Self {
            file_size,
            fixed,
            reserve: (0, 0, 0),
            foreign: Vec::new(),
            pointer: None,
            filling: Vec::new(),
            names: Vec::new(),
        };
        if layout.flags() & RESERVE != 0 {
            let sizes = exact(file, SIZES, "sizes of the reserved areas")?;
            layout.reserve = (u16::from_le_bytes([sizes[0], sizes[1]]), sizes[2], sizes[3]);
            let area = exact(file, layout.reserve.0.into(), "reserved area")?;
            layout.read_area(&area)?;
        }
        let names = 2 * u32::from(layout.flags() & PREVIOUS != 0) + 2 * u32::from(layout.flags() & NEXT != 0);
        for _ in 0..names {
            layout.names.extend(name(file)?);
        }
        layout.check()?;
        Ok(layout)
    }

    fn read_area(&mut self, area: &[u8]) -> Result<(), FileError> {
        let Some((lengths, rest)) = area.split_first_chunk::<4>() else {
            return if area.is_empty() {
                Ok(())
            } else {
                Err(malformed(format!("its reserved area has {} bytes, too few for a signature", area.len())))
            };
        };
        let foreign = usize::from(u16::from_le_bytes([lengths[0], lengths[1]]));
        let pointer = usize::from(u16::from_le_bytes([lengths[2], lengths[3]]));
        let (Some(one), Some(two)) = (rest.get(..foreign), rest.get(foreign..foreign + pointer)) else {
            return Err(malformed("its reserved area is in use for something that is no signature".into()));
        };
        self.foreign = one.to_vec();
        self.filling = rest[foreign + pointer..].to_vec();
        match <[u8; POINTER]>::try_from(two) {
            Ok(pointer) if pointer == [0; POINTER] => {}
            Ok(pointer) => self.pointer = Some(pointer),
            Err(_) if two.is_empty() => {}
            Err(_) => {
                return Err(malformed("its reserved area holds a structure that is no signature".into()));
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<(), FileError> {
        let (header, folders, end) = (self.header_size() as u64, self.folders_size(), self.end());
        if u64::from(self.files_offset()) < header + folders || u64::from(self.files_offset()) > end {
            return Err(malformed(format!(
                "its list of files is said to be at offset {}, outside the {} bytes behind its folders",
                self.files_offset(),
                end
            )));
        }
        if end > self.file_size {
            return Err(malformed(format!(
                "its header says {end} bytes, but the file has {}",
                self.file_size
            )));
        }
        Ok(())
    }

    /// Whether the header names a signature.
    pub(crate) fn has_signature(&self) -> bool {
        self.pointer.is_some()
    }

    /// Where the cabinet itself ends.
    pub(crate) fn end(&self) -> u64 {
        u64::from(self.u32(8))
    }

    /// How many bytes follow the cabinet.
    pub(crate) fn behind(&self) -> u64 {
        self.file_size - self.end()
    }

    /// The length of the header with all its optional fields.
    pub(super) fn header_size(&self) -> usize {
        let area = if self.flags() & RESERVE != 0 { SIZES + usize::from(self.reserve.0) } else { 0 };
        FIXED + area + self.names.len()
    }

    pub(super) fn files_offset(&self) -> u32 {
        self.u32(16)
    }

    pub(super) fn folders(&self) -> u16 {
        u16::from_le_bytes([self.fixed[26], self.fixed[27]])
    }

    /// One folder's entry with its reserved area.
    pub(super) fn folder_size(&self) -> usize {
        FOLDER + usize::from(self.reserve.1)
    }

    pub(super) fn folders_size(&self) -> u64 {
        u64::from(self.folders()) * self.folder_size() as u64
    }

    pub(super) fn flags(&self) -> u16 {
        u16::from_le_bytes([self.fixed[30], self.fixed[31]])
    }

    /// Offset and length of the signature.
    pub(super) fn place(&self) -> Option<(u64, u64)> {
        let pointer = self.pointer?;
        let at = |at: usize| {
            u64::from(u32::from_le_bytes([pointer[at], pointer[at + 1], pointer[at + 2], pointer[at + 3]]))
        };
        Some((at(0), at(4)))
    }

    fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes([self.fixed[at], self.fixed[at + 1], self.fixed[at + 2], self.fixed[at + 3]])
    }
}

/// The signature of a cabinet, as found.
pub(crate) enum Found {
    /// There is none.
    Nothing,
    /// There is something that Windows would not read; the text says why.
    Malformed(String),
    /// There is one.
    Signature {
        /// The PKCS#7 structure.
        der: Vec<u8>,
        /// How many bytes behind it are neither signature nor alignment.
        stuffed: u64,
    },
}

/// Reads the signature of a cabinet.
pub(crate) fn find(file: &mut (impl Read + Seek), layout: &Layout) -> Result<Found, FileError> {
    let Some((offset, length)) = layout.place() else { return Ok(Found::Nothing) };
    if offset != layout.end() || length > layout.behind() || length > LARGEST_SIGNATURE {
        return Ok(Found::Malformed(format!(
            "it is said to have {length} bytes at offset {offset}; the cabinet ends at {}, the file at {}",
            layout.end(),
            layout.file_size
        )));
    }
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.by_ref().take(length).read_to_end(&mut bytes)?;
    let Some(end) = crate::pe::der_length(&bytes).filter(|end| *end <= bytes.len()) else {
        return Ok(Found::Malformed("what the header points to is no whole DER structure".into()));
    };
    let padding = bytes.split_off(end);
    let clean = padding.len() < 8 && padding.iter().all(|byte| *byte == 0);
    let inside = if clean { 0 } else { padding.len() as u64 };
    Ok(Found::Signature { der: bytes, stuffed: inside + layout.behind() - length })
}

pub(super) fn malformed(reason: String) -> FileError {
    FileError::Cab { reason }
}

pub(super) fn exact(file: &mut impl Read, length: usize, what: &str) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    file.take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Err(malformed(format!("the file ends inside its {what}")));
    }
    Ok(bytes)
}

/// A name with its terminator.
fn name(file: &mut impl Read) -> Result<Vec<u8>, FileError> {
    let mut name = Vec::new();
    let mut byte = [0];
    for _ in 0..LONGEST_NAME {
        file.read_exact(&mut byte)?;
        name.extend(byte);
        if byte == [0] {
            return Ok(name);
        }
    }
    Err(malformed("the name of a neighbouring cabinet does not end".into()))
}
