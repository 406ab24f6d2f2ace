//! Packages with dialogs of the library, from sources in `tests/dialogs`: what of them other sources rely on is compared with the
//! text beside each. `UPDATE_GOLDENS=1` writes the texts again; look at the difference before it is committed.
//!
//! Places, words and pictures are the library's own business and left out.

use diagnostics::render::{Colour, human};
use diagnostics::{Diagnostics, SourceMap};
use msi_bind::{Arch, BuildRequest, DiskWorld, build};
use msi_db::{Database, Value};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Tables, and the columns of them that are compared.
const TABLES: &[(&str, &[&str])] = &[
    ("Dialog", &["Dialog", "Attributes", "Control_First", "Control_Default", "Control_Cancel"]),
    ("Control", &["Dialog_", "Control", "Type", "Attributes", "Property", "Control_Next"]),
    ("ControlEvent", &["Dialog_", "Control_", "Ordering", "Event", "Argument", "Condition"]),
    ("ControlCondition", &["Dialog_", "Control_", "Action", "Condition"]),
    ("EventMapping", &["Dialog_", "Control_", "Event", "Attribute"]),
    ("RadioButton", &["Property", "Order", "Value"]),
    ("CheckBox", &["Property", "Value"]),
    ("TextStyle", &["TextStyle"]),
    ("Binary", &["Name"]),
    ("CustomAction", &["Action", "Type", "Source", "Target"]),
    ("InstallUISequence", &["Action", "Condition"]),
    ("Property", &["Property"]),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialogs")
}

fn database(name: &str, arch: Arch, cultures: &[&str]) -> Database {
    let target = tempfile::tempdir().unwrap();
    let request = BuildRequest {
        sources: vec![folder().join(format!("{name}.wxs"))],
        output: target.path().join("test.msi"),
        extensions: vec!["WixUIExtension".into()],
        cultures: cultures.iter().map(|culture| (*culture).to_owned()).collect(),
        timestamp: 1_600_000_000,
        arch,
        ..BuildRequest::default()
    };
    let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
    let built = build(&request, &DiskWorld, &mut sources, &mut found);
    let built = built.unwrap_or_else(|| panic!("{name}:\n{}", human(&found, &sources, Colour::Never)));
    Database::open(fs::File::open(&built.path).unwrap()).unwrap()
}

fn check(name: &str, arch: Arch) {
    let database = database(name, arch, &[]);
    let mut found = String::new();
    for (table, columns) in TABLES {
        let Some(rows) = database.table(table) else { continue };
        let lines: BTreeSet<String> = rows
            .iter()
            .map(|row| columns.iter().map(|column| cell(row.get(column))).collect::<Vec<_>>().join(" | "))
            .collect();
        writeln!(found, "== {table}: {}", columns.join(" | ")).unwrap();
        lines.iter().for_each(|line| writeln!(found, "{line}").unwrap());
    }
    let golden = folder().join(format!("{name}.txt"));
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        fs::write(&golden, &found).unwrap();
    }
    let expected = fs::read_to_string(&golden).unwrap_or_default();
    assert!(found == expected, "{name}: what others rely on differs from {}\n{found}", golden.display());
}

fn cell(value: Option<&Value>) -> String {
    match value {
        Some(Value::Str(text)) => text.to_string(),
        Some(Value::Int(number)) => number.to_string(),
        _ => String::new(),
    }
}

macro_rules! packages {
    ($($test:ident => $source:literal, $arch:ident);* $(;)?) => {
        $(#[test] fn $test() { check($source, Arch::$arch); })*
    };
}

packages! {
    minimal => "minimal", X86;
    install_dir => "install-dir", X64;
    feature_tree => "feature-tree", X64;
    mondo => "mondo", X86;
    advanced => "advanced", X64;
    a_set_of_an_authors_own => "custom", X86;
    wix_4 => "v4", Arm64;
}

#[test]
fn the_actions_are_those_of_the_package_s_platform() {
    // IMAGE_FILE_MACHINE of i386, AMD64 and ARM64.
    for (source, arch, binary, machine) in [
        ("install-dir", Arch::X86, "WixUIWixca", 0x014c),
        ("install-dir", Arch::X64, "WixUIWixca", 0x8664),
        ("v4", Arch::Arm64, "WixUiCa_A64", 0xaa64),
    ] {
        let database = database(source, arch, &[]);
        let rows = database.table("Binary").unwrap();
        let row = rows.iter().find(|row| row.str("Name") == Some(binary)).unwrap();
        let Some(Value::Stream(msi_db::Data::Bytes(dll))) = row.get("Data") else { panic!("{binary}") };
        let at = usize::from(dll[0x3c]) + usize::from(dll[0x3d]) * 256;
        assert_eq!(&dll[at..at + 4], b"PE\0\0");
        assert_eq!(u16::from_le_bytes([dll[at + 4], dll[at + 5]]), machine, "{binary}");
    }
}

/// What is on a page lies on it, and what a button or text says is there.
#[test]
fn controls_lie_within_their_dialogs_and_have_their_texts() {
    for source in ["minimal", "install-dir", "feature-tree", "mondo", "advanced"] {
        let database = database(source, Arch::X64, &[]);
        let dialogs = database.table("Dialog").unwrap();
        let mut seen = 0;
        for control in database.table("Control").unwrap().iter() {
            let number = |column: &str| control.int(column).unwrap();
            let dialog = dialogs.iter().find(|row| row.str("Dialog") == control.str("Dialog_")).unwrap();
            let (width, height) = (dialog.int("Width").unwrap(), dialog.int("Height").unwrap());
            let name = format!("{:?} of {:?}", control.str("Control"), control.str("Dialog_"));
            assert!(number("X") + number("Width") <= width, "{name} is too wide");
            // A combo box is as high as its list, which opens over the dialog's edge.
            let open = control.str("Type") == Some("DirectoryCombo");
            assert!(open || number("Y") + number("Height") <= height, "{name} is too high");
            let text = control.str("Text").unwrap_or_default();
            assert!(!text.contains("!("), "{name}: {text}");
            seen += 1;
        }
        assert!(seen > 100, "{source}: {seen} controls");
    }
}
