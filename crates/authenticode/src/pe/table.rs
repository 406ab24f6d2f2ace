//! The certificate table of a PE image: a list of WIN_CERTIFICATE entries, of which Windows looks at the first.

use std::io::{Read, Seek, SeekFrom};

use super::Layout;
use crate::FileError;

/// The entry's revision (2.0) and type (PKCS#7 SignedData).
pub(super) const REVISION_AND_TYPE: [u8; 4] = [0x00, 0x02, 0x02, 0x00];
/// Length, revision, type.
pub(super) const ENTRY_HEADER: usize = 8;
/// No signature with its certificates and countersignatures comes near this.
const LARGEST_TABLE: u64 = 16 << 20;

/// The signature of a PE image, as found.
pub(crate) enum Found {
    /// There is none.
    Nothing,
    /// There is a table that holds no signature Windows would read; the text says why.
    Malformed(String),
    /// There is one.
    Signature {
        /// The PKCS#7 structure.
        der: Vec<u8>,
        /// How many bytes of the table and behind it are neither signature nor alignment, and where the first stand.
        stuffed: Option<(u64, &'static str)>,
    },
}

/// Reads the signature of an image.
pub(crate) fn find(file: &mut (impl Read + Seek), layout: &Layout) -> Result<Found, FileError> {
    if !layout.has_table() {
        return Ok(Found::Nothing);
    }
    if layout.table_size > LARGEST_TABLE {
        return Ok(Found::Malformed(format!(
            "its table of {} bytes is larger than any signature",
            layout.table_size
        )));
    }
    file.seek(SeekFrom::Start(layout.table))?;
    let mut table = Vec::new();
    file.by_ref().take(layout.table_size).read_to_end(&mut table)?;
    Ok(read_table(&table, layout.file_size - layout.table - layout.table_size))
}

fn read_table(table: &[u8], behind: u64) -> Found {
    let Some((header, _)) = table.split_first_chunk::<ENTRY_HEADER>() else {
        return Found::Malformed("its table is shorter than one entry".into());
    };
    let length = u32::from_le_bytes([header[0], header[1], header[2], header[3]]) as usize;
    if header[4..] != REVISION_AND_TYPE {
        return Found::Malformed("the first entry of its table is no PKCS#7 signature".into());
    }
    let Some(entry) = table.get(ENTRY_HEADER..length) else {
        return Found::Malformed(format!("the first entry of its table is said to have {length} bytes"));
    };
    let Some(signature) = der_length(entry).filter(|length| *length <= entry.len()) else {
        return Found::Malformed(
            "the first entry of its table does not start with a whole DER structure".into(),
        );
    };
    let (der, padding) = entry.split_at(signature);
    // The entry's length counts the padding to a multiple of 8 or leaves it out; both are in use.
    let after_entry = &table[length..];
    let aligned = ENTRY_HEADER + signature;
    let free = aligned.next_multiple_of(8) - aligned;
    let stuffed = if padding.len() > free || padding.iter().any(|byte| *byte != 0) {
        Some((padding.len() as u64, "after the signature, inside its entry"))
    } else if padding.len() + after_entry.len() > free || after_entry.iter().any(|byte| *byte != 0) {
        Some((after_entry.len() as u64, "after the first signature, in the certificate table"))
    } else if behind > 0 {
        Some((behind, "after the certificate table"))
    } else {
        None
    };
    Found::Signature { der: der.to_vec(), stuffed }
}

/// The length of the DER element that `bytes` starts with, header included.
pub(crate) fn der_length(bytes: &[u8]) -> Option<usize> {
    let (&first, rest) = bytes.get(1..)?.split_first()?;
    let count = match first {
        0..=0x7F => return Some(2 + usize::from(first)),
        0x81..=0x84 => usize::from(first & 0x7F),
        0x80 | 0x85..=0xFF => return None,
    };
    let content = rest.get(..count)?.iter().fold(0usize, |length, byte| length << 8 | usize::from(*byte));
    content.checked_add(2 + count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stuffed(table: &[u8], behind: u64) -> Option<(u64, &'static str)> {
        match read_table(table, behind) {
            Found::Signature { stuffed, .. } => stuffed,
            _ => panic!("no signature found"),
        }
    }

    #[test]
    fn both_ways_of_padding_are_clean_and_nothing_else_is() {
        let entry = |length: u8, tail: &[u8]| {
            let mut table = vec![length, 0, 0, 0, 0, 2, 2, 0, 0x30, 1, 5];
            table.extend(tail);
            table
        };
        assert_eq!(stuffed(&entry(16, &[0; 5]), 0), None);
        assert_eq!(stuffed(&entry(11, &[0; 5]), 0), None);
        assert_eq!(stuffed(&entry(16, &[0, 0, 0, 0, 1]), 0).map(|found| found.0), Some(5));
        assert_eq!(stuffed(&entry(24, &[0; 13]), 0).map(|found| found.0), Some(13));
        assert_eq!(stuffed(&entry(16, &[0; 13]), 0).map(|found| found.0), Some(8));
        assert_eq!(stuffed(&entry(16, &[0; 5]), 3).map(|found| found.0), Some(3));
    }

    #[test]
    fn lengths_that_lie_are_malformed() {
        for table in
            [&[0u8; 3][..], &[255, 0, 0, 0, 0, 2, 2, 0, 0x30, 1, 5], &[10, 0, 0, 0, 0, 2, 2, 0, 0x30, 9]]
        {
            assert!(matches!(read_table(table, 0), Found::Malformed(_)), "{table:?}");
        }
    }
}
