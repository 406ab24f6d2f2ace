//! The compiler's world on a real disk.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use wxs::world::{FileStat, ReadSeek, World};

/// Reads files from the file system and variables from the process's environment.
#[derive(Debug, Clone, Copy, Default)]
pub struct DiskWorld;

impl World for DiskWorld {
    fn read_source(&self, path: &Path) -> io::Result<String> {
        decode(fs::read(path)?)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn ReadSeek>> {
        Ok(Box::new(fs::File::open(path)?))
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn stat(&self, path: &Path) -> io::Result<FileStat> {
        let meta = fs::metadata(path)?;
        let modified = meta.modified()?;
        let seconds = match modified.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
        };
        Ok(FileStat { len: meta.len(), modified: seconds })
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut names: Vec<PathBuf> =
            fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().into())).collect::<io::Result<_>>()?;
        names.sort();
        Ok(names)
    }

    fn env(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn current_dir(&self) -> PathBuf {
        std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."))
    }
}

/// Sources are what their byte order mark says, or else what their XML declaration says, or else UTF-8.
fn decode(bytes: Vec<u8>) -> io::Result<String> {
    let invalid = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let utf16 = |big: bool| {
        let units: Vec<u16> = bytes[2..]
            .chunks_exact(2)
            .map(|pair| {
                if big {
                    u16::from_be_bytes([pair[0], pair[1]])
                } else {
                    u16::from_le_bytes([pair[0], pair[1]])
                }
            })
            .collect();
        String::from_utf16(&units).map_err(|_| invalid("the file is not valid UTF-16"))
    };
    match bytes.as_slice() {
        [0xff, 0xfe, ..] => utf16(false),
        [0xfe, 0xff, ..] => utf16(true),
        [0xef, 0xbb, 0xbf, rest @ ..] => {
            String::from_utf8(rest.to_vec()).map_err(|_| invalid("the file is not valid UTF-8"))
        }
        _ => match declared_encoding(&bytes) {
            Some(encoding) => encoding
                .decode_without_bom_handling_and_without_replacement(&bytes)
                .map(std::borrow::Cow::into_owned)
                .ok_or_else(|| {
                    invalid(&format!("the file is not valid {}, as it declares", encoding.name()))
                }),
            None => String::from_utf8(bytes).map_err(|_| invalid("the file is not valid UTF-8")),
        },
    }
}

/// The encoding of an XML declaration, unless it is a Unicode one, which a byte order mark or nothing stands for.
fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(200)];
    let declaration = head.strip_prefix(b"<?xml")?;
    let declaration = &declaration[..declaration.windows(2).position(|pair| pair == b"?>")?];
    let declaration = std::str::from_utf8(declaration).ok()?;
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let name = rest[1..].split(quote).next()?;
    Encoding::for_label(name.as_bytes()).filter(|encoding| ![UTF_8, UTF_16LE, UTF_16BE].contains(encoding))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn byte_order_marks_decide_the_encoding() {
        assert_eq!(decode(b"\xef\xbb\xbf<a/>".to_vec()).unwrap(), "<a/>");
        assert_eq!(decode(b"\xff\xfe<\0\xe4\0".to_vec()).unwrap(), "<ä");
        assert_eq!(decode(b"\xfe\xff\0<\0\xe4".to_vec()).unwrap(), "<ä");
        assert!(decode(b"\xe4".to_vec()).is_err());
    }

    #[test]
    fn declarations_decide_the_encoding_of_files_without_a_mark() {
        let text = |encoding: &str| format!("<?xml version='1.0' encoding='{encoding}'?><a b='").into_bytes();
        let with = |encoding: &str, byte: u8| decode([text(encoding), vec![byte]].concat());
        assert!(with("windows-1252", 0xe4).unwrap().ends_with('ä'));
        assert!(with("windows-1251", 0xe4).unwrap().ends_with('д'));
        assert!(with("utf-8", 0xe4).is_err());
        assert!(with("utf-16", b'x').unwrap().ends_with('x'));
    }
}
