//! The order in which the digests go through a storage.

use compound_file::{Node, Storage};

/// The children in the order of the bytes of their UTF-16LE names, a prefix before the longer name. That is neither the
/// order of the code units nor the order of the file's directory.
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
        let names: Vec<Vec<u8>> = children(&storage).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, [vec![1, 2], vec![2, 1], vec![2, 1, b'a', 0], vec![0xFF, 0]]);
    }
}
