//! Records as the streams of a transform's storage.

use super::TransformError;
use super::diff::TableChanges;
use crate::codepage::Codepage;
use crate::database::{Storage, TRANSFORM_CLSID};
use crate::error::{Place, WriteError};
use crate::pool::PoolBuilder;
use crate::stream_name;
use crate::summary::{SUMMARY_STREAM, SummaryInfo};
use crate::value::{Data, Value, key_text};
use crate::write::{cell_len, checked_name, stored_cell};

pub(super) fn storage(
    changes: &[TableChanges],
    codepage: u16,
    summary: &SummaryInfo,
) -> Result<Storage, TransformError> {
    let codepage = Codepage::new(codepage).ok_or(WriteError::UnsupportedCodepage(codepage))?;
    let cells = changes.iter().flat_map(|table| &table.records).flat_map(|record| &record.cells);
    let strings = cells.filter_map(|(_, value)| value.as_str()).collect();
    let mut pool = PoolBuilder::new(codepage, strings);
    let mut storage = Storage { clsid: TRANSFORM_CLSID, ..Storage::default() };
    for table in changes {
        let bytes = records(table, &mut pool)?;
        storage.streams.insert(name(&stream_name::encode_table(&table.def.name)), bytes.into());
        for (stream, data) in &table.streams {
            storage.streams.insert(name(&checked_name(stream)?), data.clone());
        }
    }
    let (pool, data) = pool.finish()?;
    let mut put = |stored: Vec<u16>, bytes: Vec<u8>| {
        storage.streams.insert(name(&stored), Data::from(bytes));
    };
    put(stream_name::encode_table("_StringPool"), pool);
    put(stream_name::encode_table("_StringData"), data);
    put(stream_name::encode(SUMMARY_STREAM), summary.to_bytes()?);
    Ok(storage)
}

fn records<'a>(table: &'a TableChanges, pool: &mut PoolBuilder<'a>) -> Result<Vec<u8>, WriteError> {
    let def = &table.def;
    let reference_len = pool.reference_len();
    let mut bytes = Vec::new();
    for record in &table.records {
        bytes.extend(record.head.to_le_bytes());
        for (at, value) in &record.cells {
            let place = || Place {
                table: def.name.to_string(),
                key: key_text(&key(record, def.key_len())),
                column: Some(def.columns[*at].name.to_string()),
            };
            let cell = stored_cell(&def.columns[*at], value, pool, place)?;
            bytes.extend_from_slice(&cell.to_le_bytes()[..cell_len(def.columns[*at].ty, reference_len)]);
        }
    }
    Ok(bytes)
}

fn key(record: &super::diff::Record, len: usize) -> Vec<Value> {
    record.cells.iter().take(len).map(|(_, value)| value.clone()).collect()
}

/// Storages keep names as text; packed names are all in the basic plane.
fn name(stored: &[u16]) -> String {
    String::from_utf16_lossy(stored)
}
