//! The package while passes work on it.

use crate::facts::Facts;
use crate::instances::Instance;
use diagnostics::Span;
use msi_db::{TableDef, Value};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use wxs::ir::{CompressionLevel, FileSymbol, SourceRow};

/// Rows of one real table, shaped by its definition.
#[derive(Debug)]
pub(crate) struct BoundTable {
    pub def: Arc<TableDef>,
    pub rows: Vec<SourceRow>,
}

/// A file with its source, what was found in it, and its place on the media.
#[derive(Debug)]
pub(crate) struct BoundFile {
    pub symbol: FileSymbol,
    pub source: PathBuf,
    pub facts: Facts,
    pub disk_id: i32,
    pub sequence: i32,
    pub compressed: bool,
    pub version: Option<String>,
    pub language: Option<String>,
    /// Further values for `!(bind.KIND.FILE)`: kind and value.
    pub bind_values: Vec<(String, String)>,
    /// The file came with a merge module, and so does its row.
    pub from_module: bool,
}

/// A Media row and its cabinet.
#[derive(Debug)]
pub(crate) struct BoundMedia {
    pub disk_id: i32,
    pub last_sequence: i32,
    pub disk_prompt: Option<String>,
    pub volume_label: Option<String>,
    pub source: Option<String>,
    /// Name without `#`.
    pub cabinet: Option<String>,
    pub embed: bool,
    pub compression: CompressionLevel,
    pub layout: Option<String>,
    pub span: Span,
}

/// Everything between the resolved product and the written database.
#[derive(Debug)]
pub(crate) struct Package {
    pub span: Span,
    /// The package was written for WiX 4 or later.
    pub is_v4: bool,
    pub codepage: u16,
    pub tables: BTreeMap<Arc<str>, BoundTable>,
    /// Summary information by property number, as authored.
    pub summary: BTreeMap<i32, (String, Span)>,
    pub files: Vec<BoundFile>,
    pub media: Vec<BoundMedia>,
    /// SHA-256 of files in stream columns, by path.
    pub stream_digests: BTreeMap<PathBuf, [u8; 32]>,
    /// Seeds that replace a directory's path in generated component GUIDs.
    pub guid_seeds: BTreeMap<String, String>,
    /// Further installations of the product, each a transform.
    pub instances: Vec<Instance>,
    /// Files that the binder makes: id of the file, and regid of who says that it is installed.
    pub tags: Vec<(String, String)>,
    /// Text files that fill controls: table, key, path as written.
    pub control_texts: Vec<(&'static str, Vec<Value>, String, Span)>,
}

impl Package {
    /// Rows of a table; none where it does not exist.
    pub fn rows(&self, table: &str) -> &[SourceRow] {
        self.tables.get(table).map_or(&[], |table| &table.rows)
    }

    /// Rows of a table, to change.
    pub fn rows_mut(&mut self, table: &str) -> &mut [SourceRow] {
        self.tables.get_mut(table).map_or(&mut [], |table| &mut table.rows)
    }

    /// Adds a row to a standard table, which comes into being with it.
    pub fn add(&mut self, table: &'static str, values: Vec<Value>, span: Span) {
        let def = msi_db::catalogue::find(table).expect("the binder's own rows belong to standard tables");
        let name: Arc<str> = table.into();
        let entry = self
            .tables
            .entry(name.clone())
            .or_insert_with(|| BoundTable { def: Arc::new(def.clone()), rows: Vec::new() });
        entry.rows.push(SourceRow { table: name, values, span });
    }

    /// The value of a property.
    pub fn property(&self, name: &str) -> Option<&str> {
        let row = self.rows("Property").iter().find(|row| text(row, 0) == Some(name))?;
        text(row, 1)
    }

    /// Whether files go into cabinets unless they say otherwise: the summary's word count has bit 2.
    pub fn compressed(&self) -> bool {
        self.word_count() & 2 != 0
    }

    /// Whether uncompressed files keep their long names in the source image.
    pub fn long_names(&self) -> bool {
        self.word_count() & 1 == 0
    }

    fn word_count(&self) -> i32 {
        self.summary.get(&15).and_then(|(text, _)| text.parse().ok()).unwrap_or(0)
    }
}

/// Text of a cell.
pub(crate) fn text(row: &SourceRow, at: usize) -> Option<&str> {
    row.values.get(at).and_then(Value::as_str)
}

/// Number of a cell.
pub(crate) fn int(row: &SourceRow, at: usize) -> Option<i32> {
    row.values.get(at).and_then(Value::as_int)
}
