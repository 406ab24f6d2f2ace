//! The order in which the digests go through a storage.

use std::cmp::Ordering;

use compound_file::{Node, Storage};

/// Compares two names by the bytes of their UTF-16LE form, a prefix before the longer name. That is neither the order of
/// the code units nor the order of the file's directory.
pub(super) fn compare(one: &[u16], other: &[u16]) -> Ordering {
    // Swapping the bytes of each unit makes the order of the units that of their bytes.
    one.iter().map(|unit| unit.swap_bytes()).cmp(other.iter().map(|unit| unit.swap_bytes()))
}

/// The children of a storage in this order.
pub(super) fn children<'s, 'a>(storage: &'s Storage<'a>) -> Vec<(Vec<u8>, &'s Node<'a>)> {
    let mut children: Vec<_> = storage
        .children
        .iter()
        .map(|(name, node)| (name.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<u8>>(), node))
        .collect();
    children.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    children
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn low_bytes_decide_before_high_bytes() {
        let mut storage = Storage::default();
        for name in ["\u{0102}", "\u{0201}", "\u{0102}a", "\u{00FF}"] {
            storage.insert(name, Node::stream(Vec::new()));
        }
        let mut units: Vec<&Vec<u16>> = storage.children.keys().collect();
        units.sort_by(|one, other| compare(one, other));
        assert_eq!(units, [&vec![0x0201], &vec![0x0102], &vec![0x0102, 0x61], &vec![0x00FF]]);
        let names: Vec<Vec<u8>> = children(&storage).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, [vec![1, 2], vec![2, 1], vec![2, 1, b'a', 0], vec![0xFF, 0]]);
    }
}
