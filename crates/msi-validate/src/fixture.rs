//! A small package without a fault, for tests to plant faults in.

use crate::rule::{Finding, Rule};
use crate::validate;
use msi_db::{Database, Row, Value, catalogue};

/// Cells of a row by column name: `row!["Component" => "C", "Attributes" => 256]`; columns not named are null.
macro_rules! row {
    ($($column:literal => $value:expr),* $(,)?) => {
        &[$(($column, msi_db::Value::from($value))),*] as &[(&str, msi_db::Value)]
    };
}
pub(crate) use row;

pub struct Fixture {
    pub database: Database,
}

impl Fixture {
    /// A per-machine package with one feature, a service's program, a remembered folder and a major upgrade.
    pub fn clean() -> Fixture {
        let mut fixture = Fixture { database: Database::new(1252) };
        let summary = &mut fixture.database.summary;
        summary.template = Some("x64;1033".into());
        summary.revision = Some("{A7C5E1B0-7B0D-4C4E-9A55-1D4C6B7A8F01}".into());
        summary.page_count = Some(500);
        summary.word_count = Some(2);
        for (name, value) in [
            ("ALLUSERS", "1"),
            ("Manufacturer", "Example"),
            ("ProductCode", "{0C9B7BE0-5B54-4E4B-8E26-0E1C2A6F3D11}"),
            ("ProductLanguage", "1033"),
            ("ProductName", "Example"),
            ("ProductVersion", "1.2.3"),
            ("SecureCustomProperties", "NEWER_FOUND;OLDER_FOUND;SECRET"),
            ("MsiHiddenProperties", "SECRET;ApplySecret"),
            ("UpgradeCode", "{5B1C8D43-74DB-4F9A-90A6-5C4F1A2B3C44}"),
        ] {
            fixture.add("Property", row!["Property" => name, "Value" => value]);
        }
        for (id, parent, name) in [
            ("TARGETDIR", None, "SourceDir"),
            ("ProgramFiles64Folder", Some("TARGETDIR"), "PFiles"),
            ("INSTALLDIR", Some("ProgramFiles64Folder"), "Example"),
        ] {
            fixture.add(
                "Directory",
                row!["Directory" => id, "Directory_Parent" => parent, "DefaultDir" => name],
            );
        }
        fixture.component("Program", "{1E2D3C4B-0001-4000-8000-00000000000A}", "program.exe");
        fixture.component("Readme", "{1E2D3C4B-0001-4000-8000-00000000000B}", "readme.txt");
        fixture.set("File", "Program", "Version", "1.2.3.0");
        fixture.set("File", "Program", "Language", "1033");
        fixture.add("Feature", row!["Feature" => "Main", "Level" => 1, "Attributes" => 0]);
        for component in ["Program", "Readme"] {
            fixture.add("FeatureComponents", row!["Feature_" => "Main", "Component_" => component]);
        }
        fixture.add("Media", row!["DiskId" => 1, "LastSequence" => 2, "Cabinet" => "#one.cab"]);
        fixture.upgrade("NEWER_FOUND", Some("1.2.3"), None, 2);
        fixture.upgrade("OLDER_FOUND", None, Some("1.2.3"), 1);
        let action = |name: &str, ty: i32, source: &str, target: &str| {
            row!["Action" => name, "Type" => ty, "Source" => source, "Target" => target].to_vec()
        };
        fixture.add(
            "Binary",
            row!["Name" => "Actions", "Data" => Value::Stream(msi_db::Data::Bytes((*b"MZ").into()))],
        );
        fixture.add("CustomAction", &action("UndoApply", 1 + 0x400 + 0x100 + 0x800, "Actions", "Undo"));
        fixture.add("CustomAction", &action("Apply", 1 + 0x400 + 0x800, "Actions", "Apply"));
        fixture.add("CustomAction", &action("SetApplySecret", 51 + 0x2000, "ApplySecret", "[SECRET]"));
        for (action, sequence) in [
            ("FindRelatedProducts", 25),
            ("AppSearch", 50),
            ("LaunchConditions", 100),
            ("ValidateProductID", 700),
            ("CostInitialize", 800),
            ("FileCost", 900),
            ("CostFinalize", 1000),
            ("MigrateFeatureStates", 1200),
            ("InstallValidate", 1400),
            ("InstallInitialize", 1500),
            ("RemoveExistingProducts", 1501),
            ("ProcessComponents", 1600),
            ("UnpublishFeatures", 1800),
            ("StopServices", 1900),
            ("DeleteServices", 2000),
            ("RemoveRegistryValues", 2600),
            ("RemoveFiles", 3500),
            ("InstallFiles", 4000),
            ("WriteRegistryValues", 5000),
            ("SetApplySecret", 5100),
            ("UndoApply", 5200),
            ("Apply", 5201),
            ("InstallServices", 5800),
            ("StartServices", 5900),
            ("RegisterUser", 6000),
            ("RegisterProduct", 6100),
            ("PublishFeatures", 6300),
            ("PublishProduct", 6400),
            ("InstallFinalize", 6600),
        ] {
            fixture.schedule("InstallExecuteSequence", action, sequence, None);
        }
        for (action, sequence) in [
            ("AppSearch", 50),
            ("LaunchConditions", 100),
            ("CostInitialize", 800),
            ("FileCost", 900),
            ("CostFinalize", 1000),
            ("ExecuteAction", 1300),
        ] {
            fixture.schedule("InstallUISequence", action, sequence, None);
        }
        for (action, sequence) in [
            ("CostInitialize", 800),
            ("CostFinalize", 1000),
            ("InstallValidate", 1400),
            ("InstallInitialize", 1500),
            ("PublishFeatures", 6300),
            ("PublishProduct", 6400),
            ("InstallFinalize", 6600),
        ] {
            fixture.schedule("AdvtExecuteSequence", action, sequence, None);
        }
        fixture
    }

    /// Adds a row to a standard table.
    pub fn add(&mut self, table: &str, cells: &[(&str, Value)]) {
        let def = catalogue::find(table).unwrap_or_else(|| panic!("{table} is no standard table"));
        let mut row: Row = vec![Value::Null; def.columns.len()];
        for (column, value) in cells {
            let at = def.column(column).unwrap_or_else(|| panic!("{table} has no column {column}"));
            // In a database an empty string is null.
            let empty = value.as_str().is_some_and(str::is_empty);
            row[at] = if empty { Value::Null } else { value.clone() };
        }
        self.database.ensure_table(def).rows.push(row);
    }

    /// Changes a cell of the row whose first key column has this text.
    pub fn set(&mut self, table: &str, key: &str, column: &str, value: impl Into<Value>) {
        let table = self.database.tables.get_mut(table).expect("the table exists");
        let at = table.def.column(column).expect("the column exists");
        let row = table.rows.iter_mut().find(|row| row[0].as_str() == Some(key)).expect("the row exists");
        row[at] = value.into();
    }

    /// Takes the rows away whose first key column has this text.
    pub fn remove(&mut self, table: &str, key: &str) {
        let table = self.database.tables.get_mut(table).expect("the table exists");
        table.rows.retain(|row| row[0].as_str() != Some(key));
    }

    pub fn property(&mut self, name: &str, value: &str) {
        self.add("Property", row!["Property" => name, "Value" => value]);
    }

    pub fn schedule(&mut self, table: &str, action: &str, sequence: i32, condition: Option<&str>) {
        self.add(table, row!["Action" => action, "Condition" => condition, "Sequence" => sequence]);
    }

    /// A directory below an existing one.
    pub fn directory(&mut self, id: &str, parent: &str, name: &str) {
        self.add("Directory", row!["Directory" => id, "Directory_Parent" => parent, "DefaultDir" => name]);
    }

    /// A 64-bit component in INSTALLDIR with one file of its name as key path.
    pub fn component(&mut self, id: &str, guid: &str, file: &str) {
        let sequence =
            i32::try_from(self.database.table("File").map_or(0, |table| table.rows.len())).unwrap() + 1;
        self.add(
            "Component",
            row!["Component" => id, "ComponentId" => guid, "Directory_" => "INSTALLDIR", "Attributes" => 256, "KeyPath" => id],
        );
        self.add(
            "File",
            row!["File" => id, "Component_" => id, "FileName" => file, "FileSize" => 1, "Attributes" => 512, "Sequence" => sequence],
        );
    }

    pub fn upgrade(&mut self, property: &str, min: Option<&str>, max: Option<&str>, attributes: i32) {
        self.add(
            "Upgrade",
            row![
                "UpgradeCode" => "{5B1C8D43-74DB-4F9A-90A6-5C4F1A2B3C44}", "VersionMin" => min, "VersionMax" => max,
                "Attributes" => attributes, "ActionProperty" => property,
            ],
        );
    }

    /// Dialogs without a fault: a page with options, the ends, and those that the engine opens by itself.
    pub fn ui(&mut self) {
        for (property, value) in [("DefaultUIFont", "Normal"), ("ErrorDialog", "Problem"), ("Picked", "one")]
        {
            self.property(property, value);
        }
        self.add("TextStyle", row!["TextStyle" => "Normal", "FaceName" => "Tahoma", "Size" => 8]);
        for (dialog, attributes, first, default) in [
            ("Welcome", 3, "Pick", Some("Next")),
            ("Finish", 3, "OK", Some("OK")),
            ("Cancelled", 3, "OK", Some("OK")),
            ("Failed", 3, "OK", Some("OK")),
            ("FilesInUse", 0x13, "Retry", Some("Retry")),
            ("Problem", 0x10003, "ErrorText", None),
        ] {
            self.add(
                "Dialog",
                row![
                    "Dialog" => dialog, "HCentering" => 50, "VCentering" => 50, "Width" => 370, "Height" => 270,
                    "Attributes" => attributes, "Title" => "Example", "Control_First" => first, "Control_Default" => default,
                ],
            );
        }
        let next = |next: &str| row!["Attributes" => 3, "Text" => "Go on", "Control_Next" => next].to_vec();
        self.control(
            "Welcome",
            "Pick",
            "RadioButtonGroup",
            row!["Attributes" => 3, "Property" => "Picked", "Control_Next" => "Next"],
        );
        self.control("Welcome", "Next", "PushButton", &next("Pick"));
        self.event("Welcome", "Next", "EndDialog", "Return");
        for (order, value) in [(1, "one"), (2, "two")] {
            self.add(
                "RadioButton",
                row![
                    "Property" => "Picked", "Order" => order, "Value" => value, "X" => 0, "Y" => 20 * order - 20,
                    "Width" => 100, "Height" => 17, "Text" => value,
                ],
            );
        }
        for (dialog, answer) in [("Finish", "Return"), ("Cancelled", "Exit"), ("Failed", "Exit")] {
            self.control(dialog, "OK", "PushButton", row!["Attributes" => 3, "Text" => "OK"]);
            self.event(dialog, "OK", "EndDialog", answer);
        }
        for (button, after) in [("Retry", "Ignore"), ("Ignore", "Exit"), ("Exit", "Retry")] {
            self.control("FilesInUse", button, "PushButton", &next(after));
            self.event("FilesInUse", button, "EndDialog", button);
        }
        let list = row!["Attributes" => 3, "Property" => "FileInUseProcess"];
        self.control("FilesInUse", "List", "ListBox", list);
        self.control("Problem", "ErrorText", "Text", &next("O"));
        self.control("Problem", "O", "PushButton", &next("ErrorText"));
        self.event("Problem", "O", "EndDialog", "ErrorOk");
        for table in ["InstallUISequence", "AdminUISequence"] {
            for (dialog, sequence) in [("Finish", -1), ("Cancelled", -2), ("Failed", -3)] {
                self.schedule(table, dialog, sequence, None);
            }
        }
        self.schedule("InstallUISequence", "Welcome", 1100, None);
        for (action, sequence) in
            [("CostInitialize", 800), ("FileCost", 900), ("CostFinalize", 1000), ("ExecuteAction", 1300)]
        {
            self.schedule("AdminUISequence", action, sequence, None);
        }
    }

    /// A control at the dialog's corner, with what else its row says.
    pub fn control(&mut self, dialog: &str, name: &str, kind: &str, cells: &[(&str, Value)]) {
        let place = row![
            "Dialog_" => dialog, "Control" => name, "Type" => kind, "X" => 0, "Y" => 0, "Width" => 60, "Height" => 17,
        ];
        self.add("Control", &[place, cells].concat());
    }

    pub fn event(&mut self, dialog: &str, control: &str, event: &str, argument: &str) {
        self.add(
            "ControlEvent",
            row![
                "Dialog_" => dialog, "Control_" => control, "Event" => event, "Argument" => argument,
                "Condition" => "1", "Ordering" => 1,
            ],
        );
    }

    /// What one rule says of this package.
    pub fn findings(&self, rule: &Rule) -> Vec<Finding> {
        validate(&self.database).into_iter().filter(|finding| finding.rule == rule.id).collect()
    }
}

/// Plants a fault in the clean package, which the rule must have nothing against, and gives the rule's findings.
pub fn planted(rule: &Rule, plant: impl FnOnce(&mut Fixture)) -> Vec<Finding> {
    let mut fixture = Fixture::clean();
    assert_eq!(fixture.findings(rule), [], "{} speaks against the clean package", rule.id);
    plant(&mut fixture);
    // For comparing with Microsoft's evaluators by hand: every planted package, named after its rule.
    fixture.findings(rule)
}

/// [`planted`], and the finding must be one; gives its place as `Table.Column key` and its severity.
pub fn planted_one(rule: &Rule, plant: impl FnOnce(&mut Fixture)) -> String {
    let findings = planted(rule, plant);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    place(&findings[0])
}

pub fn place(finding: &Finding) -> String {
    format!("{} {}.{} {}", finding.severity, finding.table, finding.column, finding.key)
}

#[test]
fn the_clean_package_is_clean() {
    let mut fixture = Fixture::clean();
    assert_eq!(validate(&fixture.database), []);
    fixture.ui();
    assert_eq!(validate(&fixture.database), []);
}
