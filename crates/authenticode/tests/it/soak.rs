//! Random files of every kind that osslsigncode knows: our digests equal its digests, each time, and it accepts what we sign.
//!
//! A few rounds on every run; `SIGN_SOAK=1000 cargo test -p authenticode --test it soak` makes so many of each kind.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use authenticode::{HashAlgorithm, SignOptions, sign_file, verify_file};
use compound_file::{CompoundFile, Node, Storage, StreamSource, Version};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::support::cab::Cabinet;
use crate::support::pe::Image;
use crate::support::random::Random;
use crate::support::{NOW, keys, msi, osslsigncode};

fn rounds() -> usize {
    std::env::var("SIGN_SOAK").map_or(8, |text| text.parse().expect("SIGN_SOAK is a number"))
}

/// Signs the file with both programs in the same way, compares the digests, and lets each check the other's file.
fn same(
    folder: &TempDir,
    extension: &str,
    bytes: &[u8],
    random: &mut Random,
    more: &[&str],
    options: SignOptions<'_>,
    what: &str,
) {
    let path = |name: &str| -> PathBuf { folder.path().join(name).with_extension(extension) };
    let [input, ours, theirs] = ["input", "ours", "theirs"].map(path);
    fs::write(&input, bytes).unwrap();
    let (hash, name) = [
        (HashAlgorithm::Sha256, "sha256"),
        (HashAlgorithm::Sha384, "sha384"),
        (HashAlgorithm::Sha512, "sha512"),
    ][random.below(3)];
    let options = SignOptions { hash, ..options };
    let report = sign_file(&input, &ours, &keys::signer("p256"), &options).unwrap();
    let _ = fs::remove_file(&theirs);
    osslsigncode::sign(&input, &theirs, "p256", &[&["-h", name], more].concat());
    let verdict = verify_file(&theirs, &keys::roots(), Some(NOW)).unwrap();
    assert!(verdict.is_good(), "{what}: {verdict}");
    assert_eq!(verdict.signature.unwrap().digest, report.digest, "{what}");
    osslsigncode::accepts(&ours);
    let verdict = verify_file(&ours, &keys::roots(), Some(NOW)).unwrap();
    assert!(verdict.is_good(), "{what}: {verdict}");
}

/// Lengths on both sides of what the formats are cut at, and any.
fn length(random: &mut Random) -> usize {
    const EDGES: [usize; 9] = [0, 64, 512, 4096, 8192, 32_768, 65_536, 131_072, 1 << 20];
    match random.below(40) {
        0 => 6_800_000 + random.below(300_000),
        1..20 => (EDGES[random.below(EDGES.len())] + random.below(5)).saturating_sub(2),
        20..35 => random.below(5000),
        _ => random.below(200_000),
    }
}

#[test]
fn packages() {
    let folder = TempDir::new().unwrap();
    for round in 0..rounds() {
        let mut random = Random(0x5159 + round as u64);
        let count = random.below(24);
        let sizes: Vec<usize> = (0..count).map(|_| length(&mut random)).collect();
        let version = if random.below(3) == 0 { Version::V4 } else { Version::V3 };
        let sub_storage = random.below(2) == 0;
        let bytes = match random.below(5) {
            0 => msi::with_gaps(&mut random, cfb::Version::V3),
            1 => msi::with_gaps(&mut random, cfb::Version::V4),
            _ => msi::write(&msi::tree(&mut random, &sizes, sub_storage), version),
        };
        let no_msi_prehash = random.below(3) == 0;
        let more: &[&str] = if no_msi_prehash { &[] } else { &["-add-msi-dse"] };
        let options = SignOptions { no_msi_prehash, ..SignOptions::default() };
        let what = format!("round {round}: {version:?}, {sizes:?}");
        same(&folder, "msi", &bytes, &mut random, more, options, &what);
    }
}

/// Packages from 4 KB on, each a fifth larger than the one before: through every count of FAT sectors, the first DIFAT sector,
/// and on. A full soak goes to 100 MB, other runs to 2 MB.
#[test]
fn packages_of_every_size() {
    let folder = TempDir::new().unwrap();
    let most: usize = if rounds() >= 1000 { 100_000_000 } else { 2_000_000 };
    let mut random = Random(0x1ADD);
    let mut size: usize = 4096;
    while size <= most {
        // A full soak looks at both sides of each size too, where its last sector ends.
        let near: &[usize] = if rounds() >= 1000 { &[size - 1, size, size + 1] } else { &[size] };
        for size in near {
            let version = if size % 3 == 0 { Version::V4 } else { Version::V3 };
            let bytes = msi::write(&msi::tree(&mut random, &[*size, 3000], false), version);
            let what = format!("{size} bytes, {version:?}");
            same(&folder, "msi", &bytes, &mut random, &["-add-msi-dse"], SignOptions::default(), &what);
        }
        size = (size * 6 / 5).next_multiple_of(512);
    }
}

#[test]
fn images() {
    let folder = TempDir::new().unwrap();
    for round in 0..rounds() {
        let mut random = Random(0x9e + round as u64);
        let image = Image {
            wide: random.below(2) == 0,
            size: Image::SMALLEST,
            header: 0x40 + 8 * random.below(20) as u32,
            checksum: random.next() as u32,
        };
        let sections: Vec<usize> = (0..1 + random.below(6)).map(|_| 0x200 * (1 + random.below(40))).collect();
        let overlay = length(&mut random);
        let page_hashes = random.below(2) == 0;
        let more: &[&str] = if page_hashes { &["-ph"] } else { &[] };
        let bytes = image.build_with_sections(&sections, overlay);
        let options = SignOptions { page_hashes, ..SignOptions::default() };
        let what = format!("round {round}: {image:?}, {sections:?}, {overlay}, page hashes: {page_hashes}");
        same(&folder, "exe", &bytes, &mut random, more, options, &what);
    }
}

#[test]
fn cabinets() {
    let folder = TempDir::new().unwrap();
    for round in 0..rounds() {
        let mut random = Random(0xCAB + round as u64);
        let files: Vec<usize> =
            (0..1 + random.below(8)).map(|_| length(&mut random) % 2_000_000 + 1).collect();
        let bytes = Cabinet::of(&files).build(&mut random);
        same(
            &folder,
            "cab",
            &bytes,
            &mut random,
            &[],
            SignOptions::default(),
            &format!("round {round}: {files:?}"),
        );
    }
}

/// Zeros that take no room in a sparse file.
struct Zeros(u64);

impl StreamSource for Zeros {
    fn len(&self) -> u64 {
        self.0
    }

    fn open(&self) -> std::io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(std::io::repeat(0).take(self.0)))
    }
}

/// Leaves holes where there is nothing but zeros.
struct Holes(File);

impl Write for Holes {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if bytes.len() >= 4096 && bytes.iter().all(|byte| *byte == 0) {
            self.0.seek(SeekFrom::Current(bytes.len() as i64))?;
            return Ok(bytes.len());
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_package_past_two_gigabytes() {
    // osslsigncode 2.9 fails on these: the digest is computed here from what an independent reader says is in the file.
    const LARGE: u64 = 0x8000_0000 + 0x10_0000;
    let folder = TempDir::new().unwrap();
    let [input, signed] = ["input.msi", "signed.msi"].map(|name| folder.path().join(name));
    let mut root = Storage::default();
    root.insert("b large", Node::stream(Zeros(LARGE)));
    root.insert("a before", Node::stream(vec![1; 5000]));
    root.insert("c behind", Node::stream(vec![2; 700]));
    let mut out = BufWriter::with_capacity(1 << 20, Holes(File::create(&input).unwrap()));
    compound_file::write(&root, Version::V4, &mut out).unwrap();
    out.flush().unwrap();

    let options = SignOptions { no_msi_prehash: true, ..SignOptions::default() };
    let report = sign_file(&input, &signed, &keys::signer("p256"), &options).unwrap();
    let mut hash = Sha256::new();
    let mut file = cfb::open(&signed).unwrap();
    for name in ["/a before", "/b large", "/c behind"] {
        let mut stream = file.open_stream(name).unwrap();
        let mut buffer = vec![0; 1 << 20];
        loop {
            match stream.read(&mut buffer).unwrap() {
                0 => break,
                read => hash.update(&buffer[..read]),
            }
        }
    }
    hash.update([0; 16]);
    assert_eq!(hash.finalize().to_vec(), report.digest);
    let mut ours = CompoundFile::open(File::open(&signed).unwrap()).unwrap();
    let signature = ours.find(&[&"\u{5}DigitalSignature".encode_utf16().collect::<Vec<_>>()]).unwrap();
    assert_eq!(ours.read_stream(signature).unwrap().len(), report.signature_size);
    // Version 3 does not reach that far, and says so instead of writing half a file.
    fs::remove_file(&signed).unwrap();
    let mut small = File::create(&input).unwrap();
    let answer = compound_file::write(&root, Version::V3, &mut small);
    assert!(matches!(answer, Err(compound_file::WriteError::TooLarge { .. })), "{answer:?}");
}
