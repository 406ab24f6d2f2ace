//! The digest over a package's content.

use std::io;

use compound_file::{Node, Storage};

use super::order::children;

/// Feeds `hash` with the content of a storage: its streams and sub-storages in order, then its class id.
pub(crate) fn digest(storage: &Storage<'_>, hash: &mut impl FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = vec![0; 256 * 1024];
    storage_digest(storage, hash, &mut buffer)
}

/// The reader bounds how deep storages nest, and with that this recursion.
fn storage_digest(storage: &Storage<'_>, hash: &mut impl FnMut(&[u8]), buffer: &mut [u8]) -> io::Result<()> {
    for (_, node) in children(storage) {
        match node {
            Node::Storage(inner) => storage_digest(inner, hash, buffer)?,
            Node::Stream { source, .. } => {
                let mut reader = source.open()?;
                loop {
                    match reader.read(buffer) {
                        Ok(0) => break,
                        Ok(length) => hash(&buffer[..length]),
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        Err(error) => return Err(error),
                    }
                }
            }
        }
    }
    hash(&storage.metadata.clsid);
    Ok(())
}
