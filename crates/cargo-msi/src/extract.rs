//! `cargo msi extract`: a package's files, laid out as an administrative installation lays them out.
//!
//! Packages come from anybody. Everything is written into a new folder that only we know, whose name changes to the wanted
//! one at the end; each name of a path is checked before it is used, and no name can occur twice. So nothing lands outside,
//! no link is followed, and a failure leaves nothing behind.

use crate::package::{self, PackagedFile, Source};
use crate::report::Failure;
use cabinet::{Cabinet, ReadError};
use msi_db::Database;
use msi_db::value::Data;
use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Cursor, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Extracts a package's files into a folder.
#[derive(clap::Args)]
pub struct Args {
    /// The package
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// A folder that does not exist yet, or is empty
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let occupied = fs::read_dir(&args.output).is_ok_and(|mut entries| entries.next().is_some());
    if occupied || args.output.is_file() {
        return Err(Failure::new(format!("'{}' is there already", args.output.display()))
            .hint("name a folder that does not exist yet, or an empty one"));
    }
    let database = package::open(&args.file)?;
    let parent = match args.output.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let unwritable =
        |error: io::Error| Failure::new(format!("'{}' can't be written: {error}", args.output.display()));
    fs::create_dir_all(parent).map_err(unwritable)?;
    let staging = tempfile::Builder::new().prefix(".extract-").tempdir_in(parent).map_err(unwritable)?;
    let image = staging.path().join("image");
    fs::create_dir(&image).map_err(unwritable)?;

    let files = package::files(&database)?;
    let beside = args.file.parent().unwrap_or(Path::new(""));
    extract(&database, beside, &files, &image)?;

    if args.output.is_dir() {
        fs::remove_dir(&args.output).map_err(unwritable)?;
    }
    fs::rename(&image, &args.output).map_err(unwritable)?;
    println!("{} files in {}", files.len(), args.output.display());
    Ok(ExitCode::SUCCESS)
}

fn extract(database: &Database, beside: &Path, files: &[PackagedFile], image: &Path) -> Result<(), Failure> {
    let mut by_source: BTreeMap<Source, HashMap<&str, PathBuf>> = BTreeMap::new();
    for (file, source) in files.iter().zip(package::sources(database, files)?) {
        let mut path = image.to_path_buf();
        for name in &file.path {
            path.push(checked(name).map_err(|why| {
                Failure::new(format!("the file '{}' wants to be '{}': {why}", file.id, file.path.join("/")))
            })?);
        }
        if source == Source::Loose {
            let from: PathBuf = beside.join(file.path.iter().collect::<PathBuf>());
            let mut from_file = File::open(&from).map_err(|error| {
                Failure::new(format!("the package expects '{}' beside it: {error}", from.display()))
            })?;
            let copied = create(&path).and_then(|mut to| io::copy(&mut from_file, &mut to));
            copied.map_err(|error| {
                Failure::new(format!("'{}' can't be extracted: {error}", file.path.join("/")))
            })?;
        } else {
            by_source.entry(source).or_default().insert(&file.id, path);
        }
    }
    for (source, wanted) in by_source {
        match source {
            Source::Embedded(name) => match database.streams.get(&name) {
                Some(Data::Bytes(bytes)) => cabinet(&name, Cursor::new(&bytes[..]), wanted)?,
                Some(Data::File { path, .. }) => cabinet(&name, open(path)?, wanted)?,
                None => return Err(Failure::new(format!("the package lacks its cabinet '{name}'"))),
            },
            Source::External(name) => {
                let checked = checked(&name).map_err(|why| {
                    Failure::new(format!("the package wants a cabinet named '{name}' beside it: {why}"))
                })?;
                cabinet(&name, open(&beside.join(checked))?, wanted)?;
            }
            Source::Loose => {}
        }
    }
    Ok(())
}

fn cabinet(name: &str, reader: impl Read + Seek, mut wanted: HashMap<&str, PathBuf>) -> Result<(), Failure> {
    let bad = |error: ReadError| Failure::new(format!("the cabinet '{name}': {error}"));
    let mut cabinet = Cabinet::open(reader).map_err(bad)?;
    cabinet
        .extract(|file| match wanted.remove(file.name.as_str()) {
            Some(path) => Ok(Some(Box::new(BufWriter::new(create(&path)?)) as Box<dyn Write>)),
            None => Ok(None),
        })
        .map_err(bad)?;
    match wanted.keys().min() {
        Some(missing) => Err(Failure::new(format!("the cabinet '{name}' lacks the file '{missing}'"))),
        None => Ok(()),
    }
}

fn open(path: &Path) -> Result<BufReader<File>, Failure> {
    let file = File::open(path);
    let file =
        file.map_err(|error| Failure::new(format!("'{}' can't be opened: {error}", path.display())))?;
    Ok(BufReader::new(file))
}

/// A file that was not there before, with its folders.
fn create(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            io::Error::new(error.kind(), "two files of the package have this path")
        }
        _ => error,
    })
}

/// One name of a path, or why it can't be one on some host.
fn checked(name: &str) -> Result<&str, &'static str> {
    const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = (stem.starts_with("COM") || stem.starts_with("LPT")) && stem.chars().count() == 4;
    if name.is_empty() {
        Err("a name in it is empty")
    } else if name.ends_with(['.', ' ']) {
        // This covers "." and "..", and names that Windows would shorten to others.
        Err("a name in it ends with a dot or a space")
    } else if name.contains(['/', '\\', ':']) {
        Err("a name in it is a path of its own")
    } else if name.contains(|c: char| c.is_control() || "<>\"|?*".contains(c)) {
        Err("a name in it has a character that no file name may have")
    } else if DEVICES.contains(&stem.as_str()) || numbered {
        Err("a name in it is a device of Windows")
    } else {
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use super::checked;

    #[test]
    fn ordinary_names_pass() {
        for name in
            ["a", "provisioning-agent.exe.config", ".hidden", "COMMON", "LPT", "Ünïcode ツ.txt", "com10.txt"]
        {
            assert_eq!(checked(name), Ok(name));
        }
    }

    #[test]
    fn names_that_lead_elsewhere_do_not() {
        for name in [
            "", ".", "..", "...", "a/b", "a\\b", "C:", "C:x", "/etc", "\\\\host", "a:stream", "nul",
            "NUL.txt", "com1", "LPT9.log", "con ", "CON .txt", "x.", "x ", "a\0b", "a\nb", "what?", "conin$",
        ] {
            assert!(checked(name).is_err(), "{name:?}");
        }
    }
}
