//! What the front end prints, and where: findings and failures to standard error, results to standard output.

use clap::ValueEnum;
use diagnostics::render::{self, Colour};
use diagnostics::{Diagnostics, SourceMap};
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
    eprintln!("error: {}", failure.message);
    if let Some(hint) = &failure.hint {
        eprintln!("help: {hint}");
    }
    ExitCode::from(failure.exit)
}

pub fn diagnostics(diagnostics: &Diagnostics, sources: &SourceMap, format: Format) {
    match format {
        Format::Human => eprint!("{}", render::human(diagnostics, sources, colour())),
        Format::Short => eprint!("{}", render::compact(diagnostics, sources)),
        Format::Json => print!("{}", render::json_lines(diagnostics, sources)),
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
        println!("{object}");
    } else {
        println!("{}", built.path.display());
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
