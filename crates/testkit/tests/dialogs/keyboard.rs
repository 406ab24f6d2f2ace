//! The keyboard alone suffices on every dialog of every set, in every language.

use crate::support::compile;
use msi_db::{Database, transform};
use std::fs::File;
use testkit::keyboard;

#[test]
fn every_dialog_of_every_set_can_be_operated_by_keyboard_in_every_language() {
    let folder = tempfile::tempdir().unwrap();
    for set in ["Minimal", "InstallDir", "FeatureTree", "Mondo", "Advanced"] {
        let package = compile(folder.path(), "three-features", set, &["all"]);
        let database = Database::open(File::open(package).unwrap()).unwrap();
        assert!(database.table("Dialog").unwrap().iter().count() > 15, "{set}");
        assert_eq!(keyboard::faults(&database), [""; 0], "{set}");
        assert!(database.storages.len() > 15, "{set}");
        for (language, storage) in &database.storages {
            let translated = transform::apply(&database, storage).unwrap();
            assert_eq!(keyboard::faults(&translated), [""; 0], "{set} in {language}");
        }
    }
}

/// What the other test relies on: each kind of fault is found.
#[test]
fn what_cannot_be_done_by_keyboard_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let package = compile(folder.path(), "three-features", "Minimal", &[]);
    let database = Database::open(File::open(package).unwrap()).unwrap();
    let faults = |table: &str, dialog: &str, control: &str, column: &str, value: msi_db::Value| {
        let mut changed = database.clone();
        let table = changed.tables.get_mut(table).unwrap();
        let (at, name) = (table.def.column(column).unwrap(), table.def.column("Control"));
        let mine = |row: &&mut msi_db::Row| {
            row[0].as_str() == Some(dialog) && name.is_none_or(|name| row[name].as_str() == Some(control))
        };
        table.rows.iter_mut().find(mine).unwrap()[at] = value;
        keyboard::faults(&changed)
    };
    assert_eq!(
        faults("Dialog", "CancelDlg", "", "Control_Default", msi_db::Value::Null),
        ["CancelDlg has no Control_Default"]
    );
    assert_eq!(
        faults("Dialog", "CancelDlg", "", "Control_Cancel", "Text".into()),
        ["Text, the Control_Cancel of CancelDlg, does nothing"]
    );
    assert_eq!(
        faults("Control", "CancelDlg", "Yes", "Control_Next", "Yes".into()),
        ["the tabulator key does not come back to No of CancelDlg"]
    );
    assert_eq!(
        faults("Control", "MaintenanceTypeDlg", "RepairButton", "Control_Next", "Back".into()),
        ["the tabulator key does not come to RemoveButton of MaintenanceTypeDlg"]
    );
    assert_eq!(
        faults("Control", "CancelDlg", "Yes", "Text", "&Now".into()),
        ["n is No and Yes of CancelDlg"]
    );
}
