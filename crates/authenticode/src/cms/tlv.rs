//! DER elements as bytes: building from parts, and walking over a content without building a tree.
//!
//! A signature is over bytes as they stand in the file; types that decode and encode again could change them. So the
//! outer PKCS#7 structure is read element by element, each still knowing its bytes.

use der::asn1::AnyRef;
use der::{Decode, Encode, Reader, SliceReader, Tag, TagNumber, Tagged};

/// A SEQUENCE of encoded parts.
pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(Tag::Sequence, &parts.concat())
}

/// A SET with this content.
pub(crate) fn set(content: &[u8]) -> Vec<u8> {
    element(Tag::Set, content)
}

/// An element with a context-specific tag.
pub(crate) fn context(number: u8, constructed: bool, content: &[u8]) -> Vec<u8> {
    element(Tag::ContextSpecific { constructed, number: TagNumber::new(number) }, content)
}

fn element(tag: Tag, content: &[u8]) -> Vec<u8> {
    AnyRef::new(tag, content)
        .and_then(|any| any.to_der())
        .expect("certificates and attributes stay far below DER's limit of 256 MiB")
}

/// Reads exactly one element, with nothing after it.
pub(crate) fn one(der: &[u8]) -> Result<AnyRef<'_>, String> {
    AnyRef::from_der(der).map_err(|error| error.to_string())
}

/// The elements that follow each other in `content`.
pub(crate) fn elements(content: &[u8]) -> Elements<'_> {
    Elements { reader: SliceReader::new(content).ok() }
}

/// See [`elements`].
pub(crate) struct Elements<'a> {
    reader: Option<SliceReader<'a>>,
}

impl<'a> Elements<'a> {
    /// The next element, which must be there.
    pub(crate) fn need(&mut self, what: &str) -> Result<AnyRef<'a>, String> {
        self.next().ok_or_else(|| format!("the {what} is missing"))?
    }

    /// The next element, which must be there and have this tag.
    pub(crate) fn take_tagged(&mut self, tag: Tag, what: &str) -> Result<AnyRef<'a>, String> {
        let found = self.need(what)?;
        if found.tag() == tag {
            Ok(found)
        } else {
            Err(format!("the {what} is a {}, not a {tag}", found.tag()))
        }
    }

    /// The next element if it has this context-specific number; otherwise it stays.
    pub(crate) fn take_context(&mut self, number: u8) -> Result<Option<AnyRef<'a>>, String> {
        let Some(reader) = &mut self.reader else { return Ok(None) };
        let wanted = Tag::ContextSpecific { constructed: true, number: TagNumber::new(number) };
        match reader.peek_byte() {
            Some(byte) if byte == wanted.octet() => self.next().transpose(),
            _ => Ok(None),
        }
    }

    /// The next element as its whole bytes, header included.
    pub(crate) fn raw(&mut self) -> Option<Result<&'a [u8], String>> {
        let reader = self.reader.as_mut()?;
        if reader.is_finished() {
            return None;
        }
        let item = reader.tlv_bytes().map_err(|error| error.to_string());
        if item.is_err() {
            self.reader = None;
        }
        Some(item)
    }

    /// The tag byte of the next element, which stays.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.reader.as_ref().and_then(Reader::peek_byte)
    }

    /// Fails where anything is left.
    pub(crate) fn end(mut self, what: &str) -> Result<(), String> {
        match self.next() {
            None => Ok(()),
            Some(_) => Err(format!("something follows the {what}")),
        }
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<AnyRef<'a>, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let reader = self.reader.as_mut()?;
        if reader.is_finished() {
            return None;
        }
        let item = reader.decode::<AnyRef<'a>>().map_err(|error| error.to_string());
        if item.is_err() {
            self.reader = None;
        }
        Some(item)
    }
}
