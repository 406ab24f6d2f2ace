//! Where things are in the checkout.

use crate::failure::{Failure, Outcome};
use std::path::{Path, PathBuf};

/// The root of the working copy.
#[derive(Debug, Clone)]
pub struct Repo {
    root: PathBuf,
}

impl Repo {
    /// Found from the package cargo runs, or else from the current folder upwards.
    pub fn find() -> Outcome<Repo> {
        let start = match std::env::var_os("CARGO_MANIFEST_DIR") {
            Some(package) => PathBuf::from(package),
            None => std::env::current_dir().map_err(Failure::failed)?,
        };
        start
            .ancestors()
            .find(|folder| folder.join("dist.toml").is_file())
            .map(|root| Repo { root: root.to_owned() })
            .ok_or_else(|| Failure::input(format!("no dist.toml in {} or above it", start.display())))
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root.
    pub fn join(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join(path)
    }

    /// The folder that cargo and we put everything built into.
    pub fn target(&self) -> PathBuf {
        match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => self.root.join(folder),
            None => self.root.join("target"),
        }
    }

    /// A path as a person at the root would write it.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}
