//! Hostile files: whatever the bytes, the answer is a verdict or an error, never a panic, never a good verdict.

use std::fs;
use std::path::Path;

use authenticode::{SignOptions, Signer, sign_file, verify_file};
use compound_file::Version;
use tempfile::TempDir;

use crate::support::pe::Image;
use crate::support::random::Random;
use crate::support::{NOW, keys, msi};

fn signed(path: &Path, bytes: &[u8]) -> Vec<u8> {
    fs::write(path, bytes).unwrap();
    sign_file(path, path, &keys::signer("p256"), &SignOptions::default()).unwrap();
    fs::read(path).unwrap()
}

fn samples(path: &Path) -> [Vec<u8>; 3] {
    let tree = msi::tree(&mut Random(1), &[20, 5000], true);
    [
        signed(path, &Image { size: Image::SMALLEST, ..Image::default() }.build()),
        signed(path, &msi::write(&tree, Version::V3)),
        signed(path, &msi::with_gaps(&mut Random(2), cfb::Version::V4)),
    ]
}

#[test]
fn truncated_files() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("file");
    for sample in samples(&path) {
        let mut random = Random(3);
        for round in 0..300 {
            let length = if round < 100 { round * 16 } else { random.below(sample.len() - 1) };
            fs::write(&path, &sample[..length.min(sample.len() - 1)]).unwrap();
            let good = verify_file(&path, &keys::roots(), Some(NOW)).is_ok_and(|verdict| verdict.is_good());
            // The last sector of a compound file may be cut short where only padding is lost.
            assert!(!good || sample.len() - length < 4096, "cut at {length} of {}", sample.len());
        }
    }
}

#[test]
fn changed_files() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("file");
    let again = folder.path().join("again");
    let signer = keys::signer("p256");
    for sample in samples(&path) {
        let mut random = Random(4);
        for round in 0..300 {
            let mut changed = sample.clone();
            for _ in 0..1 + random.below(4) {
                // The headers and the signature are where the parsers work; every other change hits one of them.
                let offset = match round % 3 {
                    0 => random.below(0x400),
                    1 => sample.len() - 1 - random.below(2500),
                    _ => random.below(sample.len()),
                };
                changed[offset] = match random.below(4) {
                    0 => 0xFF,
                    1 => 0,
                    2 => 0x80,
                    _ => random.below(256) as u8,
                };
            }
            fs::write(&path, &changed).unwrap();
            let _ = verify_file(&path, &keys::roots(), Some(NOW));
            if round % 5 == 0 {
                let _ = sign_file(&path, &again, &signer, &SignOptions::default());
            }
        }
    }
}

#[test]
fn changed_keys() {
    let pfx = keys::read("p256.3des.pfx");
    let pem = keys::read("p256.encrypted.pem");
    let chain = keys::read("p256.chain.pem");
    let mut random = Random(5);
    for _ in 0..60 {
        let mut changed = pfx.clone();
        let offset = random.below(changed.len());
        changed[offset] ^= 1 << random.below(7);
        let _ = Signer::from_pfx(&changed, &keys::password());
        let mut changed = chain.clone();
        let offset = random.below(changed.len());
        changed[offset] = b"AB=-\n"[random.below(5)];
        let _ = Signer::from_pem(&pem, &changed, Some(&keys::password()));
    }
}
