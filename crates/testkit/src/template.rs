//! The template prefix: a Windows made once per `target/` and host, which every machine is a copy of.
//!
//! It is Windows 10 by its version number, has no display driver, no .NET and no browser engine, and two programs of our
//! own: the DLL that Rust programs miss in Wine 8, and `machine.exe`, which answers what tests ask.

use crate::host::Host;
use crate::process;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const RANDOM_DLL: &str = include_str!("../windows/bcryptprimitives.c");
const MACHINE: &str = include_str!("../windows/machine.c");

/// Written into the template's registry. `Graphics=null` keeps Wine from looking for a display; a crash shall end a program and
/// open no window.
const SETTINGS: &str = "Windows Registry Editor Version 5.00\r\n\r\n\
    [HKEY_CURRENT_USER\\Software\\Wine]\r\n\"Version\"=\"win10\"\r\n\r\n\
    [HKEY_CURRENT_USER\\Software\\Wine\\Drivers]\r\n\"Graphics\"=\"null\"\r\n\"Audio\"=\"\"\r\n\r\n\
    [HKEY_CURRENT_USER\\Software\\Wine\\WineDbg]\r\n\"ShowCrashDialog\"=dword:00000000\r\n\r\n";

/// The setting that [`draw_on_screen`] takes out.
const NO_SCREEN: &str = "\"Graphics\"=\"null\"";

/// Files below `windows` from this size on are shared between machines by hard links: nothing writes to them in place.
const SHARED_FROM: u64 = 32 * 1024;

/// Part of a template's name: another number where `make` makes something else.
const REVISION: &str = "2";

const BOOT_LIMIT: Duration = Duration::from_secs(180);

/// A command inside a prefix: no display, no dialogs about missing parts, UTF-8 arguments.
pub fn command(host: &Host, program: &Path, prefix: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env("WINEPREFIX", prefix)
        .env("WINEARCH", "win64")
        .env("WINELOADER", &host.wine)
        .env("WINESERVER", &host.wineserver)
        .env("WINEDLLOVERRIDES", "mscoree,mshtml=;winemenubuilder.exe=d")
        .env("WINEDEBUG", "-all")
        .env("LC_ALL", "C.UTF-8")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY");
    command
}

/// Copies the template to `prefix`, making the template first where there is none yet.
pub fn instantiate(host: &Host, prefix: &Path) -> Result<(), String> {
    let template = template(host)?;
    copy(&template, prefix, false)
        .map_err(|error| format!("cannot copy the Wine template to {}: {error}", prefix.display()))
}

/// Makes a new prefix, which has not booted yet, draw on the screen of the X server that its programs are told of.
pub fn draw_on_screen(prefix: &Path) -> Result<(), String> {
    let file = prefix.join("user.reg");
    let place = |error: io::Error| format!("cannot change {}: {error}", file.display());
    // Values may be in any 8-bit encoding, so this is about bytes.
    let registry = fs::read(&file).map_err(place)?;
    let at = registry.windows(NO_SCREEN.len()).position(|part| part == NO_SCREEN.as_bytes());
    let at = at.ok_or_else(|| format!("{} does not say {NO_SCREEN}", file.display()))?;
    let registry = [&registry[..at], b"\"Graphics\"=\"x11\"", &registry[at + NO_SCREEN.len()..]].concat();
    // Copies of the template may share its files: the new text gets a file of its own.
    fs::remove_file(&file).and_then(|()| fs::write(&file, registry)).map_err(place)
}

/// The template's folder. Test processes that run at the same time agree through a lock file on who makes it.
fn template(host: &Host) -> Result<PathBuf, String> {
    let place = |error: io::Error| format!("cannot prepare {}: {error}", host.work.display());
    fs::create_dir_all(&host.work).map_err(place)?;
    let version = process::run(Command::new(&host.wine).arg("--version"), b"", Duration::from_secs(20))?;
    let mut hash = Sha256::new();
    for part in [
        REVISION.as_bytes(),
        version.stdout.as_slice(),
        RANDOM_DLL.as_bytes(),
        MACHINE.as_bytes(),
        SETTINGS.as_bytes(),
    ] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let key: String = hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let template = host.work.join(format!("template-{key}"));
    if template.is_dir() {
        return Ok(template);
    }
    let lock = File::create(host.work.join("template.lock")).map_err(place)?;
    lock.lock().map_err(place)?;
    if !template.is_dir() {
        let making = tempfile::Builder::new().prefix("making-").tempdir_in(&host.work).map_err(place)?;
        make(host, making.path())?;
        fs::rename(making.keep(), &template).map_err(place)?;
        remove_old(&host.work, &template);
    }
    Ok(template)
}

/// Takes away what other Wines and sources were templates of, 700 MB each. What cannot go now goes another time.
fn remove_old(work: &Path, current: &Path) {
    for entry in fs::read_dir(work).into_iter().flatten().flatten() {
        let old = entry.file_name().to_string_lossy().starts_with("template-") && entry.path() != current;
        if old {
            fs::remove_dir_all(entry.path()).ok();
        }
    }
}

fn make(host: &Host, prefix: &Path) -> Result<(), String> {
    let boot = process::run(command(host, &host.wine, prefix).args(["wineboot", "-i"]), b"", BOOT_LIMIT)?;
    if boot.code != 0 {
        return Err(format!("`wineboot -i` failed with {}: {}", boot.code, boot.stderr));
    }
    // Without this wait an install started at once fails with 1627: the prefix is still being filled.
    let settle = || process::run(command(host, &host.wineserver, prefix).arg("-w"), b"", BOOT_LIMIT);
    settle()?;
    let drive = prefix.join("drive_c");
    let tools = drive.join("testkit");
    let place = |error: io::Error| format!("cannot fill the Wine template: {error}");
    fs::create_dir_all(&tools).map_err(place)?;
    // Windows has its folder of cached packages from the start; Wine makes it with the first installation.
    fs::create_dir_all(drive.join("windows/Installer")).map_err(place)?;
    let sources = tempfile::tempdir().map_err(place)?;
    let random = drive.join("windows/system32/bcryptprimitives.dll");
    let flags = ["-shared", "-nostdlib", "-O2", "-Wl,-e,0"];
    compile(host, sources.path(), RANDOM_DLL, &random, &flags)?;
    compile(
        host,
        sources.path(),
        MACHINE,
        &tools.join("machine.exe"),
        &["-O2", "-Wall", "-municode", "-static"],
    )?;
    fs::write(tools.join("settings.reg"), SETTINGS).map_err(place)?;
    let import = ["regedit", "/S", "C:\\testkit\\settings.reg"];
    let import = process::run(command(host, &host.wine, prefix).args(import), b"", BOOT_LIMIT)?;
    if import.code != 0 {
        return Err(format!("regedit failed with {}: {}", import.code, import.stderr));
    }
    settle()?;
    cut_links(&drive.join("users")).map_err(place)
}

/// A DLL of one C source, for packages that bring an action of a test's own.
pub fn dll(source: &str) -> Result<Vec<u8>, String> {
    let host = Host::discover()?;
    let place = |error: io::Error| format!("cannot compile a DLL: {error}");
    let folder = tempfile::tempdir().map_err(place)?;
    let output = folder.path().join("action.dll");
    compile(&host, folder.path(), source, &output, &["-shared", "-O2", "-static"])?;
    fs::read(output).map_err(place)
}

fn compile(host: &Host, folder: &Path, source: &str, output: &Path, flags: &[&str]) -> Result<(), String> {
    let file = folder.join("source.c");
    fs::write(&file, source).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    let mut command = Command::new(&host.windows_cc);
    command.args(flags).arg("-o").arg(output).arg(&file).arg("-ladvapi32");
    let finished = process::run(&mut command, b"", Duration::from_secs(60))?;
    match finished.code {
        0 => Ok(()),
        code => Err(format!("{} failed with {code}: {}", host.windows_cc.display(), finished.stderr)),
    }
}

/// Wine links the user's Documents, Desktop and so on to this host's home folder: machines get folders of their own.
fn cut_links(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_symlink() {
            fs::remove_file(entry.path())?;
            fs::create_dir(entry.path())?;
        } else if kind.is_dir() {
            cut_links(&entry.path())?;
        }
    }
    Ok(())
}

/// Copies a folder. Below `windows` big files become hard links, which makes a machine in tenths of a second.
fn copy(from: &Path, to: &Path, windows: bool) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (kind, source, target) = (entry.file_type()?, entry.path(), to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&source, &target, windows || entry.file_name() == "windows")?;
        } else if kind.is_symlink() {
            link(&fs::read_link(&source)?, &target)?;
        } else if !(windows
            && entry.metadata()?.len() >= SHARED_FROM
            && fs::hard_link(&source, &target).is_ok())
        {
            fs::copy(&source, &target)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, at)
}

#[cfg(not(unix))]
fn link(_to: &Path, at: &Path) -> io::Result<()> {
    Err(io::Error::other(format!("{}: a Wine prefix needs a host with symbolic links", at.display())))
}
