//! PowerShell scripts: where the signature stands, what its digest covers, how one is attached and taken off.
//!
//! The signature is a block of comments at the end: a line break, `# SIG # Begin signature block`, the base64 of the
//! PKCS#7 structure in lines of 64 characters behind `# `, and `# SIG # End signature block`. Its lines end in CR LF
//! whatever the script's do. The digest covers all characters before that line break, the byte order mark included, as
//! UTF-16LE, whatever encoding the file has. Windows PowerShell reads UTF-8 and, with a byte order mark, UTF-16.

mod block;
mod text;

use std::io::{Read, Write};

use crate::FileError;
use crate::seal::Sealer;
use crate::sign::{AttachError, Attached};
use crate::target::Target;
pub(crate) use block::Found;
use text::Encoding;

/// Nobody writes scripts like that; they are held in memory.
const LARGEST: u64 = 16 << 20;

/// A script, taken apart.
pub(crate) struct Script {
    encoding: Encoding,
    /// Everything before the signature and its line break.
    content: Vec<u8>,
    /// The signature, if any.
    pub(crate) found: Found,
}

impl Script {
    /// Reads the whole file.
    pub(crate) fn read(file: &mut impl Read) -> Result<Self, FileError> {
        let mut content = Vec::new();
        file.take(LARGEST + 1).read_to_end(&mut content)?;
        if content.len() as u64 > LARGEST {
            let limit = "scripts of more than 16 MiB are not signed";
            return Err(FileError::TooLarge { size: content.len() as u64, limit });
        }
        let encoding = Encoding::of(&content).map_err(|reason| FileError::Script { reason })?;
        let (end, found) = block::find(&content, encoding);
        content.truncate(end);
        Ok(Self { encoding, content, found })
    }

    /// Feeds `hash` with everything that a signature covers.
    pub(crate) fn digest(&self, hash: impl FnMut(&[u8])) {
        text::utf16le(&self.content, self.encoding, hash);
    }
}

/// Writes the script in `source` to `target` with the signature that `sealer` makes over its digest.
pub(crate) fn sign(
    source: &mut impl Read,
    target: &mut Target,
    sealer: &Sealer<'_>,
) -> Result<Attached, AttachError> {
    let mut script = Script::read(source)?;
    let old = match std::mem::replace(&mut script.found, Found::Nothing) {
        Found::Nothing => None,
        Found::Signature { der, stuffed: 0 } => Some(der),
        Found::Signature { stuffed, .. } => {
            let part = "the signature that the file already has";
            return Err(FileError::TrailingData { extra: stuffed, part }.into());
        }
        Found::Malformed(reason) => {
            let reason = format!("it has a signature that cannot be replaced: {reason}");
            return Err(FileError::Script { reason }.into());
        }
    };
    let mut hash = sealer.begin(old)?;
    script.digest(|bytes| hash.update(bytes));
    let sealed = hash.seal(None)?;
    let block = block::write(&sealed.signature, script.encoding);
    target.write_all(&script.content).and_then(|()| target.write_all(&block)).map_err(AttachError::Write)?;
    Ok(sealed.attached((script.content.len() + block.len()) as u64))
}

/// Writes the script in `source` to `target` without its signature. Says whether there was one; without one nothing is
/// written.
pub(crate) fn strip(source: &mut impl Read, target: &mut Target) -> Result<bool, AttachError> {
    let script = Script::read(source)?;
    match script.found {
        Found::Nothing => return Ok(false),
        // What stands behind the block would be lost with it, or run for the first time without it.
        Found::Malformed(reason) => return Err(FileError::Script { reason }.into()),
        Found::Signature { stuffed: 0, .. } => {}
        Found::Signature { stuffed, .. } => {
            return Err(FileError::TrailingData { extra: stuffed, part: "its signature" }.into());
        }
    }
    target.write_all(&script.content).map_err(AttachError::Write)?;
    Ok(true)
}
