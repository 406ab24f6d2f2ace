//! Packages from sources in `tests/packages`, one folder each: `expected.txt` holds the dump of the database, or the findings
//! where it must not build. `UPDATE_GOLDENS=1` writes the files again; look at the difference before it is committed.
//!
//! A file `options` may give cultures and WiX variables, one a line, `allow-missing-actions`, or `multilingual`.

use diagnostics::{Diagnostics, SourceMap};
use msi_bind::{BuildRequest, Built, DiskWorld, build};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// 2020-09-13 12:26:40 UTC.
const TIMESTAMP: i64 = 1_600_000_000;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packages").join(name)
}

fn request(name: &str, output: &Path) -> BuildRequest {
    let folder = folder(name);
    let files = |extension: &str| {
        let mut files: Vec<PathBuf> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|found| found == extension))
            .collect();
        files.sort();
        files
    };
    let mut request = BuildRequest {
        sources: files("wxs"),
        localizations: files("wxl"),
        output: output.to_owned(),
        timestamp: TIMESTAMP,
        creating_application: "the tests".into(),
        ..BuildRequest::default()
    };
    for line in fs::read_to_string(folder.join("options")).unwrap_or_default().lines() {
        match line.split_once(' ') {
            None if line == "allow-missing-actions" => request.allow_missing_actions = true,
            None if line == "multilingual" => request.multilingual = true,
            Some(("culture", culture)) => request.cultures.push(culture.to_owned()),
            Some(("variable", pair)) => {
                let (name, value) = pair.split_once('=').unwrap();
                request.wix_variables.insert(name.to_owned(), value.to_owned());
            }
            _ => panic!("{name}/options: {line}"),
        }
    }
    request
}

fn run(request: &BuildRequest) -> (Option<Built>, String) {
    let (mut sources, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let built = build(request, &DiskWorld, &mut sources, &mut diagnostics);
    let mut text = String::new();
    let machine = format!("{}/", env!("CARGO_MANIFEST_DIR"));
    for finding in diagnostics.iter() {
        let place = finding.span.map(|span| {
            let position = sources.position(span);
            let file = sources.file(span.file).path().file_name().unwrap().to_string_lossy().into_owned();
            format!("{file}:{}:{}", position.line, position.column)
        });
        let place = place.unwrap_or_default();
        writeln!(text, "{place} {:?} {}: {}", finding.severity, finding.code, finding.message).unwrap();
        for label in &finding.labels {
            let position = sources.position(label.span);
            writeln!(text, "    {}:{} {}", position.line, position.column, label.message).unwrap();
        }
        for hint in &finding.hints {
            writeln!(text, "    hint: {hint}").unwrap();
        }
    }
    (built, text.replace(&machine, ""))
}

fn check(name: &str) {
    let target = tempfile::tempdir().unwrap();
    let output = target.path().join("out/test.msi");
    let (built, findings) = run(&request(name, &output));
    let mut found = findings;
    match &built {
        Some(built) => {
            let database = msi_db::Database::open(fs::File::open(&output).unwrap()).unwrap();
            let mut database = database;
            // What `_Validation` says is the catalogue's business; that it speaks of exactly the tables present is the binder's.
            let validation = database.tables.remove("_Validation").expect("a package has _Validation");
            let mut described: Vec<&str> = validation.iter().filter_map(|row| row.str("Table")).collect();
            described.dedup();
            let present: Vec<&str> = database.tables.keys().map(AsRef::as_ref).collect();
            described.retain(|table| *table != "_Validation");
            described.sort_unstable();
            described.dedup();
            assert_eq!(described, present);
            found.push_str(&msi_db::dump::text(&database));
            found.push_str(&transforms(&database));
            found.push_str(&beside(built, output.parent().unwrap()));
        }
        None => assert!(!output.exists(), "{name}: an error left an output"),
    }
    let rest: Vec<_> = fs::read_dir(target.path().join("out")).map(Iterator::count).into_iter().collect();
    if built.is_none() {
        assert!(rest.iter().all(|&count| count == 0), "{name}: an error left files");
    }
    assert_eq!(built.is_none(), name.starts_with("bad-"), "{name}:\n{found}");

    let golden = folder(name).join("expected.txt");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        fs::write(&golden, &found).unwrap();
    }
    let expected = fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(found, expected, "{name}: the output differs from {}", golden.display());
}

/// Cabinets and files beside the package, by their places.
fn beside(built: &Built, folder: &Path) -> String {
    let mut out = String::new();
    for path in &built.beside {
        let heading = if out.is_empty() { "\n[beside]\n" } else { "" };
        let place = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
        writeln!(out, "{heading}{place}\t{} bytes", fs::metadata(path).unwrap().len()).unwrap();
    }
    out
}

/// What the embedded transforms change, as lines of the dump that go and that come.
fn transforms(database: &msi_db::Database) -> String {
    let text = |database: &msi_db::Database| -> Vec<String> {
        let mut table = "";
        let dump = msi_db::dump::text(database);
        let mut lines = Vec::new();
        for line in dump.lines() {
            if line.starts_with('[') {
                table = line;
            }
            lines.push(format!("{table} {line}"));
        }
        lines
    };
    let before = text(database);
    let mut out = String::new();
    for (name, storage) in &database.storages {
        writeln!(out, "\n[transform {name}]").unwrap();
        let mut after = msi_db::transform::apply(database, storage).unwrap();
        after.tables.remove("_Validation");
        let after = text(&after);
        for (mark, lines, others) in [("-", &before, &after), ("+", &after, &before)] {
            for line in lines.iter().filter(|line| !others.contains(line)) {
                writeln!(out, "{mark} {line}").unwrap();
            }
        }
    }
    out
}

macro_rules! packages {
    ($($test:ident => $folder:literal),* $(,)?) => {
        $(#[test] fn $test() { check($folder); })*

        #[test]
        fn every_folder_is_tested() {
            let mut folders: Vec<String> = fs::read_dir(folder(""))
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            folders.sort();
            let mut tested = vec![$($folder),*];
            tested.sort_unstable();
            assert_eq!(folders, tested);
        }
    };
}

packages! {
    minimal => "minimal",
    fragments => "fragments",
    sequences => "sequences",
    localized => "localized",
    media => "media",
    guids => "guids",
    tables => "tables",
    assemblies => "assemblies",
    instances => "instances",
    languages => "languages",
    bad_languages => "bad-languages",
    bad_language_names => "bad-language-names",
    layout => "layout",
    details => "details",
    extension_util => "extension-util",
    extension_iis => "extension-iis",
    extensions => "extensions",
    bad_extensions => "bad-extensions",
    bad_missing_actions => "bad-missing-actions",
    v4 => "v4",
    unnamed_extension => "unnamed-extension",
    windows_paths => "windows-paths",
    v4_extensions => "v4-extensions",
    software_tag => "software-tag",
    bad_references => "bad-references",
    bad_moved => "bad-moved",
    bad_sequence => "bad-sequence",
    bad_files => "bad-files",
    bad_text => "bad-text",
    bad_codepage => "bad-codepage",
    bad_components => "bad-components",
}

#[test]
fn bytes_do_not_depend_on_threads_place_or_cache() {
    let target = tempfile::tempdir().unwrap();
    let bytes = |name: &str, threads: usize, cache: bool| {
        let output = target.path().join(name).join("test.msi");
        let cabinet_cache = cache.then(|| target.path().join("cache"));
        let (built, findings) =
            run(&BuildRequest { threads, cabinet_cache, ..request("fragments", &output) });
        built.unwrap_or_else(|| panic!("{findings}"));
        fs::read(output).unwrap()
    };
    let first = bytes("a", 1, false);
    assert_eq!(first, bytes("b/c", 7, false));
    assert_eq!(first, bytes("d", 2, true));
    assert_eq!(first, bytes("e", 2, true));
}

#[test]
fn package_codes_follow_content() {
    let target = tempfile::tempdir().unwrap();
    let codes = |timestamp: i64, name: &str| {
        let output = target.path().join(name);
        let (built, findings) = run(&BuildRequest { timestamp, ..request("fragments", &output) });
        let built = built.unwrap_or_else(|| panic!("{findings}"));
        (built.product_code, built.package_code)
    };
    let (product, package) = codes(TIMESTAMP, "1.msi");
    assert_eq!(codes(TIMESTAMP, "2.msi"), (product.clone(), package.clone()));
    let (later_product, later_package) = codes(TIMESTAMP + 60, "3.msi");
    assert_eq!(later_product, product);
    assert_ne!(later_package, package);
}

/// Independent readers see the same rows and the same files.
#[test]
fn other_programs_read_the_package() {
    let target = tempfile::tempdir().unwrap();
    let output = target.path().join("test.msi");
    let (built, findings) = run(&request("media", &output));
    let built = built.unwrap_or_else(|| panic!("{findings}"));
    let mut package = msi::open(&output).unwrap();
    let mut cabinet_of = BTreeMap::new();
    let files: Vec<(String, i32)> = package
        .select_rows(msi::Select::table("File"))
        .unwrap()
        .map(|row| {
            let id = row["File"].as_str().unwrap().to_owned();
            (id, row["Sequence"].as_int().unwrap())
        })
        .collect();
    assert_eq!(files.len(), built.files.len());
    for row in package.select_rows(msi::Select::table("Media")).unwrap() {
        cabinet_of.insert(row["LastSequence"].as_int().unwrap(), row["Cabinet"].as_str().unwrap().to_owned());
    }
    for file in built.files.iter().filter(|file| file.id != "_third") {
        let sequence = files.iter().find(|(id, _)| *id == file.id).unwrap().1;
        let (_, cabinet) = cabinet_of.range(sequence..).next().unwrap();
        let bytes = match cabinet.strip_prefix('#') {
            Some(stream) => {
                let mut bytes = Vec::new();
                std::io::copy(&mut package.read_stream(stream).unwrap(), &mut bytes).unwrap();
                bytes
            }
            None => fs::read(target.path().join(cabinet)).unwrap(),
        };
        let mut cabinet = cab::Cabinet::new(Cursor::new(bytes)).unwrap();
        let mut extracted = Vec::new();
        std::io::copy(&mut cabinet.read_file(&file.id).unwrap(), &mut extracted).unwrap();
        assert_eq!(extracted, fs::read(&file.source).unwrap(), "{}", file.id);
    }
    let uncompressed = target.path().join("3.txt");
    assert_eq!(fs::read(uncompressed).unwrap(), fs::read(folder("media/files/3.txt")).unwrap());
    assert_eq!(package.summary_info().arch(), Some("x64"));
}

/// A tag lies in the package, names the package's code, and is as long as its row says.
#[test]
fn software_tags_name_the_package_that_they_are_in() {
    let target = tempfile::tempdir().unwrap();
    let output = target.path().join("test.msi");
    let (built, findings) = run(&request("software-tag", &output));
    let built = built.unwrap_or_else(|| panic!("{findings}"));
    let mut package = msi::open(&output).unwrap();
    let mut bytes = Vec::new();
    std::io::copy(&mut package.read_stream("cab1.cab").unwrap(), &mut bytes).unwrap();
    let mut cabinet = cab::Cabinet::new(Cursor::new(bytes)).unwrap();
    // The id that WiX makes of the regid.
    let id = "tagEYRYWwOt95punO7qPPAQ9p1GBpY";
    let mut tag = String::new();
    std::io::Read::read_to_string(&mut cabinet.read_file(id).unwrap(), &mut tag).unwrap();
    let code = built.package_code.trim_matches(['{', '}']);
    assert!(tag.contains(&format!("tagId=\"msi:package/{code}\"")), "{tag}");
    assert!(tag.contains("name=\"A program that &quot;tells&quot; &amp; more\""), "{tag}");
    let rows = package.select_rows(msi::Select::table("File")).unwrap();
    let sizes: Vec<i32> = rows
        .filter(|row| row["File"].as_str() == Some(id))
        .filter_map(|row| row["FileSize"].as_int())
        .collect();
    assert_eq!(sizes, [tag.len() as i32]);
    // 31 characters of name, and the length that WiX's own test of such a package states.
    let name = "A program that &quot;tells&quot; &amp; more";
    assert_eq!(tag.len() - name.len() + 31, 465);
}

/// A package of several languages says so, is neutral itself, and the transforms in it are what others take for such.
#[test]
fn other_programs_read_the_languages_of_a_package() {
    let target = tempfile::tempdir().unwrap();
    let output = target.path().join("test.msi");
    let (built, findings) = run(&request("languages", &output));
    built.unwrap_or_else(|| panic!("{findings}"));
    let package = msi::open(&output).unwrap();
    let languages: Vec<String> =
        package.summary_info().languages().iter().map(|language| language.tag().to_owned()).collect();
    assert_eq!(languages, ["en-US", "ar-SA", "de-DE", "ja-JP", "ru-RU"]);
    let mut file = cfb::open(&output).unwrap();
    let storages: Vec<String> = file
        .read_root_storage()
        .filter(cfb::Entry::is_storage)
        .map(|entry| entry.name().to_owned())
        .collect();
    for (language, codepage) in [(1025, 1256), (1031, 1252), (1041, 932), (1049, 1251)] {
        assert!(storages.contains(&language.to_string()), "{storages:?}");
        let mut info = Vec::new();
        let mut stream = file.open_stream(format!("/{language}/\u{5}SummaryInformation")).unwrap();
        std::io::Read::read_to_end(&mut stream, &mut info).unwrap();
        let text = format!("x64;{language}\0");
        assert!(info.windows(text.len()).any(|window| window == text.as_bytes()), "{language}");
        let pool = file
            .read_storage(format!("/{language}"))
            .unwrap()
            .map(|entry| entry.path().to_owned())
            .find(|path| {
                let name = path.file_name().unwrap().to_string_lossy();
                let units: Vec<u16> = name.encode_utf16().collect();
                let decoded = msi_db::stream_name::decode(&units);
                decoded == msi_db::stream_name::Decoded::Table("_StringPool".into())
            })
            .expect("a transform has a string pool");
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file.open_stream(pool).unwrap(), &mut bytes).unwrap();
        assert_eq!(u16::from_le_bytes([bytes[0], bytes[1]]), codepage, "{language}");
    }
    // In this order the languages are the same package, and so are its bytes.
    let again = target.path().join("again.msi");
    let (built, findings) = run(&BuildRequest { threads: 3, ..request("languages", &again) });
    built.unwrap_or_else(|| panic!("{findings}"));
    assert_eq!(fs::read(&output).unwrap(), fs::read(&again).unwrap());
}
