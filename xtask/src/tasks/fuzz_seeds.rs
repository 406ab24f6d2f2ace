//! What the fuzz targets of signatures begin with: the smallest files of each kind.

use cabinet::{Attributes, Compression, Entry, Options};
use std::num::NonZeroUsize;

/// Seeds of a target; none for targets whose seeds are the sources of tests.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    match target {
        "pe_signature" => vec![image(false), image(true)],
        "cab_signature" => [1, 40_000].into_iter().filter_map(small_cabinet).collect(),
        "script_signature" => {
            let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            vec![b"exit 1\r\n".to_vec(), "\u{FEFF}Write-Host 'ü'\n".into(), wide("\u{FEFF}exit 2\r\n")]
        }
        _ => Vec::new(),
    }
}

/// Headers, one section of a byte's length times 512, nothing that runs.
fn image(wide: bool) -> Vec<u8> {
    let mut file = vec![0; 0x400];
    let optional = 0x40 + 24;
    let (magic, size, directories) = if wide { (0x20B, 240, 112) } else { (0x10B, 224, 96) };
    let section = optional + usize::from(size);
    let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, b"MZ");
    put(0x3C, &0x40_u32.to_le_bytes());
    put(0x40, b"PE\0\0");
    put(0x46, &1_u16.to_le_bytes());
    put(0x54, &u16::to_le_bytes(size));
    put(optional, &u16::to_le_bytes(magic));
    put(optional + 32, &0x1000_u32.to_le_bytes());
    put(optional + 36, &0x200_u32.to_le_bytes());
    put(optional + 60, &0x200_u32.to_le_bytes());
    put(optional + directories - 4, &16_u32.to_le_bytes());
    put(section + 16, &0x200_u32.to_le_bytes());
    put(section + 20, &0x200_u32.to_le_bytes());
    file
}

fn small_cabinet(length: usize) -> Option<Vec<u8>> {
    let bytes = vec![7; length];
    let entry = Entry {
        name: "file",
        len: length as u64,
        modified: 0,
        attributes: Attributes::default(),
        source: &bytes,
    };
    let mut file = std::io::Cursor::new(Vec::new());
    let options = Options { compression: Compression::Stored, threads: NonZeroUsize::MIN, set_id: 0 };
    cabinet::write(&mut file, &[entry], &options).ok()?;
    Some(file.into_inner())
}
