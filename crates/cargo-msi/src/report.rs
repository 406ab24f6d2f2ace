//! What the front end prints, and where: findings and failures to standard error, results to standard output.

use clap::ValueEnum;
use diagnostics::render::{self, Colour};
use diagnostics::{Diagnostics, SourceMap};
use msi_bind::Built;
use serde_json::json;
use std::io::IsTerminal;

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
}

impl Failure {
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), hint: None }
    }

    /// Adds what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }
}

pub fn failure(failure: &Failure) {
    eprintln!("error: {}", failure.message);
    if let Some(hint) = &failure.hint {
        eprintln!("help: {hint}");
    }
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
