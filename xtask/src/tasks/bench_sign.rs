//! `cargo xtask bench sign`: packages of so many MiB, beside osslsigncode and beside what nobody can avoid: one SHA-256 over
//! the file.

use super::bench::Row;
use crate::failure::{Context as _, Outcome};
use crate::measure::{self, Cost};
use crate::process::find_program;
use authenticode::{TestIdentity, TestIdentityOptions, TestKey};
use compound_file::{Node, Storage, StreamSource, Version};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const HASH: &str = "SHA-256 over the file";
const OURS: &str = "cargo msi sign";
const THEIRS: &str = "osslsigncode";

/// The most memory that signing may take, whatever the size.
const MOST_MEMORY: u64 = 64 << 20;

/// Rows for one size. Each program runs three times and its best time counts: the others tell of the machine's other work.
pub fn rows(ours: &Path, mebibytes: usize, folder: &Path) -> Outcome<Vec<Row>> {
    let package = folder.join("package.msi");
    write_package(&package, mebibytes)?;
    let identity = TestIdentity::generate(&TestIdentityOptions {
        seed: [1; 32],
        common_name: "Bench",
        not_before: 1_700_000_000,
        not_after: 1_900_000_000,
        key: TestKey::EcdsaP256,
    })
    .context("test identity")?;
    let [key, certificate] = ["key.pem", "certificate.pem"].map(|name| folder.join(name));
    fs::write(&key, identity.key_pem.as_bytes()).context("key")?;
    fs::write(&certificate, identity.certificate_pem.as_bytes()).context("certificate")?;

    // What is read first comes from the disk, so that nobody is measured with it.
    hash(&package)?;
    let out = folder.join("signed.msi");
    let signing = |command: &mut Command| {
        let mut costs = Vec::new();
        for _ in 0..3 {
            let _ = fs::remove_file(&out);
            costs.push(measure::run(command)?);
        }
        let bytes = fs::metadata(&out).context(out.display())?.len();
        Ok((best(costs), bytes))
    };
    let size = fs::metadata(&package).context(package.display())?.len();
    let plain = best([hash(&package)?, hash(&package)?, hash(&package)?]);
    let mut rows = vec![Row { size: mebibytes, program: HASH, cost: plain, bytes: size }];
    let mut command = Command::new(ours);
    command.arg("sign").arg("--key").arg(&key).arg("--cert").arg(&certificate);
    command.arg("--output").arg(&out).arg(&package);
    let (cost, bytes) = signing(&mut command)?;
    rows.push(Row { size: mebibytes, program: OURS, cost, bytes });
    if let Some(program) = find_program(&["osslsigncode"]) {
        let mut command = Command::new(program);
        command
            .args(["sign", "-h", "sha256", "-add-msi-dse", "-certs"])
            .arg(&certificate)
            .arg("-key")
            .arg(&key);
        command.arg("-in").arg(&package).arg("-out").arg(&out);
        let (cost, bytes) = signing(&mut command)?;
        rows.push(Row { size: mebibytes, program: THEIRS, cost, bytes });
    }
    Ok(rows)
}

/// Which limits are broken: memory at any size; beside osslsigncode half the time and a tenth of the memory.
pub fn limits(rows: &[Row]) -> Vec<String> {
    let mut broken = Vec::new();
    for ours in rows.iter().filter(|row| row.program == OURS) {
        let size = ours.size;
        if ours.cost.memory.is_some_and(|memory| memory > MOST_MEMORY) {
            broken.push(format!("{size} MiB: signing takes more than {} MiB", MOST_MEMORY >> 20));
        }
        let Some(theirs) = rows.iter().find(|row| row.program == THEIRS && row.size == size) else {
            continue;
        };
        if ours.cost.seconds * 2.0 > theirs.cost.seconds {
            broken.push(format!("{size} MiB: signing takes more than half of osslsigncode's time"));
        }
        // Below some size every process takes more than a tenth of any other.
        if size >= 1000
            && ours.cost.memory.zip(theirs.cost.memory).is_some_and(|(ours, theirs)| ours * 10 > theirs)
        {
            broken.push(format!("{size} MiB: signing takes more than a tenth of osslsigncode's memory"));
        }
    }
    broken
}

fn best(costs: impl IntoIterator<Item = Cost>) -> Cost {
    let none = Cost { seconds: f64::INFINITY, cpu: None, memory: None };
    costs.into_iter().fold(none, |best, cost| if cost.seconds < best.seconds { cost } else { best })
}

/// What nobody who signs can avoid.
fn hash(package: &Path) -> Outcome<Cost> {
    let started = Instant::now();
    let mut file = File::open(package).context("package")?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut buffer).context("package")? {
            0 => break,
            length => hash.update(&buffer[..length]),
        }
    }
    std::hint::black_box(hash.finalize());
    Ok(Cost { seconds: started.elapsed().as_secs_f64(), cpu: None, memory: None })
}

fn write_package(path: &Path, mebibytes: usize) -> Outcome {
    let mut root = Storage::default();
    // Cabinets of 64 MiB, and the small streams that tables are.
    let mut left = (mebibytes as u64) << 20;
    for number in 0.. {
        let length = left.min(64 << 20);
        if length == 0 {
            break;
        }
        root.insert(&format!("cabinet{number}"), Node::stream(Noise(length)));
        left -= length;
    }
    for number in 0..60 {
        root.insert(&format!("table{number}"), Node::stream(vec![number as u8; 100 * number]));
    }
    let mut file = io::BufWriter::new(File::create(path).context(path.display())?);
    compound_file::write(&root, Version::V3, &mut file).context(path.display())?;
    file.flush().context(path.display())
}

/// Bytes that look like compressed ones.
struct Noise(u64);

impl StreamSource for Noise {
    fn len(&self) -> u64 {
        self.0
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        let state = self.0;
        Ok(Box::new(Generator(state).take(self.0)))
    }
}

struct Generator(u64);

impl Read for Generator {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for piece in buffer.chunks_mut(8) {
            self.0 = self.0.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            piece.copy_from_slice(&(self.0 ^ self.0 >> 29).to_le_bytes()[..piece.len()]);
        }
        Ok(buffer.len())
    }
}
