//! Writing a file so that its path holds either the old bytes or all of the new ones.

use std::fs::{self, File};
use std::path::Path;

use crate::Error;

/// Lets `write` fill a temporary file in the folder of `output`, then renames it to `output`.
///
/// The new file gets the permissions of `input`. When `write` fails nothing is left behind.
pub(crate) fn replace<T>(
    input: &Path,
    output: &Path,
    write: impl FnOnce(&mut File) -> Result<T, Error>,
) -> Result<T, Error> {
    let folder = match output.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let permissions = fs::metadata(input).map_err(Error::io("read the permissions of", input))?.permissions();
    let mut temporary = tempfile::Builder::new()
        .prefix(".signing-")
        .tempfile_in(folder)
        .map_err(Error::io("create a temporary file beside", output))?;
    let answer = write(temporary.as_file_mut())?;
    temporary.as_file().sync_all().map_err(Error::io("write the signed copy for", output))?;
    temporary.as_file().set_permissions(permissions).map_err(Error::io("set the permissions of", output))?;
    temporary.persist(output).map_err(|error| Error::io("replace", output)(error.error))?;
    Ok(answer)
}
