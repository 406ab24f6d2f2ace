//! Opening packages, and what their tables say about folders, files and cabinets.
//!
//! Tables come from anybody: every path made here is a list of names that the caller still has to take for hostile, loops
//! among folders end, and missing rows are errors with the row that asked for them.

use crate::report::Failure;
use msi_db::Database;
use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Reads a package whole.
pub fn open(path: &Path) -> Result<Database, Failure> {
    let file = File::open(path)
        .map_err(|error| Failure::new(format!("'{}' can't be opened: {error}", path.display())))?;
    Database::open(BufReader::new(file)).map_err(|error| {
        Failure::new(format!("'{}' can't be read as a Windows Installer database: {error}", path.display()))
    })
}

/// A row of the File table with its place.
#[derive(Debug, Clone)]
pub struct PackagedFile {
    /// Primary key, the name in the cabinet.
    pub id: String,
    /// Names of the folders from the root of an administrative image, then the file's own long name.
    pub path: Vec<String>,
    pub size: i32,
    pub version: Option<String>,
    pub sequence: i32,
    attributes: i32,
}

/// Where a file's bytes are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// A stream of the package.
    Embedded(String),
    /// A cabinet beside the package.
    External(String),
    /// The file itself, in folders beside the package.
    Loose,
}

/// Word count bits of the summary information: "Word Count Summary" in the Windows Installer reference.
const SHORT_NAMES: i32 = 1;
const COMPRESSED: i32 = 2;
/// Attribute bits of the File table.
const NONCOMPRESSED: i32 = 0x2000;
const FORCE_COMPRESSED: i32 = 0x4000;

/// All files of a package in the order of their sequence.
pub fn files(database: &Database) -> Result<Vec<PackagedFile>, Failure> {
    let Some(table) = database.table("File") else { return Ok(Vec::new()) };
    let components: HashMap<&str, &str> = database
        .table("Component")
        .into_iter()
        .flat_map(msi_db::Table::iter)
        .filter_map(|row| Some((row.str("Component")?, row.str("Directory_")?)))
        .collect();
    let short = database.summary.word_count.unwrap_or(0) & SHORT_NAMES != 0;
    let mut folders = Folders::new(database, short);
    let mut files = Vec::with_capacity(table.rows.len());
    for row in table.iter() {
        let id = row.str("File").unwrap_or_default();
        let missing = |what: &str, key: &str| {
            Failure::new(format!("the File row '{id}' needs the {what} '{key}', which the package lacks"))
        };
        let component = row.str("Component_").unwrap_or_default();
        let folder = components.get(component).ok_or_else(|| missing("component", component))?;
        let mut path = folders.path(folder)?;
        path.push(long_name(row.str("FileName").unwrap_or_default(), short).to_owned());
        files.push(PackagedFile {
            id: id.to_owned(),
            path,
            size: row.int("FileSize").unwrap_or(0),
            version: row.str("Version").map(str::to_owned),
            sequence: row.int("Sequence").unwrap_or(0),
            attributes: row.int("Attributes").unwrap_or(0),
        });
    }
    files.sort_by_key(|file| file.sequence);
    Ok(files)
}

/// Says for each file, in the order given, where its bytes are.
pub fn sources(database: &Database, files: &[PackagedFile]) -> Result<Vec<Source>, Failure> {
    let mut media: Vec<(i32, Option<&str>)> = database
        .table("Media")
        .into_iter()
        .flat_map(msi_db::Table::iter)
        .map(|row| (row.int("LastSequence").unwrap_or(0), row.str("Cabinet")))
        .collect();
    media.sort_by_key(|(last, _)| *last);
    let compressed = database.summary.word_count.unwrap_or(0) & COMPRESSED != 0;
    files
        .iter()
        .map(|file| {
            let in_cabinet =
                file.attributes & FORCE_COMPRESSED != 0 || compressed && file.attributes & NONCOMPRESSED == 0;
            if !in_cabinet {
                return Ok(Source::Loose);
            }
            let disk = media.partition_point(|(last, _)| *last < file.sequence);
            match media.get(disk).map(|(_, cabinet)| *cabinet) {
                Some(Some(cabinet)) => Ok(match cabinet.strip_prefix('#') {
                    Some(stream) => Source::Embedded(stream.to_owned()),
                    None => Source::External(cabinet.to_owned()),
                }),
                Some(None) => Ok(Source::Loose),
                None => Err(Failure::new(format!(
                    "no Media row covers the file '{}' with the sequence {}",
                    file.id, file.sequence
                ))),
            }
        })
        .collect()
}

/// The Directory table, resolved once per folder.
struct Folders<'a> {
    rows: HashMap<&'a str, (Option<&'a str>, &'a str)>,
    known: HashMap<&'a str, Vec<String>>,
    short: bool,
}

impl<'a> Folders<'a> {
    fn new(database: &'a Database, short: bool) -> Folders<'a> {
        let rows = database
            .table("Directory")
            .into_iter()
            .flat_map(msi_db::Table::iter)
            .filter_map(|row| {
                let parent = row.str("Directory_Parent");
                Some((row.str("Directory")?, (parent, row.str("DefaultDir").unwrap_or("."))))
            })
            .collect();
        Folders { rows, known: HashMap::new(), short }
    }

    /// Names from the image's root down to a folder.
    fn path(&mut self, folder: &str) -> Result<Vec<String>, Failure> {
        // Up to the root, or to a folder that is known, then down again.
        let mut pending = Vec::new();
        let mut at = folder;
        let mut path = loop {
            if let Some(known) = self.known.get(at) {
                break known.clone();
            }
            let Some((&id, &(parent, name))) = self.rows.get_key_value(at) else {
                return Err(Failure::new(format!(
                    "the Directory table lacks '{at}', which '{folder}' needs"
                )));
            };
            if pending.len() > self.rows.len() {
                return Err(Failure::new(format!("the folder '{folder}' is its own ancestor")));
            }
            match parent.filter(|parent| *parent != at) {
                // The root of an administrative image is the image itself.
                None => break Vec::new(),
                Some(parent) => {
                    pending.push((id, source_name(name, self.short)));
                    at = parent;
                }
            }
        };
        while let Some((id, name)) = pending.pop() {
            if name != "." {
                path.push(name.to_owned());
            }
            self.known.insert(id, path.clone());
        }
        Ok(path)
    }
}

/// Of `target:source`, the source, which names folders of an image; of `short|long`, the one that is used.
fn source_name(default_dir: &str, short: bool) -> &str {
    let source = default_dir.split_once(':').map_or(default_dir, |(_, source)| source);
    long_name(source, short)
}

fn long_name(name: &str, short: bool) -> &str {
    match name.split_once('|') {
        Some((short_name, _)) if short => short_name,
        Some((_, long)) => long,
        None => name,
    }
}
