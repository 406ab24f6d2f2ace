//! Merge modules made here, of every kind that the documentation knows, become part of a package.

use cabinet::{Attributes, Entry};
use diagnostics::{Diagnostics, SourceMap};
use msi_bind::{BuildRequest, DiskWorld, build};
use msi_db::transform::{self, Tolerance, Validation};
use msi_db::{Data, Database, NoFiles, Value, catalogue};
use std::fs;
use std::io::Cursor;
use std::path::Path;

const GUID: &str = "11111111_2222_3333_4444_555555555555";

/// Names of a module end in its GUID; `~` stands for that here.
fn add(database: &mut Database, table: &str, rows: &[&[&str]]) {
    let def = catalogue::find(table).unwrap();
    for cells in rows {
        let mut row: Vec<Value> = def
            .columns
            .iter()
            .zip(cells.iter())
            .map(|(column, cell)| {
                let text = cell.replace('~', &format!(".{GUID}"));
                match column.ty {
                    _ if text.is_empty() => Value::Null,
                    msi_db::ColumnType::Str(_) => text.into(),
                    msi_db::ColumnType::Object => Value::Stream(text.into_bytes().into()),
                    _ => Value::Int(text.parse().unwrap()),
                }
            })
            .collect();
        row.resize(def.columns.len(), Value::Null);
        database.ensure_table(def).rows.push(row);
    }
}

fn module() -> Database {
    let mut module = Database::new(1252);
    module.summary.template = Some("Intel;1033,1031".into());
    module.summary.page_count = Some(200);
    add(&mut module, "ModuleSignature", &[&["Shared~", "1033", "1.2.0"]]);
    add(&mut module, "ModuleComponents", &[&["One~", "Shared~", "1033"], &["Two~", "Shared~", "1033"]]);
    add(
        &mut module,
        "Directory",
        &[
            &["TARGETDIR", "", "SourceDir"],
            &["Dir~", "TARGETDIR", ".:shared"],
            &["SystemFolder~", "TARGETDIR", "Sys"],
        ],
    );
    add(
        &mut module,
        "Component",
        &[
            &["One~", "{11111111-0000-0000-0000-000000000001}", "Dir~", "0", "", "First~"],
            &["Two~", "{11111111-0000-0000-0000-000000000002}", "SystemFolder~", "0", "", "Second~"],
        ],
    );
    add(
        &mut module,
        "File",
        &[
            &["First~", "One~", "first.txt", "5", "", "", "16384", "1"],
            &["Second~", "Two~", "sec.dll|second.dll", "6", "2.0.0.1", "1033", "0", "2"],
        ],
    );
    add(
        &mut module,
        "Registry",
        &[
            &["Reg~", "2", "Software\\Shared", "Text", "default", "One~"],
            &["Off~", "2", "Software\\Shared", "Off", "1", "One~"],
        ],
    );
    add(&mut module, "CustomAction", &[&["Set~", "51", "SHARED", "yes"], &["Get~", "51", "SHARED", "no"]]);
    add(
        &mut module,
        "ModuleInstallExecuteSequence",
        &[
            &["InstallFiles", "1234", "", "", ""],
            &["WriteRegistryValues", "5000", "", "", ""],
            &["Set~", "", "InstallFiles", "1", "NOT Installed"],
            &["Get~", "", "Set~", "0", ""],
        ],
    );
    add(&mut module, "Extension", &[&["shared", "Two~", "", "", "{00000000-0000-0000-0000-000000000000}"]]);
    add(
        &mut module,
        "ModuleConfiguration",
        &[
            &["Greeting", "0", "", "", "hello"],
            &["Flags", "3", "", "24;On=16", "0"],
            &["Unused", "0", "", "", "as it is"],
        ],
    );
    add(
        &mut module,
        "ModuleSubstitution",
        &[
            &["Registry", "Reg~", "Value", "\\[[=Greeting]\\]: [=Unused]"],
            &["Component", "One~", "Attributes", "[=Flags]"],
        ],
    );
    add(&mut module, "ModuleIgnoreTable", &[&["UIText"], &["ModuleConfiguration"], &["ModuleSubstitution"]]);
    add(&mut module, "UIText", &[&["never", "seen"]]);

    let mut german = module.clone();
    for table in ["ModuleSignature", "ModuleComponents"] {
        for row in &mut german.tables.get_mut(table).unwrap().rows {
            for cell in row.iter_mut().filter(|cell| cell.as_int() == Some(1033)) {
                *cell = Value::Int(1031);
            }
        }
    }
    german.tables.get_mut("ModuleConfiguration").unwrap().rows[0][4] = "Grüße".into();
    let summary = transform::summary(&module, &german, Validation::NONE, Tolerance::ALL);
    let storage = transform::create(&module, &german, &summary).unwrap();
    module.storages.insert("1031".into(), storage);

    let names = [format!("First.{GUID}"), format!("Second.{GUID}"), "nobody's".to_owned()];
    let contents: [Vec<u8>; 3] = [b"first".into(), b"second".into(), b"rest".into()];
    let entries: Vec<Entry<'_>> = names
        .iter()
        .zip(&contents)
        .map(|(name, content)| Entry {
            name,
            len: content.len() as u64,
            modified: 1_600_000_000,
            attributes: Attributes::default(),
            source: content,
        })
        .collect();
    let mut bytes = Cursor::new(Vec::new());
    cabinet::write(&mut bytes, &entries, &cabinet::Options::default()).unwrap();
    module.streams.insert("MergeModule.CABinet".into(), Data::from(bytes.into_inner()));
    module
}

fn write(database: &Database, path: &Path) {
    let mut bytes = Vec::new();
    database.write(&mut bytes, &NoFiles).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Builds a package that merges `module`; gives it and the findings.
fn merged(module: &Database, merge: &str, more: &str) -> (Option<Database>, String) {
    let folder = tempfile::tempdir().unwrap();
    write(module, &folder.path().join("shared.msm"));
    let source = format!(
        r#"<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Product Id="*" Name="Merging" Manufacturer="Test" Version="1.0.0" Language="1033" Codepage="1252" UpgradeCode="{{0B2B9C55-07C8-4F0C-8B6B-3E5A6C1D2E22}}">
    <Package InstallerVersion="500" Compressed="yes" />
    <Media Id="1" Cabinet="one.cab" EmbedCab="yes" />
    <Media Id="2" Cabinet="two.cab" EmbedCab="yes" />
    <Directory Id="TARGETDIR" Name="SourceDir">
      <Directory Id="INSTALLDIR" Name="Merging">
        <Component Id="Own" Guid="{{22222222-0000-0000-0000-000000000001}}"><File Id="Own" Source="main.wxs" /></Component>
        <Merge Id="Shared" SourceFile="shared.msm" {merge}
      </Directory>
    </Directory>
    <Feature Id="Main" Level="1"><ComponentRef Id="Own" /><MergeRef Id="Shared" Primary="yes" /></Feature>
    <Feature Id="Other" Level="1"><MergeRef Id="Shared" /></Feature>
    {more}
  </Product>
</Wix>"#
    );
    let main = folder.path().join("main.wxs");
    fs::write(&main, source).unwrap();
    let output = folder.path().join("out/out.msi");
    let request = BuildRequest {
        sources: vec![main],
        output: output.clone(),
        timestamp: 1_600_000_000,
        arch: msi_bind::Arch::X86,
        ..BuildRequest::default()
    };
    let (mut sources, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let built = build(&request, &DiskWorld, &mut sources, &mut diagnostics);
    let findings: Vec<String> = diagnostics.iter().map(|finding| finding.message.clone()).collect();
    let left = fs::read_dir(folder.path().join("out")).unwrap().count();
    let beside = built.as_ref().map_or(&[][..], |built| &built.beside);
    assert_eq!(left, beside.len() + usize::from(built.is_some()), "only the package stays");
    for (file, content) in beside.iter().zip(["first", "second"]) {
        assert_eq!(fs::read_to_string(file).unwrap(), content);
    }
    let database = built.map(|_| Database::open(fs::File::open(output).unwrap()).unwrap());
    (database, findings.join("\n"))
}

/// Rows of a table, cells joined by `|`, the GUID as `~`.
fn rows(database: &Database, table: &str) -> Vec<String> {
    let mut rows: Vec<String> = database
        .table(table)
        .into_iter()
        .flat_map(|table| &table.rows)
        .map(|row| {
            let cells = row.iter().map(|cell| match cell {
                Value::Null => String::new(),
                Value::Int(number) => number.to_string(),
                Value::Str(text) => text.replace(&format!(".{GUID}"), "~"),
                Value::Stream(_) => "stream".into(),
            });
            cells.collect::<Vec<_>>().join("|")
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn everything_of_a_module_becomes_the_packages() {
    let (package, findings) = merged(&module(), r#"Language="1033" DiskId="2" />"#, "");
    let package = package.unwrap_or_else(|| panic!("{findings}"));
    assert_eq!(
        rows(&package, "Directory"),
        [
            "Dir~|INSTALLDIR|.:shared",
            "INSTALLDIR|TARGETDIR|Merging",
            "SystemFolder~|INSTALLDIR|Sys",
            "TARGETDIR||SourceDir"
        ]
    );
    let files = rows(&package, "File");
    // On the second medium, after the package's own; compressed as the package is, whatever the module said.
    assert_eq!(files[0], "First~|One~|first.txt|5|||0|2");
    assert_eq!(files[2], "Second~|Two~|sec.dll|second.dll|6|2.0.0.1|1033|0|3");
    assert_eq!(rows(&package, "Media"), ["1|1||#one.cab||", "2|3||#two.cab||"]);
    assert_eq!(
        rows(&package, "FeatureComponents"),
        ["Main|One~", "Main|Own", "Main|Two~", "Other|One~", "Other|Two~"]
    );
    assert_eq!(rows(&package, "Extension"), ["shared|Two~|||Main"]);
    assert_eq!(rows(&package, "ModuleSignature"), ["Shared~|1033|1.2.0"]);
    assert_eq!(rows(&package, "ModuleComponents"), ["One~|Shared~|1033", "Two~|Shared~|1033"]);
    assert!(
        rows(&package, "CustomAction").contains(&"SystemFolder~|51|SystemFolder~|[SystemFolder]|".to_owned())
    );
    let sequence = rows(&package, "InstallExecuteSequence");
    for row in [
        "SystemFolder~||1",
        "InstallFiles||4000", // the package's number, not the module's
        "WriteRegistryValues||5000",
        "Set~|NOT Installed|4001",
        "Get~||3999", // the nearest free number before the other
    ] {
        assert!(sequence.iter().any(|found| found == row), "{row} in {sequence:?}");
    }
    assert!(rows(&package, "InstallUISequence").contains(&"SystemFolder~||1".to_owned()));
    for gone in [
        "ModuleInstallExecuteSequence",
        "ModuleIgnoreTable",
        "ModuleConfiguration",
        "ModuleSubstitution",
        "UIText",
    ] {
        assert!(package.table(gone).is_none(), "{gone}");
    }

    let Data::Bytes(cabinet) = &package.streams["two.cab"] else { panic!("streams are in memory") };
    let mut cabinet = cab::Cabinet::new(Cursor::new(cabinet)).unwrap();
    for (name, content) in [("First", "first"), ("Second", "second")] {
        let mut bytes = Vec::new();
        let mut file = cabinet.read_file(&format!("{name}.{GUID}")).unwrap();
        std::io::copy(&mut file, &mut bytes).unwrap();
        assert_eq!(bytes, content.as_bytes());
    }
}

#[test]
fn configuration_fills_the_cells_that_a_module_leaves_open() {
    let (package, findings) = merged(&module(), r#"Language="1033" DiskId="1" />"#, "");
    let package = package.unwrap_or_else(|| panic!("{findings}"));
    assert!(rows(&package, "Registry")[1].contains("|[hello]: as it is|"));
    assert!(rows(&package, "Component")[0].contains("|Dir~|0|"));

    let data = r#"Language="1033" DiskId="1"><ConfigurationData Name="Greeting" Value="hi; you" />
        <ConfigurationData Name="Flags" Value="255" /><ConfigurationData Name="Nothing" Value="1" /></Merge>"#;
    let (package, findings) = merged(&module(), data, "");
    let package = package.unwrap_or_else(|| panic!("{findings}"));
    assert!(rows(&package, "Registry")[1].contains("|[hi; you]: as it is|"));
    // Only the bits of the mask.
    assert!(rows(&package, "Component")[0].contains("|Dir~|24|"));
    assert!(findings.contains("has no item \"Nothing\""), "{findings}");
}

#[test]
fn a_module_is_opened_in_the_wanted_language() {
    let (package, findings) = merged(&module(), r#"Language="1031" DiskId="1" />"#, "");
    let package = package.unwrap_or_else(|| panic!("{findings}"));
    assert_eq!(rows(&package, "ModuleSignature"), ["Shared~|1031|1.2.0"]);
    assert!(rows(&package, "Registry")[1].contains("|[Grüße]: as it is|"));

    let (package, findings) = merged(&module(), r#"Language="1036" DiskId="1" />"#, "");
    assert!(package.is_none());
    assert!(findings.contains("it has no language 1036, only 1033,1031"), "{findings}");
}

#[test]
fn files_of_a_module_may_lie_beside_the_package() {
    let merge = r#"Language="1033" DiskId="1" FileCompression="no" />"#;
    let (package, findings) = merged(&module(), merge, "");
    let package = package.unwrap_or_else(|| panic!("{findings}"));
    let files = rows(&package, "File");
    assert_eq!(files[0], "First~|One~|first.txt|5|||8192|1");
    assert!(!package.streams.contains_key("two.cab"));
}

#[test]
fn what_is_suppressed_stays_out() {
    let more = r#"<InstallExecuteSequence><WriteRegistryValues Suppress="yes" /></InstallExecuteSequence>"#;
    let (package, findings) = merged(&module(), r#"Language="1033" DiskId="1" />"#, more);
    let package = package.unwrap_or_else(|| panic!("{findings}"));
    let sequence = rows(&package, "InstallExecuteSequence");
    assert!(!sequence.iter().any(|row| row.starts_with("WriteRegistryValues")), "{sequence:?}");
}

#[test]
fn modules_that_do_not_fit_are_refused() {
    let language = r#"Language="1033" DiskId="1" />"#;
    let refused = |change: &dyn Fn(&mut Database), expected: &str| {
        let mut module = module();
        change(&mut module);
        let (package, findings) = merged(&module, language, "");
        assert!(package.is_none(), "{expected}");
        assert!(findings.contains(expected), "{findings}");
    };
    refused(&|module| drop(module.tables.remove("ModuleSignature")), "it is no merge module");
    refused(&|module| module.summary.template = Some("x64;1033".into()), "is for the platform x64");
    refused(&|module| module.streams.clear(), "it has no MergeModule.CABinet");
    refused(
        &|module| add(module, "File", &[&["Third~", "One~", "third.txt", "1", "", "", "", "3"]]),
        "its cabinet lacks the file",
    );
    refused(
        &|module| add(module, "ModuleInstallExecuteSequence", &[&["Lost~", "", "Nowhere~", "1", ""]]),
        "next to \"Nowhere.",
    );
    refused(
        &|module| add(module, "ModuleSubstitution", &[&["Registry", "Off~", "Value", "[=Other]"]]),
        "the item \"Other\"",
    );
    refused(
        &|module| add(module, "File", &[&["Own", "One~", "third.txt", "1", "", "", "", "3"]]),
        "which is the package's own already",
    );
    let (package, findings) = merged(
        &{
            let mut module = module();
            add(&mut module, "ModuleDependency", &[&["Shared~", "1033", "Needed.X", "0", ""]]);
            add(&mut module, "Directory", &[&["INSTALLDIR", "TARGETDIR", "elsewhere"]]);
            module
        },
        language,
        "",
    );
    assert!(package.is_some(), "{findings}");
    assert!(findings.contains("needs the module Needed.X"), "{findings}");
    assert!(findings.contains("another row \"INSTALLDIR\" in table Directory"), "{findings}");
}
