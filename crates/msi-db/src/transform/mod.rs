//! Transforms: what turns one database into another, as a storage of its own or inside a package.
//!
//! A transform is a compound file, or a storage inside a database, with a string pool of its own and one stream for
//! each table that differs. Such a stream is a series of records, each two bytes that say what follows, and cells:
//!
//! - lowest bit set: a new row. The high byte is the number of cells, from the first column on.
//! - zero: the row with this primary key goes; only the key's cells follow.
//! - else: a changed row. The key's cells follow, and those of each column whose bit is set, the first column being bit 0.
//!
//! Cells are stored as in a database, strings as numbers in the transform's own pool. Data of a stream column lies beside, under
//! the name that it has in a database. New tables and columns are rows of `_Tables` and `_Columns`, where the columns of a new
//! table are not numbered. The summary information says which package the transform is for.

mod apply;
mod diff;
mod encode;
mod summary;

pub use apply::apply;
pub use summary::{Tolerance, Validation, summary};

use crate::database::{Database, Storage};
use crate::error::WriteError;
use crate::summary::SummaryInfo;

/// Why no transform leads from one database to the other.
#[derive(Debug, thiserror::Error)]
pub enum TransformError {
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("table {table}: column {column} is another one; a transform can only add columns at the end")]
    Columns { table: String, column: String },
    #[error("table {table} has more than 16 columns, of which a transform can only change the first 16")]
    TooWide { table: String },
    #[error("the stream {name} belongs to no table, so a transform cannot change it")]
    Stream { name: String },
}

/// The storage that turns `base` into `target` when it is applied, under the summary information given, which
/// [`summary`] makes. Put into [`Database::storages`] it is an embedded transform (`TRANSFORMS=:name`); written with
/// [`Storage::write`] it is an `.mst`.
///
/// Summary information, streams without a table, and storages are no part of what a transform changes: the first and the last
/// may differ, streams may only be fewer.
pub fn create(base: &Database, target: &Database, summary: &SummaryInfo) -> Result<Storage, TransformError> {
    if let Some((name, _)) = target.streams.iter().find(|(name, data)| base.streams.get(*name) != Some(*data))
    {
        return Err(TransformError::Stream { name: name.clone() });
    }
    let changes = diff::changes(base, target)?;
    encode::storage(&changes, target.codepage, summary)
}
