//! Packages that differ from a released one in a few rows: what a test needs to make an action fail, or to plant a value.

use crate::template;
use msi_db::{Data, Database, NoFiles, Row, Value, catalogue};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// Name under which a signed package keeps its signature; it would not fit the changed tables.
const SIGNATURES: [&str; 2] = ["\u{5}DigitalSignature", "\u{5}MsiDigitalSignatureEx"];

/// The file that the action of [`Variant::cancel_at_the_end`] waits for, a minute at most.
pub const CANCEL_NOW: &str = "C:\\packages\\cancel-now";

const WAIT_AND_CANCEL: &str = include_str!("../windows/wait-and-cancel.c");

/// A package's database, to be changed and written beside the original.
pub struct Variant {
    pub database: Database,
}

impl Variant {
    /// Reads a package. Its signature is dropped.
    pub fn of(msi: &Path) -> Variant {
        let bytes = fs::read(msi).unwrap_or_else(|error| panic!("cannot read {}: {error}", msi.display()));
        let mut database = Database::open(Cursor::new(bytes))
            .unwrap_or_else(|error| panic!("{} is no package: {error}", msi.display()));
        database.streams.retain(|name, _| !SIGNATURES.contains(&name.as_str()));
        Variant { database }
    }

    /// Adds a row to a standard table; columns that are not named are null.
    pub fn add(&mut self, table: &str, cells: &[(&str, Value)]) -> &mut Variant {
        let def = match self.database.table(table) {
            Some(table) => table.def.clone(),
            None => catalogue::find(table)
                .unwrap_or_else(|| panic!("{table} is no standard table"))
                .clone()
                .into(),
        };
        let mut row: Row = vec![Value::Null; def.columns.len()];
        for (column, value) in cells {
            let at = def.column(column).unwrap_or_else(|| panic!("{table} has no column {column}"));
            row[at] = value.clone();
        }
        self.database.ensure_table(&def).rows.push(row);
        self
    }

    /// An action that fails while the machine is being changed, right before the script's end or at the number given: everything
    /// before it has to be undone. `cmd /c exit 1` from System32, deferred.
    pub fn fail_at(&mut self, sequence: i32) -> &mut Variant {
        const DEFERRED: i32 = 0x400;
        const EXECUTABLE_IN_FOLDER: i32 = 34;
        let cells: [(&str, Value); 4] = [
            ("Action", "FailOnPurpose".into()),
            ("Type", (EXECUTABLE_IN_FOLDER + DEFERRED).into()),
            ("Source", "TARGETDIR".into()),
            ("Target", "[System64Folder]cmd.exe /c exit 1".into()),
        ];
        self.add("CustomAction", &cells);
        let cells = [("Action", "FailOnPurpose".into()), ("Sequence", sequence.into())];
        self.add("InstallExecuteSequence", &cells)
    }

    /// A deferred action right before the script's end that waits until [`CANCEL_NOW`] is there, and then ends as the engine ends
    /// work that somebody has cancelled.
    pub fn cancel_at_the_end(&mut self) -> &mut Variant {
        const DLL_DEFERRED: i32 = 1 + 0x400;
        let at = self.sequence_of("InstallFinalize") - 1;
        let dll = template::dll(WAIT_AND_CANCEL).unwrap_or_else(|message| panic!("{message}"));
        self.add("Binary", &[("Name", "WaitAndCancel".into()), ("Data", stream(dll))]);
        let cells: [(&str, Value); 4] = [
            ("Action", "WaitAndCancel".into()),
            ("Type", DLL_DEFERRED.into()),
            ("Source", "WaitAndCancel".into()),
            ("Target", "WaitAndCancel".into()),
        ];
        self.add("CustomAction", &cells);
        let cells = [("Action", "WaitAndCancel".into()), ("Sequence", at.into())];
        self.add("InstallExecuteSequence", &cells)
    }

    /// Position of an action in InstallExecuteSequence.
    pub fn sequence_of(&self, action: &str) -> i32 {
        let table =
            self.database.table("InstallExecuteSequence").expect("a package has InstallExecuteSequence");
        let row = table.iter().find(|row| row.str("Action") == Some(action));
        row.and_then(|row| row.int("Sequence")).unwrap_or_else(|| panic!("{action} is not scheduled"))
    }

    /// Writes the package below `folder`, under a package code of its own: the engine caches packages by theirs.
    pub fn write(&mut self, folder: &Path, name: &str) -> PathBuf {
        let code = format!(
            "{{00000000-7E57-4000-8000-{:012X}}}",
            name.bytes().fold(0u64, |sum, byte| sum * 31 % 0xffff_ffff + u64::from(byte))
        );
        self.database.summary.revision = Some(code);
        let mut bytes = Vec::new();
        self.database
            .write(&mut bytes, &NoFiles)
            .unwrap_or_else(|error| panic!("cannot write {name}: {error}"));
        let path = folder.join(name);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, bytes))
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
        path
    }
}

/// Bytes as a cell.
pub fn stream(bytes: impl Into<Vec<u8>>) -> Value {
    Value::Stream(Data::Bytes(bytes.into().into()))
}
