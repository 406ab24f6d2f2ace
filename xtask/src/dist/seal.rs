//! Seals: what a file was when it was signed, so that nothing moves a byte of it unseen on its way into a release.

use crate::failure::{Context as _, Failure, Outcome};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A file as it was when it was signed.
#[derive(Debug, Clone)]
pub struct Seal {
    path: PathBuf,
    sha256: [u8; 32],
}

impl Seal {
    /// Seals a file as it is now.
    pub fn of(path: &Path) -> Outcome<Seal> {
        Ok(Seal { path: path.to_owned(), sha256: sha256(path)? })
    }

    /// Fails where a byte has moved since.
    pub fn check(&self) -> Outcome {
        if sha256(&self.path)? == self.sha256 { Ok(()) } else { Err(self.broken()) }
    }

    /// As [`Self::check`], for a copy that somebody has read.
    pub fn check_copy(&self, bytes: &[u8]) -> Outcome {
        if Sha256::digest(bytes)[..] == self.sha256 { Ok(()) } else { Err(self.broken()) }
    }

    fn broken(&self) -> Failure {
        Failure::Failed(format!(
            "{} was changed after it was signed; nothing may touch it between its signature and the release",
            self.path.display()
        ))
    }
}

fn sha256(path: &Path) -> Outcome<[u8; 32]> {
    let mut file = File::open(path).context(path.display())?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 18]);
    loop {
        match file.read(&mut buffer).context(path.display())? {
            0 => return Ok(hash.finalize().into()),
            length => hash.update(&buffer[..length]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Seal;

    #[test]
    fn one_moved_byte_breaks_it() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("agent.exe");
        std::fs::write(&path, b"signed").expect("written");
        let seal = Seal::of(&path).expect("sealed");
        seal.check().expect("as it was");
        seal.check_copy(b"signed").expect("as it was");
        std::fs::write(&path, b"signeD").expect("written");
        assert!(seal.check().expect_err("changed").to_string().contains("changed after it was signed"));
        seal.check_copy(b"signed ").expect_err("changed");
    }
}
