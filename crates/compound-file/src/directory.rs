//! The directory of a file to be written: entries in order, siblings as balanced red-black trees.

use crate::error::WriteError;
use crate::name::{compare_names, display};
use crate::raw::{self, RawEntry};
use crate::storage::{Metadata, Node, Storage, StreamSource};

/// Longest name in UTF-16 code units, without the terminator.
const NAME_LIMIT: usize = 31;

/// An entry and, for streams, where its bytes come from.
pub(crate) struct Planned<'a> {
    pub raw: RawEntry,
    pub source: Option<&'a dyn StreamSource>,
}

/// All entries below and with the root, which is the first one. The children of a storage follow each other in the
/// order of names, so that equal trees give equal bytes.
pub(crate) fn plan<'a>(root: &'a Storage<'_>) -> Result<Vec<Planned<'a>>, WriteError> {
    let name = "Root Entry".encode_utf16().collect();
    let mut entries = vec![Planned { raw: entry(name, raw::KIND_ROOT, root.metadata), source: None }];
    let mut storages = vec![(root, 0)];
    while let Some((storage, parent)) = storages.pop() {
        let mut children: Vec<(&Vec<u16>, &Node<'_>)> = storage.children.iter().collect();
        children.sort_by(|a, b| compare_names(a.0, b.0));
        if let Some(pair) = children.windows(2).find(|pair| compare_names(pair[0].0, pair[1].0).is_eq()) {
            return Err(WriteError::DuplicateName { first: display(pair[0].0), second: display(pair[1].0) });
        }
        let first = entries.len();
        for (name, node) in children {
            if name.is_empty() || name.len() > NAME_LIMIT || name.contains(&0) {
                return Err(WriteError::Name { name: display(name) });
            }
            entries.push(match node {
                Node::Storage(inner) => {
                    storages.push((inner, entries.len()));
                    Planned { raw: entry(name.clone(), raw::KIND_STORAGE, inner.metadata), source: None }
                }
                Node::Stream { metadata, source } => {
                    let mut raw = entry(name.clone(), raw::KIND_STREAM, *metadata);
                    raw.len = source.len();
                    raw.start = raw::END_OF_CHAIN;
                    Planned { raw, source: Some(&**source) }
                }
            });
        }
        entries[parent].raw.child = grow_tree(&mut entries, first);
    }
    Ok(entries)
}

fn entry(name: Vec<u16>, kind: u8, metadata: Metadata) -> RawEntry {
    RawEntry {
        name,
        kind,
        red: false,
        left: raw::NO_ENTRY,
        right: raw::NO_ENTRY,
        child: raw::NO_ENTRY,
        metadata,
        start: 0,
        len: 0,
    }
}

/// Links the sorted entries from `first` on into a tree and returns its root.
///
/// Halving gives leaves on the two lowest levels only. With the lowest level red and all others black, every path holds
/// the same number of black nodes and no red node has a red child.
fn grow_tree(entries: &mut [Planned<'_>], first: usize) -> u32 {
    let count = entries.len() - first;
    let red_depth = if count > 1 { count.ilog2() } else { u32::MAX };
    branch(entries, first, first + count, 0, red_depth)
}

fn branch(entries: &mut [Planned<'_>], from: usize, to: usize, depth: u32, red_depth: u32) -> u32 {
    if from == to {
        return raw::NO_ENTRY;
    }
    let middle = from + (to - from) / 2;
    let left = branch(entries, from, middle, depth + 1, red_depth);
    let right = branch(entries, middle + 1, to, depth + 1, red_depth);
    let node = &mut entries[middle].raw;
    (node.left, node.right, node.red) = (left, right, depth == red_depth);
    middle as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Black nodes from here down to every missing child, or a panic where two paths differ or red follows red.
    fn black_height(entries: &[Planned<'_>], id: u32, parent_red: bool) -> u32 {
        if id == raw::NO_ENTRY {
            return 0;
        }
        let node = &entries[id as usize].raw;
        assert!(!(parent_red && node.red), "a red node has a red child");
        let left = black_height(entries, node.left, node.red);
        assert_eq!(left, black_height(entries, node.right, node.red), "paths differ in black nodes");
        left + u32::from(!node.red)
    }

    #[test]
    fn trees_of_any_size_are_red_black_trees() {
        for count in (0..70).chain([127, 128, 129, 1000]) {
            let mut storage = Storage::default();
            for index in 0..count {
                storage.insert(&format!("s{index}"), Node::stream(Vec::new()));
            }
            let entries = plan(&storage).unwrap();
            assert_eq!(entries.len(), count + 1);
            let root = entries[0].raw.child;
            assert_eq!(root == raw::NO_ENTRY, count == 0);
            assert!(count == 0 || !entries[root as usize].raw.red, "the root of a tree is black");
            black_height(&entries, root, false);
        }
    }
}
