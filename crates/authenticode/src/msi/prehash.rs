//! The pre-hash: a digest over what a package's directory says beside the content.

use compound_file::{Metadata, Node, Storage};

use super::order::children;

/// Feeds `hash` with the metadata of the whole tree, the root first.
pub(crate) fn prehash(root: &Storage<'_>, hash: &mut impl FnMut(&[u8])) {
    hash(&root.metadata.clsid);
    hash(&root.metadata.state_bits.to_le_bytes());
    below(root, hash);
}

fn below(storage: &Storage<'_>, hash: &mut impl FnMut(&[u8])) {
    for (name, node) in children(storage) {
        hash(&name);
        match node {
            Node::Storage(inner) => {
                hash(&inner.metadata.clsid);
                state_and_times(&inner.metadata, hash);
                below(inner, hash);
            }
            Node::Stream { metadata, source } => {
                // Only the low half of the size is covered, even in files that know larger streams.
                hash(&(source.len() as u32).to_le_bytes());
                state_and_times(metadata, hash);
            }
        }
    }
}

fn state_and_times(metadata: &Metadata, hash: &mut impl FnMut(&[u8])) {
    hash(&metadata.state_bits.to_le_bytes());
    hash(&metadata.created.to_le_bytes());
    hash(&metadata.modified.to_le_bytes());
}
