//! What the front end prints, and where: findings and failures to standard error, results to standard output.

use clap::ValueEnum;
use diagnostics::render::{self, Colour};
use diagnostics::{Diagnostic, Diagnostics, Severity, SourceMap};
use msi_bind::Built;
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With the source line and a mark below it
    Human,
    /// One line each, `file(line,column): error CODE: message`
    Short,
    /// One JSON object a line
    Json,
}

/// Why a task can't be done, apart from what is wrong in a source.
#[derive(Debug)]
pub struct Failure {
    message: String,
    hint: Option<String>,
    exit: u8,
}

impl Failure {
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), hint: None, exit: 1 }
    }

    /// Ends the program with another code than 1.
    pub fn exit(mut self, code: u8) -> Failure {
        self.exit = code;
        self
    }

    /// Adds what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }
}

/// Says why nothing was done; returns the exit code for it.
pub fn failure(failure: &Failure) -> ExitCode {
    note(&format!("{} {}", paint("31;1", "error:"), failure.message));
    if let Some(hint) = &failure.hint {
        note(&format!("{} {hint}", paint("36;1", "help:")));
    }
    ExitCode::from(failure.exit)
}

/// Something that should not be overlooked, and has no place in a source.
pub fn warning(message: &str) {
    let mark = paint("33;1", "warning:");
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(std::io::stderr(), "{mark} {message}");
}

/// What is being done.
pub fn note(message: &str) {
    let _ = writeln!(std::io::stderr(), "{message}");
}

/// Shows findings; of the errors so many at most, unless that is 0.
pub fn diagnostics(diagnostics: &Diagnostics, sources: &SourceMap, format: Format, max_errors: usize) {
    let is_error = |found: &&Diagnostic| found.severity == Severity::Error;
    let errors = diagnostics.iter().filter(is_error).count();
    let most = if max_errors == 0 { usize::MAX } else { max_errors };
    let mut left = most;
    let mut shown = Diagnostics::new();
    for found in diagnostics.iter() {
        if found.severity == Severity::Error {
            if left == 0 {
                continue;
            }
            left -= 1;
        }
        shown.push(found.clone());
    }
    match format {
        Format::Human => eprint!("{}", render::human(&shown, sources, colour())),
        Format::Short => eprint!("{}", render::compact(&shown, sources)),
        Format::Json => page(&render::json_lines(&shown, sources)),
    }
    if errors > most {
        note(&format!("{} more errors are not shown (--max-errors 0 shows all)", errors - most));
    }
}

pub fn built(built: &Built, format: Format) {
    if format == Format::Json {
        let object = json!({
            "package": built.path,
            "product_name": built.product_name,
            "version": built.version,
            "product_code": built.product_code,
            "upgrade_code": built.upgrade_code,
            "package_code": built.package_code,
            "files": built.files.len(),
        });
        page(&format!("{object}\n"));
    } else {
        page(&format!("{}\n", built.path.display()));
    }
}

fn paint(code: &str, text: &str) -> String {
    match colour() {
        Colour::Always => format!("\x1b[{code}m{text}\x1b[0m"),
        Colour::Never => text.to_owned(),
    }
}

/// Colours only on a terminal, and not where NO_COLOR is set (no-color.org).
fn colour() -> Colour {
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if wanted && std::io::stderr().is_terminal() { Colour::Always } else { Colour::Never }
}

/// Writes a result to standard output; a reader that stops early, such as `head`, is no error.
pub fn page(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Text of a package on one line, and unable to steer the terminal.
pub fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{b7}' } else { c }).collect()
}
