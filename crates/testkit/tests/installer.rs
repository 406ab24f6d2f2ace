//! The installer engine of the Wine machine, with a package of a few rows made right here: what an installation leaves, what a
//! failed one takes back, and that logs and exit codes come out. Our writers of databases and cabinets are read by an engine
//! that is not ours.

use msi_db::{Database, SummaryInfo};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use testkit::variant::stream;
use testkit::{Machine, Variant};

const PRODUCT: &str = "{3B0E3F0C-7B5F-4C52-9C52-6F1A5D1F0001}";
const KEY: &str = "HKLM\\Software\\Testkit Example";

#[test]
fn an_installation_is_whole_and_a_removal_takes_it_all_away() {
    let machine = Machine::start("installer-whole");
    let msi = example(&folder("installer-whole"), "example.msi", |_| {});
    let before = machine.snapshot();
    let outcome = machine.install(&msi, &[("GREETING", "good day; grüße")]).succeeded();
    assert!(outcome.log.contains("InstallFiles"), "the log is verbose");
    assert_eq!(machine.read("C:\\Program Files\\Testkit Example\\hello.txt"), "hello");
    let registry = machine.registry(KEY);
    assert_eq!(registry.text(KEY, "Greeting"), Some("good day; grüße"));
    machine.remove("C:\\Program Files\\Testkit Example\\hello.txt");
    machine.repair(PRODUCT, &[]).succeeded();
    assert_eq!(machine.read("C:\\Program Files\\Testkit Example\\hello.txt"), "hello");
    machine.uninstall(PRODUCT, &[]).succeeded();
    let left: Vec<_> = before.differences(&machine.snapshot());
    let ours = left.iter().filter(|difference| format!("{difference:?}").contains("Testkit Example"));
    assert_eq!(ours.count(), 0, "{left:#?}");
}

#[test]
fn a_failed_installation_leaves_nothing() {
    let machine = Machine::start("installer-failed");
    let msi = example(&folder("installer-failed"), "failing.msi", |variant| {
        variant.fail_at(6500);
    });
    let before = machine.snapshot();
    let outcome = machine.install(&msi, &[]).failed();
    assert!(outcome.log.contains("FailOnPurpose"), "{}", outcome.telling_lines());
    assert!(!machine.exists("C:\\Program Files\\Testkit Example"));
    assert!(machine.registry(KEY).is_empty());
    let left: Vec<_> = before.differences(&machine.snapshot());
    let ours = left.iter().filter(|difference| format!("{difference:?}").contains("Testkit Example"));
    assert_eq!(ours.count(), 0, "{left:#?}");
}

#[test]
fn what_is_no_package_is_refused_with_the_whole_code() {
    let machine = Machine::start("installer-refused");
    let file = folder("installer-refused").join("none.msi");
    std::fs::write(&file, "this is no package").unwrap();
    // ERROR_INSTALL_PACKAGE_INVALID on Windows; Wine says that the function failed. Either is more than a byte.
    let code = machine.install(&file, &[]).code;
    assert!(code == 1620 || code == 1627, "{code}");
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A package with one file and one registry value, after `change`.
fn example(folder: &Path, name: &str, change: impl FnOnce(&mut Variant)) -> PathBuf {
    let mut database = Database::new(1252);
    database.summary = SummaryInfo {
        codepage: Some(1252),
        title: Some("Installation Database".into()),
        subject: Some("Testkit Example".into()),
        author: Some("Tests".into()),
        template: Some("x64;1033".into()),
        page_count: Some(500),
        word_count: Some(2),
        ..SummaryInfo::default()
    };
    let mut cab = Cursor::new(Vec::new());
    let hello = b"hello".to_vec();
    let entry = cabinet::Entry {
        name: "Hello",
        len: 5,
        modified: 1_600_000_000,
        attributes: cabinet::Attributes::default(),
        source: &hello,
    };
    cabinet::write(&mut cab, &[entry], &cabinet::Options::default()).unwrap();
    database.streams.insert("one.cab".into(), msi_db::Data::Bytes(cab.into_inner().into()));

    let mut variant = Variant { database };
    for (name, value) in [
        ("ProductCode", PRODUCT),
        ("ProductName", "Testkit Example"),
        ("ProductVersion", "1.0.0"),
        ("ProductLanguage", "1033"),
        ("Manufacturer", "Tests"),
        ("ALLUSERS", "1"),
        ("GREETING", "hello"),
        ("SecureCustomProperties", "GREETING"),
    ] {
        variant.add("Property", &[("Property", name.into()), ("Value", value.into())]);
    }
    for (id, parent, default) in [
        ("TARGETDIR", None, "SourceDir"),
        ("ProgramFiles64Folder", Some("TARGETDIR"), "PFiles"),
        ("INSTALLDIR", Some("ProgramFiles64Folder"), "TESTKI~1|Testkit Example"),
        ("System64Folder", Some("TARGETDIR"), "System64"),
    ] {
        variant.add(
            "Directory",
            &[("Directory", id.into()), ("Directory_Parent", parent.into()), ("DefaultDir", default.into())],
        );
    }
    variant.add(
        "Component",
        &[
            ("Component", "Hello".into()),
            ("ComponentId", "{3B0E3F0C-7B5F-4C52-9C52-6F1A5D1F0002}".into()),
            ("Directory_", "INSTALLDIR".into()),
            ("Attributes", 256.into()),
            ("KeyPath", "Hello".into()),
        ],
    );
    variant.add(
        "File",
        &[
            ("File", "Hello".into()),
            ("Component_", "Hello".into()),
            ("FileName", "hello.txt".into()),
            ("FileSize", 5.into()),
            ("Attributes", 512.into()),
            ("Sequence", 1.into()),
        ],
    );
    variant.add(
        "Registry",
        &[
            ("Registry", "Greeting".into()),
            ("Root", 2.into()),
            ("Key", "Software\\Testkit Example".into()),
            ("Name", "Greeting".into()),
            ("Value", "[GREETING]".into()),
            ("Component_", "Hello".into()),
        ],
    );
    variant.add("Feature", &[("Feature", "All".into()), ("Level", 1.into()), ("Attributes", 0.into())]);
    variant.add("FeatureComponents", &[("Feature_", "All".into()), ("Component_", "Hello".into())]);
    variant.add("Media", &[("DiskId", 1.into()), ("LastSequence", 1.into()), ("Cabinet", "#one.cab".into())]);
    // A binary that nothing uses: streams of rows are read, too.
    variant.add("Binary", &[("Name", "Unused".into()), ("Data", stream(*b"unused"))]);
    for (action, sequence) in [
        ("CostInitialize", 800),
        ("FileCost", 900),
        ("CostFinalize", 1000),
        ("InstallValidate", 1400),
        ("InstallInitialize", 1500),
        ("ProcessComponents", 1600),
        ("UnpublishFeatures", 1800),
        ("RemoveRegistryValues", 2600),
        ("RemoveFiles", 3500),
        ("InstallFiles", 4000),
        ("WriteRegistryValues", 5000),
        ("RegisterUser", 6000),
        ("RegisterProduct", 6100),
        ("PublishFeatures", 6300),
        ("PublishProduct", 6400),
        ("InstallFinalize", 6600),
    ] {
        variant.add("InstallExecuteSequence", &[("Action", action.into()), ("Sequence", sequence.into())]);
    }
    change(&mut variant);
    variant.write(folder, name)
}
