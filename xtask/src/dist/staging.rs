//! Where a release grows: a folder beside its final place, which an interrupted run leaves behind unseen.

use crate::failure::{Context as _, Failure, Outcome};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

const PREFIX: &str = ".staging-";
/// A staging folder this old belongs to a run that was interrupted.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// `release/` becomes the release, `work/` holds what only the build needs. Dropping it removes both.
#[derive(Debug)]
pub struct Staging {
    folder: TempDir,
    out: PathBuf,
}

impl Staging {
    /// Beside `out`, so that moving into place is a rename.
    pub fn beside(out: &Path) -> Outcome<Staging> {
        refuse_foreign(out)?;
        let parent = out.parent().ok_or_else(|| Failure::input("--out cannot be a file system's root"))?;
        fs::create_dir_all(parent).context(parent.display())?;
        remove_stale(parent);
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent).context(parent.display())?;
        for part in ["release", "work"] {
            fs::create_dir(folder.path().join(part)).context(folder.path().display())?;
        }
        Ok(Staging { folder, out: out.to_owned() })
    }

    /// Files of the release go here.
    pub fn release(&self) -> PathBuf {
        self.folder.path().join("release")
    }

    /// A new folder for files that only the build needs.
    pub fn work(&self, name: &str) -> Outcome<PathBuf> {
        let folder = self.folder.path().join("work").join(name);
        fs::create_dir_all(&folder).context(folder.display())?;
        Ok(folder)
    }

    /// Moves the finished release into place; an older one goes away only once the new one is there.
    pub fn publish(self) -> Outcome {
        let aside = self.folder.path().join("old");
        let replaced = match fs::rename(&self.out, &aside) {
            Ok(()) => true,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
            Err(error) => return Err(error).context(format!("moving the old {} aside", self.out.display())),
        };
        let moved = fs::rename(self.release(), &self.out);
        if moved.is_err() && replaced {
            fs::rename(&aside, &self.out).context(format!("putting the old {} back", self.out.display()))?;
        }
        moved.context(format!("moving the release to {}", self.out.display()))?;
        // The temporary folder is removed with what is left in it; failing that, the next day's run removes it.
        let _ = self.folder.close();
        Ok(())
    }
}

/// A folder that is replaced whole must be one of ours: `--out` naming somebody's documents is refused.
pub fn refuse_foreign(out: &Path) -> Outcome {
    let entries = match fs::read_dir(out) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).context(out.display()),
    };
    let empty = entries.take(1).count() == 0;
    if empty || (out.join("SHA256SUMS").is_file() && out.join("manifest.json").is_file()) {
        return Ok(());
    }
    Err(Failure::input(format!(
        "{} is neither empty nor an earlier release; a release replaces its folder whole, so name another",
        out.display()
    )))
}

fn remove_stale(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let age = entry
            .metadata()
            .and_then(|meta| meta.modified())
            .map(|time| SystemTime::now().duration_since(time));
        if ours && matches!(age, Ok(Ok(age)) if age > STALE) {
            // What cannot be removed does no harm.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_replaces_the_one_before_and_nothing_else() {
        let home = tempfile::tempdir().expect("folder");
        let out = home.path().join("1.0.0");
        for round in ["first", "second"] {
            let staging = Staging::beside(&out).expect("staging");
            for name in ["SHA256SUMS", "manifest.json"] {
                fs::write(staging.release().join(name), round).expect("write");
            }
            staging.publish().expect("publish");
            assert_eq!(fs::read_to_string(out.join("SHA256SUMS")).expect("read"), round);
        }
        let names: Vec<_> =
            fs::read_dir(home.path()).expect("list").flatten().map(|e| e.file_name()).collect();
        assert_eq!(names, ["1.0.0"], "nothing else is left");
    }

    #[test]
    fn a_run_that_ends_early_leaves_the_old_release() {
        let home = tempfile::tempdir().expect("folder");
        let out = home.path().join("1.0.0");
        fs::create_dir(&out).expect("folder");
        drop(Staging::beside(&out).expect("an empty folder may be taken"));
        assert!(out.is_dir());
        assert_eq!(fs::read_dir(home.path()).expect("list").count(), 1);
    }

    #[test]
    fn a_folder_of_somebody_else_is_refused() {
        let home = tempfile::tempdir().expect("folder");
        fs::write(home.path().join("letter.txt"), "dear").expect("write");
        let message = Staging::beside(home.path()).expect_err("must be refused").to_string();
        assert!(message.contains("neither empty nor an earlier release"), "{message}");
    }
}
