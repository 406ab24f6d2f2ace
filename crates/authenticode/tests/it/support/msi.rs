//! Compound files like those of the Windows Installer, by our writer and by an independent one.

use std::io::{Cursor, Write};

use compound_file::{Metadata, Node, Storage, Version};

use super::random::Random;

/// The class id of an installer package, in the byte order of the file.
const PACKAGE: [u8; 16] = [0x84, 0x10, 0x0C, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46];

/// A tree with these streams, a summary, and a sub-storage that is like an embedded transform.
pub fn tree(random: &mut Random, sizes: &[usize], sub_storage: bool) -> Storage<'static> {
    let mut root =
        Storage { metadata: Metadata { clsid: PACKAGE, ..Metadata::default() }, ..Storage::default() };
    root.insert("\u{5}SummaryInformation", Node::stream(random.bytes(320)));
    for (index, size) in sizes.iter().enumerate() {
        root.insert(&encoded_name(random, index), Node::stream(random.bytes(*size)));
    }
    if sub_storage {
        let mut inner = Storage {
            metadata: Metadata {
                clsid: [7; 16],
                state_bits: 3,
                created: 0x01DA_0000_1234_5678,
                modified: 0x01DA_0000_8765_4321,
            },
            ..Storage::default()
        };
        inner.insert("\u{5}SummaryInformation", Node::stream(random.bytes(100)));
        // Only the root's streams of this name are the signature.
        inner.insert("\u{5}DigitalSignature", Node::stream(random.bytes(50)));
        inner.insert(&encoded_name(random, 0), Node::stream(random.bytes(5000)));
        inner.insert("empty", Node::stream(Vec::new()));
        root.insert("1031", Node::Storage(inner));
    }
    root
}

/// Writes a tree with our writer.
pub fn write(root: &Storage<'_>, version: Version) -> Vec<u8> {
    let mut file = Vec::new();
    compound_file::write(root, version, &mut file).unwrap();
    file
}

/// A file by the independent crate `cfb`, made and then edited so that it has free sectors and gaps in its mini FAT.
pub fn with_gaps(random: &mut Random, version: cfb::Version) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create_with_version(version, Cursor::new(Vec::new())).unwrap();
    let mut put = |file: &mut cfb::CompoundFile<Cursor<Vec<u8>>>, name: &str, size: usize| {
        file.create_stream(name).unwrap().write_all(&random.bytes(size)).unwrap();
    };
    file.create_storage("/sub").unwrap();
    for index in 0..40 {
        put(&mut file, &format!("/small{index}"), 60 + index * 37);
        put(&mut file, &format!("/sub/small{index}"), 64 * (index + 1));
    }
    for index in 0..6 {
        put(&mut file, &format!("/large{index}"), 5000 + index * 3000);
    }
    for index in (0..40).step_by(3) {
        file.remove_stream(format!("/small{index}")).unwrap();
        file.remove_stream(format!("/sub/small{}", 39 - index)).unwrap();
    }
    file.remove_stream("/large2").unwrap();
    file.remove_stream("/large4").unwrap();
    put(&mut file, "/again", 700);
    put(&mut file, "/large again", 9000);
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// A name of the kind that table streams have: characters from 0x3800 to 0x4840, in which the low byte decides the
/// order of the digest.
fn encoded_name(random: &mut Random, index: usize) -> String {
    let mut name = String::from('\u{4840}');
    for part in [index % 64, index / 64, random.below(64)] {
        let unit = 0x3800 + (part as u32) + 64 * random.below(64) as u32;
        name.push(char::from_u32(unit).unwrap());
    }
    name
}
