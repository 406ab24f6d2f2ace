//! What targets share: a disk of a few small files that all come out of the fuzzer's bytes.

use std::collections::HashMap;
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};
use wxs::world::{FileStat, ReadSeek, World};

/// Divides the files in an input; no XML text can hold it.
pub const DIVIDER: char = '\u{1}';

/// The names that the parts of an input get, in their order.
const NAMES: [&str; 4] = ["main.wxs", "a.wxi", "b.wxi", "main.wxl"];

/// A disk that holds an input's parts and nothing else.
pub struct Parts {
    files: HashMap<PathBuf, String>,
}

impl Parts {
    /// `None` where the bytes are no text, which the disk refuses before any parser sees it.
    pub fn of(bytes: &[u8]) -> Option<Parts> {
        let text = std::str::from_utf8(bytes).ok()?;
        let parts = text.splitn(NAMES.len(), DIVIDER);
        Some(Parts { files: NAMES.iter().map(PathBuf::from).zip(parts.map(str::to_owned)).collect() })
    }

    /// The text of a part, where the input has it.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.files.get(Path::new(name)).map(String::as_str)
    }
}

impl World for Parts {
    fn read_source(&self, path: &Path) -> io::Result<String> {
        self.files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn ReadSeek>> {
        Ok(Box::new(Cursor::new(self.read_source(path)?.into_bytes())))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.files.contains_key(path)
    }

    fn stat(&self, path: &Path) -> io::Result<FileStat> {
        Ok(FileStat { len: self.read_source(path)?.len() as u64, modified: 0 })
    }

    fn list(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        let mut names: Vec<PathBuf> = self.files.keys().cloned().collect();
        names.sort();
        Ok(names)
    }

    fn env(&self, name: &str) -> Option<String> {
        (name == "X").then(|| "value".into())
    }
}
