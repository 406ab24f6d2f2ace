//! The disk as a cargo package's sources expect it.
//!
//! Many sources name their binary `target\release\app.exe`, which is right on Windows. Elsewhere cargo puts what it builds for a target
//! below `target/TRIPLE`; so a file that is asked for in the one place and is not there is taken from the other.

use msi_bind::DiskWorld;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use wxs::world::{FileStat, ReadSeek, World};

/// A disk on which the binaries of a target are also where those of the host would be.
pub struct ProjectWorld {
    /// Where sources look for binaries, in any spelling, and where these are.
    folders: Option<(Vec<PathBuf>, PathBuf)>,
    redirected: Mutex<BTreeMap<PathBuf, PathBuf>>,
}

impl ProjectWorld {
    /// The disk as it is.
    pub fn plain() -> ProjectWorld {
        ProjectWorld { folders: None, redirected: Mutex::default() }
    }

    /// Files of the folder `own`, or of `target/PROFILE` in the package or workspace, are looked for in `bin_dir` too.
    pub fn new(package: PathBuf, workspace: PathBuf, own: PathBuf, bin_dir: PathBuf) -> ProjectWorld {
        let profile = PathBuf::from("target").join(own.file_name().unwrap_or_default());
        let places = vec![package.join(&profile), workspace.join(&profile), profile, own];
        ProjectWorld { folders: Some((places, bin_dir)), redirected: Mutex::default() }
    }

    /// What was taken from elsewhere.
    pub fn redirected(&self) -> BTreeMap<PathBuf, PathBuf> {
        self.redirected.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The folder of the package's binaries, where one of the messages names a file in it.
    pub fn binaries_named<'m>(&self, mut messages: impl Iterator<Item = &'m str>) -> Option<&Path> {
        let (_, bin_dir) = self.folders.as_ref()?;
        let folder = bin_dir.to_string_lossy();
        messages.any(|message| message.contains(&*folder)).then_some(bin_dir)
    }

    fn real(&self, path: &Path) -> PathBuf {
        let Some((places, bin_dir)) = &self.folders else { return path.to_owned() };
        if DiskWorld.is_file(path) {
            return path.to_owned();
        }
        let inside = places.iter().find_map(|place| path.strip_prefix(place).ok());
        match inside.map(|rest| bin_dir.join(rest)).filter(|real| DiskWorld.is_file(real)) {
            Some(real) => {
                let mut redirected = self.redirected.lock().unwrap_or_else(PoisonError::into_inner);
                redirected.insert(path.to_owned(), real.clone());
                real
            }
            None => path.to_owned(),
        }
    }
}

impl World for ProjectWorld {
    fn read_source(&self, path: &Path) -> io::Result<String> {
        DiskWorld.read_source(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn ReadSeek>> {
        DiskWorld.open(&self.real(path))
    }

    fn is_file(&self, path: &Path) -> bool {
        DiskWorld.is_file(&self.real(path))
    }

    fn stat(&self, path: &Path) -> io::Result<FileStat> {
        DiskWorld.stat(&self.real(path))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        DiskWorld.list(folder)
    }

    fn env(&self, name: &str) -> Option<String> {
        DiskWorld.env(name)
    }

    fn current_dir(&self) -> PathBuf {
        DiskWorld.current_dir()
    }
}
