//! The digest over a PE image.

use std::io::{self, Read, Seek, SeekFrom};

use super::Layout;
use crate::FileError;

/// Feeds `hash` with everything that a signature covers, padding included.
pub(crate) fn digest(
    file: &mut (impl Read + Seek),
    layout: &Layout,
    mut hash: impl FnMut(&[u8]),
) -> Result<(), FileError> {
    walk(file, layout, |bytes, covered| {
        if covered {
            hash(bytes);
        }
        Ok(())
    })
}

/// Gives every byte before the certificate table, and the zero bytes that align it, in order and in pieces, each with
/// whether the digest covers it.
pub(super) fn walk<E: From<io::Error>>(
    file: &mut (impl Read + Seek),
    layout: &Layout,
    mut take: impl FnMut(&[u8], bool) -> Result<(), E>,
) -> Result<(), E> {
    let end = layout.covered();
    let pieces = [
        (layout.checksum, true),
        (layout.checksum + 4, false),
        (layout.directory, true),
        (layout.directory + 8, false),
        (end, true),
    ];
    file.seek(SeekFrom::Start(0))?;
    let mut buffer = vec![0; 256 * 1024];
    let mut position = 0;
    for (until, covered) in pieces {
        while position < until {
            let wanted = usize::try_from(until - position).unwrap_or(usize::MAX).min(buffer.len());
            let piece = &mut buffer[..wanted];
            file.read_exact(piece)?;
            take(piece, covered)?;
            position += wanted as u64;
        }
    }
    take(&[0; 8][..padding(end)], true)
}

/// How many zero bytes align the end of the content to 8.
pub(super) fn padding(end: u64) -> usize {
    (end.next_multiple_of(8) - end) as usize
}
