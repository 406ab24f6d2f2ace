//! Transforms lead from one database to another, byte by byte as the engine reads them.

use msi_db::transform::{self, Tolerance, TransformError, Validation};
use msi_db::{Data, Database, NoFiles, Storage, SummaryInfo, Table, Value, catalogue};
use std::io::Cursor;

fn property_table(rows: &[(&str, &str)]) -> Table {
    let mut table = Table::new(catalogue::find("Property").unwrap().clone());
    table.rows = rows.iter().map(|(name, value)| vec![(*name).into(), (*value).into()]).collect();
    table
}

fn base() -> Database {
    let mut database = Database::new(1252);
    database.summary = SummaryInfo {
        codepage: Some(1252),
        template: Some("x64;1033".into()),
        page_count: Some(200),
        word_count: Some(2),
        ..SummaryInfo::default()
    };
    database.tables.insert(
        "Property".into(),
        property_table(&[
            ("ProductCode", "{11111111-1111-1111-1111-111111111111}"),
            ("ProductVersion", "1.2.3"),
            ("UpgradeCode", "{33333333-3333-3333-3333-333333333333}"),
            ("Gone", "soon"),
            ("Same", "same"),
        ]),
    );
    let binary = database.ensure_table(catalogue::find("Binary").unwrap());
    binary.rows.push(vec!["Picture".into(), Value::Stream(vec![1; 5].into())]);
    let icon = database.ensure_table(catalogue::find("Icon").unwrap());
    icon.rows.push(vec!["old.ico".into(), Value::Stream(vec![2; 5].into())]);
    database
}

fn target() -> Database {
    let mut database = base();
    database.summary.template = Some("x64;1031".into());
    database.tables.insert(
        "Property".into(),
        property_table(&[
            ("ProductCode", "{22222222-2222-2222-2222-222222222222}"),
            ("ProductVersion", "1.2.3"),
            ("UpgradeCode", "{33333333-3333-3333-3333-333333333333}"),
            ("New", "Größe"),
            ("Same", "same"),
        ]),
    );
    database.tables.remove("Icon");
    let binary = database.ensure_table(catalogue::find("Binary").unwrap());
    binary.rows[0][1] = Value::Stream(vec![9; 9].into());
    binary.rows.push(vec!["Second".into(), Value::Stream(vec![3; 3].into())]);
    let control = database.ensure_table(catalogue::find("UIText").unwrap());
    control.rows.push(vec!["bytes".into(), "Byte".into()]);
    control.rows.push(vec!["nothing".into(), Value::Null]);
    database
}

fn made(base: &Database, target: &Database) -> Storage {
    let summary = transform::summary(base, target, Validation::PRODUCT, Tolerance::ALL);
    transform::create(base, target, &summary).unwrap()
}

fn written(database: &Database) -> Vec<u8> {
    let mut bytes = Vec::new();
    database.write(&mut bytes, &NoFiles).unwrap();
    bytes
}

fn table_stream<'a>(storage: &'a Storage, name: &str) -> Option<&'a [u8]> {
    let stored = String::from_utf16(&msi_db::stream_name::encode_table(name)).unwrap();
    match storage.streams.get(&stored)? {
        Data::Bytes(bytes) => Some(bytes),
        Data::File { .. } => panic!("tables are in memory"),
    }
}

#[test]
fn applying_gives_the_target() {
    let (base, target) = (base(), target());
    let transform = made(&base, &target);
    let mut became = transform::apply(&base, &transform).unwrap();
    became.summary = target.summary.clone();
    // As files, so that neither the order of rows nor what is derived counts.
    assert!(written(&became) == written(&target));
}

#[test]
fn equal_databases_need_no_records() {
    let transform = made(&base(), &base());
    let names: Vec<usize> = transform.streams.values().map(|data| data.len() as usize).collect();
    assert_eq!(names.len(), 3, "an empty pool in two streams, and summary information");
    assert!(table_stream(&transform, "Property").is_none());
    assert_eq!(table_stream(&transform, "_StringPool").unwrap(), [0xe4, 4, 0, 0]);
}

#[test]
fn records_are_as_the_engine_reads_them() {
    let transform = made(&base(), &target());
    // Strings are numbered by text: Gone, Größe, New, ProductCode and so on.
    let pool = table_stream(&transform, "_StringData").unwrap();
    let number = |text: &[u8]| {
        let at = pool.windows(text.len()).position(|found| found == text).unwrap();
        let lens = table_stream(&transform, "_StringPool").unwrap()[4..].chunks(4);
        let mut start = 0;
        for (number, len) in (1_u16..).zip(lens) {
            if start == at {
                return number;
            }
            start += usize::from(u16::from_le_bytes([len[0], len[1]]));
        }
        panic!("no string begins there");
    };
    let expected: Vec<u16> = vec![
        0,
        number(b"Gone"), // a row that goes: its key
        0x0201,
        number(b"New"),
        number("Gr\u{f6}\u{df}e".chars().map(|c| c as u8).collect::<Vec<_>>().as_slice()),
        2,
        number(b"ProductCode"),
        number(b"{22222222-2222-2222-2222-222222222222}"),
    ];
    let bytes: Vec<u8> = expected.into_iter().flat_map(u16::to_le_bytes).collect();
    assert_eq!(table_stream(&transform, "Property").unwrap(), bytes);
    // A new table without numbers of columns; a dropped one by its name.
    let tables: Vec<u16> = vec![0x0101, number(b"UIText"), 0, number(b"Icon")];
    let mut found: Vec<u16> = table_stream(&transform, "_Tables")
        .unwrap()
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    found.rotate_left(2);
    assert_eq!(found, tables);
}

#[test]
fn summary_information_says_what_it_is_for() {
    let summary = transform::summary(
        &base(),
        &target(),
        Validation::PRODUCT | Validation::LANGUAGE,
        Tolerance::CHANGE_CODE_PAGE,
    );
    assert_eq!(summary.template.as_deref(), Some("x64;1033"));
    assert_eq!(summary.last_author.as_deref(), Some("x64;1031"));
    assert_eq!(summary.character_count, Some(0x0003_0020));
    assert_eq!(summary.word_count, None);
    assert_eq!(
        summary.revision.as_deref(),
        Some(
            "{11111111-1111-1111-1111-111111111111}1.2.3;{22222222-2222-2222-2222-222222222222}1.2.3;\
             {33333333-3333-3333-3333-333333333333}"
        )
    );
}

#[test]
fn files_and_storages_hold_the_same() {
    let transform = made(&base(), &target());
    let mut file = Vec::new();
    transform.write(&mut file, &NoFiles).unwrap();
    assert_eq!(Storage::open(Cursor::new(file)).unwrap(), transform);

    let mut package = base();
    package.storages.insert("1031".into(), transform.clone());
    let read = Database::open(Cursor::new(written(&package))).unwrap();
    assert_eq!(read.storages["1031"], transform);

    // The engine looks for a storage by its plain name, which other readers of compound files show.
    let file = cfb::CompoundFile::open(Cursor::new(written(&package))).unwrap();
    assert!(file.exists("/1031/\u{5}SummaryInformation"));
}

#[test]
fn columns_can_only_be_added_at_the_end() {
    let mut wider = base();
    let property = wider.tables.get_mut("Property").unwrap();
    let mut def = (*property.def).clone();
    let mut comment = def.columns[1].clone();
    comment.name = "Comment".into();
    comment.nullable = true;
    def.columns.to_mut().push(comment);
    property.def = def.into();
    for row in &mut property.rows {
        row.push(Value::Null);
    }
    property.rows[4][2] = "explained".into();
    let transform = made(&base(), &wider);
    let became = transform::apply(&base(), &transform).unwrap();
    assert!(written(&became) == written(&wider));

    let summary = SummaryInfo::default();
    let error = transform::create(&wider, &base(), &summary).unwrap_err();
    assert!(
        matches!(error, TransformError::Columns { table, column } if table == "Property" && column == "Comment")
    );
}

#[test]
fn what_a_transform_cannot_say_is_refused() {
    let mut other = base();
    other.streams.insert("cab1.cab".into(), vec![1].into());
    let error = transform::create(&base(), &other, &SummaryInfo::default()).unwrap_err();
    assert!(error.to_string().contains("cab1.cab"), "{error}");

    let mut other = target();
    other.codepage = 1251;
    let error = transform::create(&base(), &other, &SummaryInfo::default()).unwrap_err();
    assert!(error.to_string().contains("1251"), "{error}");
}

#[test]
fn cut_or_changed_transforms_never_panic() {
    let whole = made(&base(), &target());
    for (name, data) in &whole.streams {
        let Data::Bytes(bytes) = data else { continue };
        for len in 0..bytes.len() {
            let mut cut = whole.clone();
            cut.streams.insert(name.clone(), bytes[..len].to_vec().into());
            let _ = transform::apply(&base(), &cut);
        }
        for at in 0..bytes.len() {
            for value in [0, 1, 0x3f, 0x80, 0xff] {
                let mut changed = bytes.to_vec();
                changed[at] = value;
                let mut broken = whole.clone();
                broken.streams.insert(name.clone(), changed.into());
                let _ = transform::apply(&base(), &broken);
            }
        }
    }
}
