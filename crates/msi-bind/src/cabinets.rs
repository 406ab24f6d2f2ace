//! Cabinets: the files of each medium that has one, compressed once per content.

use crate::codes;
use crate::package::{BoundFile, BoundMedia, Package};
use cabinet::{Attributes, Compression, Entry, Level, Options, Source};
use diagnostics::{Diagnostic, Diagnostics};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use wxs::ir::CompressionLevel;
use wxs::world::World;

/// A finished cabinet on disk.
#[derive(Debug)]
pub(crate) struct MadeCabinet {
    /// Position in the package's media.
    pub media: usize,
    pub path: PathBuf,
    pub len: u64,
}

/// How cabinets are made.
pub(crate) struct Making<'a> {
    pub world: &'a dyn World,
    /// Folder that keeps cabinets by content, for this build or for many.
    pub folder: &'a Path,
    pub timestamp: i64,
    pub threads: NonZeroUsize,
}

/// Makes every cabinet of the package, or finds it in the folder.
pub(crate) fn make(
    package: &Package,
    making: &Making<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<MadeCabinet>> {
    let mut made = Vec::new();
    for (at, media) in package.media.iter().enumerate() {
        let Some(cabinet) = &media.cabinet else { continue };
        let files: Vec<&BoundFile> =
            package.files.iter().filter(|file| file.compressed && file.disk_id == media.disk_id).collect();
        if files.is_empty() {
            let message = format!("cabinet \"{cabinet}\" has no files");
            diagnostics.push(
                Diagnostic::warning(codes::MEDIA, message)
                    .at(media.span)
                    .hint("it is left out; nothing will ask for it"),
            );
            continue;
        }
        let path = making.folder.join(format!("{}.cab", key(media, &files, making.timestamp)));
        let ready = complete(&path);
        let len = match ready {
            Some(len) => len,
            None => match write(media, &files, &path, making) {
                Ok(len) => len,
                Err(error) => {
                    let message = format!("cabinet \"{cabinet}\" could not be made: {error}");
                    diagnostics.push(Diagnostic::error(codes::CABINET, message).at(media.span));
                    return None;
                }
            },
        };
        made.push(MadeCabinet { media: at, path, len });
    }
    Some(made)
}

/// The length of a finished cabinet; `None` for one that is not there or not as long as it says.
fn complete(path: &Path) -> Option<u64> {
    let mut header = [0; 12];
    let mut file = File::open(path).ok()?;
    file.read_exact(&mut header).ok()?;
    let stated = u32::from_le_bytes([header[8], header[9], header[10], header[11]]);
    let len = file.metadata().ok()?.len();
    (header[..4] == *b"MSCF" && len == u64::from(stated)).then_some(len)
}

/// A name that two cabinets share exactly if their bytes are the same.
fn key(media: &BoundMedia, files: &[&BoundFile], timestamp: i64) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("1 {:?} {timestamp}\n", compression(media.compression)));
    for file in files {
        hash.update(format!("{}\0{}\n", file.symbol.id, file.facts.len));
        hash.update(file.facts.sha256);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(media: &BoundMedia, files: &[&BoundFile], path: &Path, making: &Making<'_>) -> Result<u64, String> {
    let sources: Vec<FileSource<'_>> =
        files.iter().map(|file| FileSource { world: making.world, path: &file.source }).collect();
    let entries: Vec<Entry<'_>> = files
        .iter()
        .zip(&sources)
        .map(|(file, source)| Entry {
            name: &file.symbol.id,
            len: file.facts.len,
            modified: making.timestamp,
            attributes: Attributes::default(),
            source,
        })
        .collect();
    let options = Options {
        compression: compression(media.compression),
        threads: making.threads,
        ..Options::default()
    };
    let mut temporary = tempfile::Builder::new()
        .prefix(".cabinet-")
        .tempfile_in(making.folder)
        .map_err(|error| error.to_string())?;
    let mut out: BufWriter<&mut File> = BufWriter::new(temporary.as_file_mut());
    let report = cabinet::write(&mut out, &entries, &options).map_err(|error| error.to_string())?;
    out.flush().map_err(|error| error.to_string())?;
    drop(out);
    temporary.persist(path).map_err(|error| error.to_string())?;
    Ok(report.len)
}

fn compression(level: CompressionLevel) -> Compression {
    match level {
        CompressionLevel::None => Compression::Stored,
        CompressionLevel::Low => Compression::Mszip(Level::FASTEST),
        CompressionLevel::Medium | CompressionLevel::Mszip => Compression::Mszip(Level::default()),
        CompressionLevel::High => Compression::Mszip(Level::SMALLEST),
    }
}

struct FileSource<'a> {
    world: &'a dyn World,
    path: &'a Path,
}

impl Source for FileSource<'_> {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.world.open(self.path)?))
    }
}
