//! The trace log: a line per entry, rotated by size.
//!
//! `provisioning-agent.log` is the current file; when it would grow past [`MAX_LEN`] it becomes `.1`, `.1` becomes `.2`, and the
//! oldest of [`KEPT`] goes. Every line is written at once, so that a crash loses none. A log that cannot be written stops
//! nobody: the agent works on, and the next line tries again.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use app_config::TraceLevel;

use crate::clock::Timestamp;

/// A file is rotated before it grows past this.
pub const MAX_LEN: u64 = 1 << 20;

/// How many old files are kept.
pub const KEPT: u32 = 5;

/// An open log.
#[derive(Debug)]
pub struct Trace {
    path: PathBuf,
    level: TraceLevel,
    max_len: u64,
    file: Mutex<Option<(File, u64)>>,
}

impl Trace {
    /// Opens a log for appending, its folder made if it is missing.
    pub fn open(path: &Path, level: TraceLevel) -> io::Result<Trace> {
        Trace::open_with(path, level, MAX_LEN)
    }

    fn open_with(path: &Path, level: TraceLevel, max_len: u64) -> io::Result<Trace> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = append_to(path)?;
        Ok(Trace { path: path.to_owned(), level, max_len, file: Mutex::new(Some(file)) })
    }

    /// Whether lines of this level are written.
    pub fn writes(&self, level: TraceLevel) -> bool {
        level <= self.level && level != TraceLevel::Off
    }

    /// Writes a line, if the level is among those that are wanted.
    pub fn write(&self, line: &Line<'_>) {
        if !self.writes(line.level) {
            return;
        }
        let text = format!("{line}\n");
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if self.append(&mut file, text.as_bytes()).is_err() {
            *file = None;
        }
    }

    fn append(&self, file: &mut Option<(File, u64)>, text: &[u8]) -> io::Result<()> {
        let len = text.len() as u64;
        if file.as_ref().is_some_and(|(_, used)| *used > 0 && used + len > self.max_len) {
            // Windows renames no open file.
            *file = None;
            rotate(&self.path)?;
        }
        if file.is_none() {
            *file = Some(append_to(&self.path)?);
        }
        if let Some((open, used)) = file {
            open.write_all(text)?;
            *used += len;
        }
        Ok(())
    }
}

/// One entry of the log, shown as the line that stands there.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    pub time: Timestamp,
    pub level: TraceLevel,
    /// The id of the event that goes with it.
    pub event: Option<u16>,
    pub message: &'a str,
}

impl std::fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:<11} ", self.time, self.level.name())?;
        match self.event {
            Some(id) => write!(f, "{id:>4} ")?,
            None => write!(f, "   - ")?,
        }
        // One entry, one line, whatever stands in the message.
        for c in self.message.chars() {
            match c {
                '\n' => f.write_str("\\n")?,
                c if c.is_control() => f.write_str(" ")?,
                c => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

fn append_to(path: &Path) -> io::Result<(File, u64)> {
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    let len = file.metadata()?.len();
    Ok((file, len))
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    PathBuf::from(name)
}

fn rotate(path: &Path) -> io::Result<()> {
    for number in (1..KEPT).rev() {
        match fs::rename(numbered(path, number), numbered(path, number + 1)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(path, numbered(path, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(level: TraceLevel, message: &str) -> Line<'_> {
        Line { time: Timestamp(0), level, event: Some(1000), message }
    }

    #[test]
    fn lines_past_the_level_are_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Trace").join("a.log");
        let trace = Trace::open(&path, TraceLevel::Warning).unwrap();
        trace.write(&line(TraceLevel::Error, "one\r\ntwo"));
        trace.write(&line(TraceLevel::Information, "three"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "1970-01-01T00:00:00Z Error       1000 one \\ntwo\n");
        let silent = Trace::open(&path, TraceLevel::Off).unwrap();
        assert!(TraceLevel::ALL.into_iter().all(|level| !silent.writes(level)));
    }

    #[test]
    fn old_files_are_numbered_and_the_oldest_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        let trace = Trace::open_with(&path, TraceLevel::Verbose, 100).unwrap();
        for number in 0..20 {
            trace.write(&line(TraceLevel::Information, &format!("entry {number} {}", "x".repeat(40))));
        }
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["a.log", "a.log.1", "a.log.2", "a.log.3", "a.log.4", "a.log.5"]);
        assert!(fs::read_to_string(&path).unwrap().contains("entry 19 "));
        assert!(fs::read_to_string(numbered(&path, 1)).unwrap().contains("entry 18 "));
        // A log that was there before is continued, not begun anew.
        drop(trace);
        let before = fs::metadata(&path).unwrap().len();
        Trace::open_with(&path, TraceLevel::Verbose, 1_000).unwrap().write(&line(TraceLevel::Error, "more"));
        assert!(fs::metadata(&path).unwrap().len() > before);
    }
}
