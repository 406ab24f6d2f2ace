//! `cargo msi inspect-signature`: everything that the signatures of a file say.

use crate::report::{self, Failure};
use serde_json::Value;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Shows what stands in a file's signatures: certificates, attributes, description, page hashes, timestamps.
///
/// Nothing is verified; `cargo msi verify` does that.
#[derive(clap::Args)]
pub struct Args {
    /// The file, or a detached signature (.p7s, .p7)
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Writes it as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let ending = args.file.extension().map(std::ffi::OsStr::to_ascii_lowercase);
    let is_signature = ending.is_some_and(|ending| ending == "p7s" || ending == "p7" || ending == "p7b");
    let details = if is_signature {
        let der = std::fs::read(&args.file)
            .map_err(|error| Failure::new(format!("{}: {error}", args.file.display())))?;
        authenticode::inspect_signature(&der)
    } else {
        authenticode::inspect_file(&args.file).map_err(|error| Failure::new(error.to_string()))?
    };
    let mut text = String::new();
    if args.json {
        let _ = writeln!(text, "{details}");
    } else {
        outline(&details, 0, &mut text);
    }
    report::page(&text);
    Ok(ExitCode::SUCCESS)
}

/// An object as lines `name: value`, deeper ones indented; what is empty is left out.
fn outline(value: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let Value::Object(fields) = value else {
        let _ = writeln!(text, "{indent}{}", scalar(value));
        return;
    };
    for (name, field) in fields {
        let name = name.replace('_', " ");
        match field {
            Value::Null => {}
            Value::Array(items) if items.is_empty() => {}
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let _ = writeln!(text, "{indent}{name} {}:", index + 1);
                    outline(item, depth + 1, text);
                }
            }
            Value::Object(_) => {
                let _ = writeln!(text, "{indent}{name}:");
                outline(field, depth + 1, text);
            }
            field => {
                let _ = writeln!(text, "{indent}{name}: {}", scalar(field));
            }
        }
    }
}

fn scalar(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), report::shown)
}
