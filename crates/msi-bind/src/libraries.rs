//! The files that the libraries of extensions bring with them, beside those of the world.

use std::io::{self, Cursor};
use std::path::{Path, PathBuf};
use wxs::extension;
use wxs::world::{FileStat, ReadSeek, World};

/// A world that also has the libraries' files.
pub(crate) struct WithLibraries<'w>(pub &'w dyn World);

impl World for WithLibraries<'_> {
    fn read_source(&self, path: &Path) -> io::Result<String> {
        match extension::file(path) {
            Some(bytes) => String::from_utf8(bytes.to_vec()).map_err(|_| io::ErrorKind::InvalidData.into()),
            None => self.0.read_source(path),
        }
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn ReadSeek>> {
        match extension::file(path) {
            Some(bytes) => Ok(Box::new(Cursor::new(bytes))),
            None => self.0.open(path),
        }
    }

    fn is_file(&self, path: &Path) -> bool {
        extension::file(path).is_some() || self.0.is_file(path)
    }

    fn stat(&self, path: &Path) -> io::Result<FileStat> {
        match extension::file(path) {
            Some(bytes) => Ok(FileStat { len: bytes.len() as u64, modified: 0 }),
            None => self.0.stat(path),
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.0.list(folder)
    }

    fn env(&self, name: &str) -> Option<String> {
        self.0.env(name)
    }

    fn current_dir(&self) -> PathBuf {
        self.0.current_dir()
    }
}
