//! Cabinets made by this crate, by the independent crate `cab` and by hand are read back; damaged ones never do harm.

use cabinet::{Attributes, Cabinet, Compression, Entry, Level, Options, ReadError};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::num::NonZero;
use std::rc::Rc;

/// Contents by name.
type Files = BTreeMap<String, Vec<u8>>;

struct Shared(Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn extract(bytes: &[u8]) -> Result<Files, ReadError> {
    let mut cabinet = Cabinet::open(Cursor::new(bytes))?;
    let mut found: BTreeMap<String, Rc<RefCell<Vec<u8>>>> = BTreeMap::new();
    cabinet.extract(|file| {
        let content = found.entry(file.name.clone()).or_default().clone();
        Ok(Some(Box::new(Shared(content)) as Box<dyn Write>))
    })?;
    Ok(found.into_iter().map(|(name, content)| (name, content.borrow().clone())).collect())
}

/// Text that shrinks and noise that does not, of lengths around the block's.
fn sample() -> Files {
    let mut state = 1u32;
    let mut noise = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    [0, 1, 32_767, 32_768, 32_769, 200_000]
        .into_iter()
        .flat_map(|len| {
            let text: Vec<u8> = b"compress me, ".iter().copied().cycle().take(len).collect();
            let random: Vec<u8> = (0..len).map(|_| noise()).collect();
            [(format!("text{len}"), text), (format!("noise{len}"), random)]
        })
        .collect()
}

fn made_here(files: &Files, compression: Compression) -> Vec<u8> {
    let entries: Vec<Entry> = files
        .iter()
        .map(|(name, content)| Entry {
            name,
            len: content.len() as u64,
            modified: 1_700_000_000,
            attributes: Attributes::default(),
            source: content,
        })
        .collect();
    let mut out = Cursor::new(Vec::new());
    cabinet::write(
        &mut out,
        &entries,
        &Options { compression, threads: NonZero::new(2).unwrap(), ..Options::default() },
    )
    .unwrap();
    out.into_inner()
}

/// The crate's MSZIP blocks refer back to earlier blocks.
fn made_by_cab(files: &Files, kind: cab::CompressionType) -> Vec<u8> {
    let mut builder = cab::CabinetBuilder::new();
    let folder = builder.add_folder(kind);
    for name in files.keys() {
        folder.add_file(name.clone());
    }
    let mut writer = builder.build(Cursor::new(Vec::new())).unwrap();
    while let Some(mut file) = writer.next_file().unwrap() {
        let content = &files[file.file_name()];
        file.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn own_cabinets_come_back() {
    let files = sample();
    for compression in [Compression::Stored, Compression::Mszip(Level::default())] {
        assert!(extract(&made_here(&files, compression)).unwrap() == files);
    }
}

#[test]
fn cabinets_of_another_writer_come_back() {
    let files = sample();
    for kind in [cab::CompressionType::None, cab::CompressionType::MsZip] {
        assert!(extract(&made_by_cab(&files, kind)).unwrap() == files);
    }
}

/// A cabinet of one LZX folder with one uncompressed LZX block ([MS-PATCH] 2.4), which needs no Huffman tree.
#[test]
fn lzx_comes_back() {
    let content = b"Twelve bytes";
    let mut lzx = Vec::new();
    // No E8 translation (1 bit), block type 3 (3 bits), 24 bits of length, padding; bits come from the top of 16-bit words.
    let bits: u32 = 3 << 28 | (content.len() as u32) << 4;
    lzx.extend(((bits >> 16) as u16).to_le_bytes());
    lzx.extend((bits as u16).to_le_bytes());
    for repeated in [1u32, 1, 1] {
        lzx.extend(repeated.to_le_bytes());
    }
    lzx.extend(content);
    let mut cab = b"MSCF".to_vec();
    let name = b"file\0";
    let files_at = 36 + 8;
    let data_at = files_at + 16 + name.len() as u32;
    let len = data_at + 8 + lzx.len() as u32;
    for number in [0, len, 0, files_at, 0] {
        cab.extend(number.to_le_bytes());
    }
    cab.extend([3, 1]);
    for number in [1u16, 1, 0, 0, 0] {
        cab.extend(number.to_le_bytes());
    }
    cab.extend(data_at.to_le_bytes());
    cab.extend([1, 0, 3, 15]);
    cab.extend((content.len() as u32).to_le_bytes());
    cab.extend([0; 12]);
    cab.extend(name);
    cab.extend([0; 4]);
    cab.extend((lzx.len() as u16).to_le_bytes());
    cab.extend((content.len() as u16).to_le_bytes());
    cab.extend(lzx);
    assert_eq!(extract(&cab).unwrap(), Files::from([("file".into(), content.to_vec())]));
}

/// Writers that see two equal files store them once, as WiX does.
#[test]
fn equal_files_may_share_their_bytes() {
    for len in [300, 2 << 20] {
        let content: Vec<u8> = (0..len).map(|at| (at % 251) as u8).collect();
        let names = ["a", "b", "c"].map(str::to_owned);
        let last = ("d".to_owned(), b"something else".to_vec());
        let mut files: Files = names.iter().map(|name| (name.clone(), content.clone())).collect();
        files.extend([last]);
        let mut cab = made_here(&files, Compression::Stored);
        let first = u32::from_le_bytes(*cab[16..].first_chunk().unwrap()) as usize;
        for second in [first + 18, first + 36] {
            // Each entry is 16 bytes and a name of one letter; the offset comes second.
            cab.copy_within(first + 4..first + 8, second + 4);
        }
        assert!(extract(&cab).unwrap() == files);
    }
}

#[test]
fn a_flipped_byte_of_data_is_found() {
    let files = Files::from([("a".into(), b"some content ".repeat(500))]);
    let good = made_here(&files, Compression::Stored);
    let mut bad = good.clone();
    *bad.last_mut().unwrap() ^= 1;
    assert!(matches!(extract(&bad), Err(ReadError::Damaged(_))));
}

/// Every byte of a small cabinet changed in turn, and every length cut off: errors or wrong content, never a panic.
#[test]
fn damage_never_panics() {
    let files = Files::from([("a".into(), b"some content ".repeat(20)), ("b".into(), vec![7; 300])]);
    for cab in [
        made_here(&files, Compression::Mszip(Level::default())),
        made_by_cab(&files, cab::CompressionType::MsZip),
    ] {
        for at in 0..cab.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut bad = cab.clone();
                bad[at] = value;
                let _ = extract(&bad);
            }
            assert!(extract(&cab[..at]).is_err());
        }
    }
}
