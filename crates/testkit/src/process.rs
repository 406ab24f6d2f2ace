//! Runs a program with input, a deadline, and both outputs read at once, so that a full pipe never blocks it.

use crate::poll::wait_until;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// What a program left behind.
#[derive(Debug, Clone)]
pub struct Finished {
    /// The host's exit code; Wine cuts a Windows code to its low 8 bits.
    pub code: i32,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Finished {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

/// Runs the command to its end. The error says whether it did not start or did not end in time.
pub fn run(command: &mut Command, input: &[u8], limit: Duration) -> Result<Finished, String> {
    start(command, input)?.finish(limit)
}

/// A program that runs while its outputs are read.
pub struct Running {
    program: String,
    child: Child,
    stdout: Drain,
    stderr: Drain,
}

/// Starts a program and gives it its input.
pub fn start(command: &mut Command, input: &[u8]) -> Result<Running, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start {program}: {error}"))?;
    let mut stdin = child.stdin.take().expect("standard input is piped");
    let input = input.to_vec();
    // A program that ends without reading its input closes the pipe: that is its right and no failure.
    thread::spawn(move || stdin.write_all(&input).is_ok());
    let stdout = drain(child.stdout.take().expect("standard output is piped"));
    let stderr = drain(child.stderr.take().expect("standard error is piped"));
    Ok(Running { program, child, stdout, stderr })
}

impl Running {
    /// Waits for its end.
    pub fn finish(mut self, limit: Duration) -> Result<Finished, String> {
        let Some(code) = wait(&mut self.child, limit) else {
            kill(&mut self.child);
            return Err(format!("{} did not end within {} s", self.program, limit.as_secs()));
        };
        // Background processes of Wine may inherit the pipes: what has arrived when the program ends is all that counts.
        let grace = Duration::from_secs(2);
        let stdout = self.stdout.collect(grace);
        let stderr = String::from_utf8_lossy(&self.stderr.collect(grace)).into_owned();
        Ok(Finished { code, stdout, stderr })
    }
}

/// The exit code, or `None` at the deadline. A program ended by a signal counts as -1.
pub fn wait(child: &mut Child, limit: Duration) -> Option<i32> {
    wait_until(limit, || child.try_wait().ok().flatten()).map(|status| status.code().unwrap_or(-1))
}

/// Ends the program and takes its remains away.
pub fn kill(child: &mut Child) {
    // It may have ended by itself in the meantime.
    if child.kill().is_ok() {
        child.wait().ok();
    }
}

/// Bytes that a thread takes from a pipe.
struct Drain {
    thread: thread::JoinHandle<()>,
    bytes: std::sync::Arc<std::sync::Mutex<Vec<u8>>>,
}

fn drain(mut pipe: impl Read + Send + 'static) -> Drain {
    let bytes = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let shared = bytes.clone();
    let thread = thread::spawn(move || {
        let mut part = [0; 65536];
        while let Ok(n) = pipe.read(&mut part) {
            if n == 0 {
                break;
            }
            shared.lock().expect("no reader panics").extend_from_slice(&part[..n]);
        }
    });
    Drain { thread, bytes }
}

impl Drain {
    fn collect(self, grace: Duration) -> Vec<u8> {
        wait_until(grace, || self.thread.is_finished().then_some(()));
        std::mem::take(&mut self.bytes.lock().expect("no reader panics"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_goes_in_and_both_outputs_and_the_code_come_out() {
        let mut command = Command::new("sh");
        command.args(["-c", "cat; echo problem >&2; exit 7"]);
        let input = vec![b'x'; 300_000];
        let finished = run(&mut command, &input, Duration::from_secs(20)).unwrap();
        assert_eq!(
            (finished.code, finished.stdout.len(), finished.stderr.as_str()),
            (7, 300_000, "problem\n")
        );
    }

    #[test]
    fn a_program_past_its_deadline_is_ended() {
        let error = run(Command::new("sleep").arg("60"), b"", Duration::from_millis(50)).unwrap_err();
        assert!(error.contains("did not end"), "{error}");
    }
}
