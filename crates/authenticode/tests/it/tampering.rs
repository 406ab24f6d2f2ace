//! One changed byte anywhere in what is signed is found.

use std::fs;

use authenticode::{Problem, SignOptions, sign_file, verify_file};
use compound_file::{CompoundFile, EntryKind, Version};
use tempfile::TempDir;

use crate::support::pe::Image;
use crate::support::random::Random;
use crate::support::{NOW, keys, msi};

#[test]
fn every_byte_of_an_image_but_its_checksum() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("image.exe");
    let image = Image { size: 3001, ..Image::default() };
    fs::write(&path, image.build()).unwrap();
    let size = sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).unwrap().size;
    let clean = fs::read(&path).unwrap();
    assert_eq!(clean.len() as u64, size);
    let checksum = image.checksum_offset()..image.checksum_offset() + 4;
    let mut random = Random(1);
    let offsets = (0..0x200).chain((0..400).map(|_| random.below(clean.len()))).collect::<Vec<_>>();
    for offset in offsets {
        let mut changed = clean.clone();
        changed[offset] ^= 1 << (offset % 8);
        fs::write(&path, &changed).unwrap();
        // Headers that no longer make sense are an error, which is no good verdict either.
        let good = verify_file(&path, &keys::roots(), Some(NOW)).is_ok_and(|verdict| verdict.is_good());
        assert_eq!(good, checksum.contains(&offset), "byte {offset:#x}");
    }
}

#[test]
fn content_and_headers_of_an_image_are_told_apart_from_its_signature() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("image.exe");
    fs::write(&path, Image { size: 3000, ..Image::default() }.build()).unwrap();
    sign_file(&path, &path, &keys::signer("rsa-2048"), &SignOptions::default()).unwrap();
    let mut changed = fs::read(&path).unwrap();
    changed[2500] ^= 1;
    fs::write(&path, &changed).unwrap();
    let verdict = verify_file(&path, &keys::roots(), Some(NOW)).unwrap();
    assert_eq!(verdict.problems, [Problem::BadDigest { part: "content" }]);
    changed[2500] ^= 1;
    // The last bytes before the padding are the signature value.
    let end = changed.len() - 20;
    changed[end] ^= 1;
    fs::write(&path, &changed).unwrap();
    let verdict = verify_file(&path, &keys::roots(), Some(NOW)).unwrap();
    assert_eq!(verdict.problems, [Problem::BadSignature]);
}

#[test]
fn every_stream_of_a_package() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("package.msi");
    let tree = msi::tree(&mut Random(2), &[1, 64, 777, 4096, 9000], true);
    fs::write(&path, msi::write(&tree, Version::V3)).unwrap();
    sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).unwrap();
    let clean = fs::read(&path).unwrap();

    // Change one byte of each stream through the independent writer, which leaves everything else as it is.
    let streams: Vec<(String, u64)> = {
        let file = cfb::open(&path).unwrap();
        file.walk()
            .filter(|entry| entry.is_stream() && !entry.is_empty())
            .map(|entry| (entry.path().to_str().unwrap().to_owned(), entry.len()))
            .collect()
    };
    assert!(streams.len() > 10, "{streams:?}");
    for (stream, length) in streams {
        for at in [0, length / 2, length - 1] {
            use std::io::{Read, Seek, SeekFrom, Write};
            fs::write(&path, &clean).unwrap();
            let mut file = cfb::open_rw(&path).unwrap();
            let mut open = file.open_stream(&stream).unwrap();
            let mut byte = [0];
            open.seek(SeekFrom::Start(at)).unwrap();
            open.read_exact(&mut byte).unwrap();
            open.seek(SeekFrom::Start(at)).unwrap();
            open.write_all(&[byte[0] ^ 0x10]).unwrap();
            open.flush().unwrap();
            drop(open);
            drop(file);
            let verdict = verify_file(&path, &keys::roots(), Some(NOW)).unwrap();
            assert!(!verdict.is_good(), "byte {at} of {stream:?}: {verdict}");
        }
    }
}

#[test]
fn sampled_bytes_of_a_package() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("package.msi");
    let tree = msi::tree(&mut Random(3), &[100, 5000, 60_000], true);
    fs::write(&path, msi::write(&tree, Version::V3)).unwrap();
    sign_file(&path, &path, &keys::signer("p256"), &SignOptions::default()).unwrap();
    let clean = fs::read(&path).unwrap();
    let logical = |bytes: &[u8]| -> Option<Vec<(Vec<u16>, Vec<u8>)>> {
        let mut file = CompoundFile::open(std::io::Cursor::new(bytes.to_vec())).ok()?;
        let mut found = Vec::new();
        let mut pending = vec![file.root()];
        while let Some(id) = pending.pop() {
            let entry = file.entry(id).clone();
            let mut about = entry.clsid.to_vec();
            about.extend(entry.state_bits.to_le_bytes());
            if entry.kind == EntryKind::Root {
                // The digests leave out the name and the times of the root.
                found.push((Vec::new(), about));
            } else {
                about.extend([entry.created.to_le_bytes(), entry.modified.to_le_bytes()].concat());
                // A stream has no class, whatever its entry says.
                if entry.kind == EntryKind::Stream {
                    about.drain(..16);
                    about.extend(file.read_stream(id).ok()?);
                }
                found.push((entry.name, about));
            }
            pending.extend(file.children(id).iter().rev());
        }
        Some(found)
    };
    let before = logical(&clean).unwrap();
    let mut random = Random(4);
    let mut caught = 0;
    for _ in 0..600 {
        let offset = random.below(clean.len());
        let mut changed = clean.clone();
        changed[offset] ^= 1 << random.below(8);
        fs::write(&path, &changed).unwrap();
        // Without its name the pre-hash is one more stream, with the same bytes at the same place of the digest: the
        // format cannot tell, so the verdict says that names are not covered.
        let good = verify_file(&path, &keys::roots(), Some(NOW)).is_ok_and(|verdict| {
            verdict.is_good() && verdict.signature.is_some_and(|facts| facts.covers_directory)
        });
        // Slack between streams and the colours of the directory's trees mean nothing and are not signed.
        let same = logical(&changed).is_some_and(|after| after == before);
        assert!(!good || same, "byte {offset:#x} changes the package and is not caught");
        caught += usize::from(!good);
    }
    assert!(caught > 500, "only {caught} of 600 changes were caught");
}
