//! What the writer refuses, each with the place.

use msi_db::{Category, Database, NoFiles, Row, TableDef, Value, catalogue};

fn refused(table: &str, rows: Vec<Row>, codepage: u16) -> String {
    let mut database = Database::new(codepage);
    database.ensure_table(catalogue::find(table).unwrap()).rows = rows;
    database.write(&mut Vec::new(), &NoFiles).unwrap_err().to_string()
}

fn feature(level: Value) -> Row {
    let mut row = vec![Value::Null; 8];
    (row[0], row[5], row[7]) = ("Main".into(), level, 0.into());
    row
}

#[test]
fn cells() {
    for (message, expected) in [
        (
            refused("Property", vec![vec!["Name".into(), "日本".into()]], 1252),
            "table Property, row Name, column Value: \"日本\" has the character '日', which code page 1252 does not have",
        ),
        (
            refused("Property", vec![vec!["Name".into(), "ü".into()]], 0),
            "table Property, row Name, column Value: \"ü\" has the character 'ü', which code page 0 does not have",
        ),
        (
            refused("Property", vec![vec!["Name".into()]], 0),
            "table Property, row Name: the row has 1 values, the table 2 columns",
        ),
        (
            refused("Property", vec![vec!["Name".into(), 5.into()]], 0),
            "table Property, row Name, column Value: the column takes a string, not a number",
        ),
        (
            refused("Property", vec![vec!["Name".into(), "".into()]], 0),
            "table Property, row Name, column Value: the column may not be null",
        ),
        (
            refused("Feature", vec![feature(Value::Null)], 0),
            "table Feature, row Main, column Level: the column may not be null",
        ),
        (
            refused("Feature", vec![feature("1".into())], 0),
            "table Feature, row Main, column Level: the column takes a number, not a string",
        ),
        (
            refused("Feature", vec![feature(40_000.into())], 0),
            "table Feature, row Main, column Level: 40000 does not fit into a column of 2 bytes",
        ),
        (
            refused("Feature", vec![feature((-32_768).into())], 0),
            "table Feature, row Main, column Level: -32768 does not fit into a column of 2 bytes",
        ),
        (
            refused("Feature", vec![feature(1.into()), feature(2.into())], 0),
            "table Feature, row Main: another row has the same primary key",
        ),
        (
            refused("Binary", vec![vec!["x".repeat(60).into(), Value::Stream(vec![1].into())]], 0),
            &format!(
                "stream \"Binary.{}\": the name takes 34 of at most 31 units when packed",
                "x".repeat(60)
            ),
        ),
    ] {
        assert_eq!(message, expected);
    }
}

#[test]
fn definitions_and_databases() {
    let property = catalogue::find("Property").unwrap();
    let write = |def: TableDef, codepage: u16| {
        let mut database = Database::new(codepage);
        database.ensure_table(&def);
        database.write(&mut Vec::new(), &NoFiles).map_err(|error| error.to_string())
    };
    assert!(write(property.clone(), 0).is_ok());
    assert_eq!(write(property.clone(), 1).unwrap_err(), "code page 1 is not supported");
    let renamed = |name: &str| TableDef { name: name.to_owned().into(), ..property.clone() };
    assert!(write(renamed("_Tables"), 0).unwrap_err().contains("belongs to the engine"));
    assert!(write(renamed(&"x".repeat(61)), 0).unwrap_err().contains("too long"));
    let mut keyless = property.clone();
    keyless.columns.to_mut()[0].primary_key = false;
    assert!(write(keyless, 0).unwrap_err().contains("primary key"));
    let mut twice = property.clone();
    twice.columns.to_mut()[1].name = "Property".into();
    assert!(write(twice, 0).unwrap_err().contains("name of its own"));

    let mut database = Database::new(0);
    database.ensure_table(catalogue::find("Binary").unwrap()).rows =
        vec![vec!["a".into(), Value::Stream(vec![1].into())]];
    database.streams.insert("Binary.a".into(), vec![2].into());
    let error = database.write(&mut Vec::new(), &NoFiles).unwrap_err();
    assert_eq!(error.to_string(), "stream \"Binary.a\" stands in the database twice");
}

#[test]
fn categories_keep_their_names() {
    for category in Category::ALL {
        assert_eq!(Category::from_name(category.name()), Some(category));
    }
    assert_eq!(Category::from_name("guid"), Some(Category::Guid));
    assert_eq!(Category::from_name("nothing"), None);
}
