//! `cargo msi inspect`: what a package holds.

use crate::package;
use crate::report::Failure;
use msi_db::summary::Property;
use msi_db::value::Data;
use msi_db::{Database, Table, Value, dump};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Shows a package's summary information, tables, streams and files.
#[derive(clap::Args)]
pub struct Args {
    /// The package (.msi, .msm)
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Shows the rows of one table
    #[arg(long, value_name = "NAME")]
    table: Option<String>,

    /// Writes everything, or the one table, as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let mut database = package::open(&args.file)?;
    if let Some(name) = &args.table {
        let table = database.tables.get(name.as_str()).cloned().ok_or_else(|| no_table(&database, name))?;
        database.tables = BTreeMap::from([(name.as_str().into(), table)]);
    }
    let text = match (&args.table, args.json) {
        (None, true) => dump::json(&database).to_string() + "\n",
        (Some(name), true) => format!("{}\n", dump::json(&database)["tables"][name.as_str()]),
        (Some(name), false) => rows(&database.tables[name.as_str()]),
        (None, false) => overview(&database)?,
    };
    crate::report::page(&text);
    Ok(ExitCode::SUCCESS)
}

fn no_table(database: &Database, name: &str) -> Failure {
    let failure = Failure::new(format!("the package has no table '{name}'"));
    match database.tables.keys().find(|table| table.eq_ignore_ascii_case(name)) {
        Some(near) => failure.hint(format!("did you mean '{near}'?")),
        None => failure.hint("`cargo msi inspect FILE` lists its tables"),
    }
}

fn overview(database: &Database) -> Result<String, Failure> {
    let mut text = String::from("Summary information\n");
    for (id, value) in database.summary.properties() {
        let _ = writeln!(text, "  {:<20} {}", summary_name(id), summary_text(&value));
    }
    let _ = writeln!(text, "\nTables (code page {})", database.codepage);
    for (name, table) in &database.tables {
        let _ = writeln!(text, "  {name:<28} {:>6} rows", table.rows.len());
    }
    if !database.streams.is_empty() {
        text += "\nStreams\n";
        for (name, data) in &database.streams {
            let _ = writeln!(text, "  {name:<28} {:>12} bytes", length(data));
        }
    }
    if !database.storages.is_empty() {
        text += "\nStorages\n";
        for name in database.storages.keys() {
            let _ = writeln!(text, "  {name}");
        }
    }
    let files = package::files(database)?;
    if !files.is_empty() {
        text += "\nFiles\n";
        let mut paths: Vec<_> = files.iter().collect();
        paths.sort_by(|a, b| a.path.cmp(&b.path));
        let mut open: &[String] = &[];
        for file in paths {
            let (name, folders) = file.path.split_last().expect("a path ends with the file's name");
            let shared = open.iter().zip(folders).take_while(|(a, b)| a == b).count();
            for (depth, folder) in folders.iter().enumerate().skip(shared) {
                let _ = writeln!(text, "  {}{folder}/", "  ".repeat(depth));
            }
            open = folders;
            let version = file.version.as_deref().map_or(String::new(), |version| format!(", {version}"));
            let indent = "  ".repeat(folders.len());
            let _ = writeln!(text, "  {indent}{name} ({} bytes{version})", file.size);
        }
    }
    Ok(text)
}

/// Rows below their columns' names, in columns as wide as their widest cell within reason.
fn rows(table: &Table) -> String {
    const WIDEST: usize = 60;
    let head: Vec<String> = table.def.columns.iter().map(|column| column.name.to_string()).collect();
    let body: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let mut widths: Vec<usize> = head.iter().map(|name| name.chars().count()).collect();
    for row in &body {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count().min(WIDEST));
        }
    }
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut text = String::new();
    for row in [&head, &rule].into_iter().chain(&body) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, "{cell:<width$}  ");
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Int(number) => number.to_string(),
        // A cell is shown on one line, and can't steer the terminal.
        Value::Str(text) => text.chars().map(|c| if c.is_control() { '\u{b7}' } else { c }).collect(),
        Value::Stream(data) => format!("[{} bytes]", length(data)),
    }
}

/// Names of the summary information's properties ("Summary Property Descriptions" in the Windows Installer reference).
const SUMMARY_NAMES: [(u32, &str); 17] = [
    (1, "Codepage"),
    (2, "Title"),
    (3, "Subject"),
    (4, "Author"),
    (5, "Keywords"),
    (6, "Comments"),
    (7, "Template"),
    (8, "Last saved by"),
    (9, "Revision number"),
    (11, "Last printed"),
    (12, "Created"),
    (13, "Last saved"),
    (14, "Page count"),
    (15, "Word count"),
    (16, "Character count"),
    (18, "Creating application"),
    (19, "Security"),
];

/// What a property of the summary information is called.
pub fn summary_name(id: u32) -> &'static str {
    SUMMARY_NAMES.iter().find(|(known, _)| *known == id).map_or("?", |(_, name)| *name)
}

/// A property of the summary information on one line.
pub fn summary_text(value: &Property) -> String {
    match value {
        Property::Short(number) => (*number as u16).to_string(),
        Property::Int(number) => number.to_string(),
        Property::Text(text) => cell(&Value::from(text.as_str())),
        Property::Time(time) => utc(time.unix_seconds()),
    }
}

/// `2026-11-23 03:39:00 UTC` by the civil calendar.
fn utc(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days are counted from 1 March of year 0, so that a leap day ends its year.
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

fn length(data: &Data) -> u64 {
    match data {
        Data::Bytes(bytes) => bytes.len() as u64,
        Data::File { len, .. } => *len,
    }
}

#[cfg(test)]
mod tests {
    use super::utc;

    #[test]
    fn moments_are_civil_dates() {
        assert_eq!(utc(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(utc(951_782_399), "2000-02-28 23:59:59 UTC");
        assert_eq!(utc(951_782_400), "2000-02-29 00:00:00 UTC");
        assert_eq!(utc(-11_644_473_600), "1601-01-01 00:00:00 UTC");
    }
}
