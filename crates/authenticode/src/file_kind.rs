//! Which kind of file it is, told by its first bytes and never by its name.

use std::fmt;
use std::io::{Read, Seek, SeekFrom};

use crate::FileError;

/// The kinds of files that can be signed and verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A PE image: EXE, DLL, SYS.
    Pe,
    /// A compound file of the Windows Installer: MSI, MSP, MST.
    Msi,
}

impl FileKind {
    /// Reads the mark at the start of the file and goes back there.
    pub(crate) fn of(file: &mut (impl Read + Seek)) -> Result<Self, FileError> {
        file.seek(SeekFrom::Start(0))?;
        let mut head = Vec::with_capacity(8);
        file.by_ref().take(8).read_to_end(&mut head)?;
        file.seek(SeekFrom::Start(0))?;
        match head.as_slice() {
            [b'M', b'Z', ..] => Ok(Self::Pe),
            [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] => Ok(Self::Msi),
            _ => Err(FileError::UnknownKind),
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pe => "PE file",
            Self::Msi => "Windows Installer package",
        })
    }
}
