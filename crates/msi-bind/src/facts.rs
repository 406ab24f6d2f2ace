//! What is in a file: length, hashes, version and languages. Each file is read once, over several threads.

use crate::pe::version::{self, FileVersion};
use md5::{Digest, Md5};
use sha2::Sha256;
use std::io::{self, Read, Seek};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use wxs::world::World;

/// What a package needs to know of a file's content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub len: u64,
    /// The four numbers of MsiFileHash: the MD5, or zeros for an empty file.
    pub hash: [i32; 4],
    pub sha256: [u8; 32],
    pub version: Option<FileVersion>,
}

/// Looks at every file, in any order, and answers in the order of `paths`.
pub(crate) fn gather(world: &dyn World, paths: &[PathBuf], threads: NonZeroUsize) -> Vec<io::Result<Facts>> {
    let next = AtomicUsize::new(0);
    let answers: Mutex<Vec<(usize, io::Result<Facts>)>> = Mutex::new(Vec::with_capacity(paths.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads.get().min(paths.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(path) = paths.get(at) else { return };
                    let facts = look(world, path);
                    answers.lock().unwrap_or_else(PoisonError::into_inner).push((at, facts));
                }
            });
        }
    });
    let mut answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
    answers.sort_by_key(|&(at, _)| at);
    answers.into_iter().map(|(_, facts)| facts).collect()
}

fn look(world: &dyn World, path: &Path) -> io::Result<Facts> {
    let mut file = world.open(path)?;
    let mut md5 = Md5::new();
    let mut sha256 = Sha256::new();
    let mut len = 0u64;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        md5.update(&buffer[..read]);
        sha256.update(&buffer[..read]);
        len += read as u64;
    }
    let mut hash = [0; 4];
    if len > 0 {
        let digest: [u8; 16] = md5.finalize().into();
        for (number, bytes) in hash.iter_mut().zip(digest.chunks_exact(4)) {
            *number = i32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        }
    }
    file.rewind()?;
    let version = version::read(&mut file)?;
    Ok(Facts { len, hash, sha256: sha256.finalize().into(), version })
}
