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

/// Numbers strings for writing, in their sorted order: so the same strings get the same numbers wherever they stand, and
/// rows, which are stored by the numbers of their keys, stand sorted by text.
pub(crate) struct PoolBuilder<'a> {
    codepage: Codepage,
    numbers: HashMap<&'a str, u32>,
    /// Encoded text and references of each string, from number 1 on. Text that nobody asked for yet is not encoded yet.
    entries: Vec<(Option<Vec<u8>>, u32)>,
}

impl<'a> PoolBuilder<'a> {
    /// A pool for these strings. The empty string is null, number 0.
    pub(crate) fn new(codepage: Codepage, mut strings: Vec<&'a str>) -> Self {
        strings.sort_unstable();
        strings.dedup();
        let entries = vec![(None, 0); strings.iter().filter(|text| !text.is_empty()).count()];
        let numbers = strings.into_iter().filter(|text| !text.is_empty()).zip(1..).collect();
        PoolBuilder { codepage, numbers, entries }
    }

    /// The number of one of the pool's strings, counting one more reference. `Err` is a character that the code page does
    /// not have.
    pub(crate) fn intern(&mut self, text: &'a str) -> Result<u32, char> {
        if text.is_empty() {
            return Ok(0);
        }
        let number = self.numbers[text];
        let (encoded, references) = &mut self.entries[number as usize - 1];
        if encoded.is_none() {
            *encoded = Some(self.codepage.encode(text)?.to_vec());
        }
        *references += 1;
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
        let mut data = Vec::new();
        let mut pool = Vec::with_capacity(4 * self.entries.len() + 4);
        pool.extend((u32::from(self.codepage.number()) | long).to_le_bytes());
        for (encoded, references) in self.entries {
            let encoded = encoded.unwrap_or_default();
            let len = encoded.len() as u32;
            data.extend(encoded);
            // The count says when a string may go. One that is stuck at its maximum stays for good, which does no harm.
            let references = references.min(0xffff);
            if len > 0xffff {
                pool.extend((references << 16).to_le_bytes());
                pool.extend(len.to_le_bytes());
            } else {
                pool.extend((references << 16 | len).to_le_bytes());
            }
        }
        if u32::try_from(data.len()).is_err() {
            return Err(WriteError::TooMany { what: "_StringData".to_owned(), limit: u32::MAX.into() });
        }
        Ok((pool, data))
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
