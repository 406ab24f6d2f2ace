//! Databases of any content: a rule may find faults in them, and never panics or runs away.

use msi_db::{Database, Row, Value, catalogue};
use std::time::{Duration, Instant};

/// Values that parsers of cells trip over.
const NASTY: [&str; 26] = [
    "[",
    "]",
    "[\\",
    "[#",
    "[$]",
    "[~]",
    "[\\]",
    "(",
    "((A",
    "NOT",
    "\"",
    "$",
    "%",
    "\u{e9}",
    "\u{1f980}[\u{e9}]",
    "D:(",
    "D:)S:(A;;;",
    "O:G:D:S:",
    "|",
    "a|",
    "|b",
    ":",
    "a:b|c",
    "-",
    "65536.1.1.1.1",
    "{00000000-0000-0000-0000-000000000000}",
];

#[test]
fn no_content_of_cells_makes_a_rule_panic() {
    let mut next = generator(7);
    for _ in 0..60 {
        let mut database = Database::new(0);
        database.summary.template = (next(3) > 0).then(|| NASTY[next(NASTY.len())].to_owned());
        database.summary.page_count = (next(3) > 0).then_some(i32::MIN);
        for def in catalogue::all() {
            let mut rows: Vec<Row> = Vec::new();
            for _ in 0..next(4) {
                let cells = def.columns.iter().map(|_| match next(5) {
                    0 => Value::Null,
                    1 => Value::Int([0, -1, i32::MAX, i32::MIN, 51, 0x7ff][next(6)]),
                    _ => Value::from(NASTY[next(NASTY.len())]),
                });
                rows.push(cells.collect());
            }
            database.ensure_table(def).rows = rows;
        }
        msi_validate::validate(&database);
    }
}

#[test]
fn rows_that_are_too_short_are_read_as_far_as_they_go() {
    let mut database = Database::new(0);
    for def in catalogue::all() {
        database.ensure_table(def).rows = vec![Row::new(), vec![Value::from("x")]];
    }
    assert!(!msi_validate::validate(&database).is_empty());
}

#[test]
fn the_time_grows_with_the_package_and_no_faster() {
    // The best of three: other tests run at the same time.
    let time = |components: usize| {
        let database = large(components);
        let runs = (0..3).map(|_| {
            let start = Instant::now();
            msi_validate::validate(&database);
            start.elapsed()
        });
        runs.min().expect("three runs")
    };
    let (small, big) = (time(1_000), time(8_000));
    // Eight times the rows: linear is about 8, quadratic 64.
    assert!(
        big < small * 30 + Duration::from_millis(200),
        "{small:?} for 1,000 components, {big:?} for 8,000"
    );
}

/// A package with as many components as asked for: each in a folder below the one before, up to a circle at the far end.
fn large(components: usize) -> Database {
    let mut database = Database::new(0);
    let mut add = |table: &str, cells: &[(&str, Value)]| {
        let def = catalogue::find(table).expect("a standard table");
        let mut row = vec![Value::Null; def.columns.len()];
        for (column, value) in cells {
            row[def.column(column).expect("a column of the table")] = value.clone();
        }
        database.ensure_table(def).rows.push(row);
    };
    for number in 0..components {
        let name = |kind: &str| Value::from(format!("{kind}{number}"));
        let parent = Value::from(format!("D{}", (number + 1) % components));
        add(
            "Directory",
            &[("Directory", name("D")), ("Directory_Parent", parent), ("DefaultDir", name("d"))],
        );
        add("Component", &[("Component", name("C")), ("Directory_", name("D")), ("KeyPath", name("F"))]);
        add("File", &[("File", name("F")), ("Component_", name("C")), ("FileName", name("f"))]);
        let value = Value::from(format!("[#F{}]", (number + 1) % components));
        add("Registry", &[("Registry", name("R")), ("Value", value), ("Component_", name("C"))]);
        add("FeatureComponents", &[("Feature_", "All".into()), ("Component_", name("C"))]);
        add("LockPermissions", &[("LockObject", name("D")), ("Table", "CreateFolder".into())]);
        add("CreateFolder", &[("Directory_", name("D")), ("Component_", name("C"))]);
    }
    database
}

/// Numbers below the bound, the same in every run.
fn generator(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |bound| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    }
}
