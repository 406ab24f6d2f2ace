//! Files of modules: taken out of the modules' cabinets, then treated as the package's own.

use super::{Module, cell_text, rows};
use crate::codes;
use crate::facts;
use crate::package::{BoundFile, Package};
use cabinet::Cabinet;
use diagnostics::{Diagnostic, Diagnostics};
use msi_db::Data;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Cursor, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use wxs::ir::FileSymbol;
use wxs::world::{FileStat, ReadSeek, World};

/// The stream with a module's files.
const CABINET: &str = "MergeModule.CABinet";
/// `msidbFileAttributesNoncompressed` and `…Compressed`.
const NOT_COMPRESSED: i32 = 0x2000;
const COMPRESSED: i32 = 0x4000;

/// The world, and a folder of the binder's own: what the files of modules were taken to, or where it made files itself.
pub(crate) struct WithModules<'a> {
    pub world: &'a dyn World,
    pub folder: Option<&'a Path>,
}

/// Takes the files of all modules out into a new folder below `parent` and adds them to the package's files. `None` where
/// no module has files.
pub(crate) fn take(
    modules: &mut [Module],
    package: &mut Package,
    parent: &Path,
    (world, threads): (&dyn World, NonZeroUsize),
    diagnostics: &mut Diagnostics,
) -> Option<TempDir> {
    if modules.iter().all(|module| rows(&module.database, "File").next().is_none()) {
        return None;
    }
    let made = tempfile::Builder::new().prefix(".modules-").tempdir_in(parent);
    let folder = match made {
        Ok(folder) => folder,
        Err(error) => {
            let message = format!("a folder for the files of merge modules could not be made: {error}");
            diagnostics.push(Diagnostic::error(codes::IO, message));
            return None;
        }
    };
    let world = WithModules { world, folder: Some(folder.path()) };
    let mut taken: HashMap<String, String> =
        package.files.iter().map(|file| (file.symbol.id.to_lowercase(), String::new())).collect();
    for (number, module) in modules.iter_mut().enumerate() {
        let place = folder.path().join(number.to_string());
        let symbols = symbols(module);
        for symbol in &symbols {
            if let Some(other) = taken.insert(symbol.id.to_lowercase(), module.symbol.id.clone()) {
                let whose = if other.is_empty() {
                    "the package's own".to_owned()
                } else {
                    format!("module \"{other}\"'s")
                };
                let message = format!(
                    "module \"{}\" brings the file \"{}\", which is {whose} already",
                    module.symbol.id, symbol.id
                );
                let finding = Diagnostic::error(codes::MODULE, message).at(module.symbol.span);
                diagnostics
                    .push(finding.hint("merge a module once, and give the package's own file another Id"));
            }
        }
        match extract(module, &symbols, &place) {
            Ok(paths) => add(symbols, paths, module, package, (&world, threads), diagnostics),
            Err(message) => {
                let message =
                    format!("the files of module \"{}\" could not be taken out: {message}", module.symbol.id);
                let finding = Diagnostic::error(codes::MODULE, message).at(module.symbol.span);
                diagnostics.push(finding.hint("the module is damaged; get it anew"));
            }
        }
    }
    Some(folder)
}

/// Sequence numbers and compression of the files, as the media have them, in the rows that came from modules.
pub(crate) fn settle(package: &mut Package) {
    let places: HashMap<String, (i32, i32)> = package
        .files
        .iter()
        .filter(|file| file.from_module)
        .map(|file| {
            (file.symbol.id.clone(), (file.sequence, file.symbol.attributes & (NOT_COMPRESSED | COMPRESSED)))
        })
        .collect();
    if places.is_empty() {
        return;
    }
    let Some(table) = package.tables.get_mut("File") else { return };
    let (Some(sequence), Some(attributes)) = (table.def.column("Sequence"), table.def.column("Attributes"))
    else {
        return;
    };
    for row in &mut table.rows {
        let Some(&(number, compression)) = row.values[0].as_str().and_then(|id| places.get(id)) else {
            continue;
        };
        row.values[sequence] = number.into();
        let rest = row.values[attributes].as_int().unwrap_or(0) & !(NOT_COMPRESSED | COMPRESSED);
        row.values[attributes] = (rest | compression).into();
    }
}

fn symbols(module: &Module) -> Vec<FileSymbol> {
    let directories: HashMap<&str, &str> = rows(&module.database, "Component")
        .filter_map(|row| Some((row.str("Component")?, row.str("Directory_")?)))
        .collect();
    let compression = match module.symbol.file_compression {
        Some(true) => COMPRESSED,
        Some(false) => NOT_COMPRESSED,
        None => 0,
    };
    rows(&module.database, "File")
        .map(|row| {
            let text = |column| cell_text(row.get(column));
            let optional = |column| row.str(column).map(str::to_owned);
            let (id, component, name) = (text("File"), text("Component_"), text("FileName"));
            let (short, long) =
                name.split_once('|').map_or((None, &*name), |(short, long)| (Some(short), long));
            FileSymbol {
                directory: directories.get(component.as_str()).copied().unwrap_or_default().to_owned(),
                name: long.to_owned(),
                short_name: short.map(str::to_owned),
                source: format!("{} in {}", id, module.symbol.source),
                attributes: row.int("Attributes").unwrap_or(0) & !(NOT_COMPRESSED | COMPRESSED) | compression,
                disk_id: Some(module.symbol.disk_id),
                version: optional("Version"),
                default_version: None,
                language: optional("Language"),
                default_language: None,
                default_size: None,
                assembly: None,
                patch_group: None,
                font_title: None,
                bind_path: None,
                span: module.symbol.span,
                component,
                id,
            }
        })
        .collect()
}

/// Writes the module's files below `place`, under numbers, since names in a cabinet may be anything.
fn extract(module: &mut Module, symbols: &[FileSymbol], place: &Path) -> Result<Vec<PathBuf>, String> {
    if symbols.is_empty() {
        return Ok(Vec::new());
    }
    let cabinet = module.database.streams.remove(CABINET).ok_or("it has no MergeModule.CABinet")?;
    let Data::Bytes(cabinet) = cabinet else { return Err("its cabinet was not read".into()) };
    fs::create_dir_all(place).map_err(|error| error.to_string())?;
    let paths: Vec<PathBuf> = (0..symbols.len()).map(|number| place.join(number.to_string())).collect();
    let mut waiting: HashMap<&str, &Path> =
        symbols.iter().zip(&paths).map(|(symbol, path)| (symbol.id.as_str(), path.as_path())).collect();
    let mut cabinet = Cabinet::open(Cursor::new(cabinet)).map_err(|error| error.to_string())?;
    let written = cabinet.extract(|entry| {
        let Some(path) = waiting.remove(entry.name.as_str()) else { return Ok(None) };
        Ok(Some(Box::new(BufWriter::new(File::create(path)?)) as Box<dyn Write>))
    });
    written.map_err(|error| error.to_string())?;
    match symbols.iter().find(|symbol| waiting.contains_key(symbol.id.as_str())) {
        Some(missing) => Err(format!("its cabinet lacks the file \"{}\"", missing.id)),
        None => Ok(paths),
    }
}

fn add(
    symbols: Vec<FileSymbol>,
    paths: Vec<PathBuf>,
    module: &Module,
    package: &mut Package,
    (world, threads): (&dyn World, NonZeroUsize),
    diagnostics: &mut Diagnostics,
) {
    let looked = facts::gather(world, &paths, threads);
    for ((symbol, source), facts) in symbols.into_iter().zip(paths).zip(looked) {
        match facts {
            Ok(facts) => package.files.push(BoundFile {
                source,
                facts,
                disk_id: 1,
                sequence: 0,
                compressed: true,
                version: symbol.version.clone(),
                language: symbol.language.clone(),
                bind_values: Vec::new(),
                from_module: true,
                symbol,
            }),
            Err(error) => {
                let message = format!("{} could not be read: {error}", symbol.source);
                diagnostics.push(Diagnostic::error(codes::IO, message).at(module.symbol.span));
            }
        }
    }
}

impl World for WithModules<'_> {
    fn read_source(&self, path: &Path) -> io::Result<String> {
        self.world.read_source(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn ReadSeek>> {
        match self.folder {
            Some(folder) if path.starts_with(folder) => Ok(Box::new(File::open(path)?)),
            _ => self.world.open(path),
        }
    }

    fn is_file(&self, path: &Path) -> bool {
        match self.folder {
            Some(folder) if path.starts_with(folder) => path.is_file(),
            _ => self.world.is_file(path),
        }
    }

    fn stat(&self, path: &Path) -> io::Result<FileStat> {
        self.world.stat(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.world.list(folder)
    }

    fn env(&self, name: &str) -> Option<String> {
        self.world.env(name)
    }

    fn current_dir(&self) -> PathBuf {
        self.world.current_dir()
    }
}
