//! Which kind of file it is, told by its first bytes; for scripts, which have no mark, by the name.

use std::fmt;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::FileError;

/// The kinds of files that can be signed and verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A PE image: EXE, DLL, SYS.
    Pe,
    /// A compound file of the Windows Installer: MSI, MSP, MST.
    Msi,
    /// A cabinet: CAB.
    Cab,
    /// A PowerShell script: PS1, PSM1, PSD1.
    Script,
}

/// What the names of PowerShell scripts end in.
const SCRIPTS: [&str; 3] = ["ps1", "psm1", "psd1"];

impl FileKind {
    /// Reads the mark at the start of the file at `path` and goes back there.
    pub(crate) fn of(path: &Path, file: &mut (impl Read + Seek)) -> Result<Self, FileError> {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if SCRIPTS.iter().any(|script| extension.eq_ignore_ascii_case(script)) {
            return Ok(Self::Script);
        }
        file.seek(SeekFrom::Start(0))?;
        let mut head = Vec::with_capacity(8);
        file.by_ref().take(8).read_to_end(&mut head)?;
        file.seek(SeekFrom::Start(0))?;
        match head.as_slice() {
            [b'M', b'Z', ..] => Ok(Self::Pe),
            [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] => Ok(Self::Msi),
            [b'M', b'S', b'C', b'F', ..] => Ok(Self::Cab),
            _ => Err(FileError::UnknownKind),
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pe => "PE file",
            Self::Msi => "Windows Installer package",
            Self::Cab => "cabinet",
            Self::Script => "PowerShell script",
        })
    }
}
