//! One Windows machine for one test: a Wine prefix with running services, its own registry and its own drive C.

use crate::host::Host;
use crate::process::{self, Finished};
use crate::template;
use std::cell::Cell;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Once, mpsc};
use std::thread;
use std::time::Duration;

/// How long anything but an installation may take; a machine that is slower than this hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// A machine. Its methods panic with a message when Wine itself fails, which fails the test; what the Windows programs in it answer
/// is returned. Dropping it ends every process in it; a failing test leaves its logs under `target/wine/failed/NAME`.
pub struct Machine {
    host: Host,
    name: String,
    prefix: PathBuf,
    /// Keeps the services alive: its standard input, then the process.
    session: Option<(ChildStdin, Child)>,
    pub(crate) logs: Cell<u32>,
    /// The number of the X server whose screen its programs draw on; without one they draw nowhere.
    display: Option<u32>,
}

impl Machine {
    /// Starts a fresh machine. `name` must be unique among the tests of a run; it names what a failure leaves.
    pub fn start(name: &str) -> Machine {
        Machine::start_on(name, None)
    }

    /// A machine whose programs draw on the screen of an X server.
    pub(crate) fn start_on(name: &str, display: Option<u32>) -> Machine {
        let host = Host::discover().unwrap_or_else(|message| panic!("{message}"));
        SWEPT.call_once(|| sweep(&host.work.join("machines")));
        let prefix = host.work.join("machines").join(format!("{name}-{}", std::process::id()));
        let failed = host.work.join("failed").join(name);
        if failed.exists() {
            fs::remove_dir_all(&failed)
                .unwrap_or_else(|error| panic!("cannot remove {}: {error}", failed.display()));
        }
        let mut machine =
            Machine { host, name: name.to_owned(), prefix, session: None, logs: Cell::new(0), display };
        template::instantiate(&machine.host, &machine.prefix).unwrap_or_else(|message| panic!("{message}"));
        if display.is_some() {
            template::draw_on_screen(&machine.prefix).unwrap_or_else(|message| panic!("{message}"));
        }
        machine.boot();
        machine
    }

    /// Ends every process and starts Windows again: services that start by themselves do, pending file operations run.
    pub fn reboot(&mut self) {
        self.shut_down();
        self.boot();
    }

    /// This host's path of a Windows path on drive C. Case must be as on disk.
    pub fn path(&self, windows: &str) -> PathBuf {
        let below = windows.strip_prefix("C:\\").unwrap_or_else(|| panic!("{windows} is not on drive C"));
        below.split('\\').fold(self.prefix.join("drive_c"), |path, part| path.join(part))
    }

    /// A text file's content, decoded from UTF-8 or, with a byte order mark, UTF-16LE; panics where there is none.
    pub fn read(&self, windows: &str) -> String {
        let bytes =
            fs::read(self.path(windows)).unwrap_or_else(|error| panic!("cannot read {windows}: {error}"));
        decode(&bytes)
    }

    pub fn exists(&self, windows: &str) -> bool {
        self.path(windows).exists()
    }

    /// This host's paths of all files below a folder, links left out; none where the folder is not there.
    pub fn files_below(&self, windows: &str) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.path(windows)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    Ok(kind) if kind.is_file() => files.push(entry.path()),
                    _ => {}
                }
            }
        }
        files
    }

    /// Puts a file onto the machine, with its folders.
    pub fn write(&self, windows: &str, content: impl AsRef<[u8]>) {
        let path = self.path(windows);
        let folder = path.parent().expect("a file has a folder");
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, content))
            .unwrap_or_else(|error| panic!("cannot write {windows}: {error}"));
    }

    pub fn remove(&self, windows: &str) {
        fs::remove_file(self.path(windows))
            .unwrap_or_else(|error| panic!("cannot remove {windows}: {error}"));
    }

    /// Runs a Windows command line to its end: its whole 32-bit exit code, standard output and standard error.
    pub fn run(&self, command_line: &str) -> Ran {
        self.run_within(command_line, LIMIT)
    }

    /// [`Machine::run`] with a limit of its own. At the limit the machine's processes are ended and the test fails.
    pub fn run_within(&self, command_line: &str, limit: Duration) -> Ran {
        let finished = self.ask_within(&["run"], command_line.as_bytes(), limit);
        Ran::of(command_line, finished)
    }

    /// Owner and access list of a file or folder as Wine keeps them, in SDDL.
    pub fn security(&self, windows: &str) -> String {
        let finished = self.ask(&["security", windows]);
        assert_eq!(finished.code, 0, "no security descriptor of {windows}: {}", finished.stderr);
        finished.text().trim_end().to_owned()
    }

    /// Asks `machine.exe` inside the prefix.
    pub(crate) fn ask(&self, request: &[&str]) -> Finished {
        self.ask_within(request, b"", LIMIT)
    }

    fn ask_within(&self, request: &[&str], input: &[u8], limit: Duration) -> Finished {
        let mut command = self.request(request);
        process::run(&mut command, input, limit).unwrap_or_else(|message| {
            self.end_processes();
            panic!("{message} on machine {}", self.name)
        })
    }

    /// The command that asks `machine.exe` inside the prefix.
    pub(crate) fn request(&self, request: &[&str]) -> Command {
        let mut command = template::command(&self.host, &self.host.wine, &self.prefix);
        if let Some(display) = self.display {
            command.env("DISPLAY", format!(":{display}"));
        }
        command.arg("C:\\testkit\\machine.exe").args(request);
        command
    }

    /// Where this test may leave what people look at: `target/wine/KIND/NAME`, made anew.
    pub(crate) fn artifacts(&self, kind: &str) -> PathBuf {
        let folder = self.host.work.join(kind).join(&self.name);
        fs::remove_dir_all(&folder).ok();
        fs::create_dir_all(&folder)
            .unwrap_or_else(|error| panic!("cannot make {}: {error}", folder.display()));
        folder
    }

    fn boot(&mut self) {
        let mut command = self.request(&["hold"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("cannot start Wine: {error}"));
        let stdin = child.stdin.take().expect("standard input is piped");
        let stdout = child.stdout.take().expect("standard output is piped");
        self.session = Some((stdin, child));
        let (send, ready) = mpsc::channel();
        // The thread ends with its line or, when the machine ends first, with the pipe; nobody waits for it then.
        thread::spawn(move || {
            let mut line = String::new();
            BufReader::new(stdout).read_line(&mut line).ok();
            send.send(line).ok();
        });
        let line = ready.recv_timeout(LIMIT).unwrap_or_default();
        assert_eq!(line.trim_end(), "ready", "machine {} did not boot", self.name);
    }

    fn shut_down(&mut self) {
        if let Some((stdin, mut child)) = self.session.take() {
            drop(stdin);
            process::wait(&mut child, Duration::from_secs(5));
            self.end_processes();
            process::kill(&mut child);
        }
    }

    fn end_processes(&self) {
        let server = |flag| {
            let mut command = template::command(&self.host, &self.host.wineserver, &self.prefix);
            process::run(command.arg(flag), b"", Duration::from_secs(30))
        };
        // A server that has ended already answers with a failure, which is what is wanted.
        server("-k").and_then(|_| server("-w")).ok();
    }

    fn keep_logs(&self) {
        let failed = self.host.work.join("failed").join(&self.name);
        let logs = self.prefix.join("drive_c/logs");
        if logs.is_dir() && copy_flat(&logs, &failed).is_ok() {
            eprintln!("the installer's logs of this machine: {}", failed.display());
        }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.shut_down();
        if thread::panicking() {
            self.keep_logs();
            if env::var_os("TESTKIT_KEEP").is_some() {
                eprintln!("the machine itself: {}", self.prefix.display());
                return;
            }
        }
        // What cannot be removed now lies under target/ and harms nobody.
        fs::remove_dir_all(&self.prefix).ok();
    }
}

static SWEPT: Once = Once::new();

/// Takes away machines whose test processes were killed; a machine's folder ends with its process's number.
fn sweep(machines: &Path) {
    for entry in fs::read_dir(machines).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let owner = name.rsplit_once('-').map_or("", |(_, number)| number);
        if !Path::new("/proc").join(owner).exists() {
            fs::remove_dir_all(entry.path()).ok();
        }
    }
}

/// What a Windows program left behind.
#[derive(Debug, Clone)]
pub struct Ran {
    pub code: u32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Reads what `machine.exe run` printed.
    pub(crate) fn of(command_line: &str, finished: Finished) -> Ran {
        let output = finished.text();
        // The code stands last, after whatever the program printed.
        let end = output.rfind("exit ").filter(|_| finished.code == 0);
        let code = end.and_then(|at| output[at + 5..].trim().parse().ok());
        let (Some(end), Some(code)) = (end, code) else {
            panic!("cannot run {command_line}: {}{}", output, finished.stderr);
        };
        Ran { code, stdout: output[..end].to_owned(), stderr: finished.stderr }
    }
}

/// Text of a Windows file: UTF-16LE after its byte order mark, else UTF-8 with what is no UTF-8 replaced.
pub(crate) fn decode(bytes: &[u8]) -> String {
    match bytes {
        [0xff, 0xfe, rest @ ..] => {
            let units: Vec<u16> =
                rest.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn copy_flat(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
