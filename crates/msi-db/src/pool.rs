//! The string pool: every string once, with a number and a count of references.

use crate::codepage::Codepage;
use crate::error::{ReadError, WriteError};
use std::collections::HashMap;
use std::sync::Arc;

/// Bit of the pool's first word that says that references take three bytes.
const LONG_REFERENCES: u32 = 0x8000_0000;
/// Numbers that fit into two bytes.
const SHORT_LIMIT: u32 = 0xffff;
/// Numbers that fit into three bytes.
const LONG_LIMIT: u32 = 0xff_ffff;

/// Collects strings for writing. Numbers are given in the order in which strings are first met.
pub(crate) struct PoolBuilder<'a> {
    codepage: Codepage,
    numbers: HashMap<&'a str, u32>,
    data: Vec<u8>,
    /// Length in bytes and references of each string, from number 1 on.
    entries: Vec<(u32, u32)>,
}

impl<'a> PoolBuilder<'a> {
    pub(crate) fn new(codepage: Codepage) -> Self {
        PoolBuilder { codepage, numbers: HashMap::new(), data: Vec::new(), entries: Vec::new() }
    }

    /// The string's number, counting one more reference. The empty string is null, number 0. `Err` is a character that the
    /// code page does not have.
    pub(crate) fn intern(&mut self, text: &'a str) -> Result<u32, char> {
        if text.is_empty() {
            return Ok(0);
        }
        if let Some(number) = self.numbers.get(text) {
            self.entries[*number as usize - 1].1 += 1;
            return Ok(*number);
        }
        let bytes = self.codepage.encode(text)?;
        self.data.extend_from_slice(&bytes);
        self.entries.push((bytes.len() as u32, 1));
        let number = self.entries.len() as u32;
        self.numbers.insert(text, number);
        Ok(number)
    }

    /// Number of the code page.
    pub(crate) fn codepage(&self) -> u16 {
        self.codepage.number()
    }

    /// Bytes per reference, now that all strings are known.
    pub(crate) fn reference_len(&self) -> usize {
        if self.entries.len() as u64 > u64::from(SHORT_LIMIT) { 3 } else { 2 }
    }

    /// The streams `_StringPool` and `_StringData`.
    pub(crate) fn finish(self) -> Result<(Vec<u8>, Vec<u8>), WriteError> {
        let long = if self.reference_len() == 3 { LONG_REFERENCES } else { 0 };
        if self.entries.len() as u64 > u64::from(LONG_LIMIT) {
            return Err(WriteError::TooMany { what: "the string pool".to_owned(), limit: LONG_LIMIT.into() });
        }
        if u32::try_from(self.data.len()).is_err() {
            return Err(WriteError::TooMany { what: "_StringData".to_owned(), limit: u32::MAX.into() });
        }
        let mut pool = Vec::with_capacity(4 * self.entries.len() + 4);
        pool.extend((u32::from(self.codepage.number()) | long).to_le_bytes());
        for (len, references) in self.entries {
            // The count says when a string may go. One that is stuck at its maximum stays for good, which does no harm.
            let references = references.min(0xffff);
            if len > 0xffff {
                pool.extend((references << 16).to_le_bytes());
                pool.extend(len.to_le_bytes());
            } else {
                pool.extend((references << 16 | len).to_le_bytes());
            }
        }
        Ok((pool, self.data))
    }
}

/// A pool that was read.
pub(crate) struct Pool {
    pub(crate) codepage: u16,
    /// Bytes per reference.
    pub(crate) reference_len: usize,
    /// From number 1 on; `None` where a number is not in use.
    strings: Vec<Option<Arc<str>>>,
}

impl Pool {
    pub(crate) fn parse(pool: &[u8], data: &[u8]) -> Result<Pool, ReadError> {
        let mut words =
            pool.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
        let head = words.next().ok_or(ReadError::Pool("its header is missing"))?;
        let number = head & !LONG_REFERENCES;
        let codepage = u16::try_from(number).ok().and_then(Codepage::new);
        let codepage = codepage.ok_or(ReadError::UnsupportedCodepage(number))?;
        let mut strings = Vec::new();
        let mut rest = data;
        while let Some(word) = words.next() {
            let (mut len, references) = (word & 0xffff, word >> 16);
            if references == 0 && len == 0 {
                strings.push(None);
                continue;
            }
            if len == 0 {
                len = words.next().ok_or(ReadError::Pool("the length of a long string is missing"))?;
            }
            let (bytes, after) =
                rest.split_at_checked(len as usize).ok_or(ReadError::Pool("its data ends too early"))?;
            rest = after;
            strings.push(Some(codepage.decode(bytes).into()));
        }
        let reference_len = if head & LONG_REFERENCES == 0 { 2 } else { 3 };
        Ok(Pool { codepage: codepage.number(), reference_len, strings })
    }

    /// The string of this number; `None` where there is none.
    pub(crate) fn get(&self, number: u32) -> Option<&Arc<str>> {
        self.strings.get(number.checked_sub(1)? as usize)?.as_ref()
    }
}
