//! Files on their way into a package: copied to the staging folder and dated, because cabinets keep a file's time.

use super::Plan;
use super::agent::{ACTIONS, AGENT, Agent};
use crate::failure::{Context as _, Failure, Outcome};
use crate::manifest::Arch;
use crate::repo::Repo;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

pub const LICENCES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

/// Binaries of one architecture in their own folder, signed or not.
#[derive(Debug, Clone)]
pub struct Binaries {
    pub arch: Arch,
    pub folder: PathBuf,
}

impl Binaries {
    /// Copies what was compiled.
    pub fn stage(agent: &Agent, folder: &Path, plan: &Plan) -> Outcome<Binaries> {
        for (from, name) in [(&agent.agent, AGENT), (&agent.actions, ACTIONS)] {
            let bytes = fs::read(from).context(from.display())?;
            write_dated(&folder.join(name), &bytes, plan.epoch)?;
        }
        Ok(Binaries { arch: agent.arch, folder: folder.to_owned() })
    }

    /// The files, in a fixed order.
    pub fn files(&self) -> [PathBuf; 2] {
        [self.folder.join(AGENT), self.folder.join(ACTIONS)]
    }
}

/// Copies the licence files.
pub fn stage_licences(repo: &Repo, folder: &Path, plan: &Plan) -> Outcome {
    for name in LICENCES {
        let bytes = fs::read(repo.join(name)).context(name)?;
        write_dated(&folder.join(name), &bytes, plan.epoch)?;
    }
    Ok(())
}

/// Writes a file with the release's time on it.
pub fn write_dated(path: &Path, bytes: &[u8], epoch: i64) -> Outcome {
    fs::write(path, bytes).context(path.display())?;
    date(path, epoch)
}

/// Puts the release's time on a file.
pub fn date(path: &Path, epoch: i64) -> Outcome {
    let seconds =
        u64::try_from(epoch).map_err(|_| Failure::input("a release cannot be dated before 1970"))?;
    let time = UNIX_EPOCH + Duration::from_secs(seconds);
    let file = fs::File::options().write(true).open(path).context(path.display())?;
    file.set_modified(time).context(path.display())
}
