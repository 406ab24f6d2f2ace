//! The bytes of header and directory entries, apart from what they mean together.

use crate::error::ReadError;
use crate::storage::Metadata;

pub(crate) const SIGNATURE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
pub(crate) const HEADER_LEN: usize = 512;
pub(crate) const HEADER_DIFAT: usize = 109;
pub(crate) const ENTRY_LEN: usize = 128;
pub(crate) const MINI_SECTOR: u64 = 64;
pub(crate) const MINI_CUTOFF: u64 = 4096;

pub(crate) const MAX_SECTOR: u32 = 0xffff_fffa;
pub(crate) const DIFAT_SECTOR: u32 = 0xffff_fffc;
pub(crate) const FAT_SECTOR: u32 = 0xffff_fffd;
pub(crate) const END_OF_CHAIN: u32 = 0xffff_fffe;
pub(crate) const FREE_SECTOR: u32 = 0xffff_ffff;
pub(crate) const NO_ENTRY: u32 = 0xffff_ffff;

pub(crate) const KIND_UNUSED: u8 = 0;
pub(crate) const KIND_STORAGE: u8 = 1;
pub(crate) const KIND_STREAM: u8 = 2;
pub(crate) const KIND_ROOT: u8 = 5;

/// Version of the format, which decides the sector size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// Sectors of 512 bytes, files up to 2 GB: what Windows Installer writes.
    V3,
    /// Sectors of 4096 bytes.
    V4,
}

impl Version {
    /// Bytes per sector.
    pub fn sector_len(self) -> u64 {
        1 << self.sector_shift()
    }

    pub(crate) fn sector_shift(self) -> u16 {
        match self {
            Version::V3 => 9,
            Version::V4 => 12,
        }
    }

    pub(crate) fn number(self) -> u16 {
        match self {
            Version::V3 => 3,
            Version::V4 => 4,
        }
    }
}

/// The header's fields that say something.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub version: Version,
    pub directory_sectors: u32,
    pub fat_sectors: u32,
    pub first_directory: u32,
    pub first_mini_fat: u32,
    pub mini_fat_sectors: u32,
    pub first_difat: u32,
    pub difat_sectors: u32,
    pub difat: [u32; HEADER_DIFAT],
}

impl Header {
    pub(crate) fn parse(bytes: &[u8; HEADER_LEN]) -> Result<Header, ReadError> {
        if bytes[..8] != SIGNATURE {
            return Err(ReadError::NotACompoundFile);
        }
        let version = match u16_at(bytes, 26) {
            3 => Version::V3,
            4 => Version::V4,
            other => return Err(ReadError::Header { field: "major version", value: other.into() }),
        };
        for (field, at, wanted) in [
            ("byte order", 28, 0xfffe),
            ("sector shift", 30, version.sector_shift()),
            ("mini sector shift", 32, 6),
        ] {
            if u16_at(bytes, at) != wanted {
                return Err(ReadError::Header { field, value: u16_at(bytes, at).into() });
            }
        }
        if u64::from(u32_at(bytes, 56)) != MINI_CUTOFF {
            return Err(ReadError::Header { field: "mini stream cutoff", value: u32_at(bytes, 56).into() });
        }
        let mut difat = [FREE_SECTOR; HEADER_DIFAT];
        for (index, sector) in difat.iter_mut().enumerate() {
            *sector = u32_at(bytes, 76 + 4 * index);
        }
        Ok(Header {
            version,
            directory_sectors: u32_at(bytes, 40),
            fat_sectors: u32_at(bytes, 44),
            first_directory: u32_at(bytes, 48),
            first_mini_fat: u32_at(bytes, 60),
            mini_fat_sectors: u32_at(bytes, 64),
            first_difat: u32_at(bytes, 68),
            difat_sectors: u32_at(bytes, 72),
            difat,
        })
    }

    pub(crate) fn to_bytes(&self) -> [u8; HEADER_LEN] {
        let mut bytes = [0; HEADER_LEN];
        bytes[..8].copy_from_slice(&SIGNATURE);
        put(&mut bytes, 24, &0x003e_u16.to_le_bytes());
        put(&mut bytes, 26, &self.version.number().to_le_bytes());
        put(&mut bytes, 28, &0xfffe_u16.to_le_bytes());
        put(&mut bytes, 30, &self.version.sector_shift().to_le_bytes());
        put(&mut bytes, 32, &6_u16.to_le_bytes());
        put(&mut bytes, 40, &self.directory_sectors.to_le_bytes());
        put(&mut bytes, 44, &self.fat_sectors.to_le_bytes());
        put(&mut bytes, 48, &self.first_directory.to_le_bytes());
        put(&mut bytes, 56, &(MINI_CUTOFF as u32).to_le_bytes());
        put(&mut bytes, 60, &self.first_mini_fat.to_le_bytes());
        put(&mut bytes, 64, &self.mini_fat_sectors.to_le_bytes());
        put(&mut bytes, 68, &self.first_difat.to_le_bytes());
        put(&mut bytes, 72, &self.difat_sectors.to_le_bytes());
        for (index, sector) in self.difat.iter().enumerate() {
            put(&mut bytes, 76 + 4 * index, &sector.to_le_bytes());
        }
        bytes
    }
}

/// A directory entry's fields.
#[derive(Debug, Clone)]
pub(crate) struct RawEntry {
    pub name: Vec<u16>,
    pub kind: u8,
    pub red: bool,
    pub left: u32,
    pub right: u32,
    pub child: u32,
    pub metadata: Metadata,
    pub start: u32,
    pub len: u64,
}

impl RawEntry {
    /// The entry at this place of the directory; `Err` names the field that makes no sense.
    pub(crate) fn parse(bytes: &[u8], version: Version) -> Result<RawEntry, &'static str> {
        let kind = bytes[66];
        if !matches!(kind, KIND_UNUSED | KIND_STORAGE | KIND_STREAM | KIND_ROOT) {
            return Err("kind");
        }
        let name_len = usize::from(u16_at(bytes, 64));
        let name = if kind == KIND_UNUSED {
            Vec::new()
        } else {
            if !(2..=64).contains(&name_len) || name_len % 2 != 0 {
                return Err("name length");
            }
            let name: Vec<u16> = (0..name_len / 2 - 1).map(|unit| u16_at(bytes, 2 * unit)).collect();
            if (name.is_empty() && kind != KIND_ROOT) || name.contains(&0) || u16_at(bytes, name_len - 2) != 0
            {
                return Err("name");
            }
            name
        };
        let mut clsid = [0; 16];
        clsid.copy_from_slice(&bytes[80..96]);
        let len = u64_at(bytes, 120);
        Ok(RawEntry {
            name,
            kind,
            red: bytes[67] == 0,
            left: u32_at(bytes, 68),
            right: u32_at(bytes, 72),
            child: u32_at(bytes, 76),
            metadata: Metadata {
                clsid,
                state_bits: u32_at(bytes, 96),
                created: u64_at(bytes, 100),
                modified: u64_at(bytes, 108),
            },
            start: u32_at(bytes, 116),
            // Writers of version 3 were free to leave rubbish in the upper half.
            len: if version == Version::V3 { len & 0xffff_ffff } else { len },
        })
    }

    pub(crate) fn to_bytes(&self) -> [u8; ENTRY_LEN] {
        let mut bytes = [0; ENTRY_LEN];
        for (index, unit) in self.name.iter().enumerate() {
            put(&mut bytes, 2 * index, &unit.to_le_bytes());
        }
        put(&mut bytes, 64, &(2 * (self.name.len() as u16 + 1)).to_le_bytes());
        bytes[66] = self.kind;
        bytes[67] = u8::from(!self.red);
        put(&mut bytes, 68, &self.left.to_le_bytes());
        put(&mut bytes, 72, &self.right.to_le_bytes());
        put(&mut bytes, 76, &self.child.to_le_bytes());
        put(&mut bytes, 80, &self.metadata.clsid);
        put(&mut bytes, 96, &self.metadata.state_bits.to_le_bytes());
        put(&mut bytes, 100, &self.metadata.created.to_le_bytes());
        put(&mut bytes, 108, &self.metadata.modified.to_le_bytes());
        put(&mut bytes, 116, &self.start.to_le_bytes());
        put(&mut bytes, 120, &self.len.to_le_bytes());
        bytes
    }

    /// What fills up the last sector of the directory.
    pub(crate) fn unused() -> [u8; ENTRY_LEN] {
        let mut bytes = [0; ENTRY_LEN];
        bytes[68..80].fill(0xff);
        bytes
    }
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}

fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    bytes[at..at + value.len()].copy_from_slice(value);
}
