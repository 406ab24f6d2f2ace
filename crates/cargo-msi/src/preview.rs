//! `cargo msi preview`: the dialogs of a package as pictures, with a page that shows which button leads where.

use crate::package;
use crate::report::{self, Failure};
use msi_db::{Database, transform};
use msi_preview::{Fonts, Look, Package, Shot, State, Theme, fontdb};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Draws the dialogs of a package as PNG files, and a page that shows the ways between them.
///
/// Nothing is run and Windows is not needed: everything comes from the tables. Texts that are cut off, controls that overlap or
/// reach out of their dialog, accelerators that two controls share, pictures that are missing and letters
/// on a ground of their own colour are reported.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Args {
    /// The package (.msi)
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Draws this dialog only; may be given several times
    #[arg(long = "dialog", value_name = "ID")]
    dialogs: Vec<String>,

    /// Applies the embedded language transform of a culture (`de-de`) or language identifier (`1031`)
    #[arg(long, value_name = "CULTURE")]
    culture: Option<String>,

    /// Dots per inch: 96 is 100 %, 144 is 150 %
    #[arg(long, value_name = "N", default_value_t = 96, value_parser = clap::value_parser!(u32).range(48..=480))]
    dpi: u32,

    /// Sets a property, as if the installation had come to the moment that is drawn
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = pair)]
    properties: Vec<(String, String)>,

    /// Draws with the colours of the high-contrast theme
    #[arg(long)]
    high_contrast: bool,

    /// Uses no fonts of this machine, so that every machine draws the same pictures
    #[arg(long)]
    builtin_fonts: bool,

    /// The folder for the pictures and `index.html`
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,

    /// Writes all pictures on one sheet, `sheet.png`, this many in a row
    #[arg(long, value_name = "COLUMNS", num_args = 0..=1, default_missing_value = "4", value_parser = clap::value_parser!(u16).range(1..=20))]
    sheet: Option<u16>,

    /// Fails where something is reported
    #[arg(long)]
    check: bool,

    /// Writes what was drawn and what was found as JSON
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  cargo msi preview app.msi -o shots                    # every dialog, and shots/index.html
  cargo msi preview app.msi -o shots --dpi 144 --check  # fails where a text is cut off at 150 %
  cargo msi preview app.msi -o shots --dialog ExitDialog --set Installed=1

Exit codes: 0 drawn, 1 the package can't be read or drawn (with --check: something was found), 2 the command line is wrong";

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let database = in_culture(package::open(&args.file)?, args.culture.as_deref())?;
    let package = Package::read(&database);
    let wanted = wanted(args, &package)?;
    let given: BTreeMap<String, String> = args.properties.iter().cloned().collect();
    let state = State::of(&database, &given);
    let mut fonts = Fonts::new(fonts_of_this_machine(args.builtin_fonts));
    let theme = if args.high_contrast { Theme::CONTRAST } else { Theme::LIGHT };
    let look = Look { dpi: args.dpi, theme };

    fs::create_dir_all(&args.output)
        .map_err(|error| Failure::new(format!("'{}' can't be made: {error}", args.output.display())))?;
    let flow = msi_preview::flow(&package);
    let (mut shots, mut names, mut pictures) = (Vec::new(), BTreeSet::new(), Vec::new());
    for id in flow.order.iter().filter(|id| wanted.contains(*id)) {
        let dialog = &package.dialogs[id];
        let picture = msi_preview::render(&package, dialog, &state, &mut fonts, &look).ok_or_else(|| {
            let (width, height) = (dialog.width, dialog.height);
            Failure::new(format!("the dialog '{id}' can't be drawn: it is {width} × {height} units large"))
        })?;
        let file = file_name(id, &mut names);
        write(&args.output, &file, &picture.png)?;
        shots.push(Shot {
            dialog: id.clone(),
            file,
            width: picture.width,
            height: picture.height,
            findings: picture.findings.clone(),
        });
        if args.sheet.is_some() {
            pictures.push(picture);
        }
    }
    if let Some(columns) = args.sheet {
        let sheet = msi_preview::sheet(&pictures, columns.into())
            .ok_or_else(|| Failure::new("the dialogs are too large or too many for one sheet"))?;
        write(&args.output, "sheet.png", &sheet)?;
    }
    let title = match state.value("ProductName") {
        "" => args.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        name => name.to_owned(),
    };
    write(&args.output, "index.html", msi_preview::html(&title, &flow, &shots).as_bytes())?;
    Ok(say(args, &shots))
}

fn say(args: &Args, shots: &[Shot]) -> ExitCode {
    let found: usize = shots.iter().map(|shot| shot.findings.len()).sum();
    if args.json {
        let dialogs: Vec<_> = shots
            .iter()
            .map(|shot| {
                let findings: Vec<_> = shot
                    .findings
                    .iter()
                    .map(|finding| {
                        json!({ "control": finding.control, "code": finding.code(), "message": finding.to_string() })
                    })
                    .collect();
                json!({
                    "dialog": shot.dialog, "file": shot.file, "width": shot.width, "height": shot.height,
                    "findings": findings,
                })
            })
            .collect();
        report::page(&format!("{}\n", json!({ "output": args.output, "dialogs": dialogs })));
    } else {
        for finding in shots.iter().flat_map(|shot| &shot.findings) {
            report::warning(&finding.to_string());
        }
        let page = args.output.join("index.html");
        report::note(&format!("{} dialogs, {found} findings", shots.len()));
        report::page(&format!("{}\n", page.display()));
    }
    if args.check && found > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The package as a culture's transform makes it.
fn in_culture(database: Database, culture: Option<&str>) -> Result<Database, Failure> {
    let Some(culture) = culture else { return Ok(database) };
    let language =
        culture.parse().ok().or_else(|| wxs::v4::cultures::language(culture)).ok_or_else(|| {
            Failure::new(format!("'{culture}' is neither a known culture nor a language identifier")).exit(2)
        })?;
    let base = database.table("Property").into_iter().flat_map(msi_db::Table::iter);
    let own = base
        .filter(|row| row.str("Property") == Some("ProductLanguage"))
        .find_map(|row| row.str("Value").and_then(|value| value.parse::<u16>().ok()));
    let Some(storage) = database.storages.get(&language.to_string()) else {
        if own == Some(language) {
            return Ok(database);
        }
        let known: Vec<&str> = database.storages.keys().map(String::as_str).collect();
        let hint = if known.is_empty() {
            "the package holds no language transforms".to_owned()
        } else {
            format!("the package holds transforms for {}", known.join(", "))
        };
        return Err(Failure::new(format!("the package has no transform for {culture}")).hint(hint));
    };
    transform::apply(&database, storage).map_err(|error| {
        Failure::new(format!("the transform '{language}' of the package can't be read: {error}"))
    })
}

fn wanted(args: &Args, package: &Package) -> Result<BTreeSet<String>, Failure> {
    if package.dialogs.is_empty() {
        return Err(Failure::new(format!("'{}' has no dialogs", args.file.display())));
    }
    let mut wanted = BTreeSet::new();
    for id in &args.dialogs {
        if !package.dialogs.contains_key(id) {
            let near = package.dialogs.keys().find(|known| known.eq_ignore_ascii_case(id));
            let failure = Failure::new(format!("the package has no dialog '{id}'"));
            return Err(match near {
                Some(near) => failure.hint(format!("did you mean '{near}'?")),
                None => {
                    let known: Vec<&str> = package.dialogs.keys().map(String::as_str).collect();
                    failure.hint(format!("it has {}", known.join(", ")))
                }
            });
        }
        wanted.insert(id.clone());
    }
    Ok(if wanted.is_empty() { package.dialogs.keys().cloned().collect() } else { wanted })
}

fn fonts_of_this_machine(builtin_only: bool) -> fontdb::Database {
    let mut fonts = fontdb::Database::new();
    if !builtin_only {
        fonts.load_system_fonts();
        // Wine's own fonts have the widths of those of Windows.
        fonts.load_fonts_dir("/usr/share/wine/fonts");
    }
    fonts
}

/// A name for a dialog's picture: ids come from anybody, and names of files differ in more than case.
fn file_name(id: &str, taken: &mut BTreeSet<String>) -> String {
    let safe =
        |letter: char| if letter.is_ascii_alphanumeric() || "_-".contains(letter) { letter } else { '_' };
    let stem: String = id.chars().take(100).map(safe).collect();
    let mut name = format!("{stem}.png");
    let mut number = 2;
    while !taken.insert(name.to_ascii_lowercase()) {
        name = format!("{stem}-{number}.png");
        number += 1;
    }
    name
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let path = folder.join(name);
    let fail =
        |error: std::io::Error| Failure::new(format!("'{}' can't be written: {error}", path.display()));
    let mut file = msi_bind::temporary(folder).map_err(fail)?;
    file.write_all(bytes).map_err(fail)?;
    file.persist(&path).map_err(|error| fail(error.error))?;
    Ok(())
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.into(), value.into())),
        _ => Err("write NAME=VALUE".into()),
    }
}
