//! What the writer refuses, and that it does so before or instead of writing something wrong.

use cabinet::{Attributes, Compression, Entry, Error, Level, Options, Source, write};
use std::io::{self, Cursor, Read};
use std::num::NonZeroUsize;

/// Gives so many zeros, then fails if told to.
struct Zeros {
    gives: u64,
    fails: bool,
}

impl Source for Zeros {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is gone"))
            }
        }
        let zeros = io::repeat(0).take(self.gives);
        Ok(if self.fails { Box::new(zeros.chain(Failing)) } else { Box::new(zeros) })
    }
}

fn entry<'a>(name: &'a str, len: u64, source: &'a Zeros) -> Entry<'a> {
    Entry { name, len, modified: 0, attributes: Attributes::default(), source }
}

fn refused(entries: &[Entry<'_>], threads: usize) -> Error {
    let threads = NonZeroUsize::new(threads).unwrap();
    write(&mut Cursor::new(Vec::new()), entries, &Options { threads, ..Options::default() }).unwrap_err()
}

#[test]
fn sources_of_another_length_than_announced() {
    for threads in [1, 4] {
        for (announced, gives) in [(0, 1), (10, 9), (10, 11), (5_000_000, 4_999_999), (5_000_000, 5_000_001)]
        {
            let error = refused(&[entry("liar.dll", announced, &Zeros { gives, fails: false })], threads);
            assert!(matches!(error, Error::SourceLength { .. }), "{error}");
            assert!(error.to_string().contains("liar.dll"));
        }
    }
}

#[test]
fn sources_that_fail() {
    for (threads, gives) in [(1, 0), (4, 0), (4, 3_000_000)] {
        let error = refused(&[entry("gone.dll", 9_000_000, &Zeros { gives, fails: true })], threads);
        assert!(matches!(error, Error::Source { .. }), "{error}");
        let message = error.to_string();
        assert!(message.contains("gone.dll") && message.contains("the disk is gone"), "{message}");
    }
}

#[test]
fn names() {
    let empty = Zeros { gives: 0, fails: false };
    let long = "x".repeat(256);
    for name in ["", "a\0b", &long] {
        assert!(matches!(refused(&[entry(name, 0, &empty)], 1), Error::Name { .. }));
    }
    assert!(matches!(
        refused(&[entry("twice", 0, &empty), entry("twice", 0, &empty)], 1),
        Error::DuplicateName { .. }
    ));
    assert!(matches!(refused(&[], 1), Error::NoFiles));
}

#[test]
fn more_files_than_the_header_can_count() {
    let empty = Zeros { gives: 0, fails: false };
    let names: Vec<String> = (0..65_536).map(|index| index.to_string()).collect();
    let entries: Vec<Entry<'_>> = names.iter().map(|name| entry(name, 0, &empty)).collect();
    assert!(matches!(refused(&entries, 1), Error::TooManyFiles { count: 65_536 }));
    write(&mut Cursor::new(Vec::new()), &entries[..65_535], &Options::default()).unwrap();
}

#[test]
fn files_past_what_a_folder_holds() {
    let error = refused(&[entry("huge", 65_535 * 32_768 + 1, &Zeros { gives: 0, fails: false })], 1);
    assert!(matches!(error, Error::FileTooLarge { .. }), "{error}");
}

#[test]
fn more_than_two_gigabytes_stored() {
    /// Takes everything and keeps nothing.
    struct Nowhere(u64);
    impl io::Write for Nowhere {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len() as u64;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    impl io::Seek for Nowhere {
        fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
            if let io::SeekFrom::Start(at) = to {
                self.0 = at;
            }
            Ok(self.0)
        }
    }
    let half = Zeros { gives: 1_100_000_000, fails: false };
    let entries = [entry("a", half.gives, &half), entry("b", half.gives, &half)];
    let stored = Options { compression: Compression::Stored, ..Options::default() };
    let error = write(&mut Nowhere(0), &entries, &stored).unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    // Compressed, the same files fit: into two folders, for none holds so much.
    let threads = NonZeroUsize::new(2).unwrap();
    let packed = Options { compression: Compression::Mszip(Level::FASTEST), threads, set_id: 0 };
    let report = write(&mut Nowhere(0), &entries, &packed).unwrap();
    assert_eq!(report.folders, 2);
}
