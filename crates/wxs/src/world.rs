//! The outside world as the compiler sees it: files and environment come in through here and nowhere else.

use std::io;
use std::path::{Path, PathBuf};

/// Files that can be read again and again while a package is bound.
pub trait ReadSeek: io::Read + io::Seek + Send {}
impl<T: io::Read + io::Seek + Send> ReadSeek for T {}

/// What the compiler may ask of its surroundings. Tests give it a map; the command line gives it the disk.
pub trait World: Sync {
    /// A source, include or localization file, whole.
    fn read_source(&self, path: &Path) -> io::Result<String>;
    /// A file that goes into the package.
    fn open(&self, path: &Path) -> io::Result<Box<dyn ReadSeek>>;
    /// Whether a path names a regular file.
    fn is_file(&self, path: &Path) -> bool;
    /// Length in bytes and last write time (seconds since 1970, UTC) of a file that goes into the package.
    fn stat(&self, path: &Path) -> io::Result<FileStat>;
    /// Names in a folder, sorted, for case-insensitive matching and `Files` globs.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;
    /// An environment variable, for `$(env.X)`.
    fn env(&self, name: &str) -> Option<String>;
    /// The folder that relative paths start from, for `$(sys.CURRENTDIR)`.
    fn current_dir(&self) -> PathBuf {
        PathBuf::from(".")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStat {
    pub len: u64,
    pub modified: i64,
}
