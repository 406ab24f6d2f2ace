//! What the writer refuses.

use compound_file::{Node, Storage, StreamSource, Version, WriteError, write};
use std::io::{self, Read};

/// A source that does not keep its word, or cannot be read.
struct Liar {
    announced: u64,
    gives: u64,
}

impl StreamSource for Liar {
    fn len(&self) -> u64 {
        self.announced
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(io::repeat(0).take(self.gives)))
    }
}

fn refused(name: &str, node: Node<'_>, version: Version) -> WriteError {
    let mut root = Storage::default();
    root.insert(name, node);
    write(&root, version, &mut io::sink()).unwrap_err()
}

#[test]
fn sources_of_another_length_than_announced() {
    for (announced, gives) in [(10, 9), (10, 11), (5000, 4999), (5000, 5001), (0, 1)] {
        let error = refused("liar", Node::stream(Liar { announced, gives }), Version::V3);
        assert!(matches!(error, WriteError::SourceLength { .. }), "{announced} {gives}: {error}");
        assert!(error.to_string().contains("liar"));
    }
}

#[test]
fn names_that_cannot_be_stored() {
    for name in ["", "a\0b", "12345678901234567890123456789012"] {
        let error = refused(name, Node::stream(Vec::new()), Version::V3);
        assert!(matches!(error, WriteError::Name { .. }), "{error}");
    }
    let mut root = Storage::default();
    root.insert("1234567890123456789012345678901", Node::stream(Vec::new()));
    write(&root, Version::V3, &mut io::sink()).unwrap();
}

#[test]
fn names_that_differ_in_case_only() {
    let mut root = Storage::default();
    root.insert("Name", Node::stream(Vec::new()));
    root.insert("nAME", Node::stream(Vec::new()));
    let error = write(&root, Version::V3, &mut io::sink()).unwrap_err();
    assert!(matches!(error, WriteError::DuplicateName { .. }), "{error}");
}

#[test]
fn files_past_the_format_are_refused_before_anything_is_read() {
    struct Huge(u64);
    impl StreamSource for Huge {
        fn len(&self) -> u64 {
            self.0
        }
        fn open(&self) -> io::Result<Box<dyn Read + '_>> {
            panic!("nothing is read of a file that cannot be written");
        }
    }
    for (len, version) in
        [(1 << 31, Version::V3), (u64::MAX, Version::V3), (1 << 45, Version::V4), (u64::MAX, Version::V4)]
    {
        let error = refused("huge", Node::stream(Huge(len)), version);
        assert!(matches!(error, WriteError::TooLarge { .. }), "{len}: {error}");
    }
}
