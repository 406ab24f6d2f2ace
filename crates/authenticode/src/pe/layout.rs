//! The few header fields of a PE image that signing needs, read from untrusted bytes.

use std::io::{Read, Seek, SeekFrom};

use crate::FileError;

/// PE files address themselves with 32 bits.
const LARGEST: u64 = u32::MAX as u64;

const DIRECTORY_ENTRY: u64 = 8;
const CERTIFICATE_DIRECTORY: u64 = 4;

/// Where the fields stand and what the certificate directory says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    /// The file's length.
    pub(super) file_size: u64,
    /// Where CheckSum stands: 4 bytes.
    pub(super) checksum: u64,
    /// Where the certificate directory entry stands: 8 bytes.
    pub(super) directory: u64,
    /// Where the certificate table starts, 0 where there is none.
    pub(super) table: u64,
    /// How long the certificate table is.
    pub(super) table_size: u64,
}

impl Layout {
    /// Reads the headers.
    pub(crate) fn read(file: &mut (impl Read + Seek)) -> Result<Self, FileError> {
        let file_size = file.seek(SeekFrom::End(0))?;
        if file_size > LARGEST {
            return Err(FileError::TooLarge { size: file_size, limit: "a PE file ends at 4 GiB" });
        }
        let mut at = |offset: u64, what: &str| -> Result<u32, FileError> {
            if offset + 4 > file_size {
                return Err(malformed(format!("the file ends before its {what} at offset {offset}")));
            }
            let mut bytes = [0; 4];
            file.seek(SeekFrom::Start(offset))?;
            file.read_exact(&mut bytes)?;
            Ok(u32::from_le_bytes(bytes))
        };
        let header = u64::from(at(0x3C, "pointer to the PE header")?);
        if header < 0x40 {
            // Headers that overlap the DOS header would make the digest leave out bytes that are something else too.
            return Err(malformed(format!(
                "the PE header is said to be at offset {header}, inside the DOS header"
            )));
        }
        if at(header, "PE header")? != u32::from_le_bytes(*b"PE\0\0") {
            return Err(malformed(format!("no PE mark at offset {header}")));
        }
        let optional_size = u64::from(at(header + 20, "size of the optional header")? & 0xFFFF);
        let optional = header + 24;
        let magic = at(optional, "optional header")? & 0xFFFF;
        let directories = optional
            + match magic {
                0x10B => 96,
                0x20B => 112,
                other => {
                    return Err(malformed(format!("the optional header is of the unknown kind {other:#x}")));
                }
            };
        let count = u64::from(at(directories - 4, "number of data directories")?);
        let directory = directories + CERTIFICATE_DIRECTORY * DIRECTORY_ENTRY;
        if count <= CERTIFICATE_DIRECTORY || directory + DIRECTORY_ENTRY > optional + optional_size {
            return Err(malformed(
                "its headers have no room for a certificate directory, so that it cannot carry a signature"
                    .into(),
            ));
        }
        let table = u64::from(at(directory, "certificate directory")?);
        let table_size = u64::from(at(directory + 4, "certificate directory")?);
        let layout = Self { file_size, checksum: optional + 64, directory, table, table_size };
        layout.check()?;
        Ok(layout)
    }

    /// Whether the certificate directory names a table.
    pub(crate) fn has_table(&self) -> bool {
        self.table_size != 0
    }

    /// How much of the file a digest covers: all before the table, or all.
    pub(super) fn covered(&self) -> u64 {
        if self.has_table() { self.table } else { self.file_size }
    }

    fn check(&self) -> Result<(), FileError> {
        if !self.has_table() {
            return Ok(());
        }
        if self.table < self.directory + DIRECTORY_ENTRY || self.table + self.table_size > self.file_size {
            return Err(malformed(format!(
                "the certificate table ({} bytes at offset {}) is not inside the file ({} bytes), after its headers",
                self.table_size, self.table, self.file_size
            )));
        }
        if !self.table.is_multiple_of(8) {
            return Err(malformed(format!(
                "the certificate table starts at offset {}, no multiple of 8",
                self.table
            )));
        }
        Ok(())
    }
}

pub(super) fn malformed(reason: String) -> FileError {
    FileError::Pe { reason }
}
