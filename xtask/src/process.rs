//! Other programs: found, started, and their failures told with what they printed.

use crate::failure::{Context, Failure, Outcome};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The first of `names` that stands in a folder of `PATH`.
pub fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        folders.iter().map(|folder| folder.join(&file)).find(|candidate| is_executable(candidate))
    })
}

/// Runs a program whose output is for the person at the terminal; everything it prints goes to standard error.
pub fn run(command: &mut Command) -> Outcome {
    let shown = shown(command);
    let status = command
        .stdin(Stdio::null())
        .stdout(std::io::stderr())
        .status()
        .context(format!("could not start `{shown}`"))?;
    if status.success() { Ok(()) } else { Err(Failure::Failed(format!("`{shown}` ended with {status}"))) }
}

/// Runs a program for its standard output.
pub fn output(command: &mut Command) -> Outcome<String> {
    let shown = shown(command);
    let output = command.stdin(Stdio::null()).output().context(format!("could not start `{shown}`"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::Failed(format!("`{shown}` ended with {}\n{}", output.status, said.trim_end())));
    }
    String::from_utf8(output.stdout).context(format!("`{shown}` did not print UTF-8"))
}

/// Runs a program that may hang on a dead network; past `limit` it is ended and counts as failed. Gives what it said last.
pub fn attempt(command: &mut Command, limit: Duration) -> Result<(), String> {
    let shown = shown(command);
    let log = tempfile::tempfile().map_err(|error| error.to_string())?;
    let also_log = log.try_clone().map_err(|error| error.to_string())?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(log.try_clone().map_err(|error| error.to_string())?)
        .stderr(also_log)
        .spawn()
        .map_err(|error| format!("could not start `{shown}`: {error}"))?;
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => {
                return Err(last_line(log).unwrap_or_else(|| format!("it ended with {status}")));
            }
            Ok(None) if started.elapsed() > limit => {
                // Whether the kill arrives or the program has just ended by itself is the same to us.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("no end after {} s", limit.as_secs()));
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(50)),
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// A command as one would type it.
pub fn shown(command: &Command) -> String {
    std::iter::once(command.get_program()).chain(command.get_args()).map(quoted).collect::<Vec<_>>().join(" ")
}

fn quoted(part: &OsStr) -> String {
    let text = part.to_string_lossy();
    if text.is_empty() || text.contains([' ', '\'', '"', '$', '*', ';', '&', '|', '<', '>', '(', ')']) {
        format!("'{}'", text.replace('\'', r"'\''"))
    } else {
        text.into_owned()
    }
}

fn last_line(mut log: std::fs::File) -> Option<String> {
    use std::io::{Read, Seek};
    let mut text = Vec::new();
    log.rewind().ok()?;
    log.take(1 << 20).read_to_end(&mut text).ok()?;
    let text = String::from_utf8_lossy(&text).into_owned();
    text.lines().rev().find(|line| !line.trim().is_empty()).map(|line| line.trim().to_owned())
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_hanging_program_is_ended() {
        let started = Instant::now();
        let said = attempt(Command::new("sleep").arg("30"), Duration::from_millis(200))
            .expect_err("must not succeed");
        assert!(said.contains("no end"), "{said}");
        assert!(started.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_failing_programs_last_word_is_kept() {
        let said = attempt(
            Command::new("sh").args(["-c", "echo first; echo 'no route' >&2; exit 1"]),
            Duration::from_secs(10),
        );
        assert_eq!(said, Err("no route".into()));
    }

    #[test]
    fn commands_are_shown_as_typed() {
        let mut command = Command::new("a");
        command.args(["b c", "it's", "-x"]);
        assert_eq!(shown(&command), r"a 'b c' 'it'\''s' -x");
    }
}
