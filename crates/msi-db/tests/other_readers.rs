//! Databases written by this crate, read by others: msitools and crate `msi`; and one written by that crate, read here.

use msi_db::{
    Column, ColumnType, Database, FileTime, NoFiles, Row, SummaryInfo, TableDef, Value, catalogue, dump,
};
use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;

fn written(database: &Database) -> Vec<u8> {
    let mut bytes = Vec::new();
    database.write(&mut bytes, &NoFiles).unwrap();
    bytes
}

fn msiinfo(arguments: &[&str], path: &Path) -> Vec<u8> {
    let (command, rest) = arguments.split_first().unwrap();
    // An export leaves a folder for the streams of its table where it runs.
    let folder = path.parent().unwrap();
    let output = Command::new("msiinfo").arg(command).arg(path).args(rest).current_dir(folder).output();
    let output = output.expect("msiinfo is installed (apt install msitools)");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn column(name: &str, ty: ColumnType, nullable: bool, primary_key: bool) -> Column {
    Column {
        name: name.to_owned().into(),
        ty,
        nullable,
        primary_key,
        localizable: false,
        category: None,
        min: None,
        max: None,
        key_table: Cow::Borrowed(""),
        key_column: None,
        set: Cow::Borrowed(""),
        description: Cow::Borrowed(""),
    }
}

/// A row of every standard table that has no stream, with cells at their limits.
fn extreme_rows(def: &TableDef) -> Vec<Row> {
    let row = |seed: i32| -> Row {
        let cell = |(index, column): (usize, &Column)| match column.ty {
            _ if column.nullable && !column.primary_key && (seed + index as i32) % 3 == 0 => Value::Null,
            ColumnType::Short => Value::Int([32767, -32767, 0, 1][seed as usize % 4]),
            ColumnType::Long => Value::Int([i32::MAX, -i32::MAX, 0, -1][seed as usize % 4]),
            ColumnType::Str(_) => Value::from(format!("{}-{seed}", column.name)),
            ColumnType::Object => Value::Stream(vec![seed as u8; 10].into()),
        };
        def.columns.iter().enumerate().map(cell).collect()
    };
    (0..4).map(row).collect()
}

fn every_table() -> Database {
    let mut database = Database::new(1252);
    database.summary = SummaryInfo {
        codepage: Some(1252),
        title: Some("Installation Database".into()),
        subject: Some("Prüfung".into()),
        author: Some("Provisioning Agent Project".into()),
        keywords: Some("Installer".into()),
        comments: Some("odd\tand \"quoted\"".into()),
        template: Some("x64;1033".into()),
        revision: Some("{5C0E2B23-3F0E-4C53-9E6B-0F5D5A5B1B11}".into()),
        created: Some(FileTime::from_unix_seconds(1_700_000_000)),
        last_saved: Some(FileTime::from_unix_seconds(1_700_000_000)),
        page_count: Some(500),
        word_count: Some(2),
        creating_application: Some("this test".into()),
        security: Some(2),
        ..SummaryInfo::default()
    };
    for def in catalogue::all().iter().filter(|def| def.name != "_Validation") {
        database.ensure_table(def).rows = extreme_rows(def);
    }
    database
}

#[test]
fn msiinfo_exports_every_standard_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.msi");
    let database = every_table();
    std::fs::write(&path, written(&database)).unwrap();

    let tables = String::from_utf8(msiinfo(&["tables"], &path)).unwrap();
    for (name, table) in &database.tables {
        assert!(tables.lines().any(|line| line == &**name), "{name} is not listed");
        let export = msiinfo(&["export", name], &path);
        let export = encoding_of_1252(&export);
        let mut lines = export.split("\r\n");
        let names: Vec<&str> = table.def.columns.iter().map(|column| column.name.as_ref()).collect();
        assert_eq!(lines.next().unwrap(), names.join("\t"));
        let types: Vec<String> = table
            .def
            .columns
            .iter()
            .map(|column| dump::column_type(column).trim_end_matches('*').to_owned())
            .collect();
        assert_eq!(lines.next().unwrap(), types.join("\t"), "types of {name}");
        let key: Vec<&str> = names[..table.def.key_len()].to_vec();
        assert_eq!(lines.next().unwrap(), format!("{name}\t{}", key.join("\t")));
        let mut found: Vec<String> = lines.filter(|line| !line.is_empty()).map(ToOwned::to_owned).collect();
        found.sort();
        let mut expected: Vec<String> = table.rows.iter().map(|row| exported(&table.def, row)).collect();
        expected.sort();
        assert_eq!(found, expected, "rows of {name}");
    }
}

/// A row as msiinfo prints it; streams appear by name.
fn exported(def: &TableDef, row: &Row) -> String {
    let key: Vec<String> = row[..def.key_len()].iter().map(|cell| cell_text(cell, "")).collect();
    let file = format!("{}.{}", def.name, key.join("."));
    row.iter().map(|cell| cell_text(cell, &file)).collect::<Vec<_>>().join("\t")
}

fn cell_text(cell: &Value, file: &str) -> String {
    match cell {
        Value::Null => String::new(),
        Value::Int(number) => number.to_string(),
        Value::Str(text) => text.to_string(),
        Value::Stream(_) => file.to_owned(),
    }
}

fn encoding_of_1252(bytes: &[u8]) -> String {
    msi_db::codepage::Codepage::new(1252).unwrap().decode(bytes)
}

#[test]
fn msiinfo_reads_summary_and_streams() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.msi");
    let mut database = every_table();
    database.streams.insert("agent.cab".into(), vec![5; 70_000].into());
    std::fs::write(&path, written(&database)).unwrap();

    let suminfo = String::from_utf8_lossy(&msiinfo(&["suminfo"], &path)).into_owned();
    for line in [
        "Title: Installation Database",
        "Author: Provisioning Agent Project",
        "Template: x64;1033",
        "Revision number (UUID): {5C0E2B23-3F0E-4C53-9E6B-0F5D5A5B1B11}",
        "Version: 500 (1f4)",
        "Source: 2 (2)",
        "Security: 2 (2)",
    ] {
        assert!(suminfo.contains(line), "{line} is not in:\n{suminfo}");
    }
    let streams = String::from_utf8(msiinfo(&["streams"], &path)).unwrap();
    assert!(
        streams.lines().any(|line| line == "agent.cab") && streams.contains("Binary.Name-1"),
        "{streams}"
    );
    assert_eq!(msiinfo(&["extract", "agent.cab"], &path), vec![5; 70_000]);
    assert_eq!(msiinfo(&["extract", "Binary.Name-3"], &path), vec![3; 10]);
}

#[test]
fn crate_msi_reads_rows_and_summary() {
    let database = every_table();
    let mut package = msi::Package::open(Cursor::new(written(&database))).unwrap();
    assert_eq!(package.package_type(), msi::PackageType::Installer);
    assert_eq!(package.database_codepage().id(), 1252);
    let info = package.summary_info();
    assert_eq!(info.subject(), Some("Prüfung"));
    assert_eq!(info.arch(), Some("x64"));
    assert_eq!(info.word_count(), Some(2));
    assert_eq!(
        info.creation_time().unwrap(),
        std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000)
    );

    for (name, table) in &database.tables {
        let theirs = package.get_table(name).unwrap_or_else(|| panic!("{name} is missing"));
        for (column, expected) in theirs.columns().iter().zip(table.def.columns.iter()) {
            assert_eq!(column.name(), expected.name);
            assert_eq!(column.is_nullable(), expected.nullable, "{name}.{}", expected.name);
            assert_eq!(column.is_primary_key(), expected.primary_key, "{name}.{}", expected.name);
            if matches!(expected.ty, ColumnType::Str(_)) {
                assert_eq!(column.is_localizable(), expected.localizable, "{name}.{}", expected.name);
            }
        }
        if table.def.columns.iter().any(|column| column.ty == ColumnType::Object) {
            continue; // shown by msiinfo
        }
        let rows = package.select_rows(msi::Select::table(&**name)).unwrap();
        let mut found: Vec<String> = rows
            .map(|row| {
                let cells: Vec<String> = (0..row.len()).map(|index| their_text(&row[index])).collect();
                cells.join("\t")
            })
            .collect();
        found.sort();
        let mut expected: Vec<String> = table.rows.iter().map(|row| exported(&table.def, row)).collect();
        expected.sort();
        assert_eq!(found, expected, "rows of {name}");
    }
}

fn their_text(value: &msi::Value) -> String {
    match value {
        msi::Value::Null => String::new(),
        msi::Value::Int(number) => number.to_string(),
        msi::Value::Str(text) => text.clone(),
        msi::Value::Binary => "(stream)".to_owned(),
    }
}

#[test]
fn more_strings_than_two_bytes_can_number() {
    let folder = tempfile::tempdir().unwrap();
    // On both sides of the limit. Names of columns and the like are strings as well.
    for count in [20_000, 22_000, 40_000] {
        let mut database = Database::new(65001);
        // Crate `msi` takes at most 65,536 rows per table.
        for name in ["Many1", "Many2", "Many3"] {
            let columns = vec![
                column("Key", ColumnType::Str(72), false, true),
                column("Number", ColumnType::Long, true, false),
                column("Text", ColumnType::Str(0), true, false),
            ];
            let table = database.ensure_table(&TableDef { name: name.into(), columns: columns.into() });
            for index in 0..count {
                table.rows.push(vec![format!("{name}-{index}").into(), index.into(), "the same".into()]);
            }
        }
        let bytes = written(&database);
        let mut package = msi::Package::open(Cursor::new(&bytes)).unwrap();
        let path = folder.path().join("many.msi");
        std::fs::write(&path, &bytes).unwrap();
        for name in ["Many1", "Many2", "Many3"] {
            let rows = package.select_rows(msi::Select::table(name)).unwrap();
            let mut found = 0;
            for row in rows {
                let number = row[1].as_int().unwrap();
                assert_eq!(row[0].as_str(), Some(format!("{name}-{number}").as_str()));
                assert_eq!(row[2].as_str(), Some("the same"));
                found += 1;
            }
            assert_eq!(found, count);
            let export = String::from_utf8(msiinfo(&["export", name], &path)).unwrap();
            assert_eq!(export.lines().count() as i32, count + 3);
            assert!(export.contains(&format!("{name}-{0}\t{0}\tthe same\r\n", count - 1)));
        }

        let mut read = Database::open(Cursor::new(&bytes)).unwrap();
        read.tables.remove("_Validation");
        assert_eq!(dump::text(&read), dump::text(&database));
    }
}

#[test]
fn strings_longer_than_64_kilobytes() {
    let mut database = Database::new(1252);
    let table = database.ensure_table(catalogue::find("Property").unwrap());
    for len in [65_534, 65_535, 65_536, 65_537, 131_072, 200_000] {
        let text = "ü".repeat(len);
        table.rows.push(vec![format!("P{len}").into(), text.into()]);
    }
    table.rows.push(vec!["Short".into(), "after the long ones".into()]);
    let bytes = written(&database);
    let mut package = msi::Package::open(Cursor::new(&bytes)).unwrap();
    let rows: Vec<_> = package.select_rows(msi::Select::table("Property")).unwrap().collect();
    assert_eq!(rows.len(), 7);
    for row in rows {
        let name = row[0].as_str().unwrap();
        match name.strip_prefix('P') {
            Some(len) => assert_eq!(row[1].as_str().unwrap().chars().count(), len.parse::<usize>().unwrap()),
            None => assert_eq!(row[1].as_str(), Some("after the long ones")),
        }
    }
    let mut read = Database::open(Cursor::new(&bytes)).unwrap();
    read.tables.remove("_Validation");
    assert_eq!(dump::text(&read), dump::text(&database));
}

#[test]
fn text_in_many_code_pages() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.msi");
    for (number, text) in [
        (0, "plain"),
        (1252, "Größe €"),
        (1250, "Łódź"),
        (1251, "Привет"),
        (1253, "Ελλάδα"),
        (1254, "ığüş"),
        (1255, "שלום"),
        (1256, "مرحبا"),
        (1258, "đồng"),
        (874, "ไทย"),
        (932, "日本語カタカナ"),
        (936, "简体中文"),
        (949, "한국어"),
        (950, "繁體中文"),
        (65001, "日本語 Привет €"),
    ] {
        let mut database = Database::new(number);
        let table = database.ensure_table(catalogue::find("Property").unwrap());
        // 1258 composes some letters from two characters; only those that it has itself are stored.
        let text = if number == 1258 { "đơn" } else { text };
        table.rows.push(vec!["Text".into(), text.into()]);
        let bytes = written(&database);
        let read = Database::open(Cursor::new(&bytes)).unwrap();
        assert_eq!(read.codepage, number);
        assert_eq!(read.tables["Property"].iter().next().unwrap().str("Value"), Some(text), "{number}");
        // msitools turns code pages into UTF-8 through iconv: another implementation of them.
        std::fs::write(&path, &bytes).unwrap();
        let export = msiinfo(&["export", "Property"], &path);
        let export = String::from_utf8_lossy(&export);
        assert!(export.contains(&format!("Text\t{text}\r\n")), "{number}: {export}");
    }
}

#[test]
fn what_crate_msi_writes_is_read() {
    let mut package = msi::Package::create(msi::PackageType::Installer, Cursor::new(Vec::new())).unwrap();
    package.summary_info_mut().set_author("Jane Doe");
    let columns = vec![
        msi::Column::build("Key").primary_key().id_string(72),
        msi::Column::build("Number").nullable().range(1, 9).int16(),
        msi::Column::build("Text").nullable().localizable().text_string(255),
    ];
    package.create_table("Own", columns).unwrap();
    let rows = vec![
        vec![msi::Value::from("b"), msi::Value::Int(7), msi::Value::from("x")],
        vec![msi::Value::from("a"), msi::Value::Null, msi::Value::Null],
    ];
    package.insert_rows(msi::Insert::into("Own").rows(rows)).unwrap();
    std::io::Write::write_all(&mut package.write_stream("data.cab").unwrap(), &[1; 5000]).unwrap();
    let mut bytes = Vec::new();
    let mut cursor = package.into_inner().unwrap();
    cursor.set_position(0);
    cursor.read_to_end(&mut bytes).unwrap();

    let read = Database::open(Cursor::new(&bytes)).unwrap();
    assert_eq!(read.summary.author.as_deref(), Some("Jane Doe"));
    let text = dump::text(&read);
    let own = "\n[Own]\nKey:s72*\tNumber:I2\tText:L255\na\t\t\nb\t7\tx\n";
    assert!(text.contains(own), "{text}");
    let number = &read.tables["Own"].def.columns[1];
    assert_eq!((number.min, number.max), (Some(1), Some(9)), "what _Validation says is in the definition");
    assert_eq!(read.streams["data.cab"].len(), 5000);
}
