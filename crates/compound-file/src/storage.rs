//! The tree that the writer takes and that the reader can turn a file into.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

/// What a directory entry says beside name and content. All zero is what new files have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Class of the object, in the byte order of the file.
    pub clsid: [u8; 16],
    pub state_bits: u32,
    /// FILETIME: 100 ns since 1601, UTC.
    pub created: u64,
    /// FILETIME: 100 ns since 1601, UTC.
    pub modified: u64,
}

/// A storage and everything below it. Names are UTF-16 code units, as stored.
#[derive(Clone, Default)]
pub struct Storage<'a> {
    pub metadata: Metadata,
    pub children: BTreeMap<Vec<u16>, Node<'a>>,
}

/// A child of a storage.
#[derive(Clone)]
pub enum Node<'a> {
    Storage(Storage<'a>),
    Stream { metadata: Metadata, source: Arc<dyn StreamSource + 'a> },
}

/// Content that is read when the file is written, and not kept.
pub trait StreamSource: Send + Sync {
    /// Length in bytes; what `open` gives must be exactly as long.
    fn len(&self) -> u64;
    /// A reader from the first byte.
    fn open(&self) -> io::Result<Box<dyn Read + '_>>;
    /// Whether there are no bytes.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl StreamSource for Vec<u8> {
    fn len(&self) -> u64 {
        Vec::len(self) as u64
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.as_slice()))
    }
}

impl StreamSource for Arc<[u8]> {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(&self[..]))
    }
}

impl<'a> Node<'a> {
    /// A stream without metadata.
    pub fn stream(source: impl StreamSource + 'a) -> Node<'a> {
        Node::Stream { metadata: Metadata::default(), source: Arc::new(source) }
    }
}

impl<'a> Storage<'a> {
    /// Puts a child in; the former one of that very name, if any, is given back.
    pub fn insert(&mut self, name: &str, node: Node<'a>) -> Option<Node<'a>> {
        self.children.insert(name.encode_utf16().collect(), node)
    }
}
