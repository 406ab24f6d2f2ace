//! From text to sections: sources beside goldens of what they compile to, of what they are told, and of what is left after
//! the preprocessor. `UPDATE_GOLDENS=1 cargo test -p wxs` writes the goldens anew; read the difference before it is committed.
//!
//! The goldens of `compile` hold what WiX 3.11 makes of the same sources, compared table by table when they were written.

use diagnostics::{Diagnostics, Severity, SourceMap};
use msi_db::Value;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use wxs::compile::{Arch, CompileOptions, compile};
use wxs::document::Document;
use wxs::ir::{Section, SectionKind, SourceRow};
use wxs::preprocess::{PreprocessOptions, preprocess};
use wxs::v4::{LowerOptions, lower};
use wxs::world::{FileStat, ReadSeek, World};

#[test]
fn sources_compile_to_the_rows_of_wix() {
    check("compile", |run| {
        assert_eq!(errors(&run.diagnostics), 0, "{}", told(run));
        dump(&run.sections)
    });
}

#[test]
fn sources_of_wix_4_compile_to_its_rows() {
    check("v4", |run| {
        assert_eq!(errors(&run.diagnostics), 0, "{}", told(run));
        let folder = run.path.parent().unwrap().to_string_lossy().into_owned();
        dump(&run.sections).replace(&folder, ".")
    });
}

#[test]
fn mistakes_are_told_with_their_place() {
    check("diagnostics", |run| {
        assert!(errors(&run.diagnostics) > 0, "nothing is wrong with {}", run.path.display());
        told(run)
    });
}

#[test]
fn the_preprocessor_leaves_what_wix_would_compile() {
    check("preprocess", |run| match &run.document {
        Some(document) => format!("{}{}", told(run), document.to_xml()),
        None => told(run),
    });
}

#[test]
fn deep_nesting_is_refused_and_not_a_crash() {
    let depth = 200_000;
    let text = format!("<Wix>{}{}</Wix>", "<a>".repeat(depth), "</a>".repeat(depth));
    let mut sources = SourceMap::new();
    let mut diagnostics = Diagnostics::new();
    let file = sources.add("deep.wxs", text.clone());
    assert!(Document::parse(file, &text, &mut diagnostics).is_none());
    assert_eq!(errors(&diagnostics), 1);
}

#[test]
fn nesting_as_deep_as_is_permitted_compiles() {
    // Elements below <Wix> and <Fragment>, down to the last level that is not refused.
    let levels = wxs::document::MAX_DEPTH - 3;
    let nest = |open: &str, close: &str| {
        let opened: String = (0..levels).map(|level| open.replace('@', &level.to_string())).collect();
        opened + &close.repeat(levels)
    };
    let directories = nest("<Directory Id='D@' Name='n'>", "</Directory>");
    let keys = nest("<RegistryKey Key='K'>", "</RegistryKey>");
    let features = nest("<Feature Id='F@' Level='1'>", "</Feature>");
    let keys = format!("<Component Id='C' Guid=''><RegistryKey Root='HKLM' Key='K'/>{keys}</Component>");
    for body in [format!("<DirectoryRef Id='D'>{directories}</DirectoryRef>"), keys, features] {
        let text = format!("<Wix xmlns='{}'><Fragment>{body}</Fragment></Wix>", wxs::NAMESPACE_V3);
        let world = Damaged { path: "deep.wxs".into(), text };
        let run = run_in(&world, Path::new("deep.wxs"));
        let limit = wxs::codes::LIMIT;
        assert!(run.diagnostics.iter().all(|diagnostic| diagnostic.code != limit), "{}", told(&run));
        assert!(!run.sections.is_empty());
    }
}

/// A few lines that repeat or double each other ask for more than any machine has.
#[test]
fn sources_that_grow_without_bound_are_refused() {
    let doubled = "<?define A = \"$(var.A)$(var.A)\"?>".repeat(40);
    let repeated = |body: &str| {
        let opened: String =
            (0..10).map(|level| format!("<?foreach V{level} in 0;1;2;3;4;5;6;7;8;9?>")).collect();
        opened + body + &"<?endforeach?>".repeat(10)
    };
    for body in [format!("<?define A = \"0123456789\"?>{doubled}"), repeated("")] {
        let text = format!("<Wix xmlns='{}'>{body}</Wix>", wxs::NAMESPACE_V3);
        let world = Damaged { path: "grow.wxs".into(), text };
        let run = run_in(&world, Path::new("grow.wxs"));
        assert!(run.diagnostics.iter().any(|found| found.code == wxs::codes::LIMIT), "{body}");
    }
}

/// Sources with pieces cut out, doubled or exchanged, always the same ones: whatever they hold is told and never a panic.
#[test]
fn damaged_sources_are_told_and_never_a_crash() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
    const DAMAGE: [char; 10] = ['<', '>', '"', '$', '(', ')', '&', '?', 'é', '\u{1f600}'];
    let mut refused = 0;
    for folder in ["compile", "preprocess", "diagnostics"] {
        for entry in fs::read_dir(data.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "wxs") {
                continue;
            }
            let text: Vec<char> = fs::read_to_string(&path).unwrap().chars().collect();
            for _ in 0..60 {
                let mut text = text.clone();
                for _ in 0..1 + random(3) {
                    let at = random(text.len());
                    let end = (at + 1 + random(12)).min(text.len());
                    match random(4) {
                        0 => drop(text.drain(at..end)),
                        1 => text.splice(at..at, text[at..end].to_vec()).for_each(drop),
                        2 if at < text.len() => text[at] = DAMAGE[random(DAMAGE.len())],
                        _ => text.truncate(at + 1),
                    }
                }
                let world = Damaged { path: path.clone(), text: text.into_iter().collect() };
                refused += usize::from(errors(&run_in(&world, &path).diagnostics) > 0);
            }
        }
    }
    assert!(refused > 1000, "only {refused} damaged sources were refused");
}

/// One source on its way through the front half.
struct Run {
    path: PathBuf,
    sources: SourceMap,
    diagnostics: Diagnostics,
    document: Option<Document>,
    sections: Vec<Section>,
}

/// Compares what `render` makes of each source of a folder with the golden beside it.
fn check(folder: &str, render: impl Fn(&Run) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder of the sources is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wxs"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no source in {}", folder.display());
    let update = std::env::var_os("UPDATE_GOLDENS").is_some();
    let mut wrong = Vec::new();
    for path in paths {
        let run = run(&path);
        let found = render(&run);
        let golden = path.with_extension("golden");
        if update {
            fs::write(&golden, &found).expect("the golden can be written");
        } else if fs::read_to_string(&golden).ok().as_ref() != Some(&found) {
            wrong.push(format!("{}:\n{found}", golden.display()));
        }
    }
    assert!(wrong.is_empty(), "these differ from their goldens:\n{}", wrong.join("\n"));
}

fn run(path: &Path) -> Run {
    run_in(&Disk, path)
}

fn run_in(world: &dyn World, path: &Path) -> Run {
    let mut sources = SourceMap::new();
    let mut diagnostics = Diagnostics::new();
    let options = PreprocessOptions {
        defines: [("Given".to_owned(), "given value".to_owned())].into(),
        include_dirs: vec![path.with_file_name("include")],
        arch: "x64".to_owned(),
        current_dir: "/current".to_owned(),
        now: 1_000_000_000,
    };
    let document = preprocess(world, &mut sources, path, &options, &mut diagnostics);
    let lowering = LowerOptions { arch: Arch::X64, bind_paths: &[] };
    let mut documents = lower(document.into_iter().collect(), lowering, world, &sources, &mut diagnostics);
    let options = CompileOptions { arch: Arch::X64, pedantic: false };
    let mut sections: Vec<Section> = Vec::new();
    for (at, document) in documents.iter().enumerate() {
        let mut compiled = compile(document, &options, &mut diagnostics);
        // Rewritten sources are followed by fragments of folders; the standard ones are always the same.
        compiled.retain(|section| at == 0 || section.rows.iter().any(has_generated_id));
        sections.append(&mut compiled);
    }
    let document = (!documents.is_empty()).then(|| documents.swap_remove(0));
    Run { path: path.to_owned(), sources, diagnostics, document, sections }
}

fn has_generated_id(row: &SourceRow) -> bool {
    row.values.first().and_then(Value::as_str).is_some_and(|id| id.starts_with('d'))
}

fn errors(diagnostics: &Diagnostics) -> usize {
    diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
}

/// Each finding as `file:line:column severity code message`, with its hints.
fn told(run: &Run) -> String {
    let mut out = String::new();
    for diagnostic in run.diagnostics.iter() {
        if let Some(span) = diagnostic.span {
            let name = run.sources.file(span.file).path().file_name().unwrap_or_default();
            let at = run.sources.position(span);
            let end = diagnostics::Span { start: span.end, ..span };
            let end = run.sources.position(end);
            write!(out, "{}:{}:{}-{} ", name.to_string_lossy(), at.line, at.column, end.column).unwrap();
        }
        let severity = format!("{:?}", diagnostic.severity).to_lowercase();
        let folder = run.path.parent().unwrap().to_string_lossy().into_owned();
        let message = diagnostic.message.replace(&folder, ".");
        writeln!(out, "{severity} {} {message}", diagnostic.code).unwrap();
        for hint in &diagnostic.hints {
            writeln!(out, "    {}", hint.replace(&folder, ".")).unwrap();
        }
    }
    out
}

/// Sections as text: everything that a linker sees, sorted where order says nothing.
fn dump(sections: &[Section]) -> String {
    let mut out = String::new();
    for section in sections {
        let kind = match section.kind {
            SectionKind::Product => "product",
            SectionKind::Module => "module",
            SectionKind::Fragment => "fragment",
        };
        writeln!(out, "== {kind} {} codepage={:?}", section.id, section.codepage).unwrap();
        let mut lines: Vec<String> = Vec::new();
        for row in &section.rows {
            let cells: Vec<String> = row.values.iter().map(cell).collect();
            lines.push(format!("{}: {}", row.table, cells.join(" | ")));
        }
        for file in &section.files {
            let mut file = file.clone();
            file.span = section.span;
            lines.push(format!("file {file:?}").replace(&format!(", span: {:?}", section.span), ""));
        }
        for action in &section.actions {
            let wix = if action.overridable { " overridable" } else { "" };
            lines.push(format!(
                "action {}/{} {:?} if {:?}{wix}",
                action.sequence.name(),
                action.action,
                action.place,
                action.condition
            ));
        }
        for (sequence, action, _) in &section.suppressed_actions {
            lines.push(format!("suppressed {}/{action}", sequence.name()));
        }
        for reference in &section.simple_references {
            lines.push(format!("needs {}:{}", reference.target.table, reference.target.key));
        }
        for reference in &section.complex_references {
            lines.push(format!(
                "{:?} {} holds {:?} {}{}",
                reference.parent,
                reference.parent_id,
                reference.child,
                reference.child_id,
                if reference.primary { " primary" } else { "" }
            ));
        }
        lines.extend(
            section.symbols.iter().map(|symbol| format!("symbol {}:{}", symbol.id.table, symbol.id.key)),
        );
        for flags in &section.properties {
            lines.push(format!(
                "property {} admin={} hidden={} secure={}",
                flags.id, flags.admin, flags.hidden, flags.secure
            ));
        }
        for variable in &section.variables {
            lines.push(format!("variable {}={}", variable.id, variable.value));
        }
        for media in &section.media {
            let text = format!("media {media:?}");
            lines.push(text.split(", span:").next().unwrap_or_default().to_owned());
        }
        lines.extend(section.ensured_tables.iter().map(|(table, _)| format!("ensure {table}")));
        lines.extend(section.custom_tables.iter().map(|table| format!("table {table:?}")));
        for row in &section.custom_rows {
            let cells: Vec<String> =
                row.cells.iter().map(|(column, text, _)| format!("{column}={text}")).collect();
            lines.push(format!("custom row {}: {}", row.table, cells.join(" | ")));
        }
        lines.sort();
        for line in lines {
            writeln!(out, "{line}").unwrap();
        }
    }
    out
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Str(text) => format!("{text:?}"),
        Value::Stream(_) => "(stream)".to_owned(),
    }
}

/// The files of the tests, and an environment with one variable.
struct Disk;

impl World for Disk {
    fn read_source(&self, path: &Path) -> io::Result<String> {
        fs::read_to_string(path)
    }

    fn open(&self, _: &Path) -> io::Result<Box<dyn ReadSeek>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn stat(&self, _: &Path) -> io::Result<FileStat> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut names: Vec<PathBuf> = fs::read_dir(folder)?
            .map(|entry| Ok(PathBuf::from(entry?.file_name())))
            .collect::<io::Result<_>>()?;
        names.sort();
        Ok(names)
    }

    fn env(&self, name: &str) -> Option<String> {
        (name == "FROM_OUTSIDE").then(|| "outer value".to_owned())
    }
}

/// The files of the tests, one of which holds something else.
struct Damaged {
    path: PathBuf,
    text: String,
}

impl World for Damaged {
    fn read_source(&self, path: &Path) -> io::Result<String> {
        if path == self.path { Ok(self.text.clone()) } else { Disk.read_source(path) }
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn ReadSeek>> {
        Disk.open(path)
    }

    fn is_file(&self, path: &Path) -> bool {
        Disk.is_file(path)
    }

    fn stat(&self, path: &Path) -> io::Result<FileStat> {
        Disk.stat(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        Disk.list(folder)
    }

    fn env(&self, name: &str) -> Option<String> {
        Disk.env(name)
    }
}

/// Found by fuzzing: a line end in a value became a space when the document was printed and read again.
#[test]
fn values_with_line_ends_read_back_as_they_were() {
    let read = |text: &str| {
        let (mut sources, mut found) = (SourceMap::new(), Diagnostics::new());
        let file = sources.add("a.wxs", text);
        Document::parse(file, text, &mut found).expect("a document")
    };
    let document = read("<A B=\"x&#10;y&#9;z&#13;&amp;&quot;\" />");
    let again = read(&document.to_xml());
    assert_eq!(again.root().attributes()[0].value, "x\ny\tz\r&\"");
}
