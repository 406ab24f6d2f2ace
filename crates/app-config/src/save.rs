//! Storing a configuration in one step.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::Error;

/// See [`crate::Config::save`].
pub(crate) fn save(bytes: &[u8], path: &Path, backup: Option<&Path>) -> Result<bool, Error> {
    let old = match fs::read(path) {
        Ok(old) if old == bytes => return Ok(false),
        Ok(old) => Some(old),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(source) => return Err(Error::Io { doing: "read", path: path.to_owned(), source }),
    };
    if let (Some(old), Some(backup)) = (&old, backup) {
        replace(old, backup, path).map_err(|source| Error::Io {
            doing: "write the backup",
            path: backup.to_owned(),
            source,
        })?;
    }
    replace(bytes, path, path).map_err(|source| Error::Io {
        doing: "write",
        path: path.to_owned(),
        source,
    })?;
    Ok(true)
}

/// Writes `bytes` to a temporary file beside `path`, gives it the permissions of `like` where that exists, and renames
/// it over `path`. A read-only file is replaced and its successor is read-only too: who may write the folder decides.
fn replace(bytes: &[u8], path: &Path, like: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let permissions = match fs::metadata(like) {
        Ok(metadata) => Some(metadata.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let mut temporary = tempfile::Builder::new().prefix(".app-config-").suffix(".tmp").tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    let read_only_target = fs::metadata(path).is_ok_and(|metadata| metadata.permissions().readonly());
    if cfg!(windows) && read_only_target {
        // Windows refuses to rename over a read-only file.
        let mut writable = fs::metadata(path)?.permissions();
        #[allow(clippy::permissions_set_readonly_false, reason = "on Windows this clears one attribute")]
        writable.set_readonly(false);
        fs::set_permissions(path, writable)?;
    }
    temporary.persist(path).map_err(|error| error.error)?;
    match permissions {
        Some(permissions) => fs::set_permissions(path, permissions),
        None => default_permissions(path),
    }
}

/// Temporary files are private to their owner; a new configuration gets what a plain new file would get.
#[cfg(unix)]
fn default_permissions(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn default_permissions(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_file_becomes_the_backup_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let (path, backup) = (folder.path().join("a.config"), folder.path().join("a.config.bak"));
        assert!(save(b"one", &path, Some(&backup)).unwrap());
        assert!(!backup.exists());
        assert!(save(b"two", &path, Some(&backup)).unwrap());
        assert!(!save(b"two", &path, Some(&backup)).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read(&backup).unwrap(), b"one");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_folder_that_is_missing_is_named_and_the_old_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.config");
        fs::write(&path, b"one").unwrap();
        let backup = folder.path().join("missing").join("a.bak");
        let message = save(b"two", &path, Some(&backup)).unwrap_err().to_string();
        assert!(message.starts_with("cannot write the backup ") && message.contains("missing"), "{message}");
        assert_eq!(fs::read(&path).unwrap(), b"one");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_survive() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, backup) = (folder.path().join("a.config"), folder.path().join("a.config.bak"));
        fs::write(&path, b"one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
        save(b"two", &path, Some(&backup)).unwrap();
        for file in [&path, &backup] {
            assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o440, "{}", file.display());
        }
    }
}
