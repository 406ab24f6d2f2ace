//! Writing a file so that its path holds either the old bytes or all of the new ones.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use crate::Error;
use crate::sign::AttachError;

/// Lets `write` fill a temporary file in the folder of `output`, then renames it to `output`.
///
/// The new file gets the permissions of `input`. When `write` fails nothing is left behind.
pub(crate) fn replace<T>(
    input: &Path,
    output: &Path,
    write: impl FnOnce(&mut File) -> Result<T, Error>,
) -> Result<T, Error> {
    replace_if(input, output, |target| write(target).map(|answer| (answer, true)))
}

/// As [`replace`], where `write` says beside its answer whether there is anything to replace.
pub(crate) fn replace_if<T>(
    input: &Path,
    output: &Path,
    write: impl FnOnce(&mut File) -> Result<(T, bool), Error>,
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
    let (answer, wanted) = write(temporary.as_file_mut())?;
    if !wanted {
        return Ok(answer);
    }
    temporary.as_file().sync_all().map_err(Error::io("write the signed copy for", output))?;
    temporary.as_file().set_permissions(permissions).map_err(Error::io("set the permissions of", output))?;
    temporary.persist(output).map_err(|error| Error::io("replace", output)(error.error))?;
    Ok(answer)
}

/// Copies all of `source`; a failure says on which side it was.
pub(crate) fn copy(source: &mut impl Read, target: &mut impl Write) -> Result<(), AttachError> {
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => target.write_all(&buffer[..length]).map_err(AttachError::Write)?,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}
