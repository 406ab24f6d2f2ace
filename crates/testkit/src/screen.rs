//! A screen without a monitor: an X server of its own for each test, and the programs that press its keys and look at it.

use crate::poll::wait_until;
use crate::process;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long one of the X programs may take.
const LIMIT: Duration = Duration::from_secs(30);

/// A running X server. Dropping it ends it.
pub struct Screen {
    server: Child,
    /// The number that stands after the colon in `DISPLAY`.
    pub display: u32,
}

impl Screen {
    /// Starts a server on a display number that is free. The error names the tool that is missing.
    pub fn start(width: u32, height: u32) -> Result<Screen, String> {
        let missing = |program: &str| {
            format!("this test opens windows and cannot without {program}: run `cargo xtask setup`")
        };
        for (program, argument) in [("xdotool", "version"), ("import", "-version")] {
            process::run(Command::new(program).arg(argument), b"", LIMIT).map_err(|_| missing(program))?;
        }
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &format!("{width}x{height}x24"), "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| missing("Xvfb"))?;
        let stdout = server.stdout.take().expect("standard output is piped");
        let (send, number) = mpsc::channel();
        // The thread ends with the line or, when the server ends first, with the pipe.
        thread::spawn(move || {
            let mut line = String::new();
            BufReader::new(stdout).read_line(&mut line).ok();
            send.send(line).ok();
        });
        let line = number.recv_timeout(LIMIT).unwrap_or_default();
        match line.trim().parse() {
            Ok(display) => Ok(Screen { server, display }),
            Err(_) => {
                process::kill(&mut server);
                Err("Xvfb found no free display".into())
            }
        }
    }

    /// Runs xdotool.
    pub fn xdotool(&self, arguments: &[&str]) -> Result<(), String> {
        self.run(Command::new("xdotool").args(arguments))
    }

    /// Takes a picture of the whole screen.
    pub fn picture(&self, file: &Path) -> Result<PathBuf, String> {
        self.run(Command::new("import").args(["-window", "root"]).arg(file))?;
        Ok(file.to_owned())
    }

    fn run(&self, command: &mut Command) -> Result<(), String> {
        command.env("DISPLAY", format!(":{}", self.display));
        let finished = process::run(command, b"", LIMIT)?;
        match finished.code {
            0 => Ok(()),
            code => Err(format!("{:?} failed with {code}: {}", command.get_program(), finished.stderr)),
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Asked first: a killed server would leave its lock file behind.
        let asked = Command::new("kill").arg(self.server.id().to_string()).status();
        if asked.is_ok() {
            wait_until(Duration::from_secs(5), || self.server.try_wait().ok().flatten());
        }
        process::kill(&mut self.server);
    }
}
