//! Writing a file so that its path holds either the old bytes or all of the new ones.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use crate::Error;
use crate::sign::AttachError;
use crate::target::Target;

/// Lets `write` fill a temporary file in the folder of `output`, then renames it to `output`.
///
/// The new file gets the permissions of `input`. When `write` fails nothing is left behind.
pub(crate) fn replace<T>(
    input: &Path,
    output: &Path,
    write: impl FnOnce(&mut Target) -> Result<T, Error>,
) -> Result<T, Error> {
    replace_if(input, output, |target| write(target).map(|answer| (answer, true)))
}

/// As [`replace`], where `write` says beside its answer whether there is anything to replace.
pub(crate) fn replace_if<T>(
    input: &Path,
    output: &Path,
    write: impl FnOnce(&mut Target) -> Result<(T, bool), Error>,
) -> Result<T, Error> {
    let folder = match output.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let permissions = fs::metadata(input).map_err(Error::io("read the permissions of", input))?.permissions();
    let temporary = tempfile::Builder::new()
        .prefix(".signing-")
        .tempfile_in(folder)
        .map_err(Error::io("create a temporary file beside", output))?;
    let file = temporary.as_file().try_clone().map_err(Error::io("write the signed copy for", output))?;
    let mut target = Target::new(file);
    let (answer, wanted) = write(&mut target)?;
    if !wanted {
        return Ok(answer);
    }
    target.sync().map_err(Error::io("write the signed copy for", output))?;
    // Windows renames no file that is open.
    drop(target);
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
