//! Writing: everything to temporary files in the right folders first, then renamed, the package last.

use crate::bind::Bound;
use crate::codes;
use diagnostics::{Diagnostic, Diagnostics};
use msi_db::Files;
use std::fs;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};
use tempfile::NamedTempFile;
use wxs::world::World;

/// Writes the package and what lies beside it; gives the paths of the latter.
pub(crate) fn write(
    bound: &Bound,
    output: &Path,
    cabinet_folder: &Path,
    world: &dyn World,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<PathBuf>> {
    let folder = match output.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let result = write_all(bound, output, folder, &Inputs { world, cabinet_folder });
    match result {
        Ok(beside) => Some(beside),
        Err(message) => {
            let hint = "is there room on the disk, and may this user write there?";
            diagnostics.push(Diagnostic::error(codes::DATABASE, message).hint(hint));
            None
        }
    }
}

fn write_all(
    bound: &Bound,
    output: &Path,
    folder: &Path,
    inputs: &Inputs<'_>,
) -> Result<Vec<PathBuf>, String> {
    let told = |path: &Path| {
        let path = path.display().to_string();
        move |error: io::Error| format!("{path} could not be written: {error}")
    };
    fs::create_dir_all(folder).map_err(told(folder))?;
    let mut ready: Vec<(NamedTempFile, PathBuf)> = Vec::new();
    for (place, source) in bound.cabinets.iter().chain(&bound.uncompressed) {
        if !Path::new(place).components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(format!("\"{place}\" does not lie below the package's folder"));
        }
        let path = folder.join(place);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(told(parent))?;
        let mut temporary = temporary(parent).map_err(told(&path))?;
        let mut input = inputs
            .open(source)
            .map_err(|error| format!("{} could not be read: {error}", source.display()))?;
        io::copy(&mut input, temporary.as_file_mut()).map_err(told(&path))?;
        ready.push((temporary, path));
    }
    let mut temporary = temporary(folder).map_err(told(output))?;
    let mut out = BufWriter::with_capacity(1 << 20, temporary.as_file_mut());
    bound.database.write(&mut out, inputs).map_err(|error| format!("{}: {error}", output.display()))?;
    out.flush().map_err(told(output))?;
    drop(out);
    let mut beside = Vec::new();
    for (temporary, path) in ready {
        temporary.persist(&path).map_err(|error| told(&path)(error.error))?;
        beside.push(path);
    }
    temporary.persist(output).map_err(|error| told(output)(error.error))?;
    Ok(beside)
}

/// A file that others may read once it has its name, unlike temporary files in general.
pub fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".package-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Finished cabinets come from the disk, everything else from the world.
struct Inputs<'a> {
    world: &'a dyn World,
    cabinet_folder: &'a Path,
}

impl Files for Inputs<'_> {
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        if path.starts_with(self.cabinet_folder) {
            Ok(Box::new(fs::File::open(path)?))
        } else {
            Ok(Box::new(self.world.open(path)?))
        }
    }
}
